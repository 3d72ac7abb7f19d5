"""A chunk of a sweep: a few runs, carried out in a worker and committed as one part.

Beside the summary, which is the commit record, stand the months of the place; from level standard on quarters of areas
and groups; at full the months of these and of posts.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from sim.base.errors import ShequError
from sim.catalogue import levers
from sim.experiment.pairs import UNITS, recorded, series_rows
from sim.experiment.sampling import Row
from sim.results.store import RunFolder
from sim.results.summaries import Summaries
from sim.results.sweeps import SCHEMA, SERIES, SPANS
from sim.results.tables import RunTables
from sim.scenario.design import cut
from sim.scenario.design_arms import BASELINE, is_baseline
from sim.scenario.resolved import ResolvedScenario, RunSpec

# Kinds of parts that a level of recording adds to the months of the place.
UNITS_AT = {"headline": (), "standard": ("areas", "groups"), "full": ("areas", "groups", "posts")}


@dataclass(frozen=True)
class Run:
    """One run: all arms at one row under one seed."""

    key: str
    at: int
    row: Row
    seed: int


@dataclass(frozen=True)
class Chunk:
    """Some runs, committed together. pair: number of the part, made of their keys: runs overwrite only themselves."""

    pair: int
    runs: tuple[Run, ...]
    arms: dict[str, ResolvedScenario]
    months: int
    primary: tuple[str, ...]
    record: str
    folder: str


@dataclass(frozen=True)
class Ran:
    """What a chunk gave. failed: (key, why) of the runs that its part leaves out; seconds: of work alone."""

    failed: tuple[tuple[str, str], ...]
    seconds: float


def run_chunk(chunk: Chunk) -> Ran:
    """Run a chunk and commit it; raises StoreError where it cannot be committed."""
    started, failed, parts = time.monotonic(), [], []
    for run in chunk.runs:
        try:
            parts.append(_run(chunk, run))
        except ShequError as error:
            failed.append((run.key, str(error)))
        except Exception as error:  # noqa: BLE001 - one bad run must not lose the chunk
            failed.append((run.key, f"{type(error).__name__}: {error}"))
    folder = RunFolder(Path(chunk.folder))
    for kind in parts[0] if parts else ():  # the summary last: what it names is there as a whole
        folder.commit(kind, chunk.pair, pl.concat(part[kind] for part in parts))
    return Ran(tuple(failed), time.monotonic() - started)


def _run(chunk: Chunk, run: Run) -> dict[str, pl.DataFrame]:
    """Return the parts of one run by kind, the summary last."""
    from sim.model import run_arms

    rows: list[tuple] = []
    parts: dict[str, list[pl.DataFrame]] = {kind: [] for kind in ("series", *UNITS_AT[chunk.record])}
    for place, arms in _by_place(chunk, run).items():
        for name, tables in run_arms(arms, run.seed, chunk.record).items():
            arm = BASELINE if is_baseline(name) else name
            rows += _outcomes((chunk.pair, run.key, run.seed, place, arm), tables, arms[name].run)
            whose = {"key": pl.lit(run.key), "place": pl.lit(place), "arm": pl.lit(arm)}
            months = series_rows(0, arm, tables, arms[name])
            parts["series"].append(months.with_columns(pl.col("value").cast(pl.Float32), **whose).select(SERIES))
            for kind in UNITS_AT[chunk.record]:
                parts[kind].append(_units(tables, UNITS[kind]).with_columns(**whose).select(SPANS))
    return {kind: pl.concat(frames) for kind, frames in parts.items()} | {
        "pairs": pl.DataFrame(rows, schema=SCHEMA, orient="row")
    }


def _units(tables: RunTables, level: str) -> pl.DataFrame:
    """Return numerator and denominator a measure and unit of a level, as recorded: by quarter, at full by month."""
    here = tables.outcomes.filter(pl.col("level") == level).sort("measure", "unit", "month")
    return here.with_columns(pl.col("month").cast(pl.Int32), pl.col("numerator", "denominator").cast(pl.Float64))


def _by_place(chunk: Chunk, run: Run) -> dict[str, dict[str, ResolvedScenario]]:
    """Return the arms of a run by place: those of one place share a world until they part."""
    found: dict[str, dict[str, ResolvedScenario]] = {}
    for name, arm in chunk.arms.items():
        found.setdefault(arm.place.id, {})[name] = _arm(chunk, name, arm, run.row)
    return found


def _outcomes(head: tuple, tables: RunTables, spec: RunSpec) -> list[tuple]:
    """Return one row a measure and window, behind what says whose it is."""
    summaries, digest = Summaries(tables, spec.start), tables.digest()
    return [
        (*head, measure, window, summaries.window(measure, span), digest)
        for measure in recorded(tables)
        for window, span in spec.windows.items()
    ]


def _arm(chunk: Chunk, name: str, arm: ResolvedScenario, row: Row) -> ResolvedScenario:
    made = arm.with_sample(row.values) if row.values else arm
    if not is_baseline(name):
        for lever, value in row.levers.items():
            whole = levers()[lever].type == "count"
            made = made.with_setting(lever, str(round(value)) if whole else f"{value:.12g}", arm.run.start)
    return cut(made, chunk.months, chunk.primary)
