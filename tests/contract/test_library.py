"""The shipped library: every file passes the check, says where its numbers come from, and runs."""

from __future__ import annotations

from functools import cache

import pytest

from sim.base.library import library_folder
from sim.catalogue import assumptions
from sim.catalogue.evidence import evidence
from sim.model import advance, new_world
from sim.scenario import load_scenario
from sim.scenario.resolved import ResolvedScenario

SCENARIOS = sorted(path.stem for path in library_folder().glob("*.yaml") if path.stem != "evidence")
REFORMS = sorted(path.stem for path in (library_folder() / "reforms").glob("*.yaml"))
PLACES = sorted(path.stem for path in (library_folder() / "places").glob("*.yaml"))
# Scenarios whose reforms consist of levers and operations that nothing reads yet; docs/library.md lists them.
NOT_RUNNABLE = {"hefei_home_care", "nanjing_city"}
SHARE = 50
LEAST_RESIDENTS, MOST_RESIDENTS = 2000, 8000
MONTHS = 3


@cache
def loaded(name: str) -> ResolvedScenario:
    """Return a scenario of the library, read once."""
    return load_scenario(name)


def said_beside(scenario: ResolvedScenario, address: str) -> bool:
    """Return whether the row or clause a bare number stands in carries the evidence itself."""
    if "expect[" in address:
        return all(row.evidence for row in scenario.expects)
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
def test_a_scenario_runs_or_is_listed_as_not_runnable(name: str) -> None:
    """What the run refuses is exactly what the library's page lists as not runnable."""
    try:
        loaded(name).runnable()
    except Exception:  # the type is the scenario room's own
        assert name in NOT_RUNNABLE
    else:
        assert name not in NOT_RUNNABLE


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


@pytest.mark.parametrize("name", [name for name in SCENARIOS if name not in NOT_RUNNABLE])
def test_every_scenario_runs_small(name: str) -> None:
    """From a month before the first change on, a few months run at a fiftieth of the residents without an error."""
    scenario = small(loaded(name))
    world = new_world(scenario, 1)
    start = scenario.timeline.first_change or scenario.run.start
    advance(world, scenario.timeline, start + MONTHS, None)
