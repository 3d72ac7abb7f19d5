"""What every rule of the institutional check shares: the place, and saying what is wrong where."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from sim.base.calendar import format_month
from sim.base.errors import Place
from sim.base.text import Message, say
from sim.rules.words import kind_text
from sim.scenario.duty_table import DutyTable
from sim.scenario.frame import PlaceFrame
from sim.scenario.place import PlaceSpec
from sim.scenario.placing import Placed
from sim.scenario.quantities import Reading

SMALL = 1e-6


@dataclass
class Auditor:
    """Says problems, each once. opening: kinds that open in the month at hand.

    start_spot: where the place's duties stand, for what is wrong from the start.
    """

    place: PlaceSpec
    frame: PlaceFrame
    reading: Reading
    opening: set[str] = field(default_factory=set)
    start_spot: Place = field(default_factory=lambda: Place("?"))
    _told: set[tuple[str, str]] = field(default_factory=set)

    def say(self, item: Placed | None, what: Message, severity: str = "error") -> None:
        """Record a problem at the clause that caused it, with its month."""
        if item is None:
            self.reading.problem(self.start_spot, "duties", what, severity=severity)
            return
        dated = say("{month}: {what}", month=format_month(item.row.month), what=what)
        self.reading.problem(item.place, item.path, dated, severity=severity)

    def say_once(self, sort: str, key: str, item: Placed | None, what: Message) -> None:
        """Record a problem unless the same one was recorded at an earlier date."""
        if (sort, key) not in self._told:
            self._told.add((sort, key))
            self.say(item, what)

    def need_open(self, item: Placed, table: DutyTable, kind: str) -> None:
        """Record where a clause counts on offices that are not there."""
        mask = table.where(item.row.areas)
        if kind == "pool" or table.open_here[kind][mask].any():
            return
        self.say(item, say("there is no {kind} at that date", kind=kind_text(kind)))


def weight(table: DutyTable, kind: str, mask: Any) -> float:
    """Return the part of a kind's offices that lie in the selected areas."""
    there = table.open_here[kind]
    return float((there & mask).sum() / there.sum()) if there.any() else 0.0
