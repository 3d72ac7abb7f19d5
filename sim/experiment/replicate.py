"""Replications of one scenario: levels, never a comparison."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from sim.base.calendar import format_month
from sim.base.errors import ShequError
from sim.base.text import Message, say
from sim.catalogue import measures
from sim.experiment import environment
from sim.experiment.compare import resume_or_begin
from sim.experiment.engine import LocalEngine
from sim.experiment.pairs import PairCell, commit_arms
from sim.results.provenance import provenance
from sim.results.store import RunFolder
from sim.scenario.resolved import ResolvedScenario

ARM = "levels"


@dataclass(frozen=True)
class Levels:
    """Outcomes of one scenario. rows: per window (measure, mean, lowest, highest replication)."""

    folder: RunFolder
    title: dict[str, str]
    assumed: tuple[int, int]
    replications: int
    rows: dict[str, list[tuple[str, float, float, float]]]

    def window_words(self, window: str) -> Message:
        """Return a window's name with its months."""
        manifest = self.folder.manifest()
        first, end = (manifest["start"] + offset for offset in manifest["windows"][window])
        return say("{name}: {first} to {last}", name=window, first=format_month(first), last=format_month(end - 1))


def run_cell(cell: PairCell) -> dict[str, str]:
    """Simulate one replication and commit its parts."""
    from sim.model import run_arm

    tables = run_arm(cell.reform, cell.seed, cell.record)
    return commit_arms(RunFolder(Path(cell.folder)), cell.pair, cell.seed, cell.reform, {ARM: tables}, cell.keep_tables)


def run_replications(
    scenario: ResolvedScenario, out: Path, replications: int, seed: int, workers: int | None, record: str, command: str,
    progress: Callable[[int, int, float], None] | None = None,
) -> Levels:
    """Run what the folder lacks and return the levels; raises ShequError where nothing succeeded."""
    environment.prepare()
    folder = RunFolder(out)
    fresh = provenance(scenario, scenario, seed=seed, pairs=replications, record=record, command=command, source=environment.source_hash())
    resume_or_begin(folder, fresh)
    done = set(folder.pairs_done())
    cells = [PairCell(k, seed + k, scenario, scenario, record, str(out), k == 0) for k in range(replications) if k not in done]
    started, failed = time.monotonic(), []
    for outcome in LocalEngine(workers).run(run_cell, cells):
        failed += [outcome.error] if not outcome.ok else []
        done.add(outcome.cell.pair)
        if progress is not None:
            progress(len(done), replications, time.monotonic() - started)
    if not folder.pairs_done():
        raise ShequError(say("no pair could be run: {why}", why=failed[0] if failed else "-"))
    return read_levels(folder)


def read_levels(folder: RunFolder) -> Levels:
    """Return the levels of a run folder."""
    manifest, values = folder.manifest(), folder.read("pairs")
    order = {name: i for i, name in enumerate(measures())}
    rows = {}
    for window in manifest["windows"]:
        here = values.filter((pl.col("window") == window) & pl.col("value").is_not_nan())
        found = here.group_by("measure").agg(pl.col("value").mean().alias("mean"), pl.col("value").min().alias("low"), pl.col("value").max().alias("high"))
        rows[window] = sorted(found.select("measure", "mean", "low", "high").rows(), key=lambda r: order[r[0]])
    return Levels(folder, manifest["title"], tuple(manifest["assumed"]), values["pair"].n_unique(), rows)
