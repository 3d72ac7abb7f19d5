"""Shares of a reform's parts: right on games whose answer is known, exact sums, and needs respected."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.base.errors import ShequError
from sim.results.attribution import attribute, shapley

PARTS = ("a", "b", "c")


def game(worth, parts=PARTS, feasible=lambda _: True, pairs=5):
    """Return values by coalition: worth(coalition) plus the luck of each pair, the same in all coalitions."""
    luck = np.random.default_rng(1).normal(size=pairs)
    found = {}
    for size in range(len(parts) + 1):
        for chosen in map(frozenset, combinations(parts, size)):
            if feasible(chosen):
                found[chosen] = np.array(worth(chosen)) + luck
    return found


def test_parts_that_only_add_get_what_they_add():
    """In an additive game each part's share, its knock-out and nothing more is what it adds; no pair interacts."""
    adds = {"a": 1.0, "b": -2.0, "c": 0.5}
    found = attribute(game(lambda s: sum(adds[p] for p in s)), PARTS, "m", "late")
    assert [share.mean for share in found.shares] == pytest.approx(list(adds.values()))
    assert [share.mean for share in found.knocked] == pytest.approx(list(adds.values()))
    assert [share.mean for share in found.together] == pytest.approx([0, 0, 0], abs=1e-12)


def test_what_only_works_together_is_shared_alike():
    """A gain of 6 that takes all three parts gives 2 to each, and leaving any one out loses all 6."""
    found = attribute(game(lambda s: 6.0 * (len(s) == 3)), PARTS, "m", "late")
    assert [share.mean for share in found.shares] == pytest.approx([2, 2, 2])
    assert [share.mean for share in found.knocked] == pytest.approx([6, 6, 6])


def test_two_parts_that_work_together_are_named():
    """A gain that takes a and b shows as the interaction of just those two."""
    found = attribute(game(lambda s: 4.0 * ({"a", "b"} <= s)), PARTS, "m", "late")
    assert {share.parts: round(share.mean, 9) for share in found.together} == {
        ("a", "b"): 4,
        ("a", "c"): 0,
        ("b", "c"): 0,
    }


def test_a_part_that_needs_another_comes_after_it():
    """Where b cannot stand without a, the one order counts: a gets what it adds first, b what it adds then."""
    values = game(lambda s: 3.0 * ("a" in s) + 5.0 * ("b" in s), ("a", "b"), lambda s: s != {"b"})
    assert {p: round(v.mean(), 9) for p, v in shapley(values, ("a", "b")).items()} == {"a": 3, "b": 5}
    values = game(lambda s: 8.0 * (len(s) == 2), ("a", "b"), lambda s: s != {"b"})
    assert shapley(values, ("a", "b"))["b"].mean() == pytest.approx(8)


def test_parts_that_can_only_come_at_once_have_no_shares():
    """Where no single step stands by itself that is said, not guessed."""
    values = game(lambda s: float(len(s)), ("a", "b"), lambda s: len(s) != 1)
    with pytest.raises(ShequError):
        attribute(values, ("a", "b"), "m", "late")


def test_a_difference_that_luck_moves_has_an_interval():
    """Shares vary over pairs as what they add does, and the interval is Student's t over them."""
    noise = np.array([0.0, 1.0, 2.0, 3.0, 4.0])
    values = game(lambda s: noise * ("a" in s))
    share = attribute(values, PARTS, "m", "late").shares[0]
    assert share.mean == pytest.approx(2)
    assert share.high - share.mean == pytest.approx(2.776 * noise.std(ddof=1) / np.sqrt(5), rel=1e-3)


@given(st.integers(0, 2**32 - 1), st.integers(2, 4))
def test_shares_sum_to_the_whole_in_every_pair(seed, n):
    """Whatever the game, and whichever part needs the first, the shares of a pair sum exactly to its difference."""
    rng, parts = np.random.default_rng(seed), (*PARTS[: n - 1], "z")
    needy = parts[-1] if rng.random() < 0.5 else None
    values = {
        frozenset(chosen): rng.normal(size=4)
        for size in range(len(parts) + 1)
        for chosen in combinations(parts, size)
        if needy not in chosen or parts[0] in chosen
    }
    total = sum(shapley(values, parts).values())
    assert total == pytest.approx(values[frozenset(parts)] - values[frozenset()])
