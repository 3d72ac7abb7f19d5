"""Rule changes: set, scale, add, grow. A value is computed from its baseline and the changes in force.

A change is a row, never an event that leaves a trace: when it ends (`until`) or was never there, the value is
what the other rows say. That makes reversal, ablation and attribution free of history.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.base.calendar import MONTHS_PER_YEAR, format_month
from sim.base.text import Message, counted, say
from sim.catalogue import Lever, counted_unit, duty_classes, kinds, levers, unit_text
from sim.rules.words import figure, listed

Values = NDArray[np.float64]
VERBS = ("set", "scale", "add", "grow")


@dataclass(frozen=True, eq=False)
class RuleChange:
    """One lever, one verb, some places, from a month, perhaps until a month, perhaps spread over months.

    index: rows of the lever's extra axis, or hops; None for all. areas: area indices; None for everywhere.
    value: the target (set), factor (scale), summand (add), growth a year (grow), already as stored numbers.
    """

    verb: str
    lever: str
    value: float
    month: int
    areas: NDArray[np.int64] | None = None
    index: tuple[int, ...] | None = None
    until: int | None = None
    over: int = 1
    reform: str = ""
    clause: str = ""
    where: str = ""
    evidence: tuple[str, ...] = ()

    def in_force(self, month: int) -> bool:
        """Return whether the change acts in a month."""
        return self.month <= month and (self.until is None or month < self.until)

    def apply(self, values: Values, month: int) -> Values:
        """Return the lever's values after this change in a month it is in force."""
        changed = values.copy()
        spot = self._spot(values)
        changed[spot] = self._act(values[spot], month)
        return changed

    def _act(self, old: Values, month: int) -> Values:
        weight = min(1.0, (month - self.month + 1) / self.over)
        if self.verb == "set":
            return old + weight * (self.value - old)
        if self.verb == "scale":
            return old * (1.0 + weight * (self.value - 1.0))
        if self.verb == "add":
            return old + weight * self.value
        return old * (1.0 + self.value) ** ((month - self.month) / MONTHS_PER_YEAR)

    def _spot(self, values: Values) -> Any:
        row = levers()[self.lever]
        index = np.array(self.index, dtype=np.int64) if self.index is not None else None
        areas = self.areas if row.domain == "area" else None
        if row.by and row.domain == "area":
            rows = index if index is not None else np.arange(values.shape[0])
            columns = areas if areas is not None else np.arange(values.shape[1])
            return np.ix_(rows, columns)
        chosen = index if (row.by or row.domain == "hop") else areas
        return ... if chosen is None else chosen

    def overlaps(self, other: RuleChange) -> bool:
        """Return whether two changes act on one number at one time."""
        if self.lever != other.lever or not _meet(self.index, other.index):
            return False
        areas = None if self.areas is None else tuple(self.areas)
        others = None if other.areas is None else tuple(other.areas)
        return _meet(areas, others) and self._at_once(other)

    def _at_once(self, other: RuleChange) -> bool:
        return (self.until is None or other.month < self.until) and (
            other.until is None or self.month < other.until
        )

    def words(self) -> Message:
        """Return what changes, in one sentence."""
        row = levers()[self.lever]
        what = row.text if self.index is None else _qualified(row, self.index)
        return _with_span(self, _verb_words(self, row, what))


def _verb_words(change: RuleChange, row: Lever, what: dict[str, str]) -> Message:
    if change.verb == "set":
        return say("{what} becomes {value}", what=what, value=value_text(row, change.value))
    if change.verb == "scale":
        return say("{what} is multiplied by {factor}", what=what, factor=figure(change.value))
    if change.verb == "add":
        return say(
            "{what} changes by {amount} {unit}",
            what=what,
            amount=f"{change.value:+g}",
            unit=unit_text(row.unit),
        )
    return say("{what} grows by {rate} % a year", what=what, rate=figure(100 * change.value))


def _with_span(change: RuleChange, said: Message) -> Message:
    if change.over > 1:
        said = counted(
            "{what}, within {n} month", "{what}, little by little over {n} months", n=change.over, what=said
        )
    if change.until is not None:
        said = say("{what}, until {month}", what=said, month=format_month(change.until))
    return said


def value_text(row: Lever, number: float) -> dict[str, str]:
    """Return a lever's value with its unit, as a reader expects it."""
    if row.type == "choice":
        return row.values[round(number)].text
    if row.type == "flag":
        return {"en": "on", "zh": "开启"} if number >= 0.5 else {"en": "off", "zh": "关闭"}
    if row.type == "share":
        return {"en": f"{100 * number:.4g} %", "zh": f"{100 * number:.4g}%"}
    unit = counted_unit(row.unit, number)
    return {"en": f"{figure(number)} {unit['en']}", "zh": f"{figure(number)}{unit['zh']}"}


def _qualified(row: Lever, index: tuple[int, ...]) -> dict[str, str]:
    """Return a lever's name with the kinds, classes or hops it is set for."""
    if row.domain == "hop":
        names = {"en": ", ".join(str(i + 1) for i in index), "zh": "、".join(str(i + 1) for i in index)}
        return {"en": f"{row.en} (hop {names['en']})", "zh": f"{row.zh}（第{names['zh']}级）"}
    rows = list((kinds() if row.by == "kind" else duty_classes()).values())
    names = listed(rows[i].text for i in index)
    return {"en": f"{row.en} ({names['en']})", "zh": f"{row.zh}（{names['zh']}）"}


def _meet(some: tuple[int, ...] | None, others: tuple[int, ...] | None) -> bool:
    return some is None or others is None or bool(set(some) & set(others))
