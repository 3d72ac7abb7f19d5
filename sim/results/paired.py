"""What paired replications allow one to say about a difference, and how sure.

Two arms share each seed, so the difference within a pair is what counts. Intervals are Student's t on those
differences. Where several outcomes are claimed at once, the critical value is that of the largest |t| among them
under sign flips of the centred differences (Romano and Wolf 2005), never below the single-outcome value.

Outcomes that are equal in most pairs are another matter: t and BCa both miss the truth in a fifth to a third of cases
at ten pairs. Nothing is claimed of them below forty pairs; from fifty on their interval is the bootstrap's (BCa), which
for other outcomes stands beside Student's.
"""

from __future__ import annotations

import itertools
import warnings
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
import scipy

ALPHA, POWER = 0.05, 0.8
EXACT_FLIPS, SAMPLED_FLIPS = 12, 4096
MOSTLY_ZERO = 0.5
RARE_PAIRS, BCA_PAIRS = 40, 50
RESAMPLES = 2999
AGREEING = 0.8
MOST_PAIRS = 10_000


@dataclass(frozen=True)
class Contrast:
    """One outcome's paired difference, reform minus baseline, in the unit shown.

    low, high: interval at the critical value of the primary family. better: pairs in which the reform was better
    (None where no direction is better). agree: pairs whose difference has the sign of the mean. mde: smallest
    difference that this many pairs find with power .8 at the family's level, with its own 95 % interval.
    pairs_for_worth: pairs that would find `worth`; pairs_to_decide: pairs after which the interval is so narrow that it
    leaves out zero or lies within `worth`, wherever its middle is. correlation: of the two arms over pairs; saved:
    variance of the difference against unpaired runs. method: of the interval, `t` or `bca`; other_low, other_high: the
    interval by the other method at the same level, nan below fifty pairs.
    """

    n: int
    baseline: float
    reform: float
    difference: float
    low: float
    high: float
    sd: float
    better: int | None
    agree: int
    sign_p: float
    mde: float
    mde_low: float
    mde_high: float
    pairs_for_worth: int | None
    correlation: float
    saved: float
    mostly_zero: bool
    pairs_to_decide: int | None = None
    method: str = "t"
    other_low: float = float("nan")
    other_high: float = float("nan")


def critical_value(differences: np.ndarray, seed: int = 0) -> float:
    """Return the simultaneous critical |t| of several outcomes' paired differences, shape (pairs, outcomes).

    Outcomes that never vary are left out: there is nothing to be unsure of. So are outcomes known in
    fewer than two pairs; of the others, only pairs that know all of them count. nan where fewer than two are left.
    """
    differences = _complete(differences)
    n = len(differences)
    if n < 2:
        return float("nan")
    single = float(scipy.stats.t.ppf(1 - ALPHA / 2, n - 1))
    centred = differences - differences.mean(axis=0)
    varying = centred[:, centred.std(axis=0) > 0]
    if varying.shape[1] < 2:
        return single
    flips = _flips(n, seed)
    means = flips @ varying / n
    spread = np.sqrt(np.maximum((varying**2).sum(axis=0) / n - means**2, 1e-300) * n / (n - 1))
    largest = np.abs(means / spread * np.sqrt(n)).max(axis=1)
    bonferroni = float(scipy.stats.t.ppf(1 - ALPHA / 2 / varying.shape[1], n - 1))
    return float(np.clip(np.quantile(largest, 1 - ALPHA), single, bonferroni))


def _complete(differences: np.ndarray) -> np.ndarray:
    """Return the pairs that know every outcome known in at least two pairs."""
    known = np.isfinite(differences)
    kept = known.sum(axis=0) >= 2
    return differences[:, kept][known[:, kept].all(axis=1)]


def _flips(n: int, seed: int) -> np.ndarray:
    if n <= EXACT_FLIPS:
        return np.array(list(itertools.product((-1.0, 1.0), repeat=n)))
    return np.random.default_rng(seed).choice((-1.0, 1.0), size=(SAMPLED_FLIPS, n))


def half_width(sd: np.ndarray, n: np.ndarray) -> np.ndarray:
    """Return half the width of single (pointwise) 95 % intervals of means; zero where there is one value only."""
    enough = n > 1
    return np.where(enough, scipy.stats.t.ppf(1 - ALPHA / 2, np.maximum(n - 1, 1)) * sd / np.sqrt(n), 0.0)


def contrast(
    baseline: np.ndarray, reform: np.ndarray, critical: float, worth: float, better: str
) -> Contrast:
    """Return one outcome's contrast from its values by pair; pairs with a missing value are left out."""
    found = _by_t(baseline, reform, critical, worth, better)
    if found.n < BCA_PAIRS or not found.sd > 0:
        return found
    known = np.isfinite(baseline) & np.isfinite(reform)
    low, high = bca_interval((reform - baseline)[known], critical)
    if not np.isfinite([low, high]).all():
        return found
    if not found.mostly_zero:
        return replace(found, other_low=low, other_high=high)
    return replace(found, low=low, high=high, method="bca", other_low=found.low, other_high=found.high)


def bca_interval(differences: np.ndarray, critical: float) -> tuple[float, float]:
    """Return the bias-corrected and accelerated bootstrap interval of a mean, at the level a critical |t| stands for.

    Source: Efron (1987). The same resamples every time. nan where the differences hardly vary: no acceleration there.
    """
    level = 1 - 2 * float(scipy.stats.t.sf(critical, len(differences) - 1))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # says the same as the nan
        found = scipy.stats.bootstrap(
            (differences,), np.mean, confidence_level=level, n_resamples=RESAMPLES, method="BCa", rng=0
        ).confidence_interval
    return float(found.low), float(found.high)


def _by_t(baseline: np.ndarray, reform: np.ndarray, critical: float, worth: float, better: str) -> Contrast:
    known = np.isfinite(baseline) & np.isfinite(reform)
    base, other = baseline[known], reform[known]
    d, n = other - base, int(known.sum())
    mean = float(d.mean()) if n else float("nan")
    sd = float(d.std(ddof=1)) if n > 1 else float("nan")
    half = critical * sd / np.sqrt(n) if n > 1 else float("nan")
    factor = critical + float(scipy.stats.t.ppf(POWER, n - 1)) if n > 1 else float("nan")
    mde = factor * sd / np.sqrt(n) if n > 1 else float("nan")
    spread = (
        [np.sqrt((n - 1) / scipy.stats.chi2.ppf(p, n - 1)) for p in (0.975, 0.025)] if n > 1 else [np.nan, np.nan]
    )
    wins = {"up": d > 0, "down": d < 0}.get(better)
    moved = d[d != 0]
    return Contrast(
        n=n,
        baseline=float(base.mean()) if n else mean,
        reform=float(other.mean()) if n else mean,
        difference=mean,
        low=mean - half,
        high=mean + half,
        sd=sd,
        better=None if wins is None else int(wins.sum()),
        agree=int((np.sign(d) == np.sign(mean)).sum()),
        sign_p=float(scipy.stats.binomtest(int((moved > 0).sum()), len(moved)).pvalue) if len(moved) else 1.0,
        mde=mde,
        mde_low=mde * spread[0],
        mde_high=mde * spread[1],
        pairs_for_worth=_pairs_for(worth, sd, critical, n),
        correlation=_correlation(base, other),
        saved=_saved(base, other, d),
        mostly_zero=n > 0 and len(moved) < MOSTLY_ZERO * n,
        pairs_to_decide=_pairs_within(worth / 2, sd, critical, n),
    )


@lru_cache(maxsize=1)
def _quantiles() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return numbers of pairs with their two-sided critical t and the t of the power, once for all."""
    pairs = np.arange(3, MOST_PAIRS)
    return pairs, scipy.stats.t.ppf(1 - ALPHA / 2, pairs - 1), scipy.stats.t.ppf(POWER, pairs - 1)


def _pairs_for(worth: float, sd: float, critical: float, n: int) -> int | None:
    """Return the fewest pairs that find a difference of `worth` with power .8 at the family's level."""
    if not np.isfinite(sd) or n < 2:
        return None
    pairs, single, power = _quantiles()
    inflation = critical / float(scipy.stats.t.ppf(1 - ALPHA / 2, n - 1))
    enough = (inflation * single + power) * sd / np.sqrt(pairs) <= worth
    return int(pairs[enough.argmax()]) if enough.any() else None


def _pairs_within(half: float, sd: float, critical: float, n: int) -> int | None:
    """Return the fewest pairs whose interval at the family's level reaches no further than `half` to either side."""
    if not np.isfinite(sd) or n < 2:
        return None
    pairs, single, _ = _quantiles()
    inflation = critical / float(scipy.stats.t.ppf(1 - ALPHA / 2, n - 1))
    enough = inflation * single * sd / np.sqrt(pairs) <= half
    return int(pairs[enough.argmax()]) if enough.any() else None


def _correlation(base: np.ndarray, other: np.ndarray) -> float:
    if len(base) < 3 or base.std() == 0 or other.std() == 0:
        return float("nan")
    return float(np.corrcoef(base, other)[0, 1])


def _saved(base: np.ndarray, other: np.ndarray, d: np.ndarray) -> float:
    if len(base) < 3 or d.var() == 0:
        return float("nan")
    return float((base.var(ddof=1) + other.var(ddof=1)) / d.var(ddof=1))


def grade(c: Contrast, worth: float) -> str:
    """Return what the pairs alone allow one to say.

    One of clear, small, seed_sensitive, not_distinguishable, equal, no_value.
    """
    if not np.isfinite(c.difference):
        return "no_value"
    if c.difference == 0 and (c.n < 2 or c.sd == 0):
        return "equal"
    if c.n < 2 or not np.isfinite(c.low) or (c.mostly_zero and c.n < RARE_PAIRS):
        return "not_distinguishable"
    if -worth < c.low and c.high < worth:
        return "small"
    if c.low <= 0 <= c.high:
        return "not_distinguishable"
    return "clear" if c.agree >= AGREEING * c.n else "seed_sensitive"
