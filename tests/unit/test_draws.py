"""Random numbers by name: the published sequence, the twin, freedom of order, and no visible pattern."""

from __future__ import annotations

import math
from hashlib import blake2b
from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from sim.base.errors import ContractError
from sim.draws import (
    Draws,
    decision_key,
    float_uniforms,
    gamma_unit_mean,
    mixer,
    poisson,
    reference,
    row_keys,
)

NAMES = ("populate.age", "vote.yes", "vote.turnout")
WORDS = st.integers(0, 2**64 - 1)
UNIFORMS = st.floats(0, 1, exclude_max=True)
# First five numbers of splitmix64 with seed 1234567, as published with the reference implementation.
PUBLISHED = (
    6457827717110365317, 3203168211198807973, 9817491932198370423, 4593380528125082431, 16408922859458223821
)  # fmt: skip


def draws(**changes) -> Draws:
    return Draws(**{"population_seed": 1, "history_seed": 2, "decisions": NAMES} | changes)


@pytest.mark.parametrize("twin", [mixer, reference])
def test_the_published_sequence_is_met(twin):
    """Chaining a seed with 0, 1, 2, ... gives the published splitmix64 sequence."""
    seed = np.uint64(1234567) if twin is mixer else 1234567
    assert tuple(int(twin.chain(seed, n)) for n in range(5)) == PUBLISHED


def test_a_decision_is_named_by_its_hash():
    """A decision's key is the first eight bytes of blake2b of its name."""
    assert decision_key("vote.yes") == int.from_bytes(blake2b(b"vote.yes").digest()[:8], "little")


@given(key=WORDS, who=WORDS, k=st.integers(0, 2**20))
def test_the_words_of_the_twins_are_equal(key, who, k):
    """Compiled and plain Python mixers agree in every bit."""
    args = np.uint64(key), np.uint64(who), np.uint64(k)
    for name in ("u64", "u01", "u24"):
        assert getattr(mixer, name)(*args) == getattr(reference, name)(key, who, k)
    assert int(mixer.stream_key(*args, np.uint64(1))) == reference.stream_key(key, who, k, 1)


@given(u=UNIFORMS, cv=st.floats(0, 3))
def test_the_quantiles_of_the_twins_are_equal(u, cv):
    """Compiled and plain Python normal and lognormal quantiles agree in every bit."""
    for name in ("std_normal", "quick_normal"):
        assert getattr(mixer, name)(u) == getattr(reference, name)(u)
    z, spread = reference.std_normal(u), reference.log_spread(cv)
    assert mixer.log_spread(cv) == spread
    assert mixer.lognormal_unit_mean(z, spread) == reference.lognormal_unit_mean(z, spread)


@given(u=UNIFORMS, mean=st.one_of(st.floats(0, 30), st.floats(400, 700)))
def test_the_counts_of_the_twins_are_equal(u, mean):
    """Compiled and plain Python Poisson quantiles agree."""
    assert mixer.poisson_scalar(u, mean) == reference.poisson_scalar(u, mean)


@given(u=st.floats(1e-12, 1 - 1e-12))
def test_normal_quantiles_are_normal(u):
    """The normal quantile agrees with the standard library's to twelve digits."""
    assert mixer.std_normal(u) == pytest.approx(NormalDist().inv_cdf(u), rel=1e-12, abs=1e-12)


@given(u=UNIFORMS)
def test_quick_normals_are_nearly_exact(u):
    """The quick normal quantile is off by less than 2e-4 and exact far out."""
    assert mixer.quick_normal(u) == pytest.approx(mixer.std_normal(u), abs=2e-4)


@pytest.mark.parametrize("u", [0.0, 1 - 2.0**-53])
def test_normal_quantiles_have_an_end(u):
    """The most extreme uniforms give finite normals."""
    assert 8 < abs(mixer.std_normal(u)) < 9


def test_a_lognormal_has_mean_one():
    """The lognormal's mean is one and its spread the one asked for."""
    u = (np.arange(200_000) + 0.5) / 200_000
    spread = mixer.log_spread(0.8)
    values = np.array([mixer.lognormal_unit_mean(mixer.quick_normal(x), spread) for x in u])
    assert values.mean() == pytest.approx(1, abs=1e-3)
    assert values.std() == pytest.approx(0.8, abs=0.02)


@pytest.mark.parametrize("mean", [0.01, 0.7, 4.0, 60.0, 480.0])
def test_counts_are_poisson(mean):
    """Poisson quantiles are those of the distribution."""
    u = draws().uniforms("vote.yes", 0, np.arange(5_000))
    assert (poisson(u, mean) == stats.poisson.ppf(u, mean)).all()


def test_large_counts_are_nearly_poisson():
    """Above the exact range a count is off by at most one."""
    u = draws().uniforms("vote.yes", 0, np.arange(5_000))
    assert np.abs(poisson(u, 800.0) - stats.poisson.ppf(u, 800.0)).max() <= 1


@given(u=UNIFORMS, low=st.floats(0, 20), more=st.floats(0, 5))
def test_a_higher_rate_takes_no_event_away(u, low, more):
    """Raising a rate never lowers a count drawn with the same luck."""
    assert mixer.poisson_scalar(u, low + more) >= mixer.poisson_scalar(u, low)


@pytest.mark.parametrize("shape", [0.8, 1.0, 2.0, 3.0, 25.0])
def test_gamma_quantiles_are_gamma(shape):
    """Gamma quantiles of mean one agree with the known distribution."""
    u = draws().uniforms("vote.yes", 0, np.arange(2_000))
    assert gamma_unit_mean(u, shape) == pytest.approx(stats.gamma.ppf(u, shape) / shape, rel=1e-9)


def test_draws_do_not_depend_on_order():
    """A person's luck is the same whoever else is asked, and in whatever order."""
    d, ids = draws(), np.arange(1_000, dtype=np.uint64)
    together = d.uniforms("vote.yes", 5, ids)
    assert (d.uniforms("vote.yes", 5, ids[::-1]) == together[::-1]).all()
    assert d.uniforms("vote.yes", 5, ids[[700]])[0] == together[700]


def test_numbers_within_an_id_come_one_for_each_id():
    """A k for each id, or one for all, is drawn by; any other number of them is refused and not read past its end."""
    draws, ids = Draws(1, 2, ["a"]), np.arange(5)
    each = draws.uniforms("a", 0, ids, np.arange(5))
    assert each.tolist() == [float(draws.uniforms("a", 0, ids[k : k + 1], k)[0]) for k in range(5)]
    for wrong in (np.arange(4), np.arange(6), np.zeros((5, 1), int)):
        with pytest.raises(ContractError, match="shape"):
            draws.uniforms("a", 0, ids, wrong)


def test_one_more_decision_changes_no_other():
    """Declaring a further decision leaves every other draw as it was."""
    ids = np.arange(100)
    more = draws(decisions=(*NAMES, "new.thing"))
    assert (more.uniforms("vote.yes", 3, ids) == draws().uniforms("vote.yes", 3, ids)).all()


def test_an_undeclared_decision_is_refused_with_the_nearest():
    """A mistyped decision is refused and the nearest declared one named."""
    with pytest.raises(ContractError, match=r"vote\.yes"):
        draws().key("vote.yess", 0)
    with pytest.raises(ContractError, match=r"populate\.age"):
        draws(resalt={"populate.agee": 3})


def test_resalting_changes_one_decision_from_its_month():
    """A resalted decision has other luck from its month on, and nothing else has."""
    d, salted, ids = draws(), draws(resalt={"vote.yes": 10}), np.arange(50)
    for decision, month, same in (("vote.yes", 9, True), ("vote.yes", 10, False), ("vote.turnout", 10, True)):
        equal = d.uniforms(decision, month, ids) == salted.uniforms(decision, month, ids)
        assert equal.all() if same else not equal.any()


def test_one_population_lives_many_histories():
    """The history seed changes everything but the population, the population seed only the population."""
    ids = np.arange(50)
    for other, population_same in (({"history_seed": 9}, True), ({"population_seed": 9}, False)):
        d = draws(**other)
        same = {n: (d.uniforms(n, 0, ids) == draws().uniforms(n, 0, ids)).all() for n in NAMES}
        assert same == {n: population_same == n.startswith("populate.") for n in NAMES}


def _streams() -> dict[str, np.ndarray]:
    ids, d = np.arange(200_000), draws()
    packed = (ids.astype(np.uint64) % np.uint64(500) << np.uint64(40)) | (
        ids.astype(np.uint64) // np.uint64(500)
    )
    return {
        "rows": d.uniforms("vote.yes", 0, ids),
        "next month": d.uniforms("vote.yes", 1, ids),
        "other decision": d.uniforms("vote.turnout", 0, ids),
        "next k": d.uniforms("vote.yes", 0, ids, 1),
        "neighbours": d.uniforms("vote.yes", 0, ids + 1),
        "other seed": draws(history_seed=3).uniforms("vote.yes", 0, ids),
        "packed ids": d.uniforms("vote.yes", 0, packed),
        "as float32": float_uniforms(d.key("vote.yes", 7), ids).astype(float),
        "low bits": (row_keys(d.key("vote.yes", 0), ids) & np.uint64(0xFFFF)) / 65536.0,
    }


def test_streams_are_uniform_and_unrelated():
    """Streams that differ in one part of their name are uniform and uncorrelated (false alarm about 1 in 1000)."""
    streams = _streams()
    for name, u in streams.items():
        counts = np.bincount((u * 256).astype(int), minlength=256)
        assert stats.chisquare(counts).pvalue > 1e-5, name
    correlation = np.corrcoef(list(streams.values()))
    off = correlation[~np.eye(len(streams), dtype=bool)]
    assert np.abs(off).max() < 4.8 / math.sqrt(200_000)
