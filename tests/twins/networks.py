"""Small random places for the service loop: offices, pools and cases full of ties, made from one number."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from sim.mechanisms.service_kernel import serve
from sim.world.cases import CASES, NEVER, RIVAL, CaseTable, ServiceState
from sim.world.service import DAY_TICKS, Offices, Pools, ServiceMonth, ServiceTables

DAYS = 6
CASE_COLUMNS = tuple(c.name for c in CASES)
OPENINGS = (28_800, 43_200, 3_600, 20_001, 0)


@dataclass
class Network:
    """Offices with their pools month by month, and cases that all are known from the start.

    moves: by month, which office takes over from each office row when the month begins.
    """

    offices: Offices
    pools: list[Pools]
    cases: CaseTable
    tables: ServiceTables
    moves: list[np.ndarray]

    def run(self, n_days: int = DAYS) -> tuple[CaseTable, list[ServiceMonth]]:
        """Return the cases at the end and every call's counts, calling for so many days at a time."""
        cases, state, months = self.cases.copy(), ServiceState.empty(), []
        for month, pools in enumerate(self.pools):
            cases.readdress(self.moves[month])
            for day in range(0, DAYS, n_days):
                days = min(n_days, DAYS - day)
                months.append(serve(cases, self.offices, pools, state, month * DAYS + day, days, self.tables))
        return cases, months

    def with_rows(self, order: np.ndarray) -> Network:
        """Return the same network with its case rows in another order."""
        cases = CaseTable(self.cases.n, {name: getattr(self.cases, name)[order] for name in CASE_COLUMNS})
        return replace(self, cases=cases)

    def with_pools(self, order: np.ndarray) -> Network:
        """Return the same network with its pool rows in another order; order[new] is the old row."""
        new_row = np.argsort(order)
        pool = np.where(self.offices.pool >= 0, new_row[self.offices.pool], -1)
        pools = [
            Pools(p.servers[order], p.open_ticks[order], p.speed[order], p.lanes[order]) for p in self.pools
        ]
        return replace(self, offices=replace(self.offices, pool=pool), pools=pools)


def network(seed: int, n_cases: int, n_pools: int = 3, n_months: int = 3, coarse: bool = True) -> Network:
    """Return a network; coarse puts arrivals and services on half hours, so that ties are everywhere."""
    rng = np.random.default_rng(seed)
    n_offices = n_pools + int(rng.integers(0, 3))
    pool = np.append(rng.permutation(n_pools), rng.integers(-1, n_pools, n_offices - n_pools))
    offices = Offices(
        pool, rng.integers(0, 2, n_offices), rng.integers(0, 4, n_offices), rng.integers(0, 99, n_offices)
    )
    opening = rng.choice(OPENINGS, n_pools, p=[0.5, 0.2, 0.1, 0.15, 0.05])
    pools = [
        Pools(
            rng.integers(0, 4, n_pools),
            np.where(rng.random(n_pools) < 0.8, opening, 28_800),
            rng.choice([0.5, 1.0, 1.3], n_pools),
            np.array([rng.permutation(3) if rng.random() < 0.5 else range(3) for _ in range(n_pools)]),
        )
        for _ in range(n_months)
    ]
    tables = ServiceTables(key=np.uint64(seed), cap=3.0, wait_edges=np.array([1, 1800, 3600, 14_400, 43_200]))
    cases = _cases(rng, n_cases, n_offices, n_months * DAYS, coarse)
    stay = np.arange(n_offices)
    moves = [
        np.where(rng.random(n_offices) < 0.3 * (m > 0), rng.permutation(n_offices), stay)
        for m in range(n_months)
    ]
    return Network(offices, pools, cases, tables, moves)


def _cases(rng: np.random.Generator, n: int, n_offices: int, days: int, coarse: bool) -> CaseTable:
    grain = 1800 if coarse else 1
    length = rng.integers(1, 5, n)
    stops = np.where(np.arange(4) < length[:, None], rng.integers(0, n_offices, (n, 4)), -1)
    joined = rng.integers(0, int(days * 0.7) + 1, n) * DAY_TICKS + rng.integers(0, 32_400 // grain, n) * grain
    patience = np.where(rng.random(n) < 0.5, rng.integers(0, 2 * DAY_TICKS // grain, n) * grain, NEVER)
    promote = np.where(
        rng.random(n) < 0.3,
        joined + rng.integers(-1, 3 * DAY_TICKS // grain, n) * grain,
        NEVER,
    )
    elements = rng.integers(0, 3, (n, 4))
    # Some may be owned by two offices: a rival stands after a stop that is there, and looks go back and forth.
    at = rng.integers(1, 4, n)
    disputed = np.flatnonzero((length > at) & (rng.random(n) < 0.5))
    elements[disputed, at[disputed]] = RIVAL
    passes = np.zeros(n, np.int64)
    passes[disputed] = rng.integers(0, 5, len(disputed))
    passes[stops[np.arange(n), at - 1] == stops[np.arange(n), at]] = 0
    cases = CaseTable.empty(4)
    cases.append(
        n,
        key=rng.permutation(n),
        rank=rng.integers(0, 3, n),
        promote=promote,
        joined=joined,
        filed=joined,
        patience=patience,
        hours=rng.integers(1, 12, n) * 0.5,
        cv=0.0 if coarse else 1.0,
        stops=stops,
        elements=elements,
        passes=passes,
    )
    return cases


def lives(cases: CaseTable) -> dict[str, np.ndarray]:
    """Return all columns in the order of the keys."""
    order = np.argsort(cases.key)
    return {name: getattr(cases, name)[order] for name in CASE_COLUMNS}


def total(months: list[ServiceMonth], name: str) -> np.ndarray:
    """Return a count summed over calls; `waiting` at the end of the last one."""
    arrays = [getattr(m, name) for m in months]
    return arrays[-1] if name == "waiting" else sum(arrays)
