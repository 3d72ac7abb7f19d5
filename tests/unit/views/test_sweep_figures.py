"""Figures of what was found in a sweep: what is in them, in both languages, and that the commands write them."""

from __future__ import annotations

import json
import re

import numpy as np
import polars as pl
import pytest

from sim.base.text import use_language
from sim.catalogue import measures
from sim.experiment.discovery import Discovery, Limit
from sim.experiment.ranking import rank
from sim.experiment.sensitivity import Index, Sensitivity
from sim.views.figures import png
from sim.views.sweep_figures import draw_discovery, draw_ranking, draw_sensitivity
from tests.unit.experiment.planted import DELIBERATE, planted

WORTH = measures()[DELIBERATE].worth
SUBJECT = Sensitivity(
    "gate", DELIBERATE, "saltelli", 64,
    (Index("tasks.growth", 0.7, 0.1, True), Index("admission.strictness", 0.2, 0.1, False),
     Index("dummy", 0.05, 0.1, False)), 0.12,
)  # fmt: skip


@pytest.fixture
def texts(monkeypatch):
    """Return what is written in a figure: `texts(draw, found)`."""

    def read(draw, found) -> list[str]:
        kept: list[str] = []

        def form(figure):
            figure.draw_without_rendering()
            kept.extend(t.get_text() for t in figure.findobj(lambda a: hasattr(a, "get_text")))

        draw(found, form)
        return [text for text in kept if text]

    return read


def box(limits, holding=1.0) -> Discovery:
    """Return a box with these limits over a hundred rows."""
    rng = np.random.default_rng(0)
    columns = {limit.name: rng.random(100) for limit in limits}
    points = pl.DataFrame({"effect": rng.random(100), "good": rng.random(100) < 0.5, **columns})
    return Discovery("gate", DELIBERATE, 100, 0.5, 0.7, 0.9, tuple(limits), holding, points)


def test_what_an_index_must_exceed_is_the_larger_of_dummy_and_luck():
    """The threshold drawn is the one that was judged by: the dummy's upper end, or luck where that is more."""
    assert SUBJECT.chance == pytest.approx(0.15)
    assert Sensitivity("a", DELIBERATE, "pawn", 64, SUBJECT.indices[:2], 0.3).chance == pytest.approx(0.3)


@pytest.mark.parametrize(("lang", "words"), [("en", "beyond chance"), ("zh", "超出偶然")])
def test_the_figure_of_sensitivity_names_inputs_and_thresholds(texts, lang, words):
    """Inputs stand in words beside the dummy, with a legend that does without colour."""
    use_language(lang)
    found = texts(draw_sensitivity, [SUBJECT, SUBJECT, SUBJECT])
    use_language("en")
    assert words in found
    assert not any("tasks.growth" in text for text in found)
    assert sum(text.startswith("gate") for text in found) == 3


def test_the_figure_of_boxes_has_coverage_and_density_and_its_two_strongest_limits(texts):
    """The two limits found again most often are the axes; the caption says how dense the box is and what it holds."""
    limits = [Limit("x1", 0, 0.5, 0.3), Limit("x2", 0.2, 0.9, 1.0), Limit("x3", 0.1, 1.0, 0.9)]
    found = texts(draw_discovery, [box(limits)])
    assert "x2" in found
    assert "x3" in found
    assert "x1" not in found
    assert any("90 %" in text and "70 %" in text for text in found)
    assert "row beyond a further limit" in found


def test_a_box_that_is_not_said_is_not_drawn(texts):
    """Where boxes do not hold elsewhere there is no outline; where there is no box there is no figure."""
    found = texts(draw_discovery, [box([Limit("x1", 0, 0.5, 0.3)], holding=0.5)])
    assert "the box" not in found
    assert any("no box is said" in text for text in found)
    assert draw_discovery([Discovery("gate", DELIBERATE, 100, 0.5, 1.0, 0.5, ())]) is None


def test_the_figure_of_ranking_says_how_often_each_is_best(tmp_path, texts):
    """Every policy and the place alone with their share of rows; a ranking that is refused says so."""
    found = rank(
        planted(tmp_path, {"x": np.arange(4.0)}, {"a": np.array([3, 1, -1, 1]) * WORTH}), {DELIBERATE: 1.0}
    )
    said = texts(draw_ranking, found)
    assert {"best in 75 %", "best in 25 %", "a", "the place alone"} <= set(said)
    assert any("not ranked" in text for text in said)


def test_figures_are_svg_or_png(tmp_path):
    """The same drawing as text for a page and as bytes for a look."""
    assert draw_sensitivity([SUBJECT]).startswith("<svg")
    assert draw_sensitivity([SUBJECT], png).startswith(b"\x89PNG")


def test_the_command_writes_its_figure_and_names_it(tmp_path, capsys):
    """`analyse rank` leaves a figure in the folder of the sweep and says where; a folder only read is said, too."""
    from sim.cli import run

    kept = planted(tmp_path / "out", {"x": np.arange(40.0)}, {"a": np.full(40, 2 * WORTH), "b": np.zeros(40)})
    kept.write_json("manifest.json", {"pairs": 40, "primary": [DELIBERATE]})
    assert run(["analyse", "rank", str(kept.path), "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert (kept.path / "rank.svg").read_text(encoding="utf-8").startswith("<svg")
    assert re.search(r"figure: .*rank\.svg", json.dumps(said))
    (kept.path / "rank.svg").unlink()
    (kept.path / "rank.svg").mkdir()
    assert run(["analyse", "rank", str(kept.path), "--json"]) == 0
    assert "the figure was not kept" in capsys.readouterr().out
