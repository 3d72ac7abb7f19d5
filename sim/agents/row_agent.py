"""An agent that is one row of a table: declared columns are its attributes, and it has no others.

Reading is always allowed. Writing is allowed for a `status` alone, for trying things out by hand: a trait is what
draws and reports are keyed by, and a stock moves only by posted gains and losses, or "why did trust fall" would no
longer add up. Mechanisms write whole columns and never come here. Any other name is refused: on a view it would
vanish with the view, and on an institution no saved world would know it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

import mesa
import numpy as np

from sim.base.errors import ContractError, nearest
from sim.base.text import say
from sim.world.table import Column

# What Mesa itself sets on an agent in the versions we run on.
SET_BY_MESA = frozenset({"model", "unique_id", "pos", "current_action"})


class UndeclaredError(ContractError, AttributeError):
    """No such column; an AttributeError too, so that `hasattr`, copies and Mesa's own look-ups work as ever."""


class ColumnAttribute:
    """One declared column as an attribute of the row; reads this month's value through the agent's own model."""

    def __init__(self, table: str, column: Column):
        self.table, self.column, self.name = table, column, column.name
        self.__doc__ = f"{column.meaning} ({column.unit})"

    def __get__(self, agent: RowAgent | None, owner: type) -> Any:
        if agent is None:
            return self
        values = agent.model.world.tables[self.table].arrays[self.name]
        return read_only(values[agent.row]) if self.column.per else values.item(agent.row)

    def __set__(self, agent: RowAgent, value: Any) -> None:
        if self.column.kind != "status":
            raise ContractError(
                say(
                    "`{name}` is a {kind}: it cannot be set by hand",
                    name=self.column.name,
                    kind=self.column.kind,
                )
            )
        agent.model.world.tables[self.table].arrays[self.name][agent.row] = value


class RowAgent(mesa.Agent):
    """Base of residents and institutions: `row` is the row, `model.world` holds the table."""

    row: int
    declared: ClassVar[Mapping[str, Column]] = {}

    def __init_subclass__(cls, table: str = "", columns: tuple[Column, ...] = (), **kwargs: Any) -> None:
        """Give a class that names its table one attribute a column, unless it words that attribute itself."""
        super().__init_subclass__(**kwargs)
        if table:
            cls.declared = {column.name: column for column in columns}
            for column in columns:
                if column.name not in vars(cls):
                    setattr(cls, column.name, ColumnAttribute(table, column))

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        raise self._undeclared(name)

    def __setattr__(self, name: str, value: Any) -> None:
        if name not in self.declared and name != "row" and name not in SET_BY_MESA:
            raise self._undeclared(name)
        super().__setattr__(name, value)

    def _undeclared(self, name: str) -> UndeclaredError:
        hint = nearest(name, self.declared) or "-"
        kind = type(self).__name__
        return UndeclaredError(
            say("{agent} has no attribute `{name}` (nearest: {nearest})", agent=kind, name=name, nearest=hint)
        )


def read_only(values: np.ndarray) -> np.ndarray:
    """Return a view of the same numbers that cannot be written to."""
    view = values.view()
    view.flags.writeable = False
    return view
