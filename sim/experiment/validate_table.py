"""From runs to the table of facts: in how many samples each holds, how sure that is, and where the sign turns."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from scipy import stats
from sklearn.linear_model import LogisticRegression

from sim.catalogue import assumptions, measures
from sim.catalogue.facts import COMPOSITION, Fact, Test
from sim.experiment.facts import facts, widened_value
from sim.experiment.validate_runs import FIXED, PLAIN

LEVEL = 0.95
FEWEST = 10


@dataclass(frozen=True)
class Share:
    """In how many of n samples something holds, with its Wilson interval."""

    holds: int
    n: int
    low: float
    high: float

    @property
    def share(self) -> float:
        """The share itself, nan of none."""
        return self.holds / self.n if self.n else float("nan")


def wilson(holds: np.ndarray) -> Share:
    """Return the share of true among what is known (nan: could not be read), with the Wilson score interval."""
    known = holds[np.isfinite(holds)]
    k, n = int(known.sum()), len(known)
    if n == 0:
        return Share(0, 0, 0.0, 1.0)
    found = stats.binomtest(k, n).proportion_ci(LEVEL, method="wilson")
    return Share(k, n, float(found.low), float(found.high))


class Values:
    """Figures of finished runs, asked by variant, arm, measure and window; arrays over the same samples."""

    def __init__(self, frame: pl.DataFrame):
        self.samples = sorted(frame["pair"].unique().to_list())
        wide = frame.partition_by("variant", "arm", "measure", "window", as_dict=True)
        place = {sample: k for k, sample in enumerate(self.samples)}
        self.found: dict[tuple, np.ndarray] = {}
        for key, part in wide.items():
            row = np.full(len(place), np.nan)
            row[[place[p] for p in part["pair"]]] = part["value"].to_numpy()
            self.found[key] = row

    def of(self, variant: str, arm: str, measure: str, window: str) -> np.ndarray:
        """Return one figure over samples."""
        return self.found.get((variant, arm, measure, window), np.full(len(self.samples), np.nan))

    def difference(
        self, variant: str, test: Test, window: str = "", measure: str = "", arm: str = ""
    ) -> np.ndarray:
        """Return the arm's figure less that of what it is held against."""
        asked = (measure or test.measure, window or test.window)
        return self.of(variant, arm or test.arm, *asked) - self.of(variant, test.against, *asked)


def good(measure: str, difference: np.ndarray) -> np.ndarray:
    """Return a difference in units of what is worth acting on, better counted as more."""
    row = measures()[measure]
    return difference / row.worth * (-1 if row.better == "down" else 1)


def effect(values: Values, variant: str, test: Test) -> np.ndarray:
    """Return the quantity whose sign a test looks at, positive where the claim holds."""
    return EFFECTS[test.sign](values, variant, test)


def _not_up(v: Values, variant: str, t: Test) -> np.ndarray:
    return measures()[t.measure].worth - v.difference(variant, t)


def _climbs(v: Values, variant: str, t: Test) -> np.ndarray:
    return v.difference(variant, t) - v.difference(variant, t, t.since)


def _shrinks(v: Values, variant: str, t: Test) -> np.ndarray:
    return np.abs(v.difference(variant, t, t.since)) - np.abs(v.difference(variant, t))


def regained(v: Values, variant: str, t: Test, arm: str) -> np.ndarray:
    """Return what part of the early change has gone again by the window; nan where there was no change."""
    first, last = v.difference(variant, t, t.since, arm=arm), v.difference(variant, t, arm=arm)
    return np.where(first != 0, (first - last) / np.where(first == 0, 1, first), np.nan)


def _less_regained(v: Values, variant: str, t: Test) -> np.ndarray:
    return regained(v, variant, t, t.other) - regained(v, variant, t, t.arm)


def _ordering(v: Values, variant: str, t: Test) -> np.ndarray:
    ours, theirs = (
        np.mean([good(m, v.difference(variant, t, measure=m)) for m in side], axis=0)
        for side in ((t.measure, *t.also), t.than)
    )
    return ours - theirs


def _joint(v: Values, variant: str, t: Test) -> np.ndarray:
    alone = np.array([good(t.measure, v.difference(variant, t, arm=other)) for other in t.others])
    return good(t.measure, v.difference(variant, t)) - alone.max(axis=0)


EFFECTS: dict[str, Callable[[Values, str, Test], np.ndarray]] = {
    "up": lambda v, variant, t: v.difference(variant, t),
    "down": lambda v, variant, t: -v.difference(variant, t),
    "not_up": _not_up,
    "not_down": lambda v, variant, t: measures()[t.measure].worth + v.difference(variant, t),
    "above_zero": lambda v, variant, t: v.of(variant, t.arm, t.measure, t.window) - _zero_of(t.measure),
    "climbs": _climbs,
    "shrinks": _shrinks,
    "less_regained": _less_regained,
    "ordering": _ordering,
    "joint": _joint,
}


def _zero_of(measure: str) -> float:
    """Return what counts as none: a group takes part like everybody at one."""
    return 1.0 if measure.startswith(COMPOSITION) else 0.0


def holds(values: Values, variant: str, tests: Sequence[Test]) -> np.ndarray:
    """Return 1 where every test holds, 0 where one does not, nan where one could not be read."""
    effects = np.array([effect(values, variant, t) for t in tests])
    return np.where(np.isfinite(effects).all(axis=0), (effects > 0).all(axis=0), np.nan)


@dataclass(frozen=True)
class Turning:
    """Where along the widened parameter the claim is as likely as not; nan where it is nowhere.

    at_low, at_high: how likely the claim is at the ends of the widened range.
    """

    at: float
    at_low: float
    at_high: float


def turning(parameter: np.ndarray, held: np.ndarray, span: tuple[float, float]) -> Turning | None:
    """Return where the sign turns by logistic regression on the parameter; None where it never changes."""
    known = np.isfinite(held)
    x, y = parameter[known], held[known]
    if len(y) < FEWEST or len(np.unique(y)) < 2:
        return None
    unit = ((x - span[0]) / (span[1] - span[0]))[:, None]
    fit = LogisticRegression(C=1e3, max_iter=500).fit(unit, y)
    ends = fit.predict_proba([[0.0], [1.0]])[:, 1]
    slope, base = float(fit.coef_[0][0]), float(fit.intercept_[0])
    at = -base / slope if slope else float("nan")
    where = span[0] + at * (span[1] - span[0]) if 0 <= at <= 1 else float("nan")
    return Turning(where, float(ends[0]), float(ends[1]))


def fact_rows(frame: pl.DataFrame, samples: Sequence[dict[str, float]], name: str) -> list[dict]:
    """Return one record a fact, with one for each of its tests; name: the set of assumptions sampled."""
    values = Values(frame)
    return [_record(fact, values, samples, name) for fact in facts().facts]


def _record(fact: Fact, values: Values, samples: Sequence[dict[str, float]], name: str) -> dict:
    plain = wilson(holds(values, PLAIN, fact.tests))
    record = {
        "fact": fact.id,
        "class": fact.cls,
        "set": name,
        **_said(plain, ""),
        "evidence": list(fact.evidence),
    }
    if fact.issuers:
        record |= _said(wilson(holds(values, FIXED, fact.tests)), "fixed_")
    if fact.cls == "assumed":
        record |= {"parameter": fact.parameter, **_widened(fact, values, samples)}
    record["tests"] = [_test_record(values, t) for t in fact.tests]
    return record


def _said(share: Share, prefix: str) -> dict:
    return {f"{prefix}{k}": getattr(share, k) for k in ("holds", "n", "low", "high")}


def _widened(fact: Fact, values: Values, samples: Sequence[dict[str, float]]) -> dict:
    """Return the share under the widened range and where the sign turns."""
    held = holds(values, fact.id, fact.tests)
    row = assumptions()[fact.parameter]
    drawn = [samples[k].get(fact.parameter, row.value) for k in values.samples]
    x = np.array([widened_value(fact, value, *row.range) for value in drawn])
    assert fact.widened is not None
    found = turning(x, held, fact.widened)
    turns = {} if found is None else {"turns_at": found.at, "at_low": found.at_low, "at_high": found.at_high}
    return {**_said(wilson(held), "widened_"), "widened": list(fact.widened), **turns}


def _test_record(values: Values, test: Test) -> dict:
    found = effect(values, PLAIN, test)
    share = wilson(np.where(np.isfinite(found), found > 0, np.nan))
    known = found[np.isfinite(found)]
    middle = [float(q) for q in np.quantile(known, [0.05, 0.5, 0.95])] if len(known) else [float("nan")] * 3
    return {**test.model_dump(exclude_defaults=True), **_said(share, ""), "effect": middle}
