"""Outcomes of every scenario of the library on a small twin of its place, for the pages that tell what they are.

Each scenario gets what a user can type (`shequ compare NAME --communities N --pairs K`; `shequ run` where nothing is
reformed) in a run folder of its own. Scenarios that would be compared with the same baseline are simulated together,
pair by pair: an arm is the same whichever others branch from its world. The shelf is one plan over all of these, so
that it uses every core, or a cluster, and goes on where it stopped; its own folder, around theirs, says what failed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from itertools import groupby
from pathlib import Path

import polars as pl

from sim.base.text import pick, say
from sim.experiment import environment
from sim.experiment.engine import Outcome
from sim.experiment.engines import Workers
from sim.experiment.pairs import commit_arms
from sim.experiment.plan import Failure, Plan, Progress, begin_or_resume, carry_out
from sim.experiment.replicate import ARM as LEVELS
from sim.results.provenance import provenance
from sim.results.shipped import command_of
from sim.results.store import RunFolder
from sim.scenario import load_scenario
from sim.scenario.resolved import ResolvedScenario
from sim.scenario.twin import twin_of

SEED, RECORD = 1, "standard"


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
    folder = out.resolve()  # a worker elsewhere has another folder to begin from
    return [Shelved(one, twin_of(one, communities), RunFolder(folder / one.id)) for one in scenarios]


@dataclass(frozen=True)
class SharedPair:
    """A pair of scenarios that have a baseline in common. pair: names the cell; nth: which pair of theirs it is.

    folder: of the shelf, where it is noted that the pair is done.
    """

    pair: int
    nth: int
    together: tuple[Shelved, ...]
    folder: str

    @property
    def lacking(self) -> list[Shelved]:
        """Return the scenarios whose folder does not hold this pair."""
        return [one for one in self.together if self.nth not in one.folder.pairs_done()]


@dataclass(frozen=True)
class ShelfPlan(Plan):
    """A plan whose cells are pairs that several scenarios share, each committed to every one's own folder."""

    communities: int
    pairs: int

    def begin(self, folder: RunFolder) -> None:
        """Make every scenario's folder ready; the shelf's own only says what was asked for last."""
        folder.begin(self.manifest)
        for one in {one.twin.id: one for cell in self.cells for one in cell.together}.values():
            _begin(one, self.pairs, self.communities)

    def lacking(self, folder: RunFolder) -> list[SharedPair]:
        """Return the pairs that some scenario's folder does not hold."""
        del folder
        return [cell for cell in self.cells if cell.lacking]

    def failure(self, outcome: Outcome) -> Failure:
        """Return what to keep and to say of a pair: whose it is."""
        cell = outcome.cell
        names = ", ".join(one.twin.id for one in cell.lacking)
        said = pick(say("{names}: pair {pair} failed: {why}", names=names, pair=cell.nth, why=outcome.error))
        return Failure(f"pair-{cell.pair}", f"{said}\n{outcome.account}", said)


def run_library(
    shelf: Sequence[Shelved], out: Path, *, pairs: int, communities: int, workers: Workers = None,
    progress: Progress | None = None,
) -> tuple[str, ...]:  # fmt: skip
    """Run what the folders lack; returns sentences about what failed. out: the folder around those of the shelf."""
    environment.prepare()
    folder = RunFolder(out)
    cells = [cell for group in _groups(shelf) for cell in _cells(group, pairs, folder.address)]
    what = {"kind": "shelf", "seed": SEED, "record": RECORD, "pairs": len(cells)}
    manifest = what | {"scenarios": [one.twin.id for one in shelf], "source": environment.source_hash()}
    plan = ShelfPlan(manifest, {}, cells, run_shared, communities, pairs)
    return carry_out(plan, folder, workers, progress)


def _groups(shelf: Sequence[Shelved]) -> list[tuple[Shelved, ...]]:
    """Return the scenarios that have a baseline in common, together."""

    def baseline(one: Shelved) -> str:
        return one.twin.baseline().hash

    return [tuple(group) for _, group in groupby(sorted(shelf, key=baseline), baseline)]


def _cells(together: tuple[Shelved, ...], pairs: int, folder: str) -> list[SharedPair]:
    """Return the pairs of some scenarios; each is named by whom it is for, so that others' are not taken for it."""
    names = "|".join(one.twin.hash for one in together)
    numbers = [int(sha256(f"{names}|{nth}".encode()).hexdigest()[:14], 16) for nth in range(pairs)]
    return [SharedPair(number, nth, together, folder) for nth, number in enumerate(numbers)]


def _begin(one: Shelved, pairs: int, communities: int) -> None:
    base, twin = one.twin.baseline(), one.twin
    command = command_of(twin.id, compared=one.is_compared, communities=communities, pairs=pairs)
    kind = "comparison" if one.is_compared else "levels"
    what = {"kind": kind, "seed": SEED, "pairs": pairs, "record": RECORD, "command": command}
    manifest = provenance(base, twin, **what, source=environment.source_hash())
    arms = {"baseline": base, "reform": twin} if one.is_compared else {LEVELS: twin}
    one.folder.path.mkdir(parents=True, exist_ok=True)
    begin_or_resume(one.folder, manifest, arms)


def run_shared(cell: SharedPair) -> None:
    """Simulate the common baseline and every arm that lacks this pair, and commit each into its own folder."""
    from sim.model import run_arms

    lacking, nth = cell.lacking, cell.nth
    arms = {"baseline": cell.together[0].twin.baseline()}
    arms |= {one.twin.id: one.twin for one in lacking if one.is_compared}
    found = run_arms(arms, SEED + nth, RECORD)
    for one in lacking:
        base = found["baseline"]
        mine = {"baseline": base, "reform": found[one.twin.id]} if one.is_compared else {LEVELS: base}
        commit_arms(one.folder, nth, SEED + nth, one.twin, mine, keep_tables=False)
    done = pl.DataFrame({"scenario": [one.twin.id for one in cell.together]})
    RunFolder(Path(cell.folder)).commit("pairs", cell.pair, done)
