"""What a sweep left in its folder, as tables: one row a run, arm, measure and window, and the inputs of each run."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import scipy

from sim.base.errors import ShequError
from sim.base.text import say
from sim.catalogue import measures
from sim.results.store import RunFolder

BASELINE, LATE = "baseline", "late"
SCHEMA = {
    "pair": pl.Int64, "key": pl.String, "seed": pl.Int64, "place": pl.String, "arm": pl.String, "measure": pl.String,
    "window": pl.String, "value": pl.Float64, "digest": pl.String,
}  # fmt: skip
RUN, OUTCOME = ("key", "seed", "place", "measure", "window"), ("key", "place", "arm", "measure", "window")
SERIES = ("key", "place", "arm", "measure", "month", "value")  # of the place, a row a month
SPANS = ("key", "place", "arm", "measure", "unit", "month", "numerator", "denominator")  # of areas, groups, posts
PLAN, INPUTS = "plan.parquet", "inputs.parquet"


def parts_of(folder: RunFolder) -> list[Path]:
    """Return the committed parts, in their order."""
    return [folder.path / "pairs" / f"pair-{part:04d}.parquet" for part in folder.pairs_done()]


def outcomes(folder: RunFolder) -> pl.LazyFrame:
    """Return all outcomes of all arms, each once; raises ShequError where nothing is finished yet.

    A worker that lost its driver may have written what another wrote again: the same run is the same to the bit. Only
    where a run stands in two parts is there anything to leave out: to look for it costs a tenth of leaving out.
    """
    parts = parts_of(folder)
    if not parts:
        raise ShequError(say("{folder} holds no finished run", folder=str(folder.path)))
    table = pl.scan_parquet(parts)
    parted = table.group_by("key").agg(pl.col("pair").n_unique()).select((pl.col("pair") > 1).any())
    return table.unique(list(OUTCOME), keep="any") if parted.collect().item() else table


def series(folder: RunFolder, kind: str = "series") -> pl.LazyFrame:
    """Return the months of every arm of every finished run: of the place, or of a kind of unit a span of months.

    kind: "series" has a value a measure and month, in the unit shown; "areas", "groups" (from level standard on, by
    quarter) and "posts" (at full, all by month) a numerator and denominator a measure, unit and last month.
    """
    parts = [folder.path / kind / part.name for part in parts_of(folder)]
    there = [part for part in parts if part.exists()]
    if not there:
        raise ShequError(say("{folder} holds no {kind}", folder=str(folder.path), kind=kind))
    named = SERIES[:-1] if kind == "series" else SPANS[:-2]
    return pl.scan_parquet(there).unique(list(named), keep="any")


def keys_done(folder: RunFolder) -> set[str]:
    """Return the runs that are committed."""
    parts = parts_of(folder)
    with folder.as_found():
        return set(pl.scan_parquet(parts).select("key").unique().collect()["key"]) if parts else set()


def keep_plan(folder: RunFolder, plan: pl.DataFrame, rows: pl.DataFrame) -> None:
    """Write which rows each run of the present design stands for, and what levers and assumptions are at each row.

    Parts name their runs by key alone: a design that is topped up or changed counts its rows anew, and rows that
    differ only in what moves nothing share their runs.
    """
    folder.write_table(PLAN, plan)
    folder.write_table(INPUTS, rows)


def planned_runs(folder: RunFolder) -> pl.DataFrame:
    """Return the runs of the present design: key and row."""
    return folder.table(PLAN)


def effects(folder: RunFolder) -> pl.DataFrame:
    """Return one row a row of the design, seed, policy, measure and window: its value, and how it differs from its
    place alone in the same run. Runs that the present design does not ask for are left out.
    """
    with folder.as_found():
        return _effects(folder).collect()


def _effects(folder: RunFolder) -> pl.LazyFrame:
    table = outcomes(folder).drop("pair", "digest")
    base = table.filter(pl.col("arm") == BASELINE).select(*RUN, pl.col("value").alias("base"))
    policies = table.filter(pl.col("arm") != BASELINE)
    found = policies.join(base, on=list(RUN), how="inner").join(planned_runs(folder).lazy(), on="key")
    return found.with_columns((pl.col("value") - pl.col("base")).alias("effect"))


def months(folder: RunFolder) -> pl.DataFrame:
    """Return the effect over rows in each month, a row a place, policy, measure and month: mean, and 90 % of rows.

    Seeds of a row are averaged first. Quantiles of waits are of each month alone.
    """
    with folder.as_found():
        table, by = series(folder), ("key", "place", "measure", "month")
        base = table.filter(pl.col("arm") == BASELINE).select(*by, pl.col("value").alias("base"))
        both = table.filter(pl.col("arm") != BASELINE).join(base, on=list(by))
        both = both.join(planned_runs(folder).lazy(), on="key").with_columns(pl.col("value") - pl.col("base"))
        each = both.filter(pl.col("value").is_not_nan()).group_by("place", "arm", "measure", "month", "row")
        rows = each.agg(pl.col("value").mean()).group_by("place", "arm", "measure", "month")
        found = rows.agg(
            pl.len().alias("rows"),
            pl.col("value").mean().alias("mean"),
            pl.col("value").quantile(0.05).alias("low"),
            pl.col("value").quantile(0.95).alias("high"),
        )
        return found.sort("place", "arm", "measure", "month").collect()


def inputs(folder: RunFolder) -> pl.DataFrame:
    """Return one row a row of the design: the values of levers and assumptions."""
    return folder.table(INPUTS)


def summary(folder: RunFolder) -> pl.DataFrame:
    """Return, per place, policy, measure and window, the effect over rows: mean, its interval, and how it spreads.

    low, high: the middle 90 % of rows. mean_low, mean_high: 95 % interval by Student t of the mean over assumptions.
    Runs of one row under several seeds are averaged first, so that luck is not taken for disagreement of assumptions.
    """
    with folder.as_found():
        each = _effects(folder).group_by("place", "arm", "measure", "window", "row")
        rows = each.agg(pl.col("effect").mean()).collect()
    found = rows.filter(pl.col("effect").is_not_nan()).group_by("place", "arm", "measure", "window").agg(
        pl.len().alias("rows"),
        pl.col("effect").mean().alias("mean"),
        (pl.col("effect").std() / pl.len().sqrt()).alias("error"),
        pl.col("effect").median().alias("median"),
        pl.col("effect").quantile(0.05).alias("low"),
        pl.col("effect").quantile(0.95).alias("high"),
        (pl.col("effect") > 0).mean().alias("above_zero"),
    )  # fmt: skip
    order = pl.DataFrame({"measure": list(measures()), "at": range(len(measures()))})
    width = pl.col("error") * pl.col("rows").map_batches(_student, return_dtype=pl.Float64)
    found = found.with_columns(
        (pl.col("mean") - width).alias("mean_low"), (pl.col("mean") + width).alias("mean_high")
    )
    return found.drop("error").join(order, on="measure").sort("window", "at", "place", "arm").drop("at")


def _student(rows: pl.Series) -> pl.Series:
    """Return the half-width of a 95 % interval of a mean in standard errors, by how many rows it is of."""
    return pl.Series(scipy.stats.t.ppf(0.975, np.maximum(rows.to_numpy() - 1, 1)))
