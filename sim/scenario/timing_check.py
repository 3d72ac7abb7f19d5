"""Checks of a composed timeline: inside the run, inside each lever's bounds, changing something, read by somebody."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from sim.base.calendar import format_month
from sim.base.text import say
from sim.catalogue import levers, unit_text
from sim.rules.changes import Values, value_text
from sim.rules.timeline import Timeline
from sim.scenario.placing import Placed
from sim.scenario.quantities import Reading
from sim.scenario.shapes import Entry


def within_run(placed: list[Placed], scenario: Entry, reading: Reading) -> None:
    """Refuse changes before the first reported month; say those that come after the last."""
    run = scenario["run"]
    if not run or run["start"] is None:
        return
    end = run["start"] + run["months"]
    for p in placed:
        if p.row.month < run["start"]:
            what = say(
                "{month} lies before the first reported month {start}",
                month=format_month(p.row.month),
                start=format_month(run["start"]),
            )
            reading.problem(
                p.place, p.path, what, say("start the run earlier, or write it into the place's own rules")
            )
        elif p.row.month >= end:
            what = say(
                "{month} lies after the run's last month {last}",
                month=format_month(p.row.month),
                last=format_month(end - 1),
            )
            reading.problem(p.place, p.path, what, severity="notice")


def check_values(timeline: Timeline, rules: list[Placed], reading: Reading) -> None:
    """Say changes that change nothing, levers nobody reads, and compositions that leave a lever's bounds."""
    for p in rules:
        change: Any = p.row
        row = levers()[change.lever]
        last = change.month + (12 if change.verb == "grow" else change.over - 1)
        without = replace(timeline, changes=tuple(c for c in timeline.changes if c is not change))
        if np.array_equal(timeline.rule_values(row.id, last), without.rule_values(row.id, last)):
            value = value_text(row, float(np.ravel(timeline.rule_values(row.id, last))[0]))
            what = say("changes nothing: {what} is {value} already", what=row.text, value=value)
            reading.problem(p.place, p.path, what, severity="notice")
        for month in (change.month, last, *(m for m in timeline.months() if m > change.month)):
            values = timeline.rule_values(row.id, month)
            if (values < row.bounds[0] - 1e-9).any() or (values > row.bounds[1] + 1e-9).any():
                _out_of_bounds(p, row, month, values, reading)
                break


def _out_of_bounds(p: Placed, row: Any, month: int, values: Values, reading: Reading) -> None:
    worst = float(values.max() if values.max() > row.bounds[1] else values.min())
    what = say(
        "{what} reaches {value} in {month}; allowed [{low}, {high}] {unit}",
        what=row.text, value=f"{worst:g}", month=format_month(month),
        low=f"{row.bounds[0]:g}", high=f"{row.bounds[1]:g}", unit=unit_text(row.unit),
    )  # fmt: skip
    reading.problem(p.place, p.path, what)
