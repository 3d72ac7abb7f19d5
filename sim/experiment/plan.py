"""A plan and how it is carried out: run the cells that a run folder lacks, each committed by its worker.

Every kind of experiment is such a plan, so resume, progress, failures and provenance are written here once.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sim.base.errors import ShequError
from sim.base.text import pick, say
from sim.experiment import environment
from sim.experiment.engine import Engine, Outcome
from sim.experiment.engines import Workers, engine_for
from sim.results.store import MANIFEST, RunFolder
from sim.scenario.again import kept_content
from sim.scenario.resolved import ResolvedScenario

Progress = Callable[[int, int], None]
RUNS = Path("runs")
# What must be equal for two commands to be parts of one run.
IDENTITY = {
    "kind": say("kind of experiment"),
    "hashes": say("scenario"),
    "seed": say("first seed"),
    "record": say("level of recording"),
    "months": say("months"),
    "source": say("code"),
    "model_version": say("model version"),
    "samples": say("samples of the assumptions"),
}


@dataclass(frozen=True)
class Failure:
    """Why something gave nothing. name: of its file; account: what a modeller reads there; said: to the user."""

    name: str
    account: str
    said: str


@dataclass(frozen=True)
class Step:
    """By what an outcome brings a plan on: so many runs, and those that failed. stop: why nothing else can end well."""

    runs: int
    failed: tuple[Failure, ...] = ()
    stop: str = ""


@dataclass(frozen=True)
class Plan:
    """Cells to run and the manifest that says what they are. arms: the scenarios, by name.

    Here a cell is a pair, committed under its number; sweeps gather theirs into chunks.
    """

    manifest: dict
    arms: dict[str, ResolvedScenario]
    cells: Sequence[Any]
    task: Callable[[Any], object]

    def begin(self, folder: RunFolder) -> None:
        """Make the folder ready, or refuse one that holds something else."""
        begin_or_resume(folder, self.manifest, self.arms)

    def lacking(self, folder: RunFolder) -> list[Any]:
        """Return the cells that the folder does not hold."""
        done = set(folder.pairs_done())
        return [cell for cell in self.cells if cell.pair not in done]

    def carried(self, folder: RunFolder, engine: Engine, cells: Sequence[Any]) -> Iterator[Step]:
        """Have cells run and yield what became of them; each is committed by who ran it."""
        for outcome in engine.run(self.task, cells):
            failed = () if outcome.ok else (self.failure(outcome),)
            yield Step(1, failed, outcome.error if outcome.stop else "")

    def failure(self, outcome: Outcome) -> Failure:
        """Return what to keep and to say of a cell that gave nothing."""
        pair = outcome.cell.pair
        said = pick(say("pair {pair} failed: {why}", pair=pair, why=outcome.error))
        return Failure(f"pair-{pair:04d}", outcome.account or outcome.error, said)


def carry_out(
    plan: Plan, folder: RunFolder, workers: Workers = None, progress: Progress | None = None, *,
    limit: float | None = None, hours: float | None = None,
) -> tuple[str, ...]:  # fmt: skip
    """Run what the folder lacks; returns sentences about what failed, raises ShequError if everything did.

    limit: seconds a cell may take; hours: stop after so long. A KeyboardInterrupt passes through; what was committed
    stays and the same call goes on from there.
    """
    with folder.held():
        before = folder.manifest() if (folder.path / MANIFEST).exists() else {}
        plan.begin(folder)
        started, todo = time.monotonic(), plan.lacking(folder)
        if todo:
            environment.tell_if_cold()
        engine = engine_for(workers, folder.path, len(plan.cells), limit)
        failed = _driven(plan, folder, engine, todo, progress, hours)
        if todo and not folder.pairs_done():
            raise ShequError(say("no pair could be run: {why}", why=failed[0] if failed else "-"))
        timings = _timings(before, time.monotonic() - started, len(todo))
        folder.write_json(MANIFEST, plan.manifest | timings | {"failed": failed})
    return tuple(failed)


def _driven(
    plan: Plan, folder: RunFolder, engine: Engine, todo: list[Any], progress: Progress | None, hours: float | None
) -> list[str]:  # fmt: skip
    """Have what is lacking run, keep why something failed at once, say how far it is; returns what failed."""
    until = time.monotonic() + hours * 3600 if hours else math.inf
    total, failed = len(plan.cells), list[str]()
    done = total - len(todo)
    if progress is not None:
        progress(done, total)
    for step in plan.carried(folder, engine, todo):
        if step.stop:
            raise ShequError(step.stop)
        for failure in step.failed:
            failed.append(failure.said)
            folder.note_failure(failure.name, failure.account)
        done += step.runs
        if progress is not None:
            progress(done, total)
        if time.monotonic() > until:
            break
    return failed


def _timings(before: dict, seconds: float, cells: int) -> dict[str, float | int]:
    """Return how long cells took, those of earlier commands on the folder included: what a further one will take."""
    spent = (before.get("seconds", 0.0), before.get("timed", 0))
    return {"seconds": round(spent[0] + seconds * (cells > 0), 2), "timed": spent[1] + cells}


def begin_or_resume(folder: RunFolder, manifest: dict, arms: dict[str, ResolvedScenario]) -> None:
    """Start a new folder, or go on with one of the same run; refuses one of another."""
    if (folder.path / MANIFEST).exists():
        other = differing(folder.manifest(), manifest)
        if other:
            what = ", ".join(pick(IDENTITY[name]) for name in other)
            raise ShequError(
                say(
                    "{folder} holds another run (other {what}); give a new folder by --out",
                    folder=str(folder.path),
                    what=what,
                )
            )
    folder.begin(manifest)
    folder.write_json("scenario.json", {name: kept_content(arm) for name, arm in arms.items()})


def differing(stored: dict, fresh: dict) -> list[str]:
    """Return what keeps two manifests from being parts of one run."""
    return [name for name in IDENTITY if stored.get(name) != fresh.get(name)]


def folder_for(name: str, manifest: dict, out: Path | None = None) -> RunFolder:
    """Return the folder asked for, else the one under runs/ that this run goes on in, or the first free one."""
    if out is not None:
        return RunFolder(out)
    n = 1
    while True:
        folder = RunFolder(RUNS / (name if n == 1 else f"{name}-{n}"))
        if not (folder.path / MANIFEST).exists() or not differing(folder.manifest(), manifest):
            return folder
        n += 1
