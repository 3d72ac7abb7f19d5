"""A resident: one row of the resident table, seen as a Mesa agent for as long as somebody looks.

A view costs nothing until it is made; a million residents are columns, not objects. Two views of one row are equal
and hash alike. Traits cannot be set, and an attribute that is no declared column is refused: it would vanish with
the view.
"""

from __future__ import annotations

from typing import Any, Self

import mesa

from sim.base.errors import ContractError, nearest
from sim.base.text import say
from sim.world.columns import RESIDENTS
from sim.world.table import Column

COLUMNS = {column.name: column for column in RESIDENTS}


class ColumnAttribute:
    """One declared column as an attribute of a view."""

    def __init__(self, column: Column):
        self.column = column
        self.__doc__ = f"{column.meaning} ({column.unit})"

    def __get__(self, view: Resident | None, owner: type) -> Any:
        if view is None:
            return self
        return getattr(view.model.world.residents, self.column.name)[view.row].item()

    def __set__(self, view: Resident, value: Any) -> None:
        if self.column.kind == "trait":
            raise ContractError(say("`{name}` is a trait and cannot be set", name=self.column.name))
        getattr(view.model.world.residents, self.column.name)[view.row] = value


class Resident(mesa.Agent):
    """One resident. `model` and `row` name the row; `unique_id` is the person's stable name, not the row."""

    pos = None

    def __new__(cls, model: mesa.Model, row: int) -> Self:
        """Make a view without registering it: `Agent.__init__` would."""
        view = object.__new__(cls)
        view.__dict__.update(model=model, row=int(row))
        return view

    def __init__(self, model: mesa.Model, row: int) -> None:
        """Do nothing: a view is not registered, its row is."""

    @property
    def unique_id(self) -> int:
        """Stable name of the person."""
        return int(self.model.world.residents.id[self.row])

    @property
    def committee(self) -> Any:
        """The residents' committee of this resident's community, as a Mesa agent."""
        world = self.model.world
        return self.model.offices.get(int(world.blocks.community[world.residents.block[self.row]]))

    @property
    def neighbours(self) -> list[Resident]:
        """The residents this one has ties to."""
        world = self.model.world
        return [Resident(self.model, row) for row in world.ties[self.row] if row < world.residents.n]

    def __setattr__(self, name: str, value: Any) -> None:
        if name not in COLUMNS:
            hint = nearest(name, COLUMNS) or "-"
            raise ContractError(
                say("a resident has no `{name}` (nearest: {nearest})", name=name, nearest=hint)
            )
        super().__setattr__(name, value)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Resident) and self.row == other.row and self.model is other.model

    def __hash__(self) -> int:
        return hash((id(self.model), self.row))

    def __reduce__(self) -> tuple:
        return Resident, (self.model, self.row)

    def __repr__(self) -> str:
        return f"Resident(row={self.row}, age={self.age:.0f}, area={self.area})"


for _column in RESIDENTS:
    setattr(Resident, _column.name, ColumnAttribute(_column))
