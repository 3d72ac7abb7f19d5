"""The compiled service loop against its plain twin, case by case, and what must hold for any network."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.twins import networks as nets
from tests.twins import service_twin as twin

SEEDS = st.integers(0, 2**32 - 1)
SIZES = st.integers(0, 60)


def as_array(counts: dict, like: np.ndarray) -> np.ndarray:
    out = np.zeros_like(like)
    for index, value in counts.items():
        if not isinstance(index, int) or index >= 0:
            out[index] = value
    return out


@settings(max_examples=150)
@given(seed=SEEDS, n=SIZES, coarse=st.booleans())
def test_every_case_lives_as_in_the_twin(seed, n, coarse):
    """Every case and every count agree with the heap of events; staff, hours and addresses change every month."""
    net = nets.network(seed, n, coarse=coarse)
    plain = net.cases.copy()
    cases, months = net.run()
    for month, pools in enumerate(net.pools):
        plain.readdress(net.moves[month])
        counts = twin.Month(plain, net.offices, pools, month * nets.DAYS, nets.DAYS, net.tables).run()
        for name in (*twin.COUNTS, "open", "overrun", "free", "usable"):
            ours = getattr(months[month], name)
            assert (as_array(counts[name], ours) == ours).all(), name
    for name, column in nets.lives(plain).items():
        assert (column == nets.lives(cases)[name]).all(), name


@given(seed=SEEDS, n=SIZES, days=st.integers(1, 4), coarse=st.booleans())
def test_any_chunk_of_days_gives_the_same_lives(seed, n, days, coarse):
    """Calling for a day or for four at a time changes no case and no count but the hour-long gaps, cut at the calls."""
    net = nets.network(seed, n, coarse=coarse)
    (whole, months), (pieces, parts) = net.run(), net.run(days)
    for name, column in nets.lives(whole).items():
        assert (column == nets.lives(pieces)[name]).all(), name
    for name in (*twin.COUNTS, "open", "pool_busy", "overrun", "free"):
        assert (nets.total(months, name) == nets.total(parts, name)).all(), name


@given(seed=SEEDS, n=SIZES)
def test_order_of_rows_and_pools_changes_nothing(seed, n):
    """Shuffling the rows of cases and of pools gives every case the same life."""
    net, rng = nets.network(seed, n), np.random.default_rng(seed)
    expected = nets.lives(net.run()[0])
    for other in (
        net.with_rows(rng.permutation(n)),
        net.with_pools(rng.permutation(len(net.pools[0].servers))),
    ):
        for name, column in nets.lives(other.run()[0]).items():
            assert (column == expected[name]).all(), name


@given(seed=SEEDS, n=SIZES, coarse=st.booleans())
def test_work_and_time_are_conserved(seed, n, coarse):
    """Visits are started, lapsed or waiting; hours are busy or free; no wait and no free time is negative."""
    net = nets.network(seed, n, coarse=coarse)
    cases, months = net.run()
    sums = {name: nets.total(months, name) for name in twin.COUNTS}
    by_rank = {name: sums[name].sum(axis=0) for name in ("joins", "starts", "lapsed", "waiting")}
    assert (by_rank["joins"] == by_rank["starts"] + by_rank["lapsed"] + by_rank["waiting"]).all()
    in_service = cases.state == twin.IN_SERVICE
    assert sums["starts"].sum() == sums["completions"].sum() + in_service.sum()
    assert (sums["waits"].sum(axis=2) == sums["starts"]).all()
    assert (
        min(cases.waited.min(initial=0), cases.passes.min(initial=0), cases.left[in_service].min(initial=0))
        >= 0
    )
    ended = cases.state >= twin.DONE
    assert (cases.end[ended] - cases.filed[ended] >= cases.waited[ended]).all()
    for m in months:
        assert (m.free >= 0).all()
        assert ((m.usable >= 0) & (m.usable <= m.free)).all()
        assert (m.open == m.free + m.pool_busy - m.overrun).all()
