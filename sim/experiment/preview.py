"""A first look in under a second: two pairs of a small twin of the place, from worlds kept after their spin-up.

A twin (`scenario/twin.py`) has few whole communities; where a reform cannot be cut down that far, some more. What only
depends on place, assumptions and run (the world until the reform is felt, and the arm without the reform) is kept per
seed, in the process and in a folder, so that a moved lever costs the reform's arm alone. The preview looks at the first
months after the first change and shows directions; it never replaces a run. How often its signs agree with full runs
is measured in experiments/benchmarks/preview_agreement.py.
"""

from __future__ import annotations

import hashlib
import json
import os
import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from sim.base.errors import ScenarioError
from sim.experiment import environment
from sim.results.summaries import Summaries
from sim.results.tables import RunTables
from sim.scenario.resolved import ResolvedScenario
from sim.scenario.twin import twin_of

COMMUNITIES, MONTHS, SEEDS = 5, 12, (1, 2)
MOST_KEPT, WORLD = 24, ".npz"
Pair = tuple[dict[str, float], dict[str, float]]  # values without and with the reforms, by measure


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
    """A world before the reform is felt and the outcomes of the arm without the reform."""

    world: Any
    baseline: dict[str, float] = field(default_factory=dict)


class Shelf:
    """Kept worlds by what they depend on: the newest in this process, and in a folder for processes to come.

    In the folder a world is arrays and JSON, nothing that could be executed when it is read.
    """

    def __init__(self, folder: Path | None = None):
        self.folder = folder
        self.near: OrderedDict[tuple, Kept] = OrderedDict()

    def find(self, key: tuple, place: ResolvedScenario) -> Kept | None:
        """Return what is kept of a place under a key, None where nothing is or it cannot be read."""
        found = self.near.get(key) or self._read(key, place)
        if found is not None:
            self._put_near(key, found)
        return found

    def keep(self, key: tuple, kept: Kept, place: ResolvedScenario) -> None:
        """Keep a world of a place; the oldest go, near and in the folder."""
        from sim.model import save_world

        self._put_near(key, kept)
        if self.folder is None:
            return
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            save_world(kept.world, self._path(key), place)
            told = self._path(key).with_suffix(f".part-{os.getpid()}")
            told.write_text(json.dumps(kept.baseline), encoding="utf-8")
            told.replace(self._path(key).with_suffix(".json"))  # a world counts once this is there
            there = sorted(self.folder.glob("*.json"), key=lambda path: path.stat().st_mtime)
            for path in there[:-MOST_KEPT]:
                path.unlink(missing_ok=True)
                path.with_suffix(WORLD).unlink(missing_ok=True)
        except OSError:
            return  # where nothing can be written, worlds live as long as the process

    def _put_near(self, key: tuple, kept: Kept) -> None:
        self.near[key] = kept
        self.near.move_to_end(key)
        while len(self.near) > MOST_KEPT:
            self.near.popitem(last=False)

    def _path(self, key: tuple) -> Path:
        assert self.folder is not None
        named = hashlib.sha256(repr((environment.source_hash(), key)).encode()).hexdigest()[:24]
        return self.folder / f"{named}{WORLD}"

    def _read(self, key: tuple, place: ResolvedScenario) -> Kept | None:
        """Return what processes of the same code kept."""
        from sim.model import load_world

        if self.folder is None:
            return None
        try:
            baseline = json.loads(self._path(key).with_suffix(".json").read_text(encoding="utf-8"))
            return Kept(load_world(self._path(key), place), baseline)
        except Exception:  # noqa: BLE001 - a file that is missing, cut short or old is as good as none
            return None


class Stopped(Exception):  # noqa: N818 - not an error: a newer preview was asked for
    """A newer preview was asked for."""


class Previews:
    """Previews of a process, one at a time. communities, months, seeds: how much is looked at; folder: of worlds."""

    def __init__(
        self,
        communities: int = COMMUNITIES,
        months: int = MONTHS,
        seeds: tuple[int, ...] = SEEDS,
        folder: Path | None = None,
    ):
        self.communities, self.months, self.seeds = communities, months, seeds
        self.shelf = Shelf(folder)
        self.lock = threading.Lock()

    def look(self, scenario: ResolvedScenario, is_wanted: Callable[[], bool] = lambda: True) -> list[Glance]:
        """Return the scenario's primary outcomes in its twin; raises Stopped where it is no longer wanted,
        ScenarioError where the place has no such twin.
        """
        environment.prepare()
        twin = small_twin(scenario, self.communities)
        with self.lock:
            return glances(twin, [self.pair(twin, seed, is_wanted) for seed in self.seeds])

    def pair(self, twin: ResolvedScenario, seed: int, is_wanted: Callable[[], bool]) -> Pair:
        """Return the primary outcomes of a twin without and with its reforms under one seed."""
        from sim.model import advance, first_felt, new_world, recorder_for

        def go(_month: int) -> None:
            if not is_wanted():
                raise Stopped

        mine = twin.for_replication(seed)
        change, felt = mine.timeline.first_change, first_felt(mine)
        first = mine.run.start if change is None else change
        window = (first - mine.run.start, first - mine.run.start + self.months)
        branch = first if felt is None else felt
        bare = mine.baseline()
        key = (bare.hash, seed, branch, window, self.months)
        kept = self.shelf.find(key, mine)
        if kept is None:
            world = new_world(mine, seed)
            advance(world, bare.timeline, branch, recorder_for(mine, "headline", world), go)
            kept = Kept(world)

        def arm(timeline: Any) -> dict[str, float]:
            # What was taken down before this month lies before the window: a new recorder begins here.
            world = kept.world.copy()
            recorder = recorder_for(mine, "headline", world)
            advance(world, timeline, first + self.months, recorder, go)
            return _values(recorder.tables(world), mine, window)

        if not kept.baseline:
            kept.baseline = arm(bare.timeline)
            self.shelf.keep(key, kept, mine)
        return kept.baseline, arm(mine.timeline)


def small_twin(scenario: ResolvedScenario, communities: int = COMMUNITIES) -> ResolvedScenario:
    """Return the smallest twin that the scenario's reforms are possible in; raises ScenarioError where none is."""
    for n in (communities, 2 * communities):
        try:
            return twin_of(scenario, n)
        except ScenarioError:
            continue
    return twin_of(scenario, 4 * communities)


def glances(twin: ResolvedScenario, found: Sequence[Pair]) -> list[Glance]:
    """Return the primary outcomes of some pairs of a twin, those that have a value in each."""
    return [
        Glance(
            m, float(np.mean([base[m] for base, _ in found])), tuple(other[m] - base[m] for base, other in found)
        )
        for m in twin.run.primary
        if all(np.isfinite(one[m]) for pair in found for one in pair)
    ]  # fmt: skip


def _values(tables: RunTables, scenario: ResolvedScenario, window: tuple[int, int]) -> dict[str, float]:
    summaries = Summaries(tables, scenario.run.start)
    return {m: summaries.window(m, window) for m in scenario.run.primary}
