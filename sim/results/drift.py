"""Does the place stand still where nobody reforms it? What moves by itself is no effect."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import polars as pl
import scipy

from sim.catalogue import measures

YEAR = 12


def yearly_change(months: np.ndarray, values: np.ndarray) -> float:
    """Return the mean of the last twelve months less that of the twelve before; nan where there are fewer."""
    if len(months) == 0:
        return float("nan")
    last = int(months.max()) + 1
    later = values[(months >= last - YEAR) & (months < last)]
    earlier = values[(months >= last - 2 * YEAR) & (months < last - YEAR)]
    known = [v[np.isfinite(v)] for v in (earlier, later)]
    return float(known[1].mean() - known[0].mean()) if all(len(k) for k in known) else float("nan")


def drifting(series: pl.DataFrame, names: Iterable[str]) -> list[tuple[str, float]]:
    """Return the measures that move by more than their worth in a year, with the mean change over replications.

    series: columns pair, measure, month, value of one arm without reforms. A change that its replications do not
    agree on (zero inside the 95 % t interval of their mean) is chance, not drift.
    """
    found = []
    for name in names:
        changes = [
            yearly_change(one["month"].to_numpy(), one["value"].to_numpy())
            for _, one in series.filter(pl.col("measure") == name).group_by("pair", maintain_order=True)
        ]
        known = np.array([c for c in changes if np.isfinite(c)])
        if len(known) < 2:
            continue
        mean, error = float(known.mean()), float(known.std(ddof=1)) / np.sqrt(len(known))
        chance = float(scipy.stats.t.ppf(0.975, len(known) - 1)) * error
        if abs(mean) > max(measures()[name].worth, chance):
            found.append((name, mean))
    return found
