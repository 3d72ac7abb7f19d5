"""Participation against what can be worked out by hand: the binomial quorum, a small graph, and where a start leads."""

from __future__ import annotations

import math

import numpy as np
import pytest

from sim.draws import stream_key
from sim.mechanisms import influence_peers, volunteer
from sim.mechanisms import participation_kernel as kernel

F = np.float32
KEY, OWN = (np.uint64(stream_key(3, decision, 24_000, 0)) for decision in (21, 22))
NEUTRAL = {name: F(0.0) for name in kernel.Mode._fields}


def month(
    n: int, took: np.ndarray, around: np.ndarray, key: np.uint64, rule: int = 0, **numbers: float
) -> None:
    """Let n like residents (conditional cooperators of age 50, full match) decide once, in place."""
    zeros, flags, half = np.zeros(n, F), np.zeros(n, np.uint8), np.full(n, 0.5, F)
    m = kernel.Mode(**NEUTRAL | {name: F(value) for name, value in numbers.items()})
    kernel.take_part(
        np.arange(n, dtype=np.uint64), np.full(n, 50, F), flags, flags, flags, flags, half, half, half, half, zeros,
        flags, flags, zeros, zeros, zeros, np.ones(n, np.uint8), around, zeros, zeros, key, OWN,
        kernel.Deciding(rule, F(0.5), F(1.0), F(1.0)), m, took,
    )  # fmt: skip


def binomial_above(n: int, p: float, share: float) -> float:
    """Return the chance that more than a share of n members come, each with probability p."""
    least = math.floor(share * n) + 1
    return sum(math.comb(n, k) * p**k * (1 - p) ** (n - k) for k in range(least, n + 1))


@pytest.mark.parametrize(("members", "p"), [(60, 0.5), (60, 0.55), (200, 0.48), (9, 0.6)])
def test_a_quorum_is_reached_as_often_as_the_binomial_says(members, p):
    """Of 2 000 meetings as many are valid as the binomial says, to four standard errors (false alarm 1 in 15 000)."""
    meetings, took = 2000, np.zeros(members * 2000, np.uint8)
    month(members * meetings, took, np.zeros(members * meetings, F), KEY, base=math.log(p / (1 - p)))
    valid = (took.reshape(meetings, members).sum(axis=1) > 0.5 * members).mean()
    expected = binomial_above(members, p, 0.5)
    assert abs(valid - expected) < 4 * math.sqrt(expected * (1 - expected) / meetings)


def test_influence_on_a_small_graph_is_what_one_works_out_by_hand():
    """Four people in three households, ties of known weight: every mean around them is a fraction known by hand."""
    n, ties = 4, np.full((4, 8), 4, np.uint32)
    weight = np.zeros((4, 8), np.uint8)
    ties[0, :2], weight[0, :2] = (2, 3), (255, 140)
    ties[2, 0], weight[2, 0] = 0, 25
    did = np.array([1, 2, 4 + 1, 8], np.uint8)
    out, asked = np.empty((5, n), F), np.empty(n, np.uint8)
    first, size = np.array([0, 2, 3], np.int32), np.array([2, 1, 1], np.int32)
    everybody, state = np.ones(n, np.uint8), influence_peers.states(did, np.array([0, 1, -1, 1], np.int8))
    influence_peers.gather(ties, weight, first, size, everybody, state, F(105.0), *out)
    influence_peers.ask(np.arange(n, dtype=np.uint64), ties, weight, did, everybody, F(1.0), KEY, asked)
    # Person 0: tie to 2 (255), tie to 3 (140), housemate 1 (105): 500 in all.
    assert out[:, 0] == pytest.approx([255 / 500, 105 / 500, 255 / 500, 140 / 500, (-255 + 140 + 105) / 500])
    # Person 1 hears housemate 0 alone; person 2 hears 0 alone, however seldom; person 3 nobody.
    assert out[:, 1].tolist() == [1, 0, 0, 0, 0]
    assert out[:, 2].tolist() == [1, 0, 0, 0, 0]
    assert out[:, 3].tolist() == [0, 0, 0, 0, 0]
    # Asked along: 0 by its daily and weekly acquaintances; 2 meets 0 too seldom to be asked.
    assert asked.tolist() == [1, 0, 0, 0]


def settled(start: float, rule: int, peers: float, base: float, months: int = 60, n: int = 20_000) -> float:
    """Return the share taking part after some months in a well-mixed place that starts at a share."""
    took = (np.arange(n) < start * n).astype(np.uint8)
    for k in range(months):
        key = np.uint64(stream_key(3, 23, k, 0))
        month(n, took, np.full(n, took.mean(), F), key, rule, base=base, peers=peers, habit_mean=0.05)
    return float(took.mean())


@pytest.mark.parametrize("rule", range(len(kernel.RULES)), ids=kernel.RULES)
def test_starting_high_or_low_ends_alike_within_the_ranges(rule):
    """With peers as strong as their range allows a well-mixed place forgets where it started, under every rule."""
    low, high = (settled(start, rule, 1.5, -3.0) for start in (0.0, 0.9))
    assert abs(high - low) < 0.01


def test_far_beyond_the_ranges_two_ends_are_possible():
    """With peers four times the range's end a high start stays high and a low one low: the test above could fail."""
    assert settled(0.9, 0, 6.0, -3.0) - settled(0.0, 0, 6.0, -3.0) > 0.5


def test_conditional_cooperation_decays_where_nothing_renews_it():
    """People who only follow others, and match them in part, end at what they would do alone."""
    n, took = 20_000, np.ones(20_000, np.uint8)
    shares = []
    for k in range(40):
        month(
            n,
            took,
            np.full(n, 0.85 * took.mean(), F),
            np.uint64(stream_key(3, 24, k, 0)),
            kernel.NORM,
            base=-20.0,
        )
        shares.append(took.mean())
    assert (np.diff(shares[:10]) < 0).all()
    assert shares[-1] < 0.001


def test_volunteers_leave_at_the_rate_assumed():
    """At middling satisfaction people leave at the assumed rate to four standard errors, and the recognised less."""
    n, left = 50_000, []
    for recognised in (0, 1):
        volunteers = np.ones(n, np.uint8)
        flags, half = np.full(n, recognised, np.uint8), np.full(n, 0.5, F)
        ids = np.arange(n, dtype=np.uint64)
        volunteer.stay(ids, volunteers, half, flags, KEY, F(0.033), F(0.5), F(0.3))
        left.append(1 - volunteers.mean())
    error = 4 * math.sqrt(0.033 * 0.967 / n)
    assert left[0] == pytest.approx(0.033, abs=error)
    assert left[1] == pytest.approx(0.033 * 0.7, abs=error)
