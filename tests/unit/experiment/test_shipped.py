"""The library's outcomes: run together, gathered into files, read back as `compare` would say them."""

from __future__ import annotations

import sys
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from sim.experiment.full_size import run_at_full_size
from sim.experiment.loading import load_arms, load_one
from sim.experiment.shipped import run_library, shelved
from sim.results import expected
from sim.results.provenance import asked
from sim.results.shipped import Outcomes, read_outcomes, write_outcomes
from sim.results.store import RunFolder
from sim.results.verdicts import read_comparison
from sim.scenario import load_scenario
from sim.views.scenario_figure import picture
from sim.views.scenario_page import OUTCOMES, STALE, scenario_page
from sim.views.wording import asked_words
from tests.unit.results.stand_in import StandIn

NAMES = ("tongling", "tongling_gate", "jinjiang", "anhui_unreformed")
PAIRS = 3


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> tuple[Outcomes, Path]:
    """The outcomes of four scenarios under a model that makes its numbers up, and the run folders behind them."""
    folder = tmp_path_factory.mktemp("shelf")
    shelf = shelved(NAMES, folder / "runs", 12)
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(sys.modules, "sim.model", StandIn())
        run_library(shelf, folder / "runs", pairs=PAIRS, communities=12, workers=1)
    runs = [(one.scenario, one.twin, one.folder) for one in shelf]
    return read_outcomes(write_outcomes(runs, 12, folder / "out")), folder / "runs"


@pytest.fixture
def shipped(made) -> Outcomes:
    """The made-up outcomes."""
    return made[0]


def test_scenarios_of_one_baseline_are_simulated_together(model, tmp_path) -> None:
    """Two reforms of one place cost one run of the model a pair, and what is done is not run again."""
    shelf = shelved(("tongling", "tongling_gate"), tmp_path, 12)
    for pairs in (2, 3):
        assert run_library(shelf, tmp_path, pairs=pairs, communities=12, workers=1) == ()
        assert model.seeds == [*range(1, pairs + 1)]


def test_a_pair_that_fails_is_named_and_done_when_it_can_be(model, tmp_path) -> None:
    """A failed pair loses nothing but itself, is said and noted, and the same call does it later."""
    shelf, model.broken = shelved(("tongling", "tongling_gate"), tmp_path, 12), {2}
    how = {"pairs": 3, "communities": 12, "workers": 1}
    (said,) = run_library(shelf, tmp_path, **how)
    assert said == "tongling, tongling_gate: pair 1 failed: ArithmeticError: work is not conserved"
    assert len(list((tmp_path / "failures").iterdir())) == 1
    assert [one.folder.pairs_done() for one in shelf] == [[0, 2], [0, 2]]
    model.broken = set()
    assert run_library(shelf, tmp_path, **how) == ()
    assert [one.folder.pairs_done() for one in shelf] == [[0, 1, 2], [0, 1, 2]]
    assert model.seeds == [1, 2, 3, 2]


def test_a_scenario_put_on_the_shelf_later_costs_its_own_runs_alone(model, tmp_path) -> None:
    """Where another scenario of the same baseline joins, the folders that are whole stay as they are."""
    written = []
    for names in (("tongling",), ("tongling", "tongling_gate")):
        shelf = shelved(names, tmp_path, 12)
        run_library(shelf, tmp_path, pairs=2, communities=12, workers=1)
        written.append((shelf[0].folder.path / "pairs" / "pair-0000.parquet").stat().st_mtime_ns)
    assert written[0] == written[1]
    assert [one.folder.pairs_done() for one in shelf] == [[0, 1], [0, 1]]


def test_the_library_at_full_size_goes_on_where_it_stopped(model, tmp_path) -> None:
    """A scenario that fails is named; the same call does it and no other again, and rows keep the library's order."""
    names, model.stop_at = ["tongling", "jinjiang", "anhui_unreformed"], 2
    with pytest.raises(KeyboardInterrupt):
        run_at_full_size(names, tmp_path, workers=1)
    model.stop_at, model.broken = 1000, {1}
    rows, failed = run_at_full_size(names, tmp_path, workers=1)
    assert [row["scenario"] for row in rows] == ["jinjiang", "tongling"]
    assert [said.partition(":")[0] for said in failed] == ["anhui_unreformed failed"]
    model.broken = set()
    rows, failed = run_at_full_size(names, tmp_path, workers=1)
    assert ([row["scenario"] for row in rows], failed) == (sorted(names), ())
    assert [len(row["moved"] or []) > 0 for row in rows] == [False, True, True]
    assert len(model.seeds) == 4


def test_shipped_verdicts_are_those_of_the_run_folder(made) -> None:
    """Reading the gathered files gives the primary verdicts that the run folder itself gives."""
    shipped, runs = made
    there = read_comparison(RunFolder(runs / "tongling")).verdicts
    assert [repr(v) for v in shipped.verdicts("tongling")] == [repr(v) for v in there if v.primary]


def test_shipped_outcomes_name_the_command_that_gives_them(shipped) -> None:
    """A scenario with reforms is compared, one without is run, both on the twin."""
    said = {name: shipped.about(name)["command"] for name in NAMES}
    assert said["tongling"] == "shequ compare tongling --communities 12 --pairs 3"
    assert said["anhui_unreformed"] == "shequ run anhui_unreformed --communities 12 --replications 3"
    arms = load_arms("tongling", communities=12)
    assert arms[1].hash == shipped.about("tongling")["hashes"]["reform"]
    assert load_one("anhui_unreformed", communities=12).frame.n_areas == 12


def test_a_changed_scenario_is_said_to_be_stale(shipped) -> None:
    """A page whose scenario is no longer the one that was run says so; one that is, does not."""

    def said(scenario: str, **change) -> list:
        page = scenario_page(load_scenario(scenario, **change), shipped)
        return [line for section in page.sections if section.title == OUTCOMES for line in section.lines]

    assert STALE not in said("tongling")
    assert STALE in said("tongling", without=["money"])


def test_what_documents_count_stands_beside_the_models_value(shipped) -> None:
    """Jinjiang's registered organisations: the document's count, per thousand households here, and the model's."""
    jinjiang = load_scenario("jinjiang")
    what, document, model_says, means, ledger = expected.rows(jinjiang, shipped)[0]
    assert what["en"].startswith("registered organisations")
    assert str(document).startswith("211 → 231 organisations (2010-03 → 2010-07); here that is ")
    values = [
        shipped.value("jinjiang", "reform", "organisations.registered", month).mean()
        for month in ("2010-03", "2010-07")
    ]
    assert [part.split()[0] for part in model_says.split(" → ")] == [f"{v:.3g}" for v in values]
    assert means["zh"] and "jinjiang.so-counts" in ledger


def test_a_figure_the_model_has_no_measure_of_is_said_to_have_none(shipped) -> None:
    """A counted thing without a measure shows no value of the model."""
    rows = {row.measure: row for row in load_scenario("jinjiang").expects}
    value = expected.models_value(rows["bought services"], load_scenario("jinjiang"), shipped)
    assert value == expected.say("no measure of it")


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_picture_has_a_panel_for_each_primary_outcome(shipped, lang) -> None:
    """The picture is well-formed, has both arms in every panel, and says what it shows."""
    root = ET.fromstring(picture("tongling", shipped, lang))  # noqa: S314 - our own text
    lines = [node for node in root.iter() if node.tag.endswith("polyline")]
    assert len(lines) == 2 * len(shipped.about("tongling")["primary"])
    assert next(root.iter()).find("{http://www.w3.org/2000/svg}title").text


def test_a_run_of_a_twin_says_so(made) -> None:
    """What was asked of a twin's run names its communities; the whole place says nothing of the kind."""
    manifest = RunFolder(made[1] / "tongling").manifest()
    assert [str(line) for line in asked_words(manifest)] == [
        "on a small twin of the place, with 12 communities"
    ]
    whole = load_scenario("tongling")
    assert asked_words({"asked": asked(whole)}) == []
