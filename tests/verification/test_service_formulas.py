"""The service loop against what queueing theory knows exactly.

Each figure is the mean of RUNS independent runs, the first tenth of every run left out. It must lie within four
standard errors of the formula (with RUNS runs a correct loop, redrawn, would fail in about 1 of 6000 such figures;
the seeds are fixed, so it fails always or never) and within the relative tolerance given with it.
Near saturation such tests are weak: the exact comparisons are in `test_service_ciw.py` and `tests/twins`.
"""

from __future__ import annotations

import math

import numpy as np
import pytest

from sim.mechanisms.service_kernel import serve
from sim.world.cases import LAPSED, NEVER, CaseTable, ServiceState
from sim.world.service import DAY_TICKS, Offices, Pools, ServiceTables

pytestmark = pytest.mark.verification

RUNS, CASES = 60, 40_000
MEAN = 4_000  # ticks of a service: rounding to ticks moves a wait by one part in ten thousand
Z = 4.0


def one_run(
    seed: int, servers: int, load: float, shares=(1.0,), exponential=False, patience=None, count=CASES
) -> CaseTable:
    """Return cases of a Poisson stream at one office after they were served, the first tenth cut off."""
    rng = np.random.default_rng([seed, servers, int(100 * load)])
    joined = np.cumsum(rng.exponential(MEAN / servers / load, count)).astype(np.int64)
    hours = MEAN / 3600 * (rng.exponential(1.0, count) if exponential else 1.0)
    limit = NEVER if patience is None else np.minimum(rng.exponential(patience, count), 1e8)
    rank = rng.choice(len(shares), count, p=shares)
    cases = CaseTable.empty(count)
    cases.append(
        count,
        key=rng.permutation(count),
        joined=joined,
        hours=hours,
        cv=0.0 if exponential else 1.0,
        rank=rank,
        patience=limit,
        stops=[[0, -1, -1, -1]] * count,
    )
    offices = Offices(np.zeros(1, int), np.zeros(1, int), np.zeros(1, int), np.zeros(1, int))
    pools = Pools(np.array([servers]), np.array([DAY_TICKS]), np.ones(1))
    tables = ServiceTables(key=np.uint64(seed), cap=1e9)
    serve(cases, offices, pools, ServiceState.empty(), 0, int(joined[-1]) // DAY_TICKS + 200, tables)
    kept = np.arange(count) >= count // 10
    return CaseTable(int(kept.sum()), {name: array[kept] for name, array in cases.arrays.items()})


def agrees(figures: list[float], known: float, tolerance: float) -> None:
    """Compare the mean over runs with the formula."""
    mean, error = np.mean(figures), np.std(figures, ddof=1) / math.sqrt(len(figures))
    assert abs(mean - known) < Z * error, f"{mean:.6g} against {known:.6g}, standard error {error:.2g}"
    assert mean == pytest.approx(known, rel=tolerance)


def erlang_c(servers: int, load: float) -> float:
    """Return the mean wait in the M/M/c queue, in mean services."""
    a = servers * load
    last = a**servers / math.factorial(servers) / (1 - load)
    waits = last / (sum(a**k / math.factorial(k) for k in range(servers)) + last)
    return waits / (servers * (1 - load))


@pytest.mark.parametrize(("servers", "load"), [(1, 0.7), (3, 0.85), (8, 0.9)])
def test_many_desks_wait_as_erlang_says(servers, load):
    """With exponential services the mean wait at one, three and eight desks is Erlang's C formula within 5 %."""
    waits = [one_run(s, servers, load, exponential=True).waited.mean() / MEAN for s in range(RUNS)]
    agrees(waits, erlang_c(servers, load), 0.05)


@pytest.mark.parametrize("load", [0.5, 0.8])
def test_one_desk_waits_as_pollaczek_and_khinchine_say(load):
    """With lognormal services drawn by the loop the mean wait at one desk is Pollaczek and Khinchine's within 5 %."""
    waits = [one_run(s, 1, load).waited.mean() / MEAN for s in range(RUNS)]
    agrees(waits, load * (1 + 1.0**2) / 2 / (1 - load), 0.05)


def test_ranks_wait_as_cobham_says():
    """Three ranks at one desk with lognormal services wait as Cobham's formula says, each within 6 %."""
    shares, load = (0.35, 0.5, 0.15), 0.8
    runs = [one_run(s, 1, load, shares) for s in range(RUNS)]
    residual = load * (1 + 1.0**2) / 2
    below = np.concatenate([[0.0], np.cumsum(shares) * load])
    for rank in range(3):
        known = residual / (1 - below[rank]) / (1 - below[rank + 1])
        agrees([c.waited[c.rank == rank].mean() / MEAN for c in runs], known, 0.06)


def test_the_impatient_leave_as_erlang_says():
    """With exponential patience the share that lapses at five overloaded desks is that of the M/M/c+M queue."""
    servers, load, patience = 5, 1.1, 2.0  # patience in mean services
    weights, leaving = [1.0], [0.0]
    for n in range(1, 400):
        rate_down = min(n, servers) + max(n - servers, 0) / patience
        weights.append(weights[-1] * servers * load / rate_down)
        leaving.append(max(n - servers, 0) / patience)
    share = np.dot(weights, leaving) / sum(weights) / (servers * load)
    runs = [one_run(s, servers, load, exponential=True, patience=patience * MEAN) for s in range(RUNS)]
    agrees([(c.state == LAPSED).mean() for c in runs], share, 0.03)


def waits_at_full_load(count: int) -> np.ndarray:
    """Return the expected wait, in mean services, of each of the first cases at one desk under a load of exactly one.

    No mean settles there. From an empty desk Spitzer's identity gives, for exponential gaps and services, the sum over
    k up to n of E[S_k^+] / k = binomial(2k, k) / 4^k: (2n + 1) binomial(2n, n) / 4^n - 1, growing as 2 sqrt(n / pi).
    """
    k = np.arange(1, count)
    central = np.cumprod((2 * k - 1) / (2 * k))
    return np.concatenate([[0.0], np.cumsum(central)])


def test_at_a_load_of_one_waits_grow_as_spitzer_says():
    """Where work arrives exactly as fast as it is done, waits grow with the root of time, within a tenth of theory."""
    count = 1_000
    known = waits_at_full_load(count)[count // 10 :]
    assert known[-1] == pytest.approx(2 * math.sqrt(count / math.pi) - 1, rel=0.01)
    runs = [one_run(s, 1, 1.0, exponential=True, count=count).waited / MEAN for s in range(5 * RUNS)]
    agrees([waits.mean() for waits in runs], known.mean(), 0.1)
    half = len(known) // 2
    assert np.mean([waits[half:].mean() - waits[:half].mean() for waits in runs]) > 0


def test_without_load_nobody_waits():
    """At a desk with next to nothing to do a wait is next to nothing, and at several desks it is nothing at all."""
    waits = [one_run(s, 1, 1e-3, exponential=True, count=400).waited.mean() / MEAN for s in range(RUNS)]
    assert np.mean(waits) == pytest.approx(1e-3, abs=1e-3)
    assert one_run(1, 4, 1e-3, exponential=True, count=400).waited.sum() == 0
