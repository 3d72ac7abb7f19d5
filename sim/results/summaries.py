"""From tables to the numbers that are shown: one measure, one window, one unit.

A window pools numerators and denominators of its months before dividing; a quantile is read from the pooled
histogram of waits, linear inside a bin.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from sim.catalogue import measures
from sim.results.tables import WAIT_EDGES, RunTables

WAIT_HISTOGRAM = "wait.median"
Window = tuple[int, int]


@dataclass(frozen=True)
class Summaries:
    """Summaries of one arm. start: first reported month, from which windows are counted."""

    tables: RunTables
    start: int

    def window(self, measure: str, window: Window, level: str = "place", unit: int = 0) -> float:
        """Return a measure over a window of month offsets [a, b), in the unit shown; nan where nothing happened."""
        row = measures()[measure]
        span = (pl.col("month") >= self.start + window[0]) & (pl.col("month") < self.start + window[1])
        here = span & (pl.col("level") == level) & (pl.col("unit") == unit)
        if row.kind == "quantile":
            found = self.tables.histograms.filter(here & (pl.col("measure") == WAIT_HISTOGRAM))
            return row.scale * quantile(found["bin"].to_numpy(), found["count"].to_numpy(), row.q or 0.5)
        found = self.tables.outcomes.filter(here & (pl.col("measure") == measure))
        if row.summary == "end":
            found = found.sort("month").tail(1)
        return row.scale * _ratio(float(found["numerator"].sum()), float(found["denominator"].sum()))

    def series(self, measure: str) -> tuple[np.ndarray, np.ndarray]:
        """Return months and the place's value in each, in the unit shown."""
        row = measures()[measure]
        if row.kind == "quantile":
            return self._wait_series(row.q or 0.5, row.scale)
        here = (pl.col("level") == "place") & (pl.col("measure") == measure)
        found = self.tables.outcomes.filter(here).sort("month")
        upper, lower = found["numerator"].to_numpy(), found["denominator"].to_numpy()
        with np.errstate(invalid="ignore", divide="ignore"):
            return found["month"].to_numpy(), row.scale * np.where(lower != 0, upper / lower, np.nan)

    def _wait_series(self, q: float, scale: float) -> tuple[np.ndarray, np.ndarray]:
        found = self.tables.histograms.filter(
            (pl.col("level") == "place") & (pl.col("measure") == WAIT_HISTOGRAM)
        )
        months = np.unique(self.tables.outcomes["month"].to_numpy())
        bins = {m[0]: g for m, g in found.group_by("month")}
        values = [
            scale * quantile(bins[m]["bin"].to_numpy(), bins[m]["count"].to_numpy(), q)
            if m in bins
            else np.nan
            for m in months
        ]
        return months, np.array(values)


def _ratio(upper: float, lower: float) -> float:
    return upper / lower if lower else float("nan")


def quantile(bins: np.ndarray, counts: np.ndarray, q: float) -> float:
    """Return the q-quantile in working days of waits given as log bins; nan without any wait."""
    if counts.sum() == 0:
        return float("nan")
    full = np.bincount(bins, weights=counts, minlength=len(WAIT_EDGES) - 1)
    below = np.concatenate([[0.0], np.cumsum(full)])
    target = q * below[-1]
    i = int(np.searchsorted(below, target, side="left"))
    i = max(i, 1)
    inside = (target - below[i - 1]) / max(full[i - 1], 1e-12)
    return float(WAIT_EDGES[i - 1] + inside * (WAIT_EDGES[i] - WAIT_EDGES[i - 1]))
