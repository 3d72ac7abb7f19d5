"""Outcomes of every scenario of the library on a small twin of its place, for the pages that tell what they are.

Each scenario gets what a user can type (`shequ compare NAME --communities N --pairs K`; `shequ run` where nothing is
reformed) in a run folder of its own. Scenarios that would be compared with the same baseline are simulated together,
pair by pair: an arm is the same whichever others branch from its world. An interrupted run goes on where it stopped.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from sim.experiment import environment
from sim.experiment.pairs import commit_arms
from sim.experiment.plan import begin_or_resume
from sim.experiment.replicate import ARM as LEVELS
from sim.results.provenance import provenance
from sim.results.shipped import command_of
from sim.results.store import RunFolder
from sim.scenario import load_scenario
from sim.scenario.resolved import ResolvedScenario
from sim.scenario.twin import twin_of

SEED, RECORD = 1, "standard"
Told = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Shelved:
    """A scenario of the library as its twin, and the folder it is run into."""

    scenario: ResolvedScenario
    twin: ResolvedScenario
    folder: RunFolder

    @property
    def is_compared(self) -> bool:
        """Whether anything changes in it."""
        return not self.twin.timeline.is_empty


def shelved(names: Sequence[str], out: Path, communities: int) -> list[Shelved]:
    """Return the twins of scenarios of the library with a folder for each."""
    scenarios = [load_scenario(name) for name in names]
    return [Shelved(one, twin_of(one, communities), RunFolder(out / one.id)) for one in scenarios]


def run_library(shelf: Sequence[Shelved], *, pairs: int, communities: int, told: Told | None = None) -> None:
    """Run what the folders lack, in this process. told: is given a place's name, pairs done and pairs wanted."""
    environment.prepare()

    def baseline(one: Shelved) -> str:
        return one.twin.baseline().hash

    for _, group in groupby(sorted(shelf, key=baseline), baseline):
        together = list(group)
        for one in together:
            _begin(one, pairs, communities)
        for pair in range(pairs):
            _run_pair(together, pair)
            if told is not None:
                told(together[0].twin.place.id, pair + 1, pairs)


def _begin(one: Shelved, pairs: int, communities: int) -> None:
    base, twin = one.twin.baseline(), one.twin
    command = command_of(twin.id, compared=one.is_compared, communities=communities, pairs=pairs)
    kind = "comparison" if one.is_compared else "levels"
    what = {"kind": kind, "seed": SEED, "pairs": pairs, "record": RECORD, "command": command}
    manifest = provenance(base, twin, **what, source=environment.source_hash())
    arms = {"baseline": base, "reform": twin} if one.is_compared else {LEVELS: twin}
    one.folder.path.mkdir(parents=True, exist_ok=True)
    begin_or_resume(one.folder, manifest, arms)


def _run_pair(together: Sequence[Shelved], pair: int) -> None:
    """Simulate the common baseline and every arm that lacks this pair, and commit each into its own folder."""
    from sim.model import run_arms

    lacking = [one for one in together if pair not in one.folder.pairs_done()]
    if not lacking:
        return
    arms = {"baseline": lacking[0].twin.baseline()}
    arms |= {one.twin.id: one.twin for one in lacking if one.is_compared}
    found = run_arms(arms, SEED + pair, RECORD)
    for one in lacking:
        base = found["baseline"]
        mine = {"baseline": base, "reform": found[one.twin.id]} if one.is_compared else {LEVELS: base}
        commit_arms(one.folder, pair, SEED + pair, one.twin, mine, keep_tables=False)
