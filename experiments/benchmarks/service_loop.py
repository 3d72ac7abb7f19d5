"""How many events a second does the service loop run, and how does Ciw do on the same cases in the same run?

    python experiments/benchmarks/service_loop.py [--quick]

An event is a visit joining a queue, a service completed, or a visit lapsed. The place: 900 committees, 90 street
offices, 10 district offices, one pool each, routes that go up and come back, files for another layer leaving every
fifth day, three ranks, lognormal hours, patience of five to twenty working days. Months are timed by CPU time of the
thread; the figures of a shared machine move by a third, the ratios hardly.
"""

from __future__ import annotations

import argparse
import platform
import statistics
import sys
import time
from pathlib import Path

import numba
import numpy as np

from sim.draws import u01
from sim.mechanisms import service_kernel
from sim.mechanisms.window_kernel import service_ticks
from sim.world.cases import NEVER, CaseTable, ServiceState
from sim.world.service import DAY_TICKS, Offices, Pools, ServiceMonth, ServiceTables

COMMITTEES, STREETS, DISTRICTS = 900, 90, 10
N = COMMITTEES + STREETS + DISTRICTS
DAYS, WARM, OPEN = 21, 2, 28_800
SHARE = np.array([1.0, 0.15, 0.3])
EDGES = np.unique(np.geomspace(60, 60 * DAY_TICKS, 40).astype(np.int64))


class Place:
    """Offices staffed for a load of .7 to .95, and a stream of cases for them."""

    def __init__(self, cases_a_year: float, seed: int = 1):
        self.rng, self.n = np.random.default_rng(seed), int(cases_a_year / 12)
        self.servers = self.rng.integers(1, 16, N)
        self.hours = 1.0
        wanted = self._wanted(self.month(0))
        capacity = self.servers * OPEN / 3600 * DAYS * self.rng.uniform(0.7, 0.95, N)
        self.hours = float(capacity[:COMMITTEES].sum() / wanted[:COMMITTEES].sum())
        needed = np.ceil(wanted[COMMITTEES:] * self.hours / (0.85 * OPEN / 3600 * DAYS))
        self.servers[COMMITTEES:] = np.maximum(needed, 1)
        layer = np.repeat([2, 1, 0], [COMMITTEES, STREETS, DISTRICTS])
        self.offices = Offices(np.arange(N), layer, np.full(N, 5), np.arange(N))
        self.pools = Pools(self.servers, np.full(N, OPEN), np.ones(N))
        self.tables = ServiceTables(key=np.uint64(seed), share=SHARE, wait_edges=EDGES)

    def _wanted(self, columns: dict) -> np.ndarray:
        there = columns["stops"] >= 0
        return np.bincount(columns["stops"][there], SHARE[columns["elements"][there]], minlength=N)

    def month(self, month: int) -> dict[str, np.ndarray]:
        """Return the columns of a month's new cases by (day, office, time)."""
        rng, n = self.rng, self.n
        committee = rng.integers(0, COMMITTEES, n)
        street, district = COMMITTEES + committee // 10, COMMITTEES + STREETS + committee // 90
        stops, elements = np.full((n, 4), -1), np.zeros((n, 4), int)
        stops[:, 0], route = committee, rng.random(n)
        up = route < 0.35
        stops[up, 1], elements[up, 1] = street[up], 1
        back = route < 0.25
        stops[back, 2], elements[back, 2] = committee[back], 2
        far = route < 0.08
        stops[far, 2], stops[far, 3], elements[far, 3] = district[far], committee[far], 2
        day = rng.integers(0, DAYS, n)
        joined = (month * DAYS + day) * DAY_TICKS + rng.integers(0, OPEN, n)
        rank = rng.choice(3, n, p=[0.35, 0.5, 0.15])
        columns = {
            "key": rng.permutation(n) + month * n,
            "rank": rank,
            "joined": joined,
            "filed": joined,
            "stops": stops,
            "elements": elements,
            "patience": np.where(rank == 0, NEVER, rng.integers(5, 21, n) * DAY_TICKS),
        }
        order = np.lexsort((joined, committee, day))
        return {name: column[order] for name, column in columns.items()} | {"hours": self.hours, "cv": 1.0}


def events(month: ServiceMonth) -> int:
    """Return joins, completions and lapses together."""
    return int(month.joins.sum() + month.completions.sum() + month.lapsed.sum())


def our_rate(cases_a_year: float, months: int) -> str:
    """Serve some months and return a line of the table."""
    place, cases, state = Place(cases_a_year), CaseTable.empty(), ServiceState.empty()
    loop, whole, count, rows = [], [], [], 0
    inside = service_kernel.run_windows

    def timed(*args: object) -> None:
        start = time.thread_time()
        inside(*args)
        loop.append(time.thread_time() - start)

    service_kernel.run_windows = timed
    for m in range(months + WARM):
        new = place.month(m)
        start = time.thread_time()
        cases.append(place.n, **new)
        month = service_kernel.serve(cases, place.offices, place.pools, state, m * DAYS, DAYS, place.tables)
        rows = max(rows, cases.n)
        cases.compact()
        whole.append(time.thread_time() - start)
        count.append(events(month))
    service_kernel.run_windows = inside
    per_month = statistics.fmean(count[WARM:])
    use = month.pool_busy.sum() / month.open.sum()
    size = cases.nbytes / cases.capacity
    rates = [per_month / statistics.median(times[WARM:]) / 1e6 for times in (loop, whole)]
    return (
        f"{cases_a_year:>9.0e}  {per_month:>9.0f}  {rates[0]:>6.1f}  {rates[1]:>6.1f}  {use:>5.2f}  "
        f"{rows:>8d}  {size:>5.0f}  {60 * statistics.median(whole[WARM:]):>6.2f}"
    )


def against_ciw(n_offices: int, n_cases: int) -> str:
    """Run the same cases at unconnected offices of four desks here and in Ciw; return a line of the table."""
    rng, hours = np.random.default_rng(n_offices), 40.0
    horizon = int(n_cases * hours * 3600 / n_offices / 4 / 0.85)
    joined = np.unique(rng.integers(1, horizon, n_cases))
    n = len(joined)
    cases = CaseTable.empty(n)
    office, rank = rng.integers(0, n_offices, n), rng.integers(0, 3, n)
    stops = np.column_stack([office, np.full((n, 3), -1)])
    cases.append(
        n, key=np.arange(n), rank=rank, joined=joined, filed=joined, hours=hours, cv=1.0, stops=stops
    )
    ones, zeros = np.ones(n_offices), np.zeros(n_offices, int)
    offices = Offices(np.arange(n_offices), zeros, zeros, np.arange(n_offices))
    pools = Pools(4 * ones.astype(int), np.full(n_offices, DAY_TICKS), ones)
    tables = ServiceTables(key=np.uint64(3))
    start = time.thread_time()
    days = horizon // DAY_TICKS + 1000
    month = service_kernel.serve(cases, offices, pools, ServiceState.empty(), 0, days, tables)
    ours = time.thread_time() - start
    theirs, lives = by_ciw(cases, n_offices, tables.key)
    same = sum(lives[int(t)] == int(w) for t, w in zip(cases.filed, cases.waited, strict=True))
    count = events(month)
    return (
        f"{n_offices:>7d}  {count:>7d}  {count / ours / 1e6:>8.2f}  {count / theirs / 1e6:>8.4f}  "
        f"{theirs / ours:>6.0f}  {same} of {n}"
    )


def by_ciw(cases: CaseTable, n_offices: int, key: np.uint64) -> tuple[float, dict[int, int]]:
    """Return Ciw's CPU seconds and {arrival: ticks waited}."""
    import ciw

    known = {int(t): i for i, t in enumerate(cases.filed)}

    class Gaps(ciw.dists.Distribution):
        def __init__(self, ticks: np.ndarray):
            self.gaps, self.at = [*np.diff(ticks, prepend=0).astype(float).tolist(), 1e15], -1

        def sample(self, t: float | None = None, ind: object = None) -> float:
            self.at += 1
            return self.gaps[self.at]

    class Work(ciw.dists.Distribution):
        def sample(self, t: float | None = None, ind: object = None) -> float:
            i = known[round(ind.arrival_date)]
            u = u01(key, cases.key[i], 0)
            return float(service_ticks(float(cases.hours[i]), float(cases.spread[i]), 1.0, 10.0, u))

    def stream(rank: int, office: int) -> Gaps:
        return Gaps(cases.filed[(cases.rank == rank) & (cases.stops[:, 0] == office)])

    ranks = {str(r): r for r in range(3)}
    network = ciw.create_network(
        arrival_distributions={name: [stream(r, o) for o in range(n_offices)] for name, r in ranks.items()},
        service_distributions={name: [Work() for _ in range(n_offices)] for name in ranks},
        routing={name: np.zeros((n_offices, n_offices)).tolist() for name in ranks},
        number_of_servers=[4] * n_offices,
        priority_classes=ranks,
    )
    ciw.seed(1)
    simulation = ciw.Simulation(network)
    start = time.thread_time()
    simulation.simulate_until_max_time(1e14)
    seconds = time.thread_time() - start
    records = (i.data_records[0] for i in simulation.nodes[-1].all_individuals)
    return seconds, {round(r.arrival_date): round(r.waiting_time) for r in records}


def main() -> None:
    """Print both tables."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="fewer months and smaller networks")
    quick = parser.parse_args().quick
    cpu = next(
        (line.split(":")[1].strip() for line in _lines("/proc/cpuinfo") if line.startswith("model name")),
        platform.processor(),
    )
    print(f"{cpu}; Python {sys.version.split()[0]}, numpy {np.__version__}, numba {numba.__version__}")
    our_rate(1e4, 1)  # compiles
    print(f"\n{N} offices\n cases/yr  events/mo  loop M/s  all M/s   use  rows max  B/row  s for 60 months")
    for cases_a_year in (1e5, 1e6) if quick else (1e5, 1e6, 5e6):
        print(our_rate(cases_a_year, 6 if quick else 24))
    print("\nagainst Ciw\noffices   events  ours M/s  Ciw M/s   ratio  same waits")
    for n_offices, n_cases in ((1, 4_000), (3, 4_000)) if quick else ((1, 20_000), (3, 20_000), (50, 20_000)):
        print(against_ciw(n_offices, n_cases))


def _lines(path: str) -> list[str]:
    file = Path(path)
    return file.read_text(encoding="utf-8").splitlines() if file.exists() else []


if __name__ == "__main__":
    main()
