"""Policy, assumptions, chance: what a difference is, and how far each of the other two moves it.

Several samples of the assumptions, each under a few seeds. Chance is the spread over seeds within a sample; assumptions
the spread of the samples' means beyond what chance makes of them (a one-way analysis of variance).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl

from sim.catalogue import measures
from sim.results.store import RunFolder

LEAST_SAMPLES, SEEDS = 64, 2
NAMING_SAMPLES = 256  # to name the assumptions a spread rests on
SAME_SIGN, AT_LEAST_WORTH = 0.95, 0.8


@dataclass(frozen=True)
class Bars:
    """One primary outcome in one window, in its unit. policy: mean difference; assumptions, chance: spreads (sd).

    samples: how many; same_sign, at_least_worth: share of samples whose mean difference has the sign of the mean, and
    is at least what is worth acting on.
    """

    measure: str
    window: str
    policy: float
    assumptions: float
    chance: float
    samples: int
    same_sign: float
    at_least_worth: float

    @property
    def measured(self) -> bool:
        """Whether there are enough samples to say how far the assumptions move it."""
        return self.samples >= LEAST_SAMPLES

    @property
    def robust(self) -> bool:
        """Whether the sign and the size hold over the assumptions."""
        return self.measured and self.same_sign >= SAME_SIGN and self.at_least_worth >= AT_LEAST_WORTH


def bars(differences: np.ndarray, measure: str, window: str) -> Bars:
    """Return the bars of differences (samples, seeds); samples with a missing value are left out."""
    known = differences[np.isfinite(differences).all(axis=1)]
    if len(known) < 2:
        nan = float("nan")
        return Bars(measure, window, nan, nan, nan, len(known), nan, nan)
    means, seeds = known.mean(axis=1), known.shape[1]
    within = float(known.var(axis=1, ddof=1).mean()) if seeds > 1 else float("nan")
    between = max(float(means.var(ddof=1)) - within / seeds, 0.0)
    policy = float(means.mean())
    same = float((np.sign(means) == np.sign(policy)).mean())
    large = float((np.sign(policy) * means >= measures()[measure].worth).mean())
    return Bars(measure, window, policy, between**0.5, within**0.5, len(known), same, large)


def read_bars(folder: RunFolder) -> list[Bars]:
    """Return the bars of every primary outcome of a comparison over samples; none where it has no samples."""
    manifest = folder.manifest()
    if not manifest.get("samples"):
        return []
    rows = folder.read("pairs").filter(pl.col("measure").is_in(manifest["primary"]))
    wide = rows.pivot("arm", index=["measure", "window", "pair"], values="value").sort("pair")
    found = []
    for window in manifest["windows"]:
        for measure in manifest["primary"]:
            mine = wide.filter((pl.col("measure") == measure) & (pl.col("window") == window))
            whole = mine.with_columns(sample=pl.col("pair") // SEEDS, d=pl.col("reform") - pl.col("baseline"))
            by_sample = (
                whole.group_by("sample", maintain_order=True).agg("d").filter(pl.col("d").list.len() == SEEDS)
            )
            if by_sample.height:
                found.append(bars(np.array(by_sample["d"].to_list()), measure, window))
    return found
