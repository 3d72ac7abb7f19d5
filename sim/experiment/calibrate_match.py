"""History matching: rule out the assumptions whose outcome cannot be what was measured (Craig et al. 1997).

A Gaussian process is fitted to each target over the parameters that survived the screen; everything else varies over
its range in the same runs, so its influence is the process's noise. A point is implausible where the emulated mean is
further from a target than three times what emulator and target leave open. Each wave runs points not yet ruled out.
What is accepted in the end was run, and its own outcome lies within three `within` of every target.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.stats import qmc
from sklearn.decomposition import PCA
from sklearn.exceptions import ConvergenceWarning
from sklearn.gaussian_process import GaussianProcessRegressor
from sklearn.gaussian_process.kernels import RBF, ConstantKernel, WhiteKernel

from sim.catalogue.targets import Target
from sim.experiment.calibrate_targets import REFUSED_BEYOND

POOL = 16_384
FEWEST_RUNS = 10


@dataclass(frozen=True)
class Space:
    """Fitted parameters in the unit cube; everything else of the catalogue beside them."""

    fitted: tuple[str, ...]
    ranges: dict[str, tuple[float, float]]

    def unit(self, samples: Sequence[dict[str, float]]) -> np.ndarray:
        """Return the fitted parameters of samples, each in [0, 1] of its range."""
        low, high = np.array([self.ranges[n] for n in self.fitted]).T
        return (np.array([[s[n] for n in self.fitted] for s in samples]) - low) / (high - low)

    def samples(self, points: np.ndarray, seed: int) -> list[dict[str, float]]:
        """Return whole samples for points of the fitted cube, all other assumptions over their ranges."""
        others = [n for n in self.ranges if n not in self.fitted]
        names = [*self.fitted, *others]
        luck = qmc.LatinHypercube(len(others), rng=seed).random(len(points)) if others else points[:, :0]
        low, high = np.array([self.ranges[n] for n in names]).T
        rows = low + np.column_stack([points, luck]) * (high - low)
        return [dict(zip(names, map(float, row), strict=True)) for row in rows]

    def cube(self, n: int, seed: int) -> np.ndarray:
        """Return a Latin hypercube of the fitted parameters."""
        return qmc.LatinHypercube(len(self.fitted), rng=seed).random(n)


class Emulator:
    """One Gaussian process a target, over the unit cube of the fitted parameters."""

    def __init__(self, points: np.ndarray, values: dict[str, np.ndarray], targets: Sequence[Target]):
        self.targets = tuple(targets)
        self.fits = {t.id: _fit(points, values[t.id]) for t in targets}

    def implausibility(self, points: np.ndarray) -> np.ndarray:
        """Return the largest standardised distance from any target at each point."""
        worst = np.zeros(len(points))
        for target in self.targets:
            mean, variance = self.predict(target.id, points)
            worst = np.maximum(worst, np.abs(mean - target.value) / np.sqrt(variance + target.within**2))
        return worst

    def predict(self, target: str, points: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return the emulated mean over what is not fitted, and how unsure the emulator is of it."""
        fit = self.fits[target]
        mean, spread = fit.predict(points, return_std=True)
        return mean, np.maximum(spread**2 - self.noise(target) ** 2, 0.0)

    def noise(self, target: str) -> float:
        """Return the spread of a run around the emulated mean: luck, and every assumption that is not fitted."""
        fit = self.fits[target]
        return float(np.sqrt(fit.kernel_.k2.noise_level) * fit._y_train_std)  # noqa: SLF001 - nowhere else to read

    def plausible(self, n: int, seed: int) -> tuple[np.ndarray, float]:
        """Return points not ruled out, spread over what is left, and the share of the cube that is left.

        Where too little is left to run a wave in, the least implausible points stand in for it.
        """
        dims = len(next(iter(self.fits.values())).X_train_[0])
        pool = qmc.Sobol(dims, rng=seed).random(POOL)
        far = self.implausibility(pool)
        left = np.flatnonzero(far <= REFUSED_BEYOND)
        share = len(left) / POOL
        left = left if len(left) >= n else np.argsort(far, kind="stable")[:n]
        picked = np.random.default_rng(seed).permutation(len(left))[:n]
        return pool[left[picked]], share


def _fit(points: np.ndarray, values: np.ndarray) -> GaussianProcessRegressor:
    known = np.isfinite(values)
    if known.sum() < FEWEST_RUNS:
        raise ValueError(f"{known.sum()} runs are too few to emulate from")
    kernel = ConstantKernel(1.0) * RBF(np.ones(points.shape[1]), (0.1, 100.0)) + WhiteKernel(
        0.3, (1e-4, 10.0)
    )
    fit = GaussianProcessRegressor(kernel, normalize_y=True, n_restarts_optimizer=1, random_state=0)
    with warnings.catch_warnings():
        warnings.simplefilter(
            "ignore", ConvergenceWarning
        )  # a parameter that does not matter ends at its bound
        return fit.fit(points[known], values[known])


@dataclass(frozen=True)
class Direction:
    """A direction in the standardised cube: the spread the accepted keep along it, and what it is made of."""

    kept: float
    loadings: tuple[tuple[str, float], ...]


def directions(names: Sequence[str], accepted: np.ndarray) -> list[Direction]:
    """Return the principal directions of the accepted points, the best pinned first.

    kept: spread along it against that of the uniform prior; near one means that the targets say nothing about this
    combination. loadings: the parameters that make most of it, with their signs.
    """
    found = PCA().fit((accepted - 0.5) * np.sqrt(12))
    rows = []
    for spread, axis in zip(np.sqrt(found.explained_variance_), found.components_, strict=True):
        order = np.argsort(-np.abs(axis))[:3]
        rows.append(Direction(float(spread), tuple((names[i], float(axis[i])) for i in order)))
    return rows[::-1]


def ranges_kept(names: Sequence[str], accepted: np.ndarray) -> dict[str, float]:
    """Return for each parameter the spread it keeps among the accepted, against its range before."""
    return dict(zip(names, map(float, accepted.std(axis=0, ddof=1) * np.sqrt(12)), strict=True))
