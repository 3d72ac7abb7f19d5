"""What a sweep left in its folder, as tables: one row a run, arm, measure and window, and the inputs of each run."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from sim.base.errors import ShequError
from sim.base.text import say
from sim.catalogue import measures
from sim.results.store import RunFolder

BASELINE, LATE = "baseline", "late"
SCHEMA = {
    "pair": pl.Int32, "key": pl.String, "row": pl.Int32, "seed": pl.Int64, "arm": pl.String, "measure": pl.String,
    "window": pl.String, "value": pl.Float64, "digest": pl.String,
}  # fmt: skip
RUN = ("key", "row", "seed", "measure", "window")


def parts_of(folder: RunFolder) -> list[Path]:
    """Return the committed parts, in their order."""
    return [folder.path / "pairs" / f"pair-{part:04d}.parquet" for part in folder.pairs_done()]


def outcomes(folder: RunFolder) -> pl.LazyFrame:
    """Return all outcomes of all arms; raises ShequError where nothing is finished yet."""
    parts = parts_of(folder)
    if not parts:
        raise ShequError(say("{folder} holds no finished run", folder=str(folder.path)))
    return pl.scan_parquet(parts)


def keys_done(folder: RunFolder) -> set[str]:
    """Return the runs that are committed."""
    parts = parts_of(folder)
    return set(pl.scan_parquet(parts).select("key").unique().collect()["key"]) if parts else set()


def effects(folder: RunFolder) -> pl.DataFrame:
    """Return one row a run, policy, measure and window: its value, and how it differs from the same run's baseline."""
    with folder.as_found():
        table = outcomes(folder)
        base = table.filter(pl.col("arm") == BASELINE).select(*RUN, pl.col("value").alias("base"))
        policies = table.filter(pl.col("arm") != BASELINE)
        found = policies.join(base, on=list(RUN), how="inner")
        return found.with_columns((pl.col("value") - pl.col("base")).alias("effect")).collect()


def inputs(folder: RunFolder) -> pl.DataFrame:
    """Return one row a row of the design: the values of levers and assumptions."""
    return folder.table("inputs.parquet")


def summary(folder: RunFolder) -> pl.DataFrame:
    """Return, per policy, measure and window, the effect over rows: median, 90 % range, share above zero.

    Runs of one row under several seeds are averaged first, so that luck is not taken for disagreement of assumptions.
    """
    rows = effects(folder).group_by("arm", "measure", "window", "row").agg(pl.col("effect").mean())
    found = rows.filter(pl.col("effect").is_not_nan()).group_by("arm", "measure", "window").agg(
        pl.len().alias("rows"),
        pl.col("effect").mean().alias("mean"),
        pl.col("effect").median().alias("median"),
        pl.col("effect").quantile(0.05).alias("low"),
        pl.col("effect").quantile(0.95).alias("high"),
        (pl.col("effect") > 0).mean().alias("above_zero"),
    )  # fmt: skip
    order = pl.DataFrame({"measure": list(measures()), "at": range(len(measures()))})
    return found.join(order, on="measure").sort("window", "at", "arm").drop("at")
