"""One pair: all arms under the same luck, summarised in the worker and committed there."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import polars as pl

from sim.catalogue import measures
from sim.results.alignment import ALIGNMENT, alignment_table
from sim.results.store import RunFolder
from sim.results.summaries import Summaries
from sim.results.tables import RunTables
from sim.scenario.resolved import ResolvedScenario

# Kinds of parts that hold a value per unit, and the level of recording whose units they are.
UNITS = {"areas": "area", "groups": "group", "posts": "post"}


@dataclass(frozen=True)
class ArmsCell:
    """All arms of one pair to run under the same luck. folder: where its parts are committed.

    keep_tables: also keep every table of it. months: how many of the months to run, 0 for all (one arm only).
    resalt: by arm, decisions that draw other luck from a month on. sample: values of assumptions in all arms.
    """

    pair: int
    seed: int
    arms: dict[str, ResolvedScenario]
    record: str
    folder: str
    keep_tables: bool = False
    months: int = 0
    resalt: dict[str, dict[str, int]] = field(default_factory=dict)
    sample: dict[str, float] = field(default_factory=dict)


def run_arms_cell(cell: ArmsCell) -> dict[str, str]:
    """Simulate the arms of a pair, commit its parts, return the digests of its arms."""
    from sim.model import run_arms, run_watched

    scenarios = (
        {name: arm.with_sample(cell.sample) for name, arm in cell.arms.items()} if cell.sample else cell.arms
    )
    folder, scenario = RunFolder(Path(cell.folder)), list(scenarios.values())[-1]
    if cell.keep_tables:
        arms, decided = run_watched(scenarios, cell.seed, cell.record, resalt=cell.resalt)
        (folder.path / ALIGNMENT).parent.mkdir(parents=True, exist_ok=True)
        alignment_table(decided).write_parquet(folder.path / ALIGNMENT)
    else:
        arms = run_arms(scenarios, cell.seed, cell.record, resalt=cell.resalt)
    return commit_arms(folder, cell.pair, cell.seed, scenario, arms, cell.keep_tables)


def commit_arms(
    folder: RunFolder,
    pair: int,
    seed: int,
    scenario: ResolvedScenario,
    arms: dict[str, RunTables],
    keep_tables: bool,
) -> dict[str, str]:
    """Commit series, units and last the summary rows of a finished pair; returns the digest of each arm."""
    digests = {arm: tables.digest() for arm, tables in arms.items()}
    folder.commit("series", pair, pl.concat([series_rows(pair, arm, t, scenario) for arm, t in arms.items()]))
    for kind, level in UNITS.items():
        rows = [unit_rows(pair, arm, tables, scenario, level) for arm, tables in arms.items()]
        folder.commit(kind, pair, pl.concat(rows))
    if keep_tables:
        for arm, tables in arms.items():
            tables.write(folder.path / "tables" / arm)
    rows = [summary_rows(pair, seed, arm, t, scenario, digests[arm]) for arm, t in arms.items()]
    folder.commit("pairs", pair, pl.concat(rows))
    return digests


def recorded(tables: RunTables) -> list[str]:
    """Return the measures that a run's tables can give, in catalogue order."""
    have = set(tables.outcomes["measure"].unique().to_list())
    return [name for name, row in measures().items() if name in have or row.kind == "quantile"]


def summary_rows(
    pair: int, seed: int, arm: str, tables: RunTables, scenario: ResolvedScenario, digest: str
) -> pl.DataFrame:
    """Return one row per measure and window."""
    summaries = Summaries(tables, scenario.run.start)
    rows = [
        (pair, seed, arm, measure, name, summaries.window(measure, window), digest)
        for measure in recorded(tables)
        for name, window in scenario.run.windows.items()
    ]
    schema = {
        "pair": pl.Int32,
        "seed": pl.Int64,
        "arm": pl.String,
        "measure": pl.String,
        "window": pl.String,
        "value": pl.Float64,
        "digest": pl.String,
    }
    return pl.DataFrame(rows, schema=schema, orient="row")


def series_rows(pair: int, arm: str, tables: RunTables, scenario: ResolvedScenario) -> pl.DataFrame:
    """Return one row per measure and month, whole place."""
    summaries = Summaries(tables, scenario.run.start)
    parts = []
    for measure in recorded(tables):
        months, values = summaries.series(measure)
        parts.append(
            pl.DataFrame({"month": months.astype(np.int32), "value": values}).with_columns(
                pl.lit(measure).alias("measure")
            )
        )
    return pl.concat(parts).with_columns(pl.lit(pair, pl.Int32).alias("pair"), pl.lit(arm).alias("arm"))


def unit_rows(pair: int, arm: str, tables: RunTables, scenario: ResolvedScenario, level: str) -> pl.DataFrame:
    """Return numerator and denominator per measure and unit of a level, pooled over the last window."""
    first, last = list(scenario.run.windows.values())[-1]
    start = scenario.run.start
    here = (pl.col("level") == level) & (pl.col("month") >= start + first) & (pl.col("month") < start + last)
    pooled = (
        tables.outcomes.filter(here)
        .group_by("measure", "unit")
        .agg(pl.col("numerator").sum(), pl.col("denominator").sum())
    )
    return pooled.sort("measure", "unit").with_columns(
        pl.lit(pair, pl.Int32).alias("pair"), pl.lit(arm).alias("arm")
    )
