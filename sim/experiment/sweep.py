"""Sweeps: every arm of a design at every row, under several seeds, in chunks that are committed one by one.

A run is named by what it is (arms, row, seed), not by when it was planned: the store is asked which names it holds and
the rest is run, so that stopping, topping up and other chunk sizes need no care. A chunk is a few runs, written as one
part: ten thousand runs are read back as fast as a hundred.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import Any

import polars as pl

from sim.base.errors import ShequError
from sim.base.text import pick, say
from sim.experiment import environment
from sim.experiment.chunks import Chunk, Run, run_chunk
from sim.experiment.engine import Engine, Outcome
from sim.experiment.engines import Workers
from sim.experiment.plan import Failure, Plan, Progress, Step, carry_out, folder_for
from sim.experiment.sampling import key_of, rows_of
from sim.results.provenance import provenance
from sim.results.store import RunFolder
from sim.results.sweeps import SCHEMA, keep_plan, keys_done
from sim.scenario.design import Design
from sim.scenario.design_arms import is_baseline

CHUNK_SECONDS, MOST_IN_CHUNK, MOST_PARTS = 5.0, 200, 20_000


@dataclass(frozen=True)
class Swept:
    """What a sweep has done. failed: sentences about runs that gave nothing."""

    folder: RunFolder
    runs: int
    done: int
    failed: tuple[str, ...] = ()


def runs_of(design: Design) -> list[Run]:
    """Return every run of a design once, seed by seed, so that a longer design begins with the same runs."""
    once: dict[str, Run] = {}
    for run in _asked(design):
        once.setdefault(run.key, run)
    return list(once.values())


def _asked(design: Design) -> list[Run]:
    """Return a run for every row and seed; rows that differ only in the dummy ask for the same run."""
    rows, arms = rows_of(design), arms_hash(design)
    return [
        Run(key_of(row, design.seed + k, arms), at, row, design.seed + k)
        for k in range(design.pairs)
        for at, row in enumerate(rows)
    ]


def arms_hash(design: Design) -> str:
    """Return what names the arms, the months and the code that runs them."""
    parts = [f"{name}={arm.hash}" for name, arm in design.arms.items()]
    return sha256("|".join([*parts, str(design.months), environment.source_hash()]).encode()).hexdigest()


def manifest_of(design: Design, command: str = "") -> dict[str, Any]:
    """Return what the folder says of a sweep."""
    base = next(arm for name, arm in design.arms.items() if is_baseline(name))
    first = list(design.arms.values())[-1]
    how = {"kind": "sweep", "seed": design.seed, "pairs": len(runs_of(design)), "record": design.record}
    manifest = provenance(base, first, **how, command=command, source=environment.source_hash())
    return manifest | {
        "design": design.id,
        "title": design.title,
        "places": design.places,
        "hashes": {name: arm.hash for name, arm in design.arms.items()},
        "months": design.months or first.run.months,
        "primary": list(design.primary or first.run.primary),
        "sampler": design.sampler,
        "n": design.n,
        "set": design.set,
        "only": list(design.only),
        "levers": {k: list(v) for k, v in design.levers.items()},
        "seeds": design.pairs,
        "then": list(design.then),
    }


def folder_of(design: Design, out: Path | None, manifest: dict) -> RunFolder:
    """Return the folder asked for, else the one this sweep goes on in."""
    return folder_for(f"sweep-{design.id}", manifest, out)


@dataclass(frozen=True)
class SweepPlan(Plan):
    """A plan whose cells are runs, gathered into chunks that are committed one by one."""

    design: Design

    def begin(self, folder: RunFolder) -> None:
        """Keep the rows of the design too, and set damaged parts aside so that their runs are done again."""
        super().begin(folder)
        keep_rows(folder, self.design)
        folder.set_damaged_aside(SCHEMA)

    def lacking(self, folder: RunFolder) -> list[Run]:
        """Return the runs that no part of the folder holds."""
        done = keys_done(folder)
        return [run for run in self.cells if run.key not in done]

    def carried(self, folder: RunFolder, engine: Engine, cells: Sequence[Any]) -> Iterator[Step]:
        """Carry out chunks: first single runs, whose time says how many make one; one that died goes run by run."""
        first, each = max(2 * engine.workers, 2), CHUNK_SECONDS
        for outcome in engine.run(self.task, _chunks(self.design, folder, cells[:first], 1)):
            if outcome.ok:
                each = min(each, outcome.value.seconds)  # the first of a process also compiles
            yield _step(outcome)
        size = int(min(max(CHUNK_SECONDS / max(each, 1e-3), len(cells) / MOST_PARTS, 1), MOST_IN_CHUNK))
        died: list[Run] = []
        for outcome in engine.run(self.task, _chunks(self.design, folder, cells[first:], size)):
            if outcome.ok or outcome.stop or len(outcome.cell.runs) == 1:
                yield _step(outcome)
            else:
                died += outcome.cell.runs
        there = keys_done(folder) if died else set()  # one may have died after it was committed
        died = [run for run in died if run.key not in there]
        yield from map(_step, engine.run(self.task, _chunks(self.design, folder, died, 1)))


def _step(outcome: Outcome) -> Step:
    """Return what a chunk brings the sweep on by."""
    runs = outcome.cell.runs
    failed = outcome.value.failed if outcome.ok else [(run.key, outcome.error) for run in runs]
    why = tuple(Failure(key, f"{why}\n", f"{key}: {why}") for key, why in failed)
    return Step(len(runs), why, outcome.error if outcome.stop else "")


def run_sweep(
    design: Design, folder: RunFolder, workers: Workers = None, *, manifest: dict, progress: Progress | None = None,
    limit: float | None = None, hours: float | None = None,
) -> Swept:  # fmt: skip
    """Run what the folder lacks; limit, hours: as in `carry_out`. Raises ShequError."""
    environment.prepare()
    plan = SweepPlan(manifest, design.arms, runs_of(design), run_chunk, design)
    failed = carry_out(plan, folder, workers, progress, limit=limit, hours=hours)
    return Swept(folder, len(plan.cells), len(plan.cells) - len(plan.lacking(folder)), failed)


def _chunks(design: Design, folder: RunFolder, runs: Sequence[Run], size: int) -> list[Chunk]:
    stream, found = iter(runs), []
    while part := tuple(islice(stream, size)):
        found.append(
            Chunk(
                number_of(part),
                part,
                design.arms,
                design.months,
                design.primary,
                design.record,
                folder.address,
            )
        )
    return found


def number_of(runs: Sequence[Run]) -> int:
    """Return the number of the part that holds these runs: whoever writes them, now or late, writes the same file."""
    return int(sha256("|".join(run.key for run in runs).encode()).hexdigest()[:14], 16)


def keep_rows(folder: RunFolder, design: Design) -> None:
    """Write the rows of a design and the runs they ask for into the folder of its sweep."""
    asked = _asked(design)
    rows = {run.at: run.row.inputs for run in asked}
    plan = pl.DataFrame([(run.key, run.at) for run in asked], schema=["key", "row"], orient="row")
    frame = pl.DataFrame(
        [{"row": at, **inputs} for at, inputs in sorted(rows.items())], infer_schema_length=None
    )
    keep_plan(folder, plan, frame)


@dataclass(frozen=True)
class Estimate:
    """What a sweep would take. seconds: of one run on one core; size: bytes on disk of one."""

    rows: int
    arms: int
    runs: int
    seconds: float
    size: float

    def hours(self, cores: int) -> float:
        """Return the hours on so many cores."""
        return self.seconds * self.runs / cores / 3600

    def within(self, cores: int, hours: float) -> int:
        """Return how many of the runs so many cores do in so many hours."""
        return min(self.runs, int(hours * 3600 * cores / self.seconds))


def estimate(design: Design, folder: Path) -> Estimate:
    """Try one run and say what all would take; nothing is kept."""
    environment.prepare()
    runs = runs_of(design)
    trial = RunFolder(folder)
    trial.begin({"pairs": 0})
    chunk = replace(_chunks(design, trial, runs[:1], 1)[0], folder=str(folder))
    _must(run_chunk(chunk).failed)  # warms what is compiled
    seconds = run_chunk(chunk).seconds
    size = sum(part.stat().st_size for part in folder.rglob("*.parquet"))
    return Estimate(len(rows_of(design)), len(design.arms), len(runs), seconds, size)


def _must(failed: Sequence[tuple[str, str]]) -> None:
    if failed:
        raise ShequError(say("the first run fails: {why}", why=pick(say(failed[0][1]))))
