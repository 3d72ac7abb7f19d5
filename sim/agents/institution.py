"""An institution: an ordinary Mesa agent whose state is its row of the institution table."""

from __future__ import annotations

import mesa
import numpy as np

from sim.agents.row_agent import RowAgent, read_only
from sim.base.errors import ContractError, nearest
from sim.base.text import say
from sim.catalogue import kinds, levers
from sim.world.columns import INSTITUTIONS
from sim.world.offices import staff_of

KIND_IDS = tuple(kinds())


class Institution(RowAgent, table="institutions", columns=INSTITUTIONS):
    """Any institution. Declared columns read as attributes; what a kind decides stands in its own class.

    Decisions are methods over all rows of a kind, because a call for each of a thousand offices would cost seconds in
    a preview; a mechanism says when and on what they decide. `unique_id` is the office's stable name, which no later
    office ever gets and both arms of a comparison share.
    """

    def __init__(self, model: mesa.Model, row: int):
        super().__init__(model)
        self.row = int(row)
        self.unique_id = self.id

    @property
    def kind(self) -> str:
        """Id of its kind in the catalogue; the column of this name holds the index."""
        return KIND_IDS[self._kind_index]

    @property
    def _kind_index(self) -> int:
        return int(self.model.world.institutions.kind[self.row])

    @property
    def staff(self) -> np.ndarray:
        """Rows of the people it employs, in stable order."""
        return staff_of(self.model.world, np.array([self.row]))

    @property
    def serves(self) -> np.ndarray:
        """Areas it serves, in order; none where its kind serves nobody in particular."""
        return np.flatnonzero(self.model.world.serving[self._kind_index] == self.row)

    @property
    def above(self) -> Institution | None:
        """The office above, None at the top."""
        return self.model.offices.get(self.parent)

    def rule(self, lever: str) -> float | np.ndarray:
        """Return a lever's value in force for this institution: at its seat, for its kind.

        A lever that has one value a duty class or a hop gives them all, in catalogue order or from the top down.
        """
        if lever not in levers():
            hint = nearest(lever, levers()) or "-"
            raise ContractError(say("no lever `{name}` (nearest: {nearest})", name=lever, nearest=hint))
        row, values = levers()[lever], self.model.world.rule(lever)
        if row.by == "kind":
            values = values[self._kind_index]
        if row.domain == "area":
            values = values[..., self.seat]
        return read_only(values) if np.ndim(values) else float(values)

    def __repr__(self) -> str:
        return f"{type(self).__name__}(row={self.row}, seat={self.seat})"
