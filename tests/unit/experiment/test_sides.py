"""On which assumptions either side of a pair holds, on differences that follow a known rule."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from sim.base.text import pick
from sim.catalogue import assumptions, measures
from sim.catalogue.facts import Pair, Test
from sim.experiment.calibrated import draw_samples
from sim.experiment.facts import facts
from sim.experiment.loading import load_arms
from sim.experiment.sides import DOES_NOT, RISES, contradictions_of, differences, held, side_sections
from sim.experiment.validate_runs import tests_of as asked_tests
from sim.results.bars import SEEDS
from sim.results.store import RunFolder
from sim.scenario.again import kept_content

SAMPLES = 64
SHARE, WAIT = "committee.share_time_assigned", "wait.median"
LIBRARY = Path(__file__).resolve().parents[3] / "docs" / "library.md"


def rule() -> tuple[str, float]:
    """Return an assumption that the samples vary, and where in its range the sides meet."""
    drawn = draw_samples("prior", SAMPLES)
    name = sorted(n for n in drawn[0] if len({s[n] for s in drawn}) > 1)[7]
    low, high = assumptions()[name].range
    return name, low + 0.7 * (high - low)


def folder_of(path: Path, names: tuple[str, str], effects: dict[str, np.ndarray]) -> RunFolder:
    """Return a run folder of both scenarios over samples whose differences are given by measure and sample."""
    baseline, reform, _ = load_arms(*names)
    folder = RunFolder(path)
    folder.begin(
        {
            "kind": "comparison", "pairs": SAMPLES * SEEDS, "samples": SAMPLES, "sampled": "prior", "seed": 1,
            "primary": list(effects), "windows": {"late": [48, 60]},
        }
    )  # fmt: skip
    folder.write_json("scenario.json", {"baseline": kept_content(baseline), "reform": kept_content(reform)})
    for pair in range(SAMPLES * SEEDS):
        rows = [
            (pair, arm, measure, "late", 50.0 + (arm == "reform") * by_sample[pair // SEEDS])
            for measure, by_sample in effects.items()
            for arm in ("baseline", "reform")
        ]
        schema = ["pair", "arm", "measure", "window", "value"]
        folder.commit("pairs", pair, pl.DataFrame(rows, schema=schema, orient="row"))
    return folder


def by_rule(low: float, high: float) -> np.ndarray:
    """Return a difference a sample: high above the place in the assumption's range, low below."""
    name, at = rule()
    return np.array([high if s[name] > at else low for s in draw_samples("prior", SAMPLES)])


def test_the_rule_behind_a_contradiction_is_found(tmp_path) -> None:
    """Where cross-held posts cost time in the upper part of one range only, that side gets that region, in words."""
    folder = folder_of(tmp_path, ("jianye", "jianye_shared_posts"), {SHARE: by_rule(4.0, -4.0)})
    question, outcomes = side_sections(folder)
    name, at = rule()
    words = pick(assumptions()[name].text, "en")
    lines = [pick(line, "en") for line in question.lines]
    blurred = next(line for line in lines if line.startswith("they blur") and " > " in line)
    assert words in blurred and "coverage 100%, density 100%" in blurred
    assert float(re.search(r"> (-?[\d.]+)", blurred)[1]) == pytest.approx(at, rel=0.1)
    assert any(line.startswith("they pull together") and " ≤ " in line for line in lines)
    assert lines[-1].startswith("what would tell them apart")
    rises = [pick(line, "en") for line in outcomes.lines]
    assert any(line.startswith(f"{RISES}, where {words} ≤") for line in rises)
    assert any(line.startswith(f"{DOES_NOT}, where {words} >") for line in rises)


def test_both_languages_name_the_assumption(tmp_path) -> None:
    """The region is told with the assumption's Chinese name in Chinese."""
    folder = folder_of(tmp_path, ("jianye", "jianye_shared_posts"), {SHARE: by_rule(4.0, -4.0)})
    said = [pick(line, "zh") for section in side_sections(folder) for line in section.lines]
    assert any(pick(assumptions()[rule()[0]].text, "zh") in line for line in said)


def test_a_side_that_holds_everywhere_has_no_region(tmp_path) -> None:
    """An outcome that rises in every sample is told by its share, and no assumption is named."""
    folder = folder_of(
        tmp_path, ("tongling", ""), {WAIT: np.full(SAMPLES, -1.0), SHARE: np.full(SAMPLES, 9.0)}
    )
    question, outcomes = side_sections(folder)
    assert "nearly everywhere" in pick(question.lines[2], "en")
    assert len(outcomes.lines) == 2
    assert "100%" in pick(outcomes.lines[1], "en")


def test_a_missing_seed_leaves_its_sample_out() -> None:
    """A sample of which one seed failed is not read, and the others keep their places."""
    rows = [(p, a, SHARE, 1.0 * (a == "reform") * p) for p in (0, 1, 3) for a in ("baseline", "reform")]
    frame = pl.DataFrame(rows, schema=["pair", "arm", "measure", "value"], orient="row")
    found = differences(frame, SHARE, 2)
    assert found[0] == 0.5 and np.isnan(found[1])


@pytest.mark.parametrize(
    ("sign", "turned", "difference", "expected"),
    [("up", False, 1, 1), ("up", True, 1, 0), ("down", False, -1, 1), ("not_up", False, 1, 1), ("not_up", False, 9, 0),
     ("not_down", True, 9, 0)],
)  # fmt: skip
def test_signs_are_read_in_the_direction_of_the_test(sign, turned, difference, expected) -> None:
    """A rise counts for the arm the test is about, and `not up` allows less than what is worth acting on."""
    assert 1 < measures()[SHARE].worth < 9
    rows = [
        (p, a, SHARE, float(difference * (a == "reform"))) for p in (0, 1) for a in ("baseline", "reform")
    ]
    frame = pl.DataFrame(rows, schema=["pair", "arm", "measure", "value"], orient="row")
    test = Test(measure=SHARE, arm="x", sign=sign)
    assert held(frame, (test,), Pair(scenario="a", turned=turned), 1)[0] == expected


def test_every_contradiction_has_its_command() -> None:
    """Each row stands on the library's page with its question, one command for all, and one for its pair."""
    page = LIBRARY.read_text(encoding="utf-8")
    for one in facts().contradictions:
        assert len(one.pairs) == 1
        assert f"| {one.id} | {one.en} | {one.zh} | `{one.command}` |" in page
        for pair in one.pairs:
            assert f"`{pair.command}`" in page
            assert load_arms(pair.scenario, pair.other)


def test_a_pair_that_is_no_contradiction_tells_its_outcomes_only(tmp_path) -> None:
    """Arms that stand for no contradiction get the regions of their outcomes and no question."""
    folder = folder_of(tmp_path, ("jianye", "jianye_gate_only"), {SHARE: by_rule(2.0, -2.0)})
    assert contradictions_of(folder) == []
    assert len(side_sections(folder)) == 1


@pytest.mark.parametrize(
    ("names", "side", "not_said"),
    [
        (("tongling", "tongling_lean_street"), "thinned", "strengthened"),
        (("station_in_community", "station_between"), "one for two or three", "at the street"),
        (("tongling_no_merge", "tongling_courtyards"), "smaller units", "larger"),
        (("tongling", "tongling_gate"), "without a gate", "abolished"),
        (("jianye_elected", "jianye"), "hired chairs", "the secretary"),
    ],
)
def test_a_pair_is_told_by_its_own_sides(tmp_path, names, side, not_said) -> None:
    """A third side has a question of its own: no pair is told in the words of another."""
    folder = folder_of(tmp_path, names, {SHARE: np.zeros(SAMPLES)})
    ((one, _pair),) = contradictions_of(folder)
    words = f"{pick(one.side_a, 'en')} {pick(one.side_b, 'en')}"
    assert side in words and not_said not in words


def test_one_command_tests_both_rows() -> None:
    """A contradiction's number stands for its second row, and for no other."""
    assert asked_tests(("2",)) == asked_tests(("2", "2b"))
    assert {t.against for t in asked_tests(("2",))} == {"strong_street", "lean_street"}
    assert {t.against for t in asked_tests(("2b",))} == {"lean_street"}
