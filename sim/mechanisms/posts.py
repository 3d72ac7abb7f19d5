"""Changes of stocks posted during a month, kept by cause until `settle` applies them together.

Where accounts are kept, mechanisms also book what made up a level (who took part, and why) under the same causes.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.base.errors import ContractError
from sim.base.text import say


@dataclass(frozen=True)
class Entry:
    """One posted change: gain and loss are float32 (n_residents,) or None."""

    stock: str
    cause: str
    gain: np.ndarray | None
    loss: np.ndarray | None


class Posts:
    """This month's posts over n residents. accounts: whether levels are booked as well."""

    def __init__(self, n: int, accounts: bool = False):
        self.n, self.accounts = n, accounts
        self.entries: list[Entry] = []
        self.levels: list[tuple[str, str, np.ndarray]] = []

    def add(self, stock: str, cause: str, gain: object, loss: object) -> None:
        """Add one change; raises ContractError where a gain or a loss is negative."""
        arrays = [self._column(v) for v in (gain, loss)]
        if any(a is not None and a.size and float(a.min()) < 0 for a in arrays):
            raise ContractError(say("negative post to {stock} by {cause}", stock=stock, cause=cause))
        self.entries.append(Entry(stock, cause, *arrays))

    def book(self, measure: str, cause: str, values: np.ndarray) -> None:
        """Book what a cause contributed to a level: one number a resident, of either sign."""
        if self.accounts:
            self.levels.append((measure, cause, values))

    def of(self, stock: str) -> list[Entry]:
        """Return the entries of one stock in the order of posting."""
        return [e for e in self.entries if e.stock == stock]

    def _column(self, value: object) -> np.ndarray | None:
        if value is None:
            return None
        return np.broadcast_to(np.asarray(value, np.float32), (self.n,))
