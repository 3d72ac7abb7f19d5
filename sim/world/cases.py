"""Cases: every unit of work that anybody has asked for, as columns.

One row a case from the moment it is known until the month after it ended. Rows keep their order; `compact` drops
the ended ones. Where a case waits, and whom an office serves next, follows from these columns alone: nothing about
queues or servers is kept anywhere else, so a table can be saved, re-addressed and continued.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from sim.base.errors import ContractError, nearest
from sim.base.text import say
from sim.draws import log_spreads
from sim.world.table import Column

MAX_STOPS = 4
NEVER = np.iinfo(np.int32).max
FUTURE, TRANSIT, QUEUED, IN_SERVICE, DONE, LAPSED = range(6)
MAIN, DESK_CHECK, APPROVAL, RIVAL = range(4)

CASES = (
    Column(
        "key", "u8", "id", "stable name, made before routing; also the order among equals", "trait", "caller"
    ),
    Column("origin", "i1", "origin", "0 assigned, 1 resident, 2 own", "trait", "caller"),
    Column("item", "i2", "row", "duty item, -1 none", "trait", "caller", -1),
    Column("area", "i2", "row", "area it concerns", "trait", "caller"),
    Column("source", "i4", "row", "resident or department it comes from", "trait", "caller", -1),
    Column("tag", "i1", "mark", "free for whoever made the case, such as who was asked", "trait", "caller"),
    Column("rank", "i1", "rank", "0 is served first", "trait", "caller"),
    Column(
        "promote", "i4", "tick", "from the first full hour at or after it, rank 0", "trait", "caller", NEVER
    ),
    Column("hours", "f4", "hour", "standard hours of the main element, mean", "trait", "caller", 1),
    Column(
        "spread", "f4", "log", "standard deviation of the log of the hours; given as cv", "trait", "caller"
    ),
    Column("patience", "i4", "tick", "lapses when a visit waits longer than this", "trait", "caller", NEVER),
    Column("filed", "i4", "tick", "when it was filed", "trait", "caller"),
    Column("stops", "i4", "row", "offices in order, -1 none", "status", "caller", -1, ("stop",)),
    Column(
        "elements",
        "i1",
        "element",
        "0 the work itself, 1 desk check, 2 approval, 3 no stop: who else may own it",
        "status",
        "caller",
        0,
        ("stop",),
    ),
    Column(
        "passes",
        "i1",
        "count",
        "times it is still to be passed on between owner and rival",
        "status",
        "serve",
    ),
    Column("stage", "i1", "stop", "the stop it is at or on its way to", "status", "serve"),
    Column(
        "state",
        "i1",
        "state",
        "0 future, 1 in transit, 2 queued, 3 in service, 4 done, 5 lapsed",
        "status",
        "serve",
    ),
    Column("joined", "i4", "tick", "when it joins, or joined, the queue of its stop", "status", "serve"),
    Column("left", "i4", "open tick", "still to serve, at a month's end in service", "status", "serve"),
    Column("waited", "i4", "tick", "in queues so far, calendar of working days", "status", "serve"),
    Column("hand_offs", "i1", "count", "moves to another office", "status", "serve"),
    Column("end", "i4", "tick", "when it was done or lapsed, -1 before", "status", "serve", -1),
)
_COLUMN = {c.name: c for c in CASES}


def _filled(column: Column, n: int) -> np.ndarray:
    return np.full((n, MAX_STOPS) if column.per else n, column.initial, dtype=column.dtype)


@dataclass
class CaseTable:
    """Columns of CASES with room to grow; `cases.stage` is the live part of the column itself, not a copy."""

    n: int = 0
    arrays: dict[str, np.ndarray] = field(default_factory=dict)

    @classmethod
    def empty(cls, capacity: int = 1024) -> CaseTable:
        """Return a table without rows."""
        return cls(0, {c.name: _filled(c, capacity) for c in CASES})

    @property
    def capacity(self) -> int:
        """Rows there is room for before the table grows."""
        return len(self.arrays["key"])

    @property
    def nbytes(self) -> int:
        """Bytes held by all columns, spare room included."""
        return sum(a.nbytes for a in self.arrays.values())

    def __getattr__(self, name: str) -> np.ndarray:
        if name not in _COLUMN:
            raise AttributeError(f"cases have no column {name}")
        return self.__dict__["arrays"][name][: self.__dict__["n"]]

    def append(self, count: int, **values: Any) -> np.ndarray:
        """Add rows, unnamed columns at their initial value; returns the new row numbers.

        cv, the coefficient of variation of the hours, may be given for `spread`.
        """
        if "cv" in values:
            values["spread"] = log_spreads(values.pop("cv"))
        for name in values:
            if name not in _COLUMN:
                close = nearest(name, _COLUMN) or "-"
                raise ContractError(
                    say("cases have no column {column} (nearest: {nearest})", column=name, nearest=close)
                )
        self._make_room(self.n + count)
        for name, column in _COLUMN.items():
            self.arrays[name][self.n : self.n + count] = values.get(name, column.initial)
        self.n += count
        return np.arange(self.n - count, self.n)

    def compact(self) -> np.ndarray:
        """Drop what is done or lapsed, the rest in its order; returns the old row of every row kept."""
        kept = np.flatnonzero(self.state < DONE)
        for array in self.arrays.values():
            array[: len(kept)] = array[kept]
        self.n = len(kept)
        return kept

    def readdress(self, new_office: np.ndarray) -> int:
        """Send open cases elsewhere: `new_office[row]` is the row that takes over from each office row.

        Stops not yet begun change; what is in service finishes where it is. Seniority and waits so far stay.
        Returns the number of cases that changed their next stop.
        """
        first_open = self.stage + (self.state == IN_SERVICE)
        ahead = (
            (np.arange(MAX_STOPS) >= first_open[:, None]) & (self.stops >= 0) & (self.state < DONE)[:, None]
        )
        table = np.append(np.asarray(new_office, np.int32), np.int32(-1))
        moved = np.where(ahead, table[self.stops], self.stops)
        changed = int((moved != self.stops).any(axis=1).sum())
        self.stops[:] = moved
        self.settle_rivals()
        return changed

    def settle_rivals(self) -> None:
        """Pass nothing on any more where the rival of an owner is gone, or is the owner itself."""
        disputed = np.flatnonzero(self.passes > 0)
        at = (self.elements[disputed, 1:] == RIVAL).argmax(axis=1)
        here, rival = self.stops[disputed, at], self.stops[disputed, at + 1]
        self.passes[disputed[(rival < 0) | (rival == here)]] = 0

    def lapse(self, rows: np.ndarray, tick: int) -> None:
        """End waiting cases undone at a tick; what is in service is left alone."""
        rows = np.asarray(rows)
        rows = rows[self.state[rows] < IN_SERVICE]
        queued = rows[self.state[rows] == QUEUED]
        self.waited[queued] += (tick - self.joined[queued]).astype(np.int32)
        self.state[rows], self.end[rows] = LAPSED, tick

    @property
    def performer(self) -> np.ndarray:
        """Office that does or did the work itself: the first stop with the main element, -1 where there is none."""
        is_main = (self.elements == MAIN) & (self.stops >= 0)
        row = self.stops[np.arange(self.n), is_main.argmax(axis=1)]
        return np.where(is_main.any(axis=1), row, -1)

    def copy(self) -> CaseTable:
        """Return an independent table of the same rows."""
        return CaseTable(self.n, {name: array.copy() for name, array in self.arrays.items()})

    def _make_room(self, rows: int) -> None:
        if rows <= self.capacity:
            return
        room = max(rows, self.capacity * 3 // 2)
        for name, column in _COLUMN.items():
            grown = _filled(column, room)
            grown[: self.n] = self.arrays[name][: self.n]
            self.arrays[name] = grown


@dataclass
class ServiceState:
    """What the service loop remembers beside the cases: the working day it has come to, -1 before it began."""

    day: int = -1

    @classmethod
    def empty(cls) -> ServiceState:
        """Return the state before the first month."""
        return cls()

    def copy(self) -> ServiceState:
        """Return an independent state."""
        return ServiceState(self.day)
