"""A table of declared columns.

A `Column` says what a number is before anybody computes it: dtype, unit, meaning, kind and its *one* writer.
A `Table` holds the arrays. Rows are never moved or removed while a model runs; tables that grow (offices,
staff) append.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike

from sim.base.errors import ContractError
from sim.base.text import say

Kind = Literal["trait", "status", "stock"]


@dataclass(frozen=True)
class Column:
    """One declared column.

    kind: `trait` never changes after the world is built; `status` belongs to one mechanism; `stock` is moved by
    posts and written only by `settle`. writer: a mechanism, `populate`, `enact` or `settle`. per: names of further
    axes (`area`, `candidate`) whose lengths the world knows.
    """

    name: str
    dtype: str
    unit: str
    meaning: str
    kind: Kind
    writer: str
    initial: float = 0
    per: tuple[str, ...] = ()


@dataclass
class Table:
    """Arrays of equal length under declared names; `table.age` is the column itself, not a copy."""

    name: str
    columns: dict[str, Column]
    n: int = 0
    arrays: dict[str, np.ndarray] = field(default_factory=dict)
    axes: dict[str, int] = field(default_factory=dict)
    # How often rows were appended: who keeps a view of a column asks whether it is still the column.
    grown: int = 0

    @classmethod
    def make(
        cls, name: str, columns: tuple[Column, ...], n: int, axes: dict[str, int] | None = None
    ) -> Table:
        """Return a table of n rows holding every column's initial value; axes gives the length of each `per`."""
        table = cls(name, {c.name: c for c in columns}, n, axes=axes or {})
        for column in columns:
            table.arrays[column.name] = table._filled(column, n)
        return table

    def _filled(self, column: Column, n: int) -> np.ndarray:
        return np.full((n, *(self.axes[axis] for axis in column.per)), column.initial, dtype=column.dtype)

    def __getattr__(self, name: str) -> np.ndarray:
        arrays = self.__dict__.get("arrays")
        if arrays is None or name not in arrays:
            raise AttributeError(f"{self.__dict__.get('name', 'table')} has no column {name}")
        return arrays[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.columns)

    def put(self, **values: ArrayLike) -> None:
        """Fill whole columns, keeping their declared dtype; raises ContractError for an undeclared one."""
        for name, value in values.items():
            if name not in self.columns:
                raise ContractError(say("table {table} has no column {column}", table=self.name, column=name))
            self.arrays[name][...] = value

    def append(self, count: int, **values: object) -> np.ndarray:
        """Add rows at the end, unnamed columns at their initial value; returns the new row numbers."""
        for name, column in self.columns.items():
            block = self._filled(column, count)
            if name in values:
                block[...] = values[name]
            self.arrays[name] = np.concatenate([self.arrays[name], block])
        self.n += count
        self.grown += 1
        return np.arange(self.n - count, self.n)

    def copy(self) -> Table:
        """Return an independent table of the same numbers."""
        return Table(
            self.name, self.columns, self.n, {k: v.copy() for k, v in self.arrays.items()}, self.axes
        )

    @property
    def nbytes(self) -> int:
        """Bytes held by the columns."""
        return sum(a.nbytes for a in self.arrays.values())
