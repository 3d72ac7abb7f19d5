"""No facade: take any working part away and a primary outcome of Tongling moves."""

from __future__ import annotations

import numpy as np
import pytest

from sim.catalogue import measures
from sim.model import advance, new_world
from sim.observe.recorder import Recorder
from sim.results.summaries import Summaries
from sim.scenario import load_scenario

MONTHS = 24
MOVED = (
    0.02  # of what is worth acting on: the arms share their luck, so without an effect it would be 0 exactly
)


@pytest.fixture(scope="module")
def tongling():
    """A quarter of Tongling: the shares of work per person stay, the run is short."""
    scenario = load_scenario("tongling")
    address = next(a for a in scenario.quantities if a.endswith("residents.count"))
    return scenario.with_sample({address: scenario.place.residents / 4})


def outcomes(scenario, change=None, switched_off=()) -> dict[str, float]:
    """Return the primary outcomes of the reformed arm, with the world changed or a mechanism switched off."""
    world = new_world(scenario, 5)
    if change:
        change(world)
    start = scenario.timeline.first_change - 12
    recorder = Recorder("headline", scenario.run.primary, start)
    recorder.begin(world)
    advance(world, scenario.timeline, start + MONTHS, recorder, switched_off=switched_off)
    summaries = Summaries(recorder.tables(world), start)
    return {m: summaries.window(m, (0, MONTHS)) for m in scenario.run.primary}


@pytest.fixture(scope="module")
def whole(tongling):
    """The outcomes with every part in place."""
    return outcomes(tongling)


def without_assigned_inflow(world):
    """No department issues anything."""
    world.items.per_year[world.items.origin == 0] = 0.0


def without_service_times(world):
    """Every piece of work takes a second."""
    world.items.hours[:] = 0.0


def without_ties(world):
    """Nobody knows anybody."""
    world.ties[:] = world.residents.n


def without_organ_share(world):
    """All assigned work falls on households, none on organs."""
    world.items.organ_share[:] = 0.0


def without_overhead(world):
    """No layer keeps anything."""
    world.rules["money.overhead"] = np.zeros_like(world.rules["money.overhead"])


@pytest.mark.parametrize(
    "change",
    [without_assigned_inflow, without_service_times, without_ties, without_organ_share, without_overhead],
    ids=lambda f: f.__name__,
)
def test_taking_a_part_away_moves_a_primary_outcome(tongling, whole, change):
    """Assigned inflow, service times, ties, organ share and overhead each carry weight."""
    assert moved(whole, outcomes(tongling, change))


def test_taking_free_hours_away_moves_a_primary_outcome(tongling, whole):
    """Committees without free hours to divide hold no meetings and pay no visits."""
    assert "committee.hours_self_governance" in moved(
        whole, outcomes(tongling, switched_off=("divide_free_hours",))
    )


def moved(whole: dict[str, float], other: dict[str, float]) -> list[str]:
    """Return the outcomes that differ by more than a fiftieth of what is worth acting on."""
    return [
        m
        for m, value in whole.items()
        if abs(value - other[m]) > MOVED * measures()[m].worth or np.isnan(value) != np.isnan(other[m])
    ]
