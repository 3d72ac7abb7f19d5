"""Where a curve turns its sign: points along it, and each crossing with the range that luck leaves open."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import scipy

GRID, STEPS = 5, 4


@dataclass(frozen=True)
class Point:
    """The paired difference at one value, with its 95 % interval."""

    at: float
    mean: float
    low: float
    high: float


@dataclass(frozen=True)
class BreakEven:
    """Where an outcome's difference is zero. turns: (value, from, to) of each crossing; ends stand for "or beyond"."""

    name: str
    measure: str
    window: str
    points: tuple[Point, ...]
    turns: tuple[tuple[float, float, float], ...]


def turning(point: Callable[[float], Point], between: tuple[float, float]) -> tuple[Point, ...]:
    """Return points on a grid and, by bisection, into every change of sign, by value."""
    known: dict[float, Point] = {}

    def mean(value: float) -> float:
        known[value] = known.get(value) or point(value)
        return known[value].mean

    grid = [float(x) for x in np.linspace(*between, GRID)]
    means = [mean(x) for x in grid]
    for a, b, left, right in zip(grid, grid[1:], means, means[1:], strict=False):
        if left * right < 0:
            scipy.optimize.root_scalar(mean, bracket=(a, b), method="bisect", maxiter=STEPS)
    return tuple(known[x] for x in sorted(known))


def crossings(points: tuple[Point, ...]) -> tuple[tuple[float, float, float], ...]:
    """Return each value at which the mean is zero, with the range around it whose intervals hold zero."""
    x = np.array([p.at for p in points])
    mean, low, high = (np.array([getattr(p, side) for p in points]) for side in ("mean", "low", "high"))
    found = []
    for root in zeros(x, mean):
        sides = np.sort(np.concatenate([zeros(x, low), zeros(x, high)]))
        below, above = sides[sides <= root], sides[sides >= root]
        found.append(
            (root, float(below[-1]) if len(below) else x[0], float(above[0]) if len(above) else x[-1])
        )
    return tuple((float(a), float(b), float(c)) for a, b, c in found)


def zeros(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Return where straight lines between points cross zero."""
    here = np.flatnonzero(np.sign(y[:-1]) * np.sign(y[1:]) < 0)
    between = x[here] - y[here] * (x[here + 1] - x[here]) / (y[here + 1] - y[here])
    return np.sort(np.concatenate([between, x[y == 0]]))
