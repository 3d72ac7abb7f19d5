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
    """One posted change: gain and loss are float32, one a row (all residents where rows is None), or None."""

    stock: str
    cause: str
    gain: np.ndarray | None
    loss: np.ndarray | None
    rows: np.ndarray | None = None


class Posts:
    """This month's posts over n residents. accounts: whether levels are booked as well."""

    def __init__(self, n: int, accounts: bool = False):
        self.n, self.accounts = n, accounts
        self.entries: list[Entry] = []
        self.levels: list[tuple[str, str, np.ndarray]] = []

    def add(self, stock: str, cause: str, gain: object, loss: object, rows: np.ndarray | None = None) -> None:
        """Add one change, of some residents each named once or of all; raises ContractError where one is negative."""
        n = self.n if rows is None else len(rows)
        up, down = (_posted(stock, cause, value, n) for value in (gain, loss))
        self.entries.append(Entry(stock, cause, up, down, rows))

    def book(self, measure: str, cause: str, values: np.ndarray) -> None:
        """Book what a cause contributed to a level: one number a resident, of either sign."""
        if self.accounts:
            self.levels.append((measure, cause, values))

    def of(self, stock: str) -> list[Entry]:
        """Return the entries of one stock in the order of posting."""
        return [e for e in self.entries if e.stock == stock]


def _posted(stock: str, cause: str, value: object, n: int) -> np.ndarray | None:
    """Return one side of a change, one number a resident concerned; raises ContractError where one is negative."""
    if value is None:
        return None
    given = np.asarray(value, np.float32)
    if given.size and given.min() < 0:
        raise ContractError(say("negative post to {stock} by {cause}", stock=stock, cause=cause))
    return given if given.shape == (n,) else np.broadcast_to(given, (n,))
