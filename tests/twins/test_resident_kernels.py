"""The compiled resident kernels against their plain twins: equal to the bit, resident by resident."""

from __future__ import annotations

import math
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numba import njit

from sim.draws import choose_by_logit, stream_key
from sim.mechanisms import arithmetic, influence_peers, request_services, volunteer
from sim.mechanisms import participation_kernel as kernel
from sim.mechanisms import settle as settling
from sim.world.columns import TIES
from tests.twins import resident_twins as twin

F = np.float32
SEEDS = st.integers(0, 2**32 - 1)
SIZES = st.integers(1, 300)
KEYS = tuple(np.uint64(stream_key(5, decision, 24_000, 0)) for decision in (11, 12, 13))


@njit
def logistics_of(z, out):
    """Fill out with the kernels' logistic."""
    for i in range(len(z)):
        out[i] = arithmetic.logistic(z[i])


@njit
def saturations_of(x, out):
    """Fill out with the kernels' saturation."""
    for i in range(len(x)):
        out[i] = settling.saturation(x[i])


def residents(rng: np.random.Generator, n: int) -> SimpleNamespace:
    """Return columns of n residents in every constellation, at the edges of their ranges too."""

    def share() -> np.ndarray:
        return np.where(rng.random(n) < 0.1, rng.integers(0, 2, n), rng.random(n)).astype(F)

    def flag() -> np.ndarray:
        return rng.integers(0, 2, n).astype(np.uint8)

    sizes = rng.integers(1, 6, n)
    sizes = sizes[: int(np.searchsorted(np.cumsum(sizes), n)) + 1].astype(np.int32)
    sizes[-1] -= sizes.sum() - n
    people = SimpleNamespace(
        id=rng.integers(0, 2**63, n).astype(np.uint64),
        home=np.repeat(np.arange(len(sizes), dtype=np.int32), sizes),
        first=(np.cumsum(sizes) - sizes).astype(np.int32),
        size=sizes,
        age=np.where(rng.random(n) < 0.2, rng.choice([17, 55, 60], n), rng.uniform(0, 99, n)).astype(F),
        kind=rng.integers(0, 4, n).astype(np.uint8),
        income=rng.integers(0, 3, n).astype(np.uint8),
        education=rng.integers(0, 3, n).astype(np.uint8),
        frailty=rng.gamma(0.5, 2, n).astype(F),
        offset=rng.normal(0, 1, n).astype(F),
        km=rng.exponential(0.5, n).astype(F),
        wait=rng.exponential(3, n).astype(F),
        last=rng.integers(-1, 2, n).astype(np.int8),
        outcome=rng.integers(-1, 2, n).astype(np.int8),
        block=rng.integers(0, n, n).astype(np.int32),
        push=rng.choice([-0.5, 0.0, 2.0], n).astype(F),
        did=rng.integers(0, 16, n).astype(np.uint8),
        history=rng.integers(0, 4096, n).astype(np.uint16),
    )
    for name in ("efficacy", "trust", "awareness", "belonging", "peers", "stake", "habit", "grievance"):
        setattr(people, name, share())
    for name in (
        *("adult", "party", "employed", "owner", "disability", "contacted", "recruited", "invited"),
        *("recruits", "took"),
    ):
        setattr(people, name, flag())
    return people


def same(ours: np.ndarray, theirs: list) -> bool:
    """Return whether two columns agree to the bit."""
    return ours.tobytes() == np.array(theirs, ours.dtype).tobytes()


def compare_participation(people: SimpleNamespace, seed: int) -> None:
    rng = np.random.default_rng(seed)
    coefficients = kernel.Mode(*rng.normal(0, 1.5, len(kernel.Mode._fields)).astype(F))
    p, rate = people, F(rng.random())
    for rule in range(len(kernel.RULES)):
        took, deciding = p.took.copy(), kernel.Deciding(rule, *(F(v) for v in rng.random(3)))
        kernel.take_part(
            p.id, p.age, p.party, p.employed, p.education, p.kind, p.efficacy, p.trust, p.belonging, p.awareness,
            p.grievance, p.contacted, p.recruited, p.offset, p.stake, p.km, p.invited, p.peers, p.push, p.habit,
            KEYS[0], KEYS[1], deciding, coefficients, took,
        )  # fmt: skip
        assert same(took, twin.take_part(p, int(KEYS[0]), int(KEYS[1]), deciding, coefficients))
    habit, history = p.habit.copy(), p.history.copy()
    kernel.remember(p.invited, p.took, rate, habit, history)
    theirs = twin.remember(p, rate)
    assert same(habit, theirs[0])
    assert same(history, theirs[1])


def compare_volunteers(people: SimpleNamespace, seed: int) -> None:
    rng = np.random.default_rng(seed)
    rates, still = tuple(F(v) for v in rng.random(3)), people.took.copy()
    volunteer.stay(people.id, still, people.belonging, people.contacted, KEYS[2], *rates)
    assert same(still, twin.stay(people, int(KEYS[2]), rates))


def compare_peers(people: SimpleNamespace, seed: int) -> None:
    rng, n = np.random.default_rng(seed), len(people.id)
    ties = rng.integers(0, n + 1, (n, TIES)).astype(np.uint32)
    activity = rng.choice([0, 25, 140, 255], (n, TIES)).astype(np.uint8)
    through, asks = F(rng.choice([0.0, 255.0 * rng.random()])), F(rng.random())
    out, recruited = np.empty((5, n), F), np.empty(n, np.uint8)
    p = people
    state = influence_peers.states(p.did, p.outcome)
    influence_peers.gather(ties, activity, p.first, p.size, p.adult, state, through, *out)
    theirs = twin.gather(p, ties, activity, through)
    assert all(
        same(column, list(values)) for column, values in zip(out, zip(*theirs, strict=True), strict=True)
    )
    influence_peers.ask(p.id, ties, activity, p.did, p.recruits, asks, KEYS[0], recruited)
    assert same(recruited, twin.ask(p, ties, activity, asks, int(KEYS[0])))


def compare_requests(people: SimpleNamespace, seed: int) -> None:
    rng, n = np.random.default_rng(seed), len(people.id)
    numbers = rng.normal(0, 1.5, 7).astype(F)
    factors = rng.uniform(0.5, 1.5, 5).astype(F)
    coefficients = request_services.Coefficients(rng.uniform(0, 0.5), rng.uniform(0, 0.5), *numbers, *factors)
    filed, counter, unfiled = np.empty(n, np.int32), np.empty(n, np.int32), np.empty(n, np.int16)
    p = people
    p.eased, p.papers = F([0.0, 1.0, 0.5])[rng.integers(0, 3, n)], rng.choice([1.0, 0.7, 0.0], n)
    p.told = rng.choice([0.0, 0.3, 0.5], n).astype(F)
    request_services.need_and_file(
        p.id, p.age, p.adult, p.income, p.owner, p.disability, p.employed, p.frailty, p.trust, p.awareness, p.efficacy,
        p.last, p.km, p.wait, p.eased, p.papers, *KEYS, p.told, coefficients, filed, counter, unfiled,
    )  # fmt: skip
    theirs = twin.need_and_file(people, tuple(int(k) for k in KEYS), coefficients)
    assert [tuple(row) for row in np.stack([filed, counter, unfiled], axis=1).tolist()] == theirs


def compare_stocks(people: SimpleNamespace, seed: int) -> None:
    rng, n = np.random.default_rng(seed), len(people.id)
    stock, rise, fall = people.trust.copy(), np.empty(n, F), np.empty(n, F)
    gain, loss = (np.where(rng.random(n) < 0.3, 0, rng.exponential(0.5, n)).astype(F) for _ in range(2))
    settling.realised(stock, gain, loss, rise, fall)
    settling.apply_posts(stock, gain, loss)
    columns = zip(*twin.apply_posts(people.trust, gain, loss), strict=True)
    assert all(same(a, list(b)) for a, b in zip((stock, rise, fall), columns, strict=True))
    assert stock.min() >= 0
    assert stock.max() <= 1


COMPARISONS = (compare_participation, compare_volunteers, compare_peers, compare_requests, compare_stocks)


@pytest.mark.parametrize("compare", COMPARISONS, ids=lambda f: f.__name__)
def test_two_thousand_residents_live_as_in_the_twin(compare):
    """Every resident of 2 000 does the same in the kernel and in the twin, to the bit."""
    compare(residents(np.random.default_rng(1), 2000), 2)


@settings(max_examples=15)
@given(seed=SEEDS, n=SIZES)
def test_any_residents_under_any_coefficients_live_as_in_the_twin(seed, n):
    """The same for random numbers of residents and random assumptions, small places of one resident included."""
    people = residents(np.random.default_rng(seed), n)
    for compare in COMPARISONS:
        compare(people, seed)


@settings(max_examples=40)
@given(seed=SEEDS, options=st.integers(1, 6))
def test_choices_by_logit_are_those_of_the_twin(seed, options):
    """Every row chooses the same option, also where few or none are available and where one dwarfs the others."""
    rng = np.random.default_rng(seed)
    utility = rng.normal(0, rng.choice([0.1, 3.0, 300.0]), (200, options))
    available, luck = rng.random((200, options)) < 0.7, rng.random(200)
    ours = choose_by_logit(utility, available, luck)
    assert ours.tolist() == twin.choose_by_logit(utility, available, luck)
    some = available.any(axis=1)
    assert available[np.flatnonzero(some), ours[some]].all()


def test_choices_by_logit_come_in_their_shares():
    """Over an even grid of luck the shares are exp(utility) over their sum."""
    n = 10_000
    utility = np.tile([0.0, 1.0, -0.5], (n, 1))
    shares = np.bincount(choose_by_logit(utility, np.ones((n, 3), bool), (np.arange(n) + 0.5) / n)) / n
    assert shares == pytest.approx(np.exp(utility[0]) / np.exp(utility[0]).sum(), abs=1 / n)


def test_the_rational_logit_is_the_logistic_function():
    """Within 1e-5 of 1/(1+exp(-z)) for |z| up to 8, within 1e-4 beyond, rising, and a probability everywhere."""
    z = np.concatenate([np.linspace(-12, 12, 20_001), [-1e30, -90.0, 90.0, 1e30]]).astype(F)
    p = np.empty_like(z)
    logistics_of(z, p)
    exact = np.array([1 / (1 + math.exp(-min(max(float(v), -700.0), 700.0))) for v in z])
    error = np.abs(p - exact)
    assert error[np.abs(z) <= 8].max() < 1e-5
    assert error.max() < 1e-4
    assert p.min() >= 0
    assert p.max() <= 1
    assert same(p, [twin.logistic(v) for v in z])
    assert (np.diff(p[:20_001]) > -1e-6).all()


def test_saturation_is_close_to_one_minus_the_exponential():
    """Within x^4/24 of 1 - exp(-x), below one, and rising."""
    x = np.linspace(0, 4, 4001).astype(F)
    s = np.empty_like(x)
    saturations_of(x, s)
    exact = -np.expm1(-x.astype(float))
    assert (np.abs(s - exact) <= x.astype(float) ** 4 / 24 + 2e-7).all()
    assert same(s, [twin.saturation(v) for v in x])
    assert s.max() < 1
    assert (np.diff(s) > -1e-6).all()
