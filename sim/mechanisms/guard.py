"""A table as a mechanism may see it: what it declared and nothing else."""

from __future__ import annotations

import numpy as np

from sim.base.errors import ContractError
from sim.base.text import say
from sim.world.table import Table


class Guard:
    """One table as a mechanism may see it: `guard.age`; `guard.n` is the number of rows.

    What was asked for once is kept, so that asking again costs nothing, until the table gets other rows.
    """

    def __init__(self, table: Table, mechanism: str, reads: tuple[str, ...], writes: tuple[str, ...]):
        self._table, self._grown = table, table.grown
        self._mechanism, self._reads, self._writes = mechanism, reads, writes

    def stands_for(self, table: Table) -> bool:
        """Return whether what is kept here is still what this table holds."""
        return self._table is table and self._grown == table.grown

    @property
    def n(self) -> int:
        """Number of rows."""
        return self._table.n

    def __getattr__(self, column: str) -> np.ndarray:
        name = f"{self._table.name}.{column}"
        array = getattr(self._table, column)
        if name in self._writes:
            self.__dict__[column] = array
            return array
        if name in self._reads:
            view = array.view()
            view.flags.writeable = False
            self.__dict__[column] = view
            return view
        raise ContractError(
            say(
                "{mechanism} touches {column} without declaring it",
                mechanism=self._mechanism,
                column=name,
            )
        )
