"""The service loop against Ciw, an independent queueing simulator: the same cases, case by case, to the tick.

Both get the same arrival ticks and service ticks. Arrivals are distinct and services long, so that ticks are fine
against what happens and Ciw, which breaks ties at random, has hardly any to break. A file handed on waits in ours
for the next full hour; in Ciw it passes a node without queue that takes just as long, plus a distinct fraction of a
tick that puts those who arrive together in our order (rank, key).
"""

from __future__ import annotations

import numpy as np
import pytest

from sim.draws import u01
from sim.mechanisms.service_kernel import serve
from sim.mechanisms.window_kernel import service_ticks
from sim.world.cases import DONE, CaseTable, ServiceState
from sim.world.service import DAY_TICKS, Offices, Pools, ServiceTables

ciw = pytest.importorskip("ciw")
pytestmark = pytest.mark.verification

HOUR = 3600
FRACTION = 2.0**-20
RANK_SHARES = (0.35, 0.5, 0.15)
TABLES = ServiceTables(key=np.uint64(11), share=np.ones(3), cap=10.0)


def make_cases(
    routes: list[tuple[int, ...]], n: int, mean_hours: float, horizon: int, seed: int
) -> CaseTable:
    """Return n cases with distinct arrivals off the full hours, equally many on each route."""
    rng = np.random.default_rng(seed)
    ticks = np.unique(rng.integers(1, horizon, n))
    ticks = ticks[ticks % HOUR != 0]
    n = len(ticks)
    stops = np.full((n, 4), -1)
    for r, route in enumerate(routes):
        stops[r :: len(routes), : len(route)] = route
    cases = CaseTable.empty(n)
    rank = rng.choice(3, n, p=RANK_SHARES)
    cases.append(
        n, key=rng.permutation(n), rank=rank, joined=ticks, filed=ticks, stops=stops, hours=mean_hours, cv=1.0
    )
    return cases


def by_us(cases: CaseTable, servers: list[int]) -> dict[int, tuple[int, int]]:
    """Return {arrival: (ticks waited in all queues, end)} of our loop, open day and night."""
    n = len(servers)
    offices = Offices(np.arange(n), np.zeros(n, int), np.zeros(n, int), np.arange(n))
    pools = Pools(np.array(servers), np.full(n, DAY_TICKS), np.ones(n))
    days = int(cases.joined.max()) // DAY_TICKS + 3000
    serve(cases, offices, pools, ServiceState.empty(), 0, days, TABLES)
    assert (cases.state == DONE).all()
    return {int(f): (int(w), int(e)) for f, w, e in zip(cases.filed, cases.waited, cases.end, strict=True)}


class Gaps(ciw.dists.Distribution):
    """Times between given arrivals, then none."""

    def __init__(self, ticks: np.ndarray):
        self.gaps, self.at = [*np.diff(ticks, prepend=0).astype(float).tolist(), 1e15], -1

    def sample(self, t=None, ind=None):
        self.at += 1
        return self.gaps[self.at]


class Work(ciw.dists.Distribution):
    """The case's own service ticks at each visit."""

    def sample(self, t=None, ind=None):
        case, visit = ind.case, ind.visit
        ind.visit += 1
        u = u01(TABLES.key, case["key"], visit)
        return float(service_ticks(case["hours"], case["spread"], 1.0, TABLES.cap, u))


class Post(ciw.dists.Distribution):
    """Until the next full hour, those of one hour in the order (rank, key)."""

    def sample(self, t=None, ind=None):
        return (t // HOUR + 1) * HOUR + ind.case["place"] * FRACTION - t


def by_ciw(cases: CaseTable, servers: list[int], seed: int) -> dict[int, tuple[int, int]]:
    """Return the same of Ciw."""
    post, n = len(servers) + 1, cases.n
    known = {}
    for i in range(n):
        route = [int(s) + 1 for s in cases.stops[i] if s >= 0]
        path = [node for stop in route[1:] for node in (post, stop)]
        place = int(cases.rank[i]) * n + int(cases.key[i])
        known[int(cases.filed[i])] = {
            "key": np.uint64(cases.key[i]),
            "hours": float(cases.hours[i]),
            "spread": float(cases.spread[i]),
            "first": route[0],
            "path": path,
            "place": place,
        }

    def route_of(ind, simulation):
        ind.case, ind.visit = known[round(simulation.current_time)], 0
        return list(ind.case["path"])

    arrivals = {}
    for rank in range(3):
        times = np.sort(cases.filed[cases.rank == rank])
        arrivals[str(rank)] = [Gaps(times)] + [None] * len(servers)
    network = ciw.create_network(
        arrival_distributions=arrivals,
        service_distributions={str(r): [*[Work() for _ in servers], Post()] for r in range(3)},
        routing={str(r): ciw.routing.ProcessBased(route_of) for r in range(3)},
        number_of_servers=[*servers, float("inf")],
        priority_classes={str(r): r for r in range(3)},
    )
    ciw.seed(seed)
    simulation = ciw.Simulation(network)
    simulation.simulate_until_max_time(1e14)
    lives: dict[int, tuple[int, int]] = {}
    for individual in simulation.nodes[-1].all_individuals:
        visits = [r for r in individual.data_records if r.node != post]
        wait = sum(r.waiting_time for r in visits)
        lives[round(visits[0].arrival_date)] = (round(wait), round(visits[-1].exit_date))
    return lives


def compare(
    routes: list[tuple[int, ...]], servers: list[int], load: float, n: int, hours: float, seed: int
) -> None:
    visits = np.zeros(len(servers))
    for route in routes:
        np.add.at(visits, list(route), 1 / len(routes))
    horizon = int(n * np.max(visits / np.array(servers)) * hours * HOUR / load)
    cases = make_cases(routes, n, hours, horizon, seed)
    ours, theirs = by_us(cases, servers), by_ciw(cases, servers, seed)
    assert len(ours) == len(theirs) == cases.n
    assert np.mean([w for w, _ in ours.values()]) > 0.1 * hours * HOUR  # they did queue
    assert {t: life for t, life in ours.items() if theirs[t] != life} == {}


def test_one_office_with_priorities_is_ciws():
    """At one office of four desks and three ranks every one of 20 000 cases waits and ends as in Ciw."""
    compare([(0,)], [4], load=0.9, n=20_000, hours=40.0, seed=5)


def test_three_offices_with_hand_overs_are_ciws():
    """On the routes 0, 01, 010 and 0120 between three offices every one of 20 000 cases lives as in Ciw."""
    compare([(0,), (0, 1), (0, 1, 0), (0, 1, 2, 0)], [6, 3, 2], load=0.9, n=20_000, hours=40.0, seed=6)
