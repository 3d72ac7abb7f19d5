"""Under which assumptions a policy gains what is worth acting on: boxes found by PRIM, in numbers and how firmly.

The boxes come from EMA Workbench's PRIM. coverage: part of the good rows inside; density: part of the inside that is
good; reproduce: in how many of the bootstrap samples of the rows a limit is found again.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass

import numpy as np
import polars as pl

from sim.base.errors import ShequError
from sim.base.text import say
from sim.catalogue import measures
from sim.experiment.sensitivity import output
from sim.results.store import RunFolder
from sim.results.sweeps import LATE, inputs

LEAST_ROWS, LEAST_GOOD, BOOTSTRAP, MOST_LIMITS = 60, 10, 20, 3
MASS, THRESHOLD = 0.1, 0.7


@dataclass(frozen=True)
class Limit:
    """One limit of a box: an input between two values; reproduce: share of bootstrap samples that limit it too."""

    name: str
    low: float
    high: float
    reproduce: float


@dataclass(frozen=True)
class Discovery:
    """Where a policy gains. base: share of good rows overall; limits: empty where no box is better than the whole."""

    arm: str
    measure: str
    rows: int
    base: float
    coverage: float
    density: float
    limits: tuple[Limit, ...]


def discover(folder: RunFolder, arm: str, measure: str, window: str = LATE, seed: int = 1) -> Discovery:
    """Return the box of inputs in which a policy improves an outcome by its worth; raises ShequError where few rows."""
    found = output(folder, arm, measure, window)
    row = measures()[measure]
    better = -1.0 if row.better == "down" else 1.0
    table = inputs(folder).join(found, on="row").sort("row")
    good = (better * table["effect"].to_numpy() >= row.worth).astype(bool)
    if len(table) < LEAST_ROWS:
        raise ShequError(
            say("{n} rows are too few for boxes; {least} are needed", n=len(table), least=LEAST_ROWS)
        )
    base = float(good.mean())
    if not LEAST_GOOD <= good.sum() <= len(good) - LEAST_GOOD:
        return Discovery(arm, measure, len(table), base, 1.0, base, ())
    names = [c for c in table.columns if c not in ("row", "effect") and table[c].n_unique() > 1]
    x = table.select(pl.col(n).cast(pl.Float64) for n in names).to_pandas()
    coverage, density, box = _box(x, good)
    again = _again(x, good, seed)
    limits = tuple(Limit(n, low, high, again.get(n, 0) / BOOTSTRAP) for n, (low, high) in box.items())
    if density <= base:
        return Discovery(arm, measure, len(table), base, 1.0, base, ())
    return Discovery(arm, measure, len(table), base, coverage, density, limits)


def _again(x: object, good: np.ndarray, seed: int) -> dict[str, int]:
    """Return in how many bootstrap samples each input is limited."""
    rng, counts = np.random.default_rng(seed), {}
    for _ in range(BOOTSTRAP):
        rows = rng.integers(0, len(good), len(good))
        for name in _box(x.iloc[rows].reset_index(drop=True), good[rows])[2]:
            counts[name] = counts.get(name, 0) + 1
    return counts


def _box(x: object, good: np.ndarray) -> tuple[float, float, dict[str, tuple[float, float]]]:
    """Return coverage, density and limits of the densest box of PRIM with few limits that keeps half of the good."""
    from ema_workbench.analysis import prim

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = prim.Prim(x, good, threshold=THRESHOLD, mass_min=MASS).find_box()
    steps = found.peeling_trajectory
    fit = steps[(steps["res_dim"] <= MOST_LIMITS) & (steps["coverage"] >= 0.5)]
    best = fit.loc[fit["density"].idxmax()] if len(fit) else steps.iloc[0]
    box = found.box_lims[int(best["id"])] if "id" in best else found.box_lims[int(best.name)]
    whole = found.box_lims[0]
    limits = {
        name: (float(box[name].iloc[0]), float(box[name].iloc[1]))
        for name in x.columns
        if not np.array_equal(box[name].to_numpy(), whole[name].to_numpy())
    }
    return float(best["coverage"]), float(best["density"]), limits
