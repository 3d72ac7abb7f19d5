"""Effects in paired worlds: the same place and luck with and without one difference, over several seeds."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache

import numpy as np

from sim.model import advance, new_world
from sim.observe.measures import COUNTS
from sim.observe.people import PEOPLE
from sim.observe.recorder import Recorder
from sim.rules.changes import RuleChange
from sim.rules.operations import Operation
from sim.rules.timeline import DatedOperation, Timeline
from sim.scenario import load_scenario
from sim.scenario.resolved import ResolvedScenario
from sim.world.world import World

SEEDS = (1, 2, 3, 4)
BEFORE, MONTHS = 3, 15
QUANTITIES = {
    "units.street.count": 2,
    "units.community.count": 6,
    "residents.count": 15_000,
    "institutions.district_office.staff": 3,
    "institutions.department.staff": 1,
    "institutions.street_office.staff": 12,
}
Change = Callable[[World], None]


@lru_cache
def six_communities(**quantities: float) -> ResolvedScenario:
    """Return six communities under two streets, as large and as staffed as those of Tongling, unreformed."""
    scenario = load_scenario("tongling")
    bare = scenario.without(scenario.reforms)
    return bare.with_sample(
        {f"tongguanshan_2010:{name}": v for name, v in {**QUANTITIES, **quantities}.items()}
    )


def lived(
    seed: int,
    *differences: RuleChange | Operation,
    at_start: Change | None = None,
    measure: Callable[[World], np.ndarray | float] | None = None,
    scenario: ResolvedScenario | None = None,
) -> np.ndarray:
    """Return a measure of each month after the differences came into force, for one seed."""
    place = scenario or six_communities()
    world = new_world(place, seed)
    if at_start:
        at_start(world)
    recorder = Recorder("headline", (), place.run.first_month)
    recorder.begin(world)
    advance(world, place.timeline, world.month + BEFORE, recorder)
    timeline, values = _timeline(world, place, differences), []
    for _ in range(MONTHS):
        advance(world, timeline, world.month + 1, recorder)
        values.append(measure(world) if measure else 0.0)
    return np.array(values)


def _timeline(
    world: World, place: ResolvedScenario, differences: Sequence[RuleChange | Operation]
) -> Timeline:
    return Timeline(
        world.n_areas,
        len(world.frame.layers) - 1,
        place.timeline.baseline,
        changes=tuple(d for d in differences if isinstance(d, RuleChange)),
        operations=tuple(DatedOperation(world.month, d) for d in differences if isinstance(d, Operation)),
    )


def rule(lever: str, value: float) -> RuleChange:
    """Return a rule set everywhere when the differences come into force."""
    return RuleChange("set", lever, value, six_communities().run.first_month + BEFORE)


def ratio(name: str) -> Callable[[World], np.ndarray]:
    """Return what reads a measure's numerator and denominator of a month."""
    if name in PEOPLE:
        return lambda world: _parts(world, name)
    return lambda world: np.array([part.sum() for part in COUNTS[name](world)])


def effects(name: str, *differences: RuleChange | Operation, **more: object) -> np.ndarray:
    """Return the effect on a measure, over all months after the differences, of each seed.

    both: a change at the start of both worlds; at_start: of the second alone.
    """
    scenario, other, both = more.pop("scenario", None), more.pop("other", None), more.pop("both", None)
    more.setdefault("at_start", both)
    found = []
    for seed in SEEDS:
        one = lived(seed, measure=ratio(name), scenario=scenario, at_start=both).sum(axis=0)
        two = lived(seed, *differences, measure=ratio(name), scenario=other or scenario, **more).sum(axis=0)
        found.append(two[0] / two[1] - one[0] / one[1])
    return np.array(found)


def differences(name: str, one: Change, other: Change, *rules: object) -> np.ndarray:
    """Return a measure under the other change less that under the one, both under these rules, of each seed."""
    found = []
    for seed in SEEDS:
        parts = [lived(seed, *rules, at_start=c, measure=ratio(name)).sum(axis=0) for c in (one, other)]
        found.append(parts[1][0] / parts[1][1] - parts[0][0] / parts[0][1])
    return np.array(found)


def _parts(world: World, name: str) -> np.ndarray:
    """Return what counts above and below the line of a measure of people, over the whole place."""
    _rows, upper, lower = PEOPLE[name](world)
    below = world.residents.has_voice if lower is None else lower
    return np.array([upper.sum(), below.sum()])
