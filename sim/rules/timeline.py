"""The timeline: everything a package of reforms does, by month, in the order it happens.

Rule values are a function of the month: the place's own value, then every change in force, in order.
Structural operations are a list. A timeline of an unreformed place has neither and equals the place's own rules.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from sim.base.calendar import format_month
from sim.base.text import Message, pick, say
from sim.catalogue import Lever, duty_classes, kinds, levers
from sim.rules.changes import RuleChange, Values
from sim.rules.operations import Operation


@dataclass(frozen=True, eq=False)
class DatedOperation:
    """A structural operation with its month, places and reason.

    areas: original communities it touches; None for everywhere. part: (k, n) where it is spread over months.
    ends: this is the return to the earlier state at `until`.
    """

    month: int
    op: Operation
    areas: NDArray[np.int64] | None = None
    reform: str = ""
    clause: str = ""
    where: str = ""
    part: tuple[int, int] | None = None
    evidence: tuple[str, ...] = ()
    ends: bool = False

    def words(self) -> Message:
        """Return what happens, with its part and its place."""
        said = self.op.words()
        if self.part:
            said = say("{what} (part {k} of {n})", what=said, k=self.part[0], n=self.part[1])
        return say("{what} [where: {where}]", what=said, where=self.where) if self.where else said


@dataclass(frozen=True, eq=False)
class Timeline:
    """Rules by month and structural operations by month, for one place.

    baseline: the place's own value of every lever, full shape. announced: earliest announcement, or None.
    announcements: the month in which each reform that is announced before it begins is.
    """

    n_areas: int
    n_hops: int
    baseline: dict[str, Values] = field(default_factory=dict)
    changes: tuple[RuleChange, ...] = ()
    operations: tuple[DatedOperation, ...] = ()
    announced: int | None = None
    announcements: dict[str, int] = field(default_factory=dict)

    @property
    def is_empty(self) -> bool:
        """Return whether nothing ever changes."""
        return not self.changes and not self.operations

    @property
    def first_change(self) -> int | None:
        """Return the first month in which anything changes."""
        months = self.months()
        return months[0] if months else None

    def first_felt(self, foreseen: Collection[str]) -> int | None:
        """Return the first month in which anything may be done otherwise: the first change, or earlier the
        announcement of a change in a lever that somebody acts on beforehand. foreseen: those levers.
        """
        first = self.first_change
        told = [self.announcements[c.reform] for lever in foreseen for c in self._by_lever.get(lever, ())
                if c.reform in self.announcements]  # fmt: skip
        return None if first is None else min([first, *told])

    def months(self) -> list[int]:
        """Return the months in which something happens; a ramp counts by its first month."""
        dates = {change.month for change in self.changes} | {op.month for op in self.operations}
        dates |= {change.until for change in self.changes if change.until is not None}
        return sorted(dates)

    def rule_values(self, lever: str, month: int) -> Values:
        """Return a lever's values in a month, in its full shape."""
        return self._values(lever, month, self._by_lever.get(lever, ()))

    def _values(self, lever: str, month: int, changes: Iterable[RuleChange]) -> Values:
        """Return a lever's values in a month under some of its changes, in order."""
        values = self.baseline.get(lever)
        if values is None:
            values = full_baseline(levers()[lever], self.n_areas, self.n_hops)
        for change in changes:
            if change.in_force(month):
                values = change.apply(values, month)
        return values

    def changed_levers(self, month: int) -> list[str]:
        """Return the levers whose values differ from the month before."""
        return [
            lever
            for lever in self._by_lever
            if not np.array_equal(self.rule_values(lever, month), self.rule_values(lever, month - 1))
        ]

    def coming(self, lever: str, month: int) -> tuple[Values, Values] | None:
        """Return in how many months each of a lever's values next changes as announced by now, and to what; or None.

        Both in the lever's full shape; 0 months for a value without news, which then is what it would be anyhow. Only
        what is in force or announced counts: a change that nobody was told of moves neither months nor values.
        """
        now = [change for change in self._by_lever.get(lever, ()) if change.in_force(month)]
        known = [change for change in self._by_lever.get(lever, ())
                 if self.announcements.get(change.reform, change.month) <= month < change.month]  # fmt: skip
        if not known:
            return None
        told = [change for change in self._by_lever[lever] if change in now or change in known]
        values = self._values(lever, month, now).copy()
        months = np.zeros_like(values)
        for date in sorted({change.month for change in known}):
            then = self._values(lever, date, told)
            news = (months == 0) & (then != self._values(lever, date, now))
            months[news], values[news] = date - month, then[news]
        return months, values

    @property
    def announced_levers(self) -> list[str]:
        """Return the levers that an announced reform changes."""
        return [lever for lever, own in self._by_lever.items() if any(c.reform in self.announcements for c in own)]

    def structural(self, month: int) -> tuple[DatedOperation, ...]:
        """Return a month's operations: close, merge, open, duties, staff, money, other; then file order."""
        return self._by_month.get(month, ())

    def rule_words(self, month: int) -> list[Message]:
        """Return the rule changes that begin or end in a month, in words."""
        begun = [_placed(c, c.words()) for c in self.changes if c.month == month]
        ended = [_placed(c, say("the earlier rule returns: {what}", what=levers()[c.lever].text))
                 for c in self.changes if c.until == month]  # fmt: skip
        return begun + ended

    def words(self, month: int, lang: str | None = None) -> list[str]:
        """Return everything that happens in a month, one sentence each."""
        structural = [op.words() for op in self.structural(month)]
        return [pick(message, lang) for message in structural + self.rule_words(month)]

    def __str__(self) -> str:
        return "\n".join(f"{format_month(m)} {line}" for m in self.months() for line in self.words(m))

    @cached_property
    def _by_lever(self) -> dict[str, list[RuleChange]]:
        found: dict[str, list[RuleChange]] = {}
        for change in sorted(self.changes, key=lambda c: c.month):
            found.setdefault(change.lever, []).append(change)
        return found

    @cached_property
    def _by_month(self) -> dict[int, tuple[DatedOperation, ...]]:
        found: dict[int, list[DatedOperation]] = {}
        for op in sorted(self.operations, key=lambda o: (o.month, o.op.phase)):
            found.setdefault(op.month, []).append(op)
        return {month: tuple(ops) for month, ops in found.items()}


def shape_of(row: Lever, n_areas: int, n_hops: int) -> tuple[int, ...]:
    """Return the shape of a lever's values: the extra axis first, areas or hops last."""
    lead = {None: (), "kind": (len(kinds()),), "duty_class": (len(duty_classes()),)}[row.by]
    return lead + {"place": (), "area": (n_areas,), "hop": (n_hops,)}[row.domain]


def full_baseline(row: Lever, n_areas: int, n_hops: int) -> Values:
    """Return the catalogue's own value of a lever in its full shape."""
    values = np.empty(shape_of(row, n_areas, n_hops), dtype=np.float64)
    if isinstance(row.baseline, dict):
        axis = list(kinds() if row.by == "kind" else duty_classes())
        for name, number in row.baseline.items():
            values[axis.index(name)] = number
    else:
        values[...] = row.code(row.baseline)
    return values


def _placed(change: RuleChange, said: Message) -> Message:
    return say("{what} [where: {where}]", what=said, where=change.where) if change.where else said
