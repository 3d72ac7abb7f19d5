"""The shipped library: every file passes the check, says where its numbers come from, and runs."""

from __future__ import annotations

import json
import re
from functools import cache
from itertools import combinations
from math import isclose
from pathlib import Path

import pytest

from sim import MODEL_VERSION
from sim.base.errors import ScenarioError
from sim.base.library import library_folder
from sim.catalogue import assumptions
from sim.catalogue.evidence import evidence
from sim.model import advance, new_world
from sim.scenario import load_scenario
from sim.scenario.describe import documented_share
from sim.scenario.resolved import ResolvedScenario
from tests.paired.packages import broken

SCENARIOS = sorted(
    path.stem for path in library_folder().glob("*.yaml") if path.stem not in ("evidence", "facts")
)
REFORMS = sorted(path.stem for path in (library_folder() / "reforms").glob("*.yaml"))
PLACES = sorted(path.stem for path in (library_folder() / "places").glob("*.yaml"))
# Scenarios whose reforms consist of levers and operations that nothing reads yet; docs/library.md lists them.
ROOT = Path(__file__).resolve().parent.parent.parent
SHARE = 50
LEAST_RESIDENTS, MOST_RESIDENTS = 2000, 8000
MONTHS, MOST_MONTHS = 3, 24


@cache
def loaded(name: str) -> ResolvedScenario:
    """Return a scenario of the library, read once."""
    return load_scenario(name)


def said_beside(scenario: ResolvedScenario, address: str) -> bool:
    """Return whether the row or clause a bare number stands in carries the evidence itself."""
    reform, path = address.split(":", 1)
    if path.startswith("values."):  # the catalogue's row says where an assumption comes from
        return bool(assumptions()[path.removeprefix("values.")].grade)
    clauses = [*scenario.timeline.operations, *scenario.timeline.changes]
    return any(c.evidence for c in clauses if c.reform == reform and path.startswith(f"changes.{c.clause}."))


@pytest.mark.parametrize("name", SCENARIOS)
def test_every_scenario_passes_the_check(name: str) -> None:
    """A shipped scenario loads without a problem and has a title in both languages."""
    scenario = loaded(name)
    assert scenario.title["en"] and scenario.title["zh"]


@pytest.mark.parametrize("name", SCENARIOS)
def test_every_number_has_a_grade_and_every_id_resolves(name: str) -> None:
    """Each quantity says where it comes from, and an assumed one has a range it lies in."""
    for address, quantity in loaded(name).quantities.items():
        assert quantity.grade or said_beside(loaded(name), address), address
        assert all(entry in evidence() for entry in quantity.evidence), address
        if quantity.low is not None and quantity.high is not None:
            assert quantity.low <= quantity.value <= quantity.high, address


@pytest.mark.parametrize("name", SCENARIOS)
def test_a_number_from_a_document_stands_in_its_entry(name: str) -> None:
    """What is graded by an entry is a number of it, or a percentage as a share; our arithmetic says how it goes."""
    for address, quantity in loaded(name).quantities.items():
        if quantity.grade == "derived":
            assert quantity.source, address
        elif quantity.grade not in ("", "assumed"):
            entries = [evidence()[entry] for entry in quantity.evidence]
            numbers = [figure.value for entry in entries for figure in entry.numbers.values()]
            assert any(isclose(quantity.value * factor, x) for x in numbers for factor in (1, 100)), address


@pytest.mark.parametrize("name", SCENARIOS)
def test_what_documents_count_is_no_number_of_the_model(name: str) -> None:
    """A counted figure cites the ledger, says what a match would mean in both languages, and is sampled by nothing."""
    assert not [address for address in loaded(name).quantities if "expect" in address]
    for row in loaded(name).expects:
        assert row.evidence and row.means["en"] and row.means["zh"], row.measure


def test_every_reform_and_place_is_used() -> None:
    """No reform or place is shipped that no scenario shows."""
    scenarios = [loaded(name) for name in SCENARIOS]
    assert set(REFORMS) <= {reform for scenario in scenarios for reform in scenario.reforms}
    assert set(PLACES) <= {scenario.place.id for scenario in scenarios}


def small(scenario: ResolvedScenario) -> ResolvedScenario:
    """Return the scenario with a fiftieth of its residents; thresholds in residents shrink with them."""
    count = next(name for name in scenario.quantities if name.endswith(":residents.count"))
    whole = scenario.place.residents
    residents = min(max(whole // SHARE, min(LEAST_RESIDENTS, whole)), MOST_RESIDENTS)
    factor = residents / whole
    thresholds = {n: q.value * factor for n, q in scenario.quantities.items() if ".if[" in n}
    return scenario.with_sample({count: residents} | thresholds).for_replication(1)


@pytest.mark.parametrize("name", SCENARIOS)
def test_every_scenario_runs_small(name: str) -> None:
    """From a month before the first change on, a few months run at a fiftieth of the residents without an error."""
    scenario = small(loaded(name))
    world = new_world(scenario, 1)
    start = scenario.timeline.first_change or scenario.run.start
    advance(world, scenario.timeline, start + MONTHS, None)


def page() -> str:
    """Return the library's page."""
    return (Path(__file__).resolve().parents[2] / "docs" / "library.md").read_text(encoding="utf-8")


def test_the_page_lists_every_scenario() -> None:
    """Each scenario has its row with both titles and how many of its numbers rest on evidence."""
    text = page()
    for name in SCENARIOS:
        title, counted = loaded(name).title, "{} / {}".format(*documented_share(loaded(name)))
        row = next(line for line in text.splitlines() if line.startswith(f"| `{name}` |"))
        assert f"| {title['en']} | {title['zh']} |" in row and row.endswith(f"| {counted} |")


def test_the_page_names_only_entries_of_the_ledger() -> None:
    """What the documents leave out is named with entries that exist, and carries no scenario of its own."""
    section = page().split("## What the documents leave out")[1]
    named = set(re.findall(r"`([a-z]+\.[a-z0-9-]+)`", section))
    assert named and named <= set(evidence())
    assert not any(name.startswith(("baibuting", "shanghai")) for name in SCENARIOS)


PAIRS = re.findall(r"`shequ compare (\w+) (\w+) --samples 64`", page())


@pytest.mark.parametrize(("left", "right"), PAIRS)
def test_both_sides_of_a_contradiction_can_be_compared(left: str, right: str) -> None:
    """Both sides stand on one place, begin in the same month, show the same outcomes and differ in what happens."""
    one, other = loaded(left), loaded(right)
    assert one.place == other.place
    assert one.run.start == other.run.start and one.run.primary == other.run.primary
    assert one.hash != other.hash


LONG_RUN = """
kind: scenario
id: two_reforms
title: {en: "Two reforms", zh: "两项改革"}
place: PLACE
run: {start: START, months: 200, primary: [wait.median]}
"""
# Reforms that name districts of their own place.
ELSEWHERE = {"zhuhai_opinions_2010": "zhuhai_2010", "abolish_streets_tongling_city": "tongling_2010"}
# Pairs that act within a year of one another, of structure with structure and with rules.
RUN_TOGETHER = (
    ("abolish_streets_tongling", "home_care_hefei"),
    ("separate_three_study", "three_things_nanan"),
    ("admission_gate_jianye", "stations_jianye"),
    ("ledgers_nanjing", "two_two_two_x_xiyuan"),
)


def two(folder: Path, place: str, start: str, pair: tuple[str, str]) -> ResolvedScenario:
    """Return two reforms on one place; raises ScenarioError where they cannot stand together."""
    file = folder / "two_reforms.yaml"
    file.write_text(LONG_RUN.replace("PLACE", place).replace("START", start), encoding="utf-8")
    return load_scenario(str(file), with_=pair)


def test_any_two_reforms_compose_or_name_their_conflict(tmp_path: Path) -> None:
    """Two reforms on one place either load together or are refused with a file, a line and a reason."""
    together, problems = 0, []
    for pair in combinations([name for name in REFORMS if name not in ELSEWHERE], 2):
        try:
            two(tmp_path, "tongguanshan_2010", "2006-01", pair)
        except ScenarioError as refused:
            problems += refused.problems
        else:
            together += 1
    assert together
    assert all(problem.place and str(problem.what) for problem in problems)


@pytest.mark.parametrize("name", ELSEWHERE)
def test_a_reform_of_one_place_composes_there_or_names_its_conflict(name: str, tmp_path: Path) -> None:
    """A reform that names its own districts loads there beside any other, or is refused with a line and reason."""
    together, problems = 0, []
    for other in (reform for reform in REFORMS if reform not in ELSEWHERE):
        try:
            two(tmp_path, ELSEWHERE[name], "2006-01", (name, other))
        except ScenarioError as refused:
            problems += refused.problems
        else:
            together += 1
    assert together and problems
    assert all(problem.place and str(problem.what) for problem in problems)


@pytest.mark.slow
@pytest.mark.parametrize("pair", RUN_TOGETHER, ids="+".join)
def test_two_reforms_that_compose_also_run(pair: tuple[str, str], tmp_path: Path) -> None:
    """A small place lives through the changes of both reforms, and each month's end is a possible one."""
    scenario = small(two(tmp_path, "tongguanshan_2010", "2010-06", pair))
    dated = [*scenario.timeline.operations, *scenario.timeline.changes]
    assert {change.reform for change in dated} == set(pair)
    world, last = new_world(scenario, 1), min(max(change.month for change in dated), scenario.run.start + MOST_MONTHS)
    advance(world, scenario.timeline, last + 2, None)
    assert {event["reform"] for event in world.events} >= {op.reform for op in scenario.timeline.operations}
    assert broken(world) == []


def test_every_scenario_has_run_at_full_size() -> None:
    """Each was run at full size under this version of the model, and each reform moved a primary outcome there."""
    made = json.loads((ROOT / "experiments" / "library" / "full_size.json").read_text(encoding="utf-8"))
    assert made["model_version"] == MODEL_VERSION
    assert sorted(row["scenario"] for row in made["scenarios"]) == SCENARIOS
    for row in made["scenarios"]:
        scenario = loaded(row["scenario"])
        assert row["residents"] == pytest.approx(scenario.place.residents, rel=0.04), row["scenario"]
        assert scenario.timeline.is_empty or row["moved"], row["scenario"]
