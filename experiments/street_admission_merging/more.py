"""Whether relief wanes: effects in the first and the last year of each policy, and what factors do to each other."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import polars as pl
from scipy import stats

from sim.base.text import pick
from sim.results.store import RunFolder
from sim.results.sweeps import LATE, effects
from sim.views.sweeps import name_of

EARLY = "early"
# What is compared: a policy and the one it adds to, the place alone where there is none.
APART = {
    "stations, streets gone": ("gone-open-small", "bare-open-small"),
    "gate, streets kept": ("kept-gated-small", ""),
    "gate, streets gone, no stations": ("bare-gated-small", "bare-open-small"),
    "gate, streets gone, stations": ("gone-gated-small", "gone-open-small"),
    "merging, streets gone, no stations": ("bare-open-large", "bare-open-small"),
    "merging on top of gate and stations": ("gone-gated-large", "gone-gated-small"),
}


def mean(values: pl.Series) -> str:
    """Return the mean over rows with its 95 % interval by Student t."""
    x = values.drop_nulls().drop_nans().to_numpy()
    if len(x) < 2:
        return "-"
    half = stats.t.ppf(0.975, len(x) - 1) * x.std(ddof=1) / np.sqrt(len(x))
    return f"{x.mean():+.1f} ({x.mean() - half:+.1f} … {x.mean() + half:+.1f})"


def report(_study: Path, _target: Path, folder: RunFolder, _run: Callable) -> str:
    """Return two tables in Markdown."""
    found, primary = effects(folder), folder.manifest()["primary"]
    lines = ["Does relief last? Effects in the first and the last year.", ""]
    lines += ["| outcome | policy | first year | last year | change |", "|---|---|---|---|---|"]
    for measure in primary:
        here = found.filter(pl.col("measure") == measure)
        wide = here.pivot(on="window", index=["row", "arm"], values="effect")
        for arm in sorted(wide["arm"].unique()):
            one = wide.filter(pl.col("arm") == arm)
            cells = (one[EARLY], one[LATE], one[LATE] - one[EARLY])
            lines.append(f"| {pick(name_of(measure), 'en')} | {arm} | {' | '.join(map(mean, cells))} |")
    lines += ["", "What the factors do to each other, last year.", ""]
    lines += ["| outcome | " + " | ".join(APART) + " |", "|---" * (len(APART) + 1) + "|"]
    for measure in primary:
        late = found.filter((pl.col("measure") == measure) & (pl.col("window") == LATE))
        wide = late.pivot(on="arm", index="row", values="effect")
        cells = (wide[one] - wide[other] if other else wide[one] for one, other in APART.values())
        lines.append(f"| {pick(name_of(measure), 'en')} | {' | '.join(map(mean, cells))} |")
    return "\n".join(lines)
