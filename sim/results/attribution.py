"""Which part of a reform did it: Shapley values over the coalitions that can stand alone, pair by pair.

A coalition is a set of parts of the reform (its clauses, or several reforms) in force together; v(S) is an outcome of
one pair under that coalition. A part's share is the mean, over every order in which the parts can be introduced such
that each step stands by itself, of what it adds. The shares of one pair sum exactly to its difference, so intervals are
Student's t over pairs. Source: Shapley (1953); for parts that need others, Faigle and Kern (1992): orders that respect
the needs, all equally likely.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import polars as pl

from sim.base.errors import ShequError
from sim.base.text import say
from sim.results.paired import half_width
from sim.results.store import RunFolder

PLUS = "+"
NOTHING = "(nothing)"
Coalition = frozenset[str]
Values = Mapping[Coalition, np.ndarray]
NOBODY: Coalition = frozenset()


@dataclass(frozen=True)
class Share:
    """One figure of an attribution with its 95 % interval over pairs, in the outcome's unit."""

    parts: tuple[str, ...]
    mean: float
    low: float
    high: float


@dataclass(frozen=True)
class Attribution:
    """What each part did to one outcome in one window. shares sum to whole; knocked: what is lost where only this part
    is left out; together: what two parts do beyond what each does alone, where both can stand alone.
    """

    measure: str
    window: str
    whole: Share
    shares: tuple[Share, ...]
    knocked: tuple[Share, ...]
    together: tuple[Share, ...]


def attribute(values: Values, parts: Sequence[str], measure: str, window: str) -> Attribution:
    """Return the attribution of one outcome; raises ShequError where the parts cannot be introduced one by one.

    values: (pairs,) by coalition; the empty one and the whole must be there, infeasible ones are left out.
    """
    everything = frozenset(parts)
    shares = shapley(values, parts)
    if shares is None:
        raise ShequError(say("no order of introducing these parts one by one stands by itself at every step"))
    knocked = [
        _share((p,), values[everything] - values[everything - {p}])
        for p in parts
        if everything - {p} in values
    ]
    together = [
        _share(two, values[frozenset(two)] - sum(values[frozenset({p})] for p in two) + values[NOBODY])
        for two in combinations(parts, 2)
        if {frozenset(two), *(frozenset({p}) for p in two)} <= set(values)
    ]
    return Attribution(
        measure,
        window,
        _share(tuple(parts), values[everything] - values[NOBODY]),
        tuple(_share((p,), shares[p]) for p in parts),
        tuple(knocked),
        tuple(together),
    )


def shapley(values: Values, parts: Sequence[str]) -> dict[str, np.ndarray] | None:
    """Return each part's share by pair, (pairs,); None where no order of the parts is feasible at every step.

    Orders are counted, not listed: a coalition is reached in as many ways as its feasible predecessors are together.
    """
    to, on = _ways(values, parts), _ways_on(values, parts)
    everything = frozenset(parts)
    orders = to.get(everything, 0)
    if not orders:
        return None
    found = {p: np.zeros_like(values[NOBODY], dtype=float) for p in parts}
    for coalition in to:
        for p in _next(values, coalition, parts):
            larger = coalition | {p}
            weight = to[coalition] * on[larger] / orders
            found[p] += weight * (values[larger] - values[coalition])
    return found


def _next(values: Values, coalition: Coalition, parts: Sequence[str]) -> Iterator[str]:
    return (p for p in parts if p not in coalition and coalition | {p} in values)


def _ways(values: Values, parts: Sequence[str]) -> dict[Coalition, int]:
    """Return, for each coalition that can be reached, in how many orders it is."""
    to = {NOBODY: 1}
    for size in range(len(parts)):
        for coalition in [c for c in to if len(c) == size]:
            for p in _next(values, coalition, parts):
                to[coalition | {p}] = to.get(coalition | {p}, 0) + to[coalition]
    return to


def _ways_on(values: Values, parts: Sequence[str]) -> dict[Coalition, int]:
    """Return, for each coalition, in how many orders one gets from it to the whole."""
    on = {frozenset(parts): 1}
    for size in range(len(parts) - 1, -1, -1):
        for coalition in [c for c in values if len(c) == size]:
            on[coalition] = sum(on.get(coalition | {p}, 0) for p in _next(values, coalition, parts))
    return on


def _share(parts: tuple[str, ...], by_pair: np.ndarray) -> Share:
    known = by_pair[np.isfinite(by_pair)]
    if not len(known):
        return Share(parts, np.nan, np.nan, np.nan)
    sd = known.std(ddof=1) if len(known) > 1 else 0.0
    half = float(half_width(np.array(sd), np.array(len(known)))) if len(known) > 1 else np.nan
    mean = float(known.mean())
    return Share(parts, mean, mean - half, mean + half)


def read_attribution(folder: RunFolder) -> list[Attribution]:
    """Return what each part did to every primary outcome in every window, from the committed pairs."""
    manifest, rows = folder.manifest(), folder.read("pairs").sort("pair")
    parts = tuple(manifest["parts"])
    found = []
    for measure in manifest["primary"]:
        for window in manifest["windows"]:
            mine = rows.filter((pl.col("measure") == measure) & (pl.col("window") == window))
            values = {
                _coalition(str(arm)): part["value"].to_numpy()
                for (arm,), part in mine.group_by("arm", maintain_order=True)
            }
            if values:
                found.append(attribute(values, parts, measure, window))
    return found


def _coalition(arm: str) -> Coalition:
    return frozenset() if arm == NOTHING else frozenset(arm.split(PLUS))
