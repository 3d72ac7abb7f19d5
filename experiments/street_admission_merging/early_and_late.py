"""Whether relief wanes: effects in the first and the last year of each policy, and what the factors do to each other.

python experiments/street_admission_merging/early_and_late.py runs/streets
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import polars as pl
from scipy import stats

from sim.base.text import pick
from sim.results.store import RunFolder
from sim.results.sweeps import LATE, effects
from sim.views.sweeps import name_of

EARLY = "early"
REMOVED, GATED, BOTH, ALL = "gone-open-small", "kept-gated-small", "gone-gated-small", "gone-gated-large"


def mean(values: pl.Series) -> str:
    """Return the mean over rows with its 95 % interval by Student t."""
    x = values.drop_nulls().drop_nans().to_numpy()
    half = stats.t.ppf(0.975, len(x) - 1) * x.std(ddof=1) / np.sqrt(len(x))
    return f"{x.mean():+.1f} ({x.mean() - half:+.1f} … {x.mean() + half:+.1f})"


def main() -> None:
    """Print two tables in Markdown."""
    folder = RunFolder(Path(sys.argv[1]))
    found, primary = effects(folder), folder.manifest()["primary"]
    print("| outcome | policy | first year | last year | change |\n|---|---|---|---|---|")
    for measure in primary:
        wide = found.filter(pl.col("measure") == measure).pivot(
            on="window", index=["row", "arm"], values="effect"
        )
        for arm in sorted(wide["arm"].unique()):
            here = wide.filter(pl.col("arm") == arm)
            cells = (here[EARLY], here[LATE], here[LATE] - here[EARLY])
            print(f"| {pick(name_of(measure), 'en')} | {arm} | {' | '.join(map(mean, cells))} |")
    print(
        "\n| outcome | gate, streets kept | gate, streets gone | merging on top of both |\n|---|---|---|---|"
    )
    for measure in primary:
        late = found.filter((pl.col("measure") == measure) & (pl.col("window") == LATE))
        wide = late.pivot(on="arm", index="row", values="effect")
        cells = (wide[GATED], wide[BOTH] - wide[REMOVED], wide[ALL] - wide[BOTH])
        print(f"| {pick(name_of(measure), 'en')} | {' | '.join(map(mean, cells))} |")


if __name__ == "__main__":
    main()
