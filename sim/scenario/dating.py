"""When a change happens, and how it is spread: ramps, units following one another, roll-out, coverage."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from sim.base.calendar import MONTHS_PER_YEAR
from sim.base.text import say
from sim.rules.operations import Hire, Merge, OpenOffice, Operation, Release, TransferStaff
from sim.scenario.frame import Indices, share_out, stable_hash
from sim.scenario.quantities import Quantity, Reading
from sim.scenario.selecting import Selectors, both
from sim.scenario.shapes import Entry, did_you_mean

TWO_64 = 2.0**64


@dataclass(frozen=True)
class Step:
    """One instalment of a change: its month, places and number in the series."""

    month: int
    areas: Indices | None
    part: tuple[int, int] | None = None


def month_of(date: Any, reading: Reading, path: str, selectors: Selectors) -> int:
    """Return the month of a date; an undated one is the middle of its window, or drawn by replication."""
    if isinstance(date, int):
        return date
    first, last = date["not_before"], max(date["not_before"], date["not_after"])
    if last != date["not_after"]:
        reading.problem(date.spot("not_after"), path, say("`not_after` lies before `not_before`"))
    selectors.varies = selectors.varies or last > first
    month = (first + last) // 2
    if selectors.replication is not None:
        month = first + int(_uniform(selectors, path) * (last - first + 1))
    window = Quantity(month, first, last, "month index", "assumed", source=date["assumed"])
    return round(float(reading.record(f"{path}.month", window)))


def until_of(until: Any, start: int, path: str, selectors: Selectors) -> int | None:
    """Return the month a change ends, or None; a hazard of reversal is drawn by replication."""
    if until is None or isinstance(until, int):
        return until
    if isinstance(until, tuple):
        return start + int(until[1])
    selectors.varies = True
    hazard = float(until["hazard_per_year"]) / MONTHS_PER_YEAR
    if selectors.replication is None or hazard <= 0:
        return None
    return start + 1 + int(-math.log(1.0 - _uniform(selectors, path)) / hazard)


def _uniform(selectors: Selectors, path: str) -> float:
    return stable_hash(f"{selectors.frame.place}/{path}/{selectors.replication}") / TWO_64


def steps_of(beside: Entry, month: int, areas: Indices | None, path: str, selectors: Selectors) -> list[Step]:
    """Return the instalments of a change by roll-out or coverage, else the one of its month."""
    if beside["coverage"]:
        return _coverage(beside, areas, path, selectors)
    if beside["rollout"]:
        return _rollout(beside["rollout"], areas, path, selectors)
    return [Step(month, areas)]


def _rollout(plan: Entry, areas: Indices | None, path: str, selectors: Selectors) -> list[Step]:
    frame = selectors.frame
    layer = plan["by"] or frame.layers[-1]
    if layer not in frame.n_units:
        what = say("`{name}` is not a layer of this place", name=layer)
        selectors.reading.problem(
            plan.spot("by"), f"{path}.rollout.by", what, did_you_mean(layer, frame.layers)
        )
        return []
    units = selectors.ordered(layer, frame.units_of(layer, areas), plan["order"], f"{path}/rollout")
    if plan["first"]:
        early = selectors.areas(plan["first"], plan.spot("first"), f"{path}.rollout.first")
        ahead = np.isin(units, frame.units_of(layer, early))
        units = np.concatenate([units[ahead], units[~ahead]])
    months = plan["end"] - plan["start"] + 1
    if months < 1:
        selectors.reading.problem(
            plan.spot("end"), f"{path}.rollout.end", say("the end lies before the start")
        )
        return []
    n = min(len(units), plan["waves"] or months, months) or 1
    waves = np.array_split(units, n)
    dates = [plan["start"] + (k * (months - 1)) // max(1, n - 1) for k in range(n)]
    return [
        Step(date, both(areas, frame.areas_of(layer, wave)), (k + 1, n) if n > 1 else None)
        for k, (date, wave) in enumerate(zip(dates, waves, strict=True))
    ]


def _coverage(beside: Entry, areas: Indices | None, path: str, selectors: Selectors) -> list[Step]:
    """Return who joins at each date; who is in stays in."""
    frame, layer = selectors.frame, selectors.frame.layers[-1]
    inside: set[int] = set()
    steps: list[Step] = []
    rows = sorted(beside["coverage"], key=lambda row: row["by"] or 0)
    for row in rows:
        group = selectors.areas(row["of"], row.spot("of"), f"{path}.coverage.of")
        chosen = both(areas, group)
        pool = np.arange(frame.n_areas, dtype=np.int64) if chosen is None else chosen
        order = selectors.ordered(layer, pool, "random", f"{path}/coverage")
        order = np.array(sorted(order, key=lambda a: a not in inside), dtype=np.int64)
        wanted = round(float(row["share"]) * len(pool))
        joining = [int(a) for a in order[:wanted] if int(a) not in inside]
        inside |= set(joining)
        if joining and row["by"] is not None:
            steps.append(Step(row["by"], np.array(sorted(joining), dtype=np.int64)))
    return [
        replace(step, part=(k + 1, len(steps)) if len(steps) > 1 else None) for k, step in enumerate(steps)
    ]


def spread(steps: list[Step], over: int, selectors: Selectors) -> list[Step]:
    """Return instalments of units that follow one another over months, in the order of their names."""
    if over <= 1 or len(steps) != 1:
        return steps
    areas = steps[0].areas
    pool = np.arange(selectors.frame.n_areas, dtype=np.int64) if areas is None else areas
    n = min(over, len(pool)) or 1
    dates = [steps[0].month + (k * over) // n for k in range(n)]
    return [
        Step(d, wave, (k + 1, n))
        for k, (d, wave) in enumerate(zip(dates, np.array_split(pool, n), strict=True))
    ]


def divided(
    op: Operation, steps: list[Step], over: int, selectors: Selectors
) -> Iterator[tuple[Operation, Step]]:
    """Yield the operation of each instalment: people by month, offices by month and place, the rest by place."""
    if isinstance(op, TransferStaff | Hire | Release) and len(steps) == 1:
        yield from _people(op, steps[0], over)
        return
    if not isinstance(op, TransferStaff | Hire | Release):
        steps = spread(steps, over, selectors)
    sizes = [selectors.frame.n_areas if s.areas is None else len(s.areas) for s in steps]
    if isinstance(op, Merge) and len(steps) > 1:
        counts = _at_least_one(op.into, sizes)
        yield from ((replace(op, into=c), s) for c, s in zip(counts, steps, strict=True))
    elif isinstance(op, OpenOffice) and op.count is not None and len(steps) > 1:
        counts = [int(c) for c in share_out(op.count, np.array(sizes, dtype=np.float64))]
        yield from ((replace(op, count=c), s) for c, s in zip(counts, steps, strict=True) if c)
    elif isinstance(op, TransferStaff | Hire | Release) and op.count is not None:
        total = sum(sizes) or 1
        yield from ((replace(op, count=op.count * n / total), s) for n, s in zip(sizes, steps, strict=True))
    else:
        yield from ((op, s) for s in steps)


def _people(op: TransferStaff | Hire | Release, step: Step, over: int) -> Iterator[tuple[Operation, Step]]:
    if op.count is None or over <= 1:
        yield op, step
        return
    tenths = share_out(round(op.count * 10), np.ones(over))
    if op.count == int(op.count):
        tenths = share_out(int(op.count), np.ones(over)) * 10
    for k in range(over):
        if tenths[k]:
            yield replace(op, count=float(tenths[k]) / 10), Step(step.month + k, step.areas, (k + 1, over))


def _at_least_one(total: int, sizes: list[int]) -> list[int]:
    wanted = np.maximum(1, share_out(max(total, len(sizes)), np.array(sizes, dtype=np.float64)))
    while wanted.sum() > total and wanted.max() > 1:
        wanted[int(wanted.argmax())] -= 1
    return [int(w) for w in wanted]
