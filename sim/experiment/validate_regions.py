"""On which assumptions does each side of a contradiction hold? A shallow tree over samples, with how sure it is.

The tree may split on any assumption that was sampled. A region is a leaf in which most samples take one side; coverage
is the part of that side's samples in it, density the part of its samples on that side. The tree is grown again on
bootstrap samples: an assumption that does not come up again most of the time is chance, and is said to be.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from sklearn.tree import DecisionTreeClassifier

from sim.catalogue.facts import Contradiction
from sim.experiment.facts import facts
from sim.experiment.validate_runs import PLAIN
from sim.experiment.validate_table import Values, holds, wilson

DEPTH, SMALLEST = 2, 0.1
AGAIN = 40
REPRODUCED = 0.5
FEWEST = 16


@dataclass(frozen=True)
class Box:
    """A leaf: limits on assumptions, with how much of side a it holds and how purely."""

    limits: tuple[tuple[str, float, float], ...]
    coverage: float
    density: float
    n: int


def tree(x: np.ndarray, y: np.ndarray, seed: int = 0) -> DecisionTreeClassifier:
    """Return a shallow tree whose leaves hold at least a tenth of the samples."""
    smallest = max(2, int(SMALLEST * len(y)))
    return DecisionTreeClassifier(max_depth=DEPTH, min_samples_leaf=smallest, random_state=seed).fit(x, y)


def boxes(names: Sequence[str], x: np.ndarray, y: np.ndarray) -> list[Box]:
    """Return the leaves in which side a is more than half, the purest first."""
    fit = tree(x, y)
    leaf = fit.apply(x)
    found = []
    for node in np.unique(leaf):
        inside = leaf == node
        limits = tuple((names[j], low, high) for j, low, high in _path(fit.tree_, node))
        found.append(
            Box(limits, float(y[inside].sum() / max(y.sum(), 1)), float(y[inside].mean()), int(inside.sum()))
        )
    return sorted((b for b in found if b.density > 0.5), key=lambda b: (-b.density, -b.coverage))


def _path(inner: object, leaf: int) -> list[tuple[int, float, float]]:
    """Return the limits that lead to a leaf, one entry a feature."""
    limits: dict[int, list[float]] = {}
    node = 0
    parents = {
        c: (k, side) for k in range(inner.node_count) for side, c in enumerate(_children(inner, k)) if c > 0
    }
    node = leaf
    while node in parents:
        node, side = parents[node]
        low, high = limits.setdefault(int(inner.feature[node]), [-np.inf, np.inf])
        at = float(inner.threshold[node])
        limits[int(inner.feature[node])] = [low, min(high, at)] if side == 0 else [max(low, at), high]
    return [(j, low, high) for j, (low, high) in limits.items()]


def _children(inner: object, node: int) -> tuple[int, int]:
    return int(inner.children_left[node]), int(inner.children_right[node])


def reproduced(x: np.ndarray, y: np.ndarray, first: int, seed: int = 1) -> float:
    """Return in how many bootstrap trees an assumption is used again."""
    luck = np.random.default_rng(seed)
    used = 0
    for k in range(AGAIN):
        rows = luck.integers(0, len(y), len(y))
        if len(np.unique(y[rows])) == 2:
            used += first in tree(x[rows], y[rows], k).tree_.feature
    return used / AGAIN


def region_rows(values: Values, samples: Sequence[dict[str, float]]) -> list[dict]:
    """Return one record a contradiction: how often side a holds, and on which assumptions."""
    names = [n for n in samples[0] if len({s.get(n) for s in samples}) > 1]
    x = np.array([[samples[k][n] for n in names] for k in values.samples])
    return [_region(row, holds(values, PLAIN, row.tests), names, x) for row in facts().contradictions]


def _region(row: Contradiction, held: np.ndarray, names: Sequence[str], x: np.ndarray) -> dict:
    share = wilson(held)
    record = {
        "contradiction": row.id,
        "holds": share.holds,
        "n": share.n,
        "low": share.low,
        "high": share.high,
    }
    known = np.isfinite(held)
    y = held[known].astype(int)
    rare = min(y.sum(), len(y) - y.sum())
    if len(y) < FEWEST or rare < SMALLEST * len(y):
        return record | {"boxes": [], "first": "", "reproduced": 0.0}
    fit = tree(x[known], y)
    first = int(fit.tree_.feature[0])
    if first < 0:
        return record | {"boxes": [], "first": "", "reproduced": 0.0}
    found = [{"limits": [list(b) for b in box.limits], **_numbers(box)} for box in boxes(names, x[known], y)]
    return record | {"boxes": found, "first": names[first], "reproduced": reproduced(x[known], y, first)}


def _numbers(box: Box) -> dict:
    return {"coverage": box.coverage, "density": box.density, "n": box.n}
