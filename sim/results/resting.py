"""Which assumptions a difference rests on: how much of its spread over samples goes with each of them alone.

The share of an assumption is the squared rank correlation (Spearman) between its value and the sample's mean
difference; for a choice between forms, the part of the variance of ranks that lies between forms. Shares of single
assumptions need not sum to one: chance, interplay and the many small ones make up the rest. With hundreds of
assumptions some correlate by chance alone, so only shares above a floor are named: what the largest share of
assumptions that move nothing reaches in one of twenty shuffles of the samples.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
import scipy

from sim.catalogue import assumptions, measures
from sim.results.bars import NAMING_SAMPLES, SEEDS
from sim.results.store import RunFolder

SAMPLES = "samples.parquet"
SHUFFLES, RESAMPLES = 200, 200
ONE_IN_TWENTY = 0.95
MOST_NAMED = 5


@dataclass(frozen=True)
class Part:
    """One assumption that a difference rests on. share: of the variance of ranks, with its 95 % bootstrap interval.

    at_low, at_high: mean difference over the samples in the lowest and in the highest third of its values. turns:
    whether sign, or being worth acting on, differs between the two.
    """

    name: str
    grade: str
    share: float
    low: float
    high: float
    at_low: float
    at_high: float
    turns: bool


@dataclass(frozen=True)
class Resting:
    """What one outcome in one window rests on. floor: share below which nothing is named; named: largest first.

    together: of the variance of ranks, what all named explain jointly (adjusted for their number), 0 to 1.
    """

    measure: str
    window: str
    samples: int
    floor: float
    named: tuple[Part, ...]
    together: float = 0.0

    @property
    def by_grade(self) -> dict[str, float]:
        """Return what the named explain together, divided by grade of evidence as their single shares are.

        Single shares overlap where assumptions correlate by chance, so their sum may pass one; this cannot.
        """
        found: dict[str, float] = {}
        whole = sum(part.share for part in self.named)
        for part in self.named:
            found[part.grade] = found.get(part.grade, 0.0) + self.together * part.share / whole
        return found


def read_resting(folder: RunFolder) -> list[Resting]:
    """Return what every primary outcome of a comparison over samples rests on; none where there are too few samples."""
    manifest = folder.manifest()
    if manifest.get("samples", 0) < NAMING_SAMPLES or not (folder.path / SAMPLES).exists():
        return []
    values = folder.table(SAMPLES)
    rows = folder.read("pairs").filter(pl.col("measure").is_in(manifest["primary"]))
    wide = rows.pivot("arm", index=["measure", "window", "pair"], values="value")
    means = (
        wide.with_columns(sample=pl.col("pair") // SEEDS, d=pl.col("reform") - pl.col("baseline"))
        .group_by("measure", "window", "sample")
        .agg(pl.col("d").mean())
        .sort("sample")
    )
    found = []
    for window in manifest["windows"]:
        for measure in manifest["primary"]:
            mine = means.filter((pl.col("measure") == measure) & (pl.col("window") == window))
            known = mine.filter(pl.col("d").is_finite())
            if known.height >= NAMING_SAMPLES:
                varied = values[known["sample"].to_numpy()]
                found.append(resting(varied, known["d"].to_numpy(), measure, window))
    return found


def resting(varied: pl.DataFrame, means: np.ndarray, measure: str, window: str) -> Resting:
    """Return what a difference rests on. varied: a row a sample, a column an assumption; means: by sample."""
    names = [name for name in varied.columns if name in assumptions() and varied[name].n_unique() > 1]
    values = {name: varied[name].to_numpy() for name in names}
    given = shares(values, means)
    rng = np.random.default_rng(1)
    shuffled = np.stack([rng.permutation(means) for _ in range(SHUFFLES)])
    floor = float(np.quantile(_shares(values, shuffled).max(axis=0), ONE_IN_TWENTY)) if names else 1.0
    largest = sorted((name for name in names if given[name] > floor), key=lambda name: -given[name])[
        :MOST_NAMED
    ]
    drawn = [_again(values, means, largest, rng) for _ in range(RESAMPLES)] if largest else []
    parts = [
        _part(name, given[name], [d[name] for d in drawn], values[name], means, measure) for name in largest
    ]
    together = _together({name: values[name] for name in largest}, means)
    return Resting(measure, window, len(means), floor, tuple(parts), together)


def shares(values: dict[str, np.ndarray], means: np.ndarray) -> dict[str, float]:
    """Return, for each assumption, how much of the variance of the ranks of `means` goes with it alone, 0 to 1."""
    return dict(zip(values, _shares(values, means[None])[:, 0].tolist(), strict=True)) if values else {}


def _shares(values: dict[str, np.ndarray], many: np.ndarray) -> np.ndarray:
    """Return the shares of every assumption in each of many sets of means (sets, samples), (assumptions, sets).

    Every assumption is one or several contrasts of unit length: its standardised ranks, or the membership in each form
    of a choice; its share is the squared length of the ranks of the means along them.
    """
    ranks = scipy.stats.rankdata(many, axis=1)
    ranks = ranks - ranks.mean(axis=1, keepdims=True)
    ranks /= np.maximum(np.linalg.norm(ranks, axis=1, keepdims=True), 1e-12)
    contrasts = [_contrasts(name, x) for name, x in values.items()]
    along = (np.concatenate(contrasts) @ ranks.T) ** 2
    starts = np.cumsum([0, *(len(c) for c in contrasts[:-1])])
    return np.add.reduceat(along, starts, axis=0)


def _together(values: dict[str, np.ndarray], means: np.ndarray) -> float:
    """Return the adjusted share of the variance of ranks that assumptions explain jointly, by least squares."""
    if not values:
        return 0.0
    ranks = scipy.stats.rankdata(means)
    ranks = ranks - ranks.mean()
    x = np.concatenate([_contrasts(name, one) for name, one in values.items()]).T
    x = x - x.mean(axis=0)
    weights, _, free, _ = np.linalg.lstsq(x, ranks)
    left = float(((ranks - x @ weights) ** 2).sum() / max((ranks**2).sum(), 1e-12))
    n = len(ranks)
    return min(max(1 - left * (n - 1) / max(n - free - 1, 1), 0.0), 1.0)


def _contrasts(name: str, x: np.ndarray) -> np.ndarray:
    """Return the contrasts of an assumption, rows of unit length (contrasts, samples)."""
    if assumptions()[name].values:
        table = np.stack([x.astype(int) == k for k in np.unique(x.astype(int))]).astype(float)
    else:
        table = scipy.stats.rankdata(x)[None]
        table = table - table.mean()
    return table / np.maximum(np.linalg.norm(table, axis=1, keepdims=True), 1e-12)


def _again(values: dict, means: np.ndarray, names: list[str], rng: np.random.Generator) -> dict[str, float]:
    rows = rng.integers(0, len(means), len(means))
    return shares({name: values[name][rows] for name in names}, means[rows])


def _part(
    name: str, share: float, drawn: list[float], values: np.ndarray, means: np.ndarray, measure: str
) -> Part:
    low, high = np.quantile(drawn, [0.025, 0.975])
    ends = np.quantile(values, [1 / 3, 2 / 3])
    at_low, at_high = float(means[values <= ends[0]].mean()), float(means[values >= ends[1]].mean())
    worth = measures()[measure].worth
    turns = at_low * at_high < 0 or (abs(at_low) >= worth) != (abs(at_high) >= worth)
    return Part(name, assumptions()[name].grade, share, float(low), float(high), at_low, at_high, turns)
