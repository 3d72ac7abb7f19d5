"""A sweep so small that a run takes some hundredths of a second, and what tests ask of its folder."""

from __future__ import annotations

import errno
import os
import time
from pathlib import Path

import polars as pl

from sim.experiment.chunks import Chunk, Ran, run_chunk
from sim.experiment.engine import LocalEngine
from sim.experiment.sweep import Swept, manifest_of, run_sweep
from sim.results.store import RunFolder
from sim.results.sweeps import SCHEMA, parts_of
from sim.scenario.design import Design, load_design

DESIGN = """
kind: design
id: tiny
title: {{en: tiny, zh: 微型}}
scenario: hamlet
factors: {{gate: [off_, on_], books: [shut, open_]}}
levels: {{on_: {{with: [guarded]}}, open_: {{set: {{transparency: 1.0}}}}}}
levers: {levers}
assumptions: {{set: prior, samples: {n}{only}}}
sampler: {{kind: {kind}, n: {n}, seed: 1}}
pairs: {pairs}
primary: [committee.share_time_assigned, participation.deliberate]
---
kind: place
id: hamlet
extends: validation_place
title: {{en: hamlet, zh: 小村}}
units: {{street: {{count: 1}}, community: {{count: 2, within: street}}}}
residents: {{count: {{value: 300, assumed: tiny}}}}
---
kind: reform
id: guarded
title: {{en: gate, zh: 准入}}
from: 2012-02
changes: [{{id: gate, set: {{admission.rule: refuse}}}}]
"""
SCENARIO = """
kind: scenario
id: hamlet
title: {{en: hamlet, zh: 小村}}
place: hamlet
run: {{start: 2012-01, spin_up: 2 months, months: 4, pairs: 2, primary: [committee.share_time_assigned]}}
"""

PARTS = """
kind: scenario
id: parts
title: {{en: parts, zh: 部分}}
place: hamlet
reforms: [two]
run: {{start: 2012-01, spin_up: 2 months, months: 4, pairs: 2, primary: [committee.share_time_assigned]}}
---
{place}
---
kind: reform
id: two
title: {{en: two parts, zh: 两部分}}
from: 2012-02
changes: [{{id: gate, set: {{admission.rule: refuse}}}}, {{id: books, set: {{transparency: 1.0}}}}]
"""

ROWS = 24  # of the sweep that faults happen to


def written(
    folder: Path, *, n: int = 6, pairs: int = 2, kind: str = "sobol", levers: str = "{}", only: str = ""
) -> Path:
    """Write the design and its scenario into a folder; returns the design's file."""
    text = DESIGN.format(n=n, pairs=pairs, kind=kind, levers=levers, only=only and f", only: {only}")
    head, *rest = text.split("\n---\n")
    (folder / "hamlet.yaml").write_text("\n---\n".join([SCENARIO.format(), *rest]), encoding="utf-8")
    path = folder / "design.yaml"
    path.write_text(head, encoding="utf-8")
    return path


def design(folder: Path, **more) -> Design:
    """Return the tiny design, checked."""
    return load_design(written(folder, **more))


def in_parts(folder: Path) -> Path:
    """Write a scenario of the tiny place with a reform of two clauses into a folder; returns its file."""
    place = DESIGN.split("\n---\n")[1].format()
    path = folder / "parts.yaml"
    path.write_text(PARTS.format(place=place), encoding="utf-8")
    return path


def swept(plan: Design, out: Path, engine=None, workers: int = 1, **more) -> Swept:
    """Run a design into a folder."""
    return run_sweep(plan, RunFolder(out), engine or workers, manifest=manifest_of(plan), **more)


def cells(out: Path) -> dict[tuple, tuple]:
    """Return value and digest of every run, arm, measure and window; raises AssertionError where one stands twice."""
    table = pl.scan_parquet(parts_of(RunFolder(out)))
    rows = table.select("key", "arm", "measure", "window", "value", "digest").collect().rows()
    found = {row[:4]: (repr(row[4]), row[5]) for row in rows}
    assert len(found) == len(rows)
    return found


class Bad:
    """An engine whose task does something to one row: the picture of a run that kills, hangs or fails."""

    def __init__(self, task, workers: int = 2, limit: float | None = None):
        self.task, self.workers, self.engine = task, workers, LocalEngine(workers, limit)

    def run(self, _task, chunks):
        """Run the bad task instead."""
        return self.engine.run(self.task, chunks)


def poisoned(chunk: Chunk):
    """Die where row 3 is among the runs."""
    if any(run.at == 3 for run in chunk.runs):
        os._exit(9)
    return run_chunk(chunk)


def restful(chunk: Chunk) -> Ran:
    """Take hardly any time, say that each run took a second, and commit a row for each."""
    rows = [(chunk.pair, run.key, run.seed, "hamlet", "baseline", "awareness", "late", 0.0, "-") for run in chunk.runs]
    RunFolder(Path(chunk.folder)).commit("pairs", chunk.pair, pl.DataFrame(rows, schema=SCHEMA, orient="row"))
    return Ran((), 1.0 * len(chunk.runs))


def starved(chunk: Chunk):
    """Find the disk full from the third part on, while a file beside the store says so."""
    store = Path(chunk.folder)

    def full(_handle: int) -> None:
        if (store.parent / "full").exists() and len(list((store / "pairs").glob("*.parquet"))) > 2:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    os.fsync = full
    return run_chunk(chunk)


def hanging(chunk: Chunk):
    """Never come back from row 3; a file beside the store says which process that is."""
    if any(run.at == 3 for run in chunk.runs):
        (Path(chunk.folder).parent / f"hangs-{os.getpid()}").touch()
        time.sleep(600)
    return run_chunk(chunk)
