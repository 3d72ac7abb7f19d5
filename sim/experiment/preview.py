"""A first look in under a second: two pairs of a small twin of the place, from worlds kept after their spin-up.

A twin (`scenario/twin.py`) has few whole communities. What only depends on place, assumptions and run (the world up to
the announcement and the arm without the reform) is kept per seed, so that a moved lever costs the reform's arm alone.
The preview looks at the first months after the first change and shows directions; it never replaces a run. How often
its signs agree with full runs is measured in experiments/benchmarks/preview_agreement.py.
"""

from __future__ import annotations

import copy
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from sim.experiment import environment
from sim.results.summaries import Summaries
from sim.results.tables import RunTables
from sim.scenario.resolved import ResolvedScenario
from sim.scenario.twin import twin_of

COMMUNITIES, MONTHS, SEEDS = 5, 12, (1, 2)
MOST_KEPT = 24


@dataclass(frozen=True)
class Glance:
    """A measure in the preview. differences: reform minus baseline by pair, in the unit shown."""

    measure: str
    baseline: float
    differences: tuple[float, ...]

    @property
    def mean(self) -> float:
        """The mean difference."""
        return float(np.mean(self.differences))

    @property
    def agrees(self) -> bool:
        """Whether all pairs have the same sign."""
        return len(set(np.sign(self.differences))) == 1


@dataclass
class Kept:
    """A world before the announcement and the outcomes of the arm without the reform."""

    world: Any
    recorder: Any
    baseline: dict[str, float] = field(default_factory=dict)


class Stopped(Exception):  # noqa: N818 - not an error: a newer preview was asked for
    """A newer preview was asked for."""


class Previews:
    """Previews of a process, one at a time. communities, months, seeds: the size of the look."""

    def __init__(self, communities: int = COMMUNITIES, months: int = MONTHS, seeds: tuple[int, ...] = SEEDS):
        self.communities, self.months, self.seeds = communities, months, seeds
        self.kept: OrderedDict[tuple, Kept] = OrderedDict()
        self.lock = threading.Lock()

    def look(self, scenario: ResolvedScenario, is_wanted: Callable[[], bool] = lambda: True) -> list[Glance]:
        """Return the scenario's primary outcomes in its twin; raises Stopped where it is no longer wanted,
        ScenarioError where the place has no such twin.
        """
        environment.prepare()
        twin = twin_of(scenario, self.communities)
        with self.lock:
            found = [self._pair(twin, seed, is_wanted) for seed in self.seeds]
        return [
            Glance(
                m, float(np.mean([base[m] for base, _ in found])), tuple(other[m] - base[m] for base, other in found)
            )
            for m in twin.run.primary
            if all(np.isfinite(one[m]) for pair in found for one in pair)
        ]  # fmt: skip

    def _pair(
        self, twin: ResolvedScenario, seed: int, is_wanted: Callable[[], bool]
    ) -> tuple[dict[str, float], dict[str, float]]:
        from sim.model import advance, new_world, recorder_for

        def go(_month: int) -> None:
            if not is_wanted():
                raise Stopped

        mine = twin.for_replication(seed)
        change = mine.timeline.first_change
        first = mine.run.start if change is None else change
        window = (first - mine.run.start, first - mine.run.start + self.months)
        announced = mine.timeline.first_announced
        branch = min(first if announced is None else announced, first)
        bare = mine.baseline()
        key = (bare.hash, seed, branch, window, self.months)
        if key not in self.kept:
            world = new_world(mine, seed)
            recorder = recorder_for(mine, "headline", world)
            advance(world, bare.timeline, branch, recorder, go)
            self.kept[key] = Kept(world, recorder)
        self.kept.move_to_end(key)
        while len(self.kept) > MOST_KEPT:
            self.kept.popitem(last=False)
        kept = self.kept[key]

        def arm(timeline: Any) -> dict[str, float]:
            world, recorder = kept.world.copy(), copy.deepcopy(kept.recorder)
            advance(world, timeline, first + self.months, recorder, go)
            return _values(recorder.tables(world), mine, window)

        if not kept.baseline:
            kept.baseline = arm(bare.timeline)
        return kept.baseline, arm(mine.timeline)


def _values(tables: RunTables, scenario: ResolvedScenario, window: tuple[int, int]) -> dict[str, float]:
    summaries = Summaries(tables, scenario.run.start)
    return {m: summaries.window(m, window) for m in scenario.run.primary}


if __name__ == "__main__":  # compiles what a preview needs
    from sim.scenario import load_scenario

    Previews(3, 3, (1,)).look(load_scenario("validation_streets"))
