"""A resident: one row of the resident table, seen as a Mesa agent for as long as somebody looks.

A view costs nothing until it is made; a million residents are columns, not objects. Two views of one row are equal
and hash alike, and `is` says nothing. Mesa keeps scheduled methods by weak reference, so `schedule_event` takes a
method of the model or of an institution, not of a view.
"""

from __future__ import annotations

from typing import Any, Self

import mesa

from sim.agents.institution import Institution
from sim.agents.row_agent import RowAgent
from sim.base.errors import ContractError
from sim.base.text import say
from sim.world.resident_columns import RESIDENTS


class Resident(RowAgent, table="residents", columns=RESIDENTS):
    """One resident. `model` and `row` name the row; `unique_id` is the person's stable name, not the row."""

    __slots__ = ("model", "row")

    pos = None
    current_action = None

    def __new__(cls, model: mesa.Model, row: int) -> Self:
        """Make the view without Mesa's constructor, which would register it: its row is registered already."""
        view = object.__new__(cls)
        object.__setattr__(view, "model", model)
        object.__setattr__(view, "row", row)
        return view

    def __init__(self, model: mesa.Model, row: int) -> None:
        """Do nothing: `__new__` has done it."""

    @property
    def unique_id(self) -> int:
        """Stable name of the person."""
        return self.id

    @property
    def committee(self) -> Institution | None:
        """The residents' committee of this resident's community."""
        community = self.model.world.blocks.community[self.block]
        return self.model.offices.get(int(community))

    @property
    def neighbours(self) -> list[Resident]:
        """The residents this one has ties to, in the order of the ties."""
        world = self.model.world
        return [Resident(self.model, row) for row in world.ties[self.row].tolist() if row < world.residents.n]

    def remove(self) -> None:
        """Refuse: rows of residents never go while a model runs."""
        raise ContractError(say("a resident is a row of the world and cannot be removed"))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Resident) and self.row == other.row and self.model is other.model

    def __hash__(self) -> int:
        return hash((id(self.model), self.row))

    def __reduce__(self) -> tuple[Any, ...]:
        return Resident, (self.model, self.row)

    def __repr__(self) -> str:
        return f"Resident(row={self.row}, age={self.age:.0f}, area={self.area})"
