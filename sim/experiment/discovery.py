"""Under which assumptions a policy gains what is worth acting on: boxes found by PRIM, in numbers and how firmly.

The boxes come from EMA Workbench's PRIM. coverage: part of the good rows inside; density: part of the inside that is
good; reproduce: in how many of the bootstrap samples of the rows a limit is found again. PRIM finds a box in pure noise
too, so one is said only if it holds where it was not looked for: boxes found in bootstrap samples are tried on the rows
those samples left out, and nearly all must be better there than all of these rows.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import polars as pl

from sim.base.errors import ShequError
from sim.base.text import counted
from sim.catalogue import measures
from sim.experiment.sensitivity import output
from sim.results.store import RunFolder
from sim.results.sweeps import LATE, inputs

if TYPE_CHECKING:
    import pandas as pd

LEAST_ROWS, LEAST_GOOD, BOOTSTRAP, MOST_LIMITS = 60, 10, 20, 3
MASS, CHANCE, LEAST_HOLDING = 0.1, 0.05, 0.9
Box = dict[str, tuple[float, float]]


@dataclass(frozen=True)
class Limit:
    """One limit of a box: an input between two values; reproduce: share of bootstrap samples that limit it too."""

    name: str
    low: float
    high: float
    reproduce: float


@dataclass(frozen=True)
class Discovery:
    """Where a policy gains. base: share of good rows overall; limits: empty where no box is better than the whole.

    holding: share of boxes of bootstrap samples that are denser than the whole on the rows they were not made from.
    points: the rows that were used, where there is a box: its inputs, the effect, and whether it is a gain.
    """

    arm: str
    measure: str
    rows: int
    base: float
    coverage: float
    density: float
    limits: tuple[Limit, ...]
    holding: float = 0.0
    points: pl.DataFrame = field(default_factory=pl.DataFrame, repr=False, compare=False)

    @property
    def reproduces(self) -> bool:
        """Return whether the box may be said: boxes found like it hold on other rows."""
        return bool(self.limits) and self.holding >= LEAST_HOLDING


def discover(folder: RunFolder, arm: str, measure: str, window: str = LATE, seed: int = 1) -> Discovery:
    """Return the box of inputs in which a policy improves an outcome by its worth; raises ShequError where few rows."""
    found = output(folder, arm, measure, window)
    row = measures()[measure]
    better = -1.0 if row.better == "down" else 1.0
    table = inputs(folder).join(found.drop("noise"), on="row").sort("row")
    good = (better * table["effect"].to_numpy() >= row.worth).astype(bool)
    if len(table) < LEAST_ROWS:
        raise ShequError(
            counted(
                "{n} row is too little for boxes; {least} are needed",
                "{n} rows are too few for boxes; {least} are needed",
                n=len(table),
                least=LEAST_ROWS,
            )
        )
    base = float(good.mean())
    if not LEAST_GOOD <= good.sum() <= len(good) - LEAST_GOOD:
        return Discovery(arm, measure, len(table), base, 1.0, base, ())
    names = [c for c in table.columns if c not in ("row", "effect") and table[c].n_unique() > 1]
    x = table.select(pl.col(n).cast(pl.Float64) for n in names).to_pandas()
    coverage, density, box = _box(x, good)
    if not box or density <= base:
        return Discovery(arm, measure, len(table), base, 1.0, base, ())
    again, holding = _again(x, good, seed)
    limits = tuple(Limit(n, low, high, again.count(n) / BOOTSTRAP) for n, (low, high) in box.items())
    points = table.select("effect", pl.Series("good", good), *box)
    return Discovery(arm, measure, len(table), base, coverage, density, limits, holding, points)


def _again(x: pd.DataFrame, good: np.ndarray, seed: int) -> tuple[list[str], float]:
    """Return the inputs limited in each bootstrap sample, and the share of its boxes that hold on the rows left out."""
    rng, limited, holding = np.random.default_rng(seed), [], 0
    for _ in range(BOOTSTRAP):
        rows = rng.integers(0, len(good), len(good))
        out = np.setdiff1d(np.arange(len(good)), rows)
        box = _box(x.iloc[rows].reset_index(drop=True), good[rows])[2]
        limited += list(box)
        inside = good[out][_inside(x.iloc[out], box)]
        holding += int(len(inside) > 0 and float(inside.mean()) > float(good[out].mean()))
    return limited, holding / BOOTSTRAP


def _inside(x: pd.DataFrame, box: Box) -> np.ndarray:
    found = np.ones(len(x), bool)
    for name, (low, high) in box.items():
        found &= x[name].between(low, high).to_numpy()
    return found


def _box(x: pd.DataFrame, good: np.ndarray) -> tuple[float, float, Box]:
    """Return coverage, density and limits of PRIM's box with few limits whose coverage and density balance best.

    x: inputs as floats, a column each; good: one truth value a row. Peeling trims inputs that do nothing as well; a
    limit stays where its quasi-p, the chance of so many good rows gained by it, is small. A side that was not limited
    is said as the end of the rows.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from ema_workbench.analysis import prim

        found = prim.Prim(x, good, mass_min=MASS).find_box()
    boxes = [
        _limits(*step)
        for step in zip(found.box_lims, found.p_values, strict=True)
        if len(_limits(*step)) <= MOST_LIMITS
    ]
    scored = [(*_coverage_and_density(x, good, limits), limits) for limits in boxes]
    return max(scored, key=lambda s: 2 * s[0] * s[1] / (s[0] + s[1]) if s[0] + s[1] else 0.0)


def _limits(box: pd.DataFrame, chances: Mapping[str, Sequence[float]]) -> Box:
    """Return the limits of one step of the peeling that are no chance; a side that is no limit has a negative one."""
    lows, highs = box.iloc[0], box.iloc[1]
    kept = [name for name, sides in chances.items() if any(0 <= p < CHANCE for p in sides)]
    return {name: (float(lows[name]), float(highs[name])) for name in kept}


def _coverage_and_density(x: pd.DataFrame, good: np.ndarray, limits: Box) -> tuple[float, float]:
    inside = good[_inside(x, limits)]
    return float(inside.sum() / good.sum()), float(inside.mean()) if len(inside) else 0.0
