"""The world: every number of the model at the end of a month, and nothing that decides.

A world is plain arrays, so that it copies (two arms branch from one), saves and continues bit for bit.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass, field

import numpy as np

from sim.catalogue import kinds
from sim.draws import Draws
from sim.scenario.frame import PlaceFrame
from sim.world.cases import CaseTable, ServiceState
from sim.world.table import Table


@dataclass
class World:
    """State of one place in one arm.

    month: absolute month index about to be simulated. tables: columns by table name, also reachable as
    attributes (`world.residents`). ties: uint32 (n_residents, 8) rows of others, the sentinel n_residents where
    there is none; tie_activity: uint8 0-255 weight. serving: int32 (n_kinds, n_areas) the office of a kind that
    serves an area, -1 none. distance: float32 (n_kinds, n_blocks) km to it. rules: lever values in force, each
    with its area or hop axis last. assume: value of every assumption. posts: pending changes of stocks.
    """

    month: int
    frame: PlaceFrame
    draws: Draws
    assume: dict[str, float]
    tables: dict[str, Table]
    ties: np.ndarray
    tie_activity: np.ndarray
    serving: np.ndarray
    distance: np.ndarray
    cases: CaseTable
    service: ServiceState
    rules: dict[str, np.ndarray] = field(default_factory=dict)
    # The first month of the world, so that working days can be counted from it.
    first_month: int = 0
    events: list[dict] = field(default_factory=list)
    counters: dict[str, int] = field(default_factory=dict)
    # Funds that are being paid: (operation, areas, first month, month after the last or None).
    funds: list[tuple] = field(default_factory=list)
    # Work is conserved across months: what ever came in, against what ended and what is still there.
    ledger: dict[str, int] = field(default_factory=dict)

    def __getattr__(self, name: str) -> Table:
        tables = self.__dict__.get("tables")
        if tables is None or name not in tables:
            raise AttributeError(name)
        return tables[name]

    @property
    def n_areas(self) -> int:
        """Number of fixed reporting areas."""
        return self.frame.n_areas

    @property
    def first_day(self) -> int:
        """Return the working day on which this month begins, counted from the world's first."""
        return (self.month - self.first_month) * DAYS_PER_MONTH

    def serving_rows(self, kind: str) -> np.ndarray:
        """Return, per area, the row of the office of this kind that serves it, -1 where there is none."""
        return self.serving[KIND[kind]]

    def open_rows(self, kind: str) -> np.ndarray:
        """Return the rows of the open offices of a kind, in order of founding."""
        table = self.institutions
        return np.flatnonzero((table.kind == KIND[kind]) & (table.is_open == 1))

    def rule(self, lever: str) -> np.ndarray:
        """Return the value of a lever in force this month, an array with its area or hop axis last."""
        return self.rules[lever]

    def copy(self) -> World:
        """Return an independent world of the same numbers; what never changes (the frame) is shared."""
        twin = copy.copy(self)
        twin.tables = {name: table.copy() for name, table in self.tables.items()}
        twin.ties, twin.tie_activity = self.ties.copy(), self.tie_activity.copy()
        twin.serving, twin.distance = self.serving.copy(), self.distance.copy()
        twin.cases, twin.service = self.cases.copy(), self.service.copy()
        twin.rules = dict(self.rules)
        twin.draws = copy.copy(self.draws)
        twin.events, twin.counters = list(self.events), dict(self.counters)
        twin.ledger, twin.funds = dict(self.ledger), list(self.funds)
        return twin

    @property
    def nbytes(self) -> int:
        """Bytes held by all columns, ties and cases."""
        return sum(t.nbytes for t in self.tables.values()) + self.ties.nbytes + self.tie_activity.nbytes


DAYS_PER_MONTH = 21
REFERENCE_HOUSEHOLDS = 2000.0  # of the community that yearly volumes of work are stated for
KIND = {kind: index for index, kind in enumerate(kinds())}
# Kinds that live on contracts or fees: their posts and rooms cost the public nothing beside what it buys.
OWN_PURSE = (KIND["social_organisation"], KIND["property_service"])
