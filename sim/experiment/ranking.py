"""Which policy is best, over all the samples: by how much one regrets it, and in how many it comes first.

A policy's score in a row is the sum over outcomes of weight x effect, in units of what is worth acting on, signed so
that more is better. Regret is the best score of the row, in one place, less the policy's own. The order is refused
where the rows cannot tell the first from the second: too few of them, or a bootstrap interval of their difference that
holds zero.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import polars as pl

from sim.base.errors import ShequError
from sim.base.text import say
from sim.catalogue import measures
from sim.results.store import RunFolder
from sim.results.sweeps import BASELINE, LATE, effects

LEAST_ROWS, BOOTSTRAP = 30, 2000


@dataclass(frozen=True)
class Standing:
    """One policy: how often it is best, its regret on average and in the worst tenth of rows, its mean score."""

    arm: str
    best: float
    regret: float
    regret_high: float
    score: float


@dataclass(frozen=True)
class Ranking:
    """All policies and the baseline, least regret first. told_apart: whether the first two differ beyond chance.

    regrets: of every row, by policy.
    """

    rows: int
    standings: tuple[Standing, ...]
    gap: tuple[float, float]
    regrets: Mapping[str, np.ndarray] = field(default_factory=dict, repr=False, compare=False)

    @property
    def told_apart(self) -> bool:
        """Return whether the order of the first two may be said."""
        return self.rows >= LEAST_ROWS and self.gap[0] > 0

    @property
    def shown(self) -> list[Standing]:
        """Return all in the order that may be said: by regret, or by name where they are not ranked."""
        return list(self.standings) if self.told_apart else sorted(self.standings, key=lambda s: s.arm)


def rank(
    folder: RunFolder, weights: Mapping[str, float], window: str = LATE, seed: int = 1, place: str = ""
) -> Ranking:
    """Return how policies stand over the rows, the place alone among them; raises ShequError where nothing is there.

    place: the id of the one they stand in, where a sweep holds several.
    """
    scores = _scores(folder, weights, window, place)
    arms = [c for c in scores.columns if c != "row"]
    table = scores.drop("row").to_numpy()
    regret = table.max(axis=1, keepdims=True) - table
    first = np.isclose(regret, 0)
    standings = [
        Standing(
            arm,
            float((first[:, k] / first.sum(axis=1)).mean()),
            float(regret[:, k].mean()),
            float(np.quantile(regret[:, k], 0.9)),
            float(table[:, k].mean()),
        )
        for k, arm in enumerate(arms)
    ]
    standings.sort(key=lambda s: s.regret)
    two = [arms.index(s.arm) for s in standings[:2]]
    gap = _gap(regret[:, two[1]] - regret[:, two[0]], seed) if len(two) == 2 else (0.0, 0.0)
    regrets = dict(zip(arms, regret.T, strict=True))
    return Ranking(len(table), tuple(standings), gap, regrets)


def _scores(folder: RunFolder, weights: Mapping[str, float], window: str, place: str) -> pl.DataFrame:
    """Return one score a row and arm, the baseline at zero."""
    wanted = [name for name, weight in weights.items() if weight]
    signs = {
        n: (-1.0 if measures()[n].better == "down" else 1.0) * weights[n] / measures()[n].worth
        for n in wanted
    }
    scale = pl.DataFrame({"measure": wanted, "scale": [signs[n] for n in wanted]})
    here = effects(folder).filter((pl.col("window") == window) & pl.col("effect").is_not_nan())
    here = here.filter(pl.col("place") == place) if place else here
    rows = (
        here.join(scale, on="measure").group_by("row", "arm", "measure", "scale").agg(pl.col("effect").mean())
    )
    if rows.is_empty():
        raise ShequError(say("the sweep holds none of these outcomes: {names}", names=", ".join(wanted)))
    scored = rows.group_by("row", "arm").agg((pl.col("effect") * pl.col("scale")).sum().alias("score"))
    wide = scored.pivot(on="arm", index="row", values="score").drop_nulls().sort("row")
    return wide.with_columns(pl.lit(0.0).alias(BASELINE))


def _gap(difference: np.ndarray, seed: int) -> tuple[float, float]:
    """Return the 95 % bootstrap interval of the mean difference in regret of the second and the first."""
    rng, n = np.random.default_rng(seed), len(difference)
    means = [difference[rng.integers(0, n, n)].mean() for _ in range(BOOTSTRAP)]
    low, high = np.quantile(means, [0.025, 0.975])
    return float(low), float(high)
