"""A plan and how it is carried out: run the cells that a run folder lacks, each committed by its worker.

Every kind of experiment is such a plan, so resume, progress, failures and provenance are written here once.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from sim.base.errors import ShequError
from sim.base.text import pick, say
from sim.experiment import environment
from sim.experiment.engine import LocalEngine
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


class Cell(Protocol):
    """What a cell of any experiment has: the number it is stored under."""

    @property
    def pair(self) -> int:
        """Its number in the run folder."""


@dataclass(frozen=True)
class Plan:
    """Cells to run and the manifest that says what they are. arms: the scenarios, by name."""

    manifest: dict
    arms: dict[str, ResolvedScenario]
    cells: Sequence[Cell]
    task: Callable[[Any], object]


def carry_out(
    plan: Plan, folder: RunFolder, workers: int | None = None, progress: Progress | None = None
) -> tuple[str, ...]:
    """Run what the folder lacks; returns sentences about cells that failed, raises ShequError if all did.

    A KeyboardInterrupt passes through; what was committed stays and the same call goes on from there.
    """
    with folder.held():
        before = folder.manifest() if (folder.path / MANIFEST).exists() else {}
        begin_or_resume(folder, plan.manifest, plan.arms)
        started, failed = time.monotonic(), []
        done, total = set(folder.pairs_done()), len(plan.cells)
        todo = [cell for cell in plan.cells if cell.pair not in done]
        if todo:
            environment.tell_if_cold()
        if progress is not None:
            progress(total - len(todo), total)
        for k, outcome in enumerate(LocalEngine(workers).run(plan.task, todo), total - len(todo) + 1):
            if outcome.stop:
                raise ShequError(outcome.error)
            if not outcome.ok:
                failed.append(
                    pick(say("pair {pair} failed: {why}", pair=outcome.cell.pair, why=outcome.error))
                )
                folder.note_failure(outcome.cell.pair, outcome.account or outcome.error)
            if progress is not None:
                progress(k, total)
        if not folder.pairs_done():
            raise ShequError(say("no pair could be run: {why}", why=failed[0] if failed else "-"))
        timings = _timings(before, time.monotonic() - started, len(todo))
        folder.write_json(MANIFEST, plan.manifest | timings | {"failed": failed})
    return tuple(failed)


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


def folder_for(name: str, manifest: dict) -> RunFolder:
    """Return the folder under runs/ that this run goes on in, or the first free one."""
    n = 1
    while True:
        folder = RunFolder(RUNS / (name if n == 1 else f"{name}-{n}"))
        if not (folder.path / MANIFEST).exists() or not differing(folder.manifest(), manifest):
            return folder
        n += 1
