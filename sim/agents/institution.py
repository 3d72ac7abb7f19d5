"""An institution: an ordinary Mesa agent whose state is its row of the institution table."""

from __future__ import annotations

from typing import Any

import mesa
import numpy as np

from sim.world.columns import INSTITUTIONS

COLUMNS = {column.name: column for column in INSTITUTIONS}


class Institution(mesa.Agent):
    """Any institution. Declared columns read as attributes; what a kind decides stands in its own class."""

    def __init__(self, model: mesa.Model, row: int):
        super().__init__(model)
        self.row = int(row)

    def __getattr__(self, name: str) -> Any:
        if name in COLUMNS:
            return getattr(self.model.world.institutions, name)[self.row].item()
        raise AttributeError(f"{type(self).__name__} has no {name}")

    @property
    def staff(self) -> np.ndarray:
        """Rows of the people it employs."""
        staff = self.model.world.staff
        return np.flatnonzero((staff.employer == self.row) & (staff.is_employed == 1))

    @property
    def serves(self) -> np.ndarray:
        """Areas it serves."""
        world = self.model.world
        return np.flatnonzero(world.serving[world.institutions.kind[self.row]] == self.row)

    @property
    def above(self) -> Institution | None:
        """The office above, None at the top."""
        return self.model.offices.get(int(self.model.world.institutions.parent[self.row]))

    def rule(self, lever: str) -> float:
        """Return a lever's value in force where it has its seat."""
        values = self.model.world.rule(lever)
        return (
            float(values)
            if values.ndim == 0
            else float(values[..., self.model.world.institutions.seat[self.row]])
        )

    def __repr__(self) -> str:
        return f"{type(self).__name__}(row={self.row}, seat={self.seat})"
