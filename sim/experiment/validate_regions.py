"""On which assumptions does each side of a contradiction hold? A shallow tree over samples, with how sure it is.

The tree may split on any assumption that was sampled. A region is a leaf in which most samples take one side; coverage
is the part of that side's samples in it, density the part of its samples on that side. The tree is grown again on
bootstrap samples: an assumption that does not come up again most of the time is chance, and is said to be.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from sklearn.tree import DecisionTreeClassifier

from sim.experiment.facts import facts
from sim.experiment.validate_runs import PLAIN
from sim.experiment.validate_table import Values, holds, wilson

DEPTH, SMALLEST = 2, 0.1
AGAIN = 40
REPRODUCED = 0.5
FEWEST = 16
ALIKE = 0.95


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


def _path(inner: Any, leaf: int) -> list[tuple[int, float, float]]:
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


def _children(inner: Any, node: int) -> tuple[int, int]:
    return int(inner.children_left[node]), int(inner.children_right[node])


def lookalikes(x: np.ndarray, split: np.ndarray, first: int) -> list[int]:
    """Return the other assumptions that part these samples as one does, or nearly: chance cannot tell them from it.

    Few samples over many assumptions always hold some. split: which side of its threshold each sample lies on.
    """
    others = [j for j in range(x.shape[1]) if j != first]
    return [j for j in others if _agreement(x[:, j], split) >= ALIKE]


def _agreement(values: np.ndarray, split: np.ndarray) -> float:
    """Return the largest part of samples that one threshold on values puts on the side that split has them on."""
    right = np.concatenate([[0], np.cumsum(split[np.argsort(values)])])  # of the k lowest, how many lie above
    k = np.arange(len(right))
    below = (k - right + right[-1] - right) / len(split)
    return float(max(below.max(), (1 - below).max()))


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
    names, x = sampled(samples, values.samples)
    return [
        {"contradiction": row.id, **divide(holds(values, PLAIN, row.tests), names, x)}
        for row in facts().contradictions
    ]


def sampled(
    samples: Sequence[dict[str, float]], which: Sequence[int] | None = None
) -> tuple[list[str], np.ndarray]:
    """Return the assumptions that were varied and their values, (samples, names). which: positions, all if None."""
    names = [n for n in samples[0] if len({s.get(n) for s in samples}) > 1]
    return names, np.array(
        [[samples[k][n] for n in names] for k in (range(len(samples)) if which is None else which)]
    )


def divide(held: np.ndarray, names: Sequence[str], x: np.ndarray) -> dict:
    """Return how often side a holds over samples, and the boxes of assumptions on which either side is the rule.

    held: 1 for side a, 0 for the other, nan where it could not be read. x: value of every assumption, (samples, names).
    boxes, other: of side a and of the other; first: the assumption that divides best, empty where none does;
    alike: assumptions that these samples cannot tell from it; reproduced: part of bootstrap trees that use it again.
    """
    share = wilson(held)
    record = {"holds": share.holds, "n": share.n, "low": share.low, "high": share.high}
    known = np.isfinite(held)
    y = held[known].astype(int)
    rare = min(y.sum(), len(y) - y.sum())
    nothing = {"boxes": [], "other": [], "first": "", "alike": [], "reproduced": 0.0}
    if len(y) < FEWEST or rare < SMALLEST * len(y):
        return record | nothing
    root = tree(x[known], y).tree_
    first = int(root.feature[0])
    if first < 0:
        return record | nothing
    alike = [names[j] for j in lookalikes(x[known], x[known][:, first] > root.threshold[0], first)]
    found = {side: _boxes(names, x[known], of) for side, of in (("boxes", y), ("other", 1 - y))}
    again = reproduced(x[known], y, first)
    return record | found | {"first": names[first], "alike": alike, "reproduced": again}


def _boxes(names: Sequence[str], x: np.ndarray, y: np.ndarray) -> list[dict]:
    return [{"limits": [list(b) for b in box.limits], **_numbers(box)} for box in boxes(names, x, y)]


def _numbers(box: Box) -> dict:
    return {"coverage": box.coverage, "density": box.density, "n": box.n}
