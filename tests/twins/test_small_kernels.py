"""Kernels of a few lines against the one line of numpy or `math` that says what they do."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.draws import log_spreads, lognormal_quantiles, std_normals
from sim.draws import reference as twin
from sim.mechanisms import arithmetic
from sim.observe import inequality
from sim.observe.people import sum_cells, sum_values
from sim.world.blocks import block_sums

SEEDS = st.integers(0, 2**32 - 1)
some = settings(max_examples=30, deadline=None)


def blocks(rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Return first rows and sizes of a few blocks that follow one another, some of them empty."""
    size = rng.integers(0, 6, 12)
    return np.cumsum(size) - size, size


def added(values: np.ndarray) -> float:
    """Return a plain sum in order; Python's own `sum` mends the rounding of floats since 3.12."""
    total = 0.0
    for value in values:
        total += float(value)
    return total


@some
@given(SEEDS, st.sampled_from([np.uint8, np.int32, np.float32, np.float64]))
def test_a_block_is_summed_in_the_order_of_its_rows(seed, kind):
    """The sum of a block is that of its rows one after the other, to the bit."""
    rng = np.random.default_rng(seed)
    first, size = blocks(rng)
    values = (rng.random(int(size.sum())) * 100).astype(kind)
    expected = [added(values[a : a + n]) for a, n in zip(first, size, strict=True)]
    assert block_sums(values, first, size).tolist() == expected


@some
@given(SEEDS)
def test_cells_and_values_are_sums_of_rows(seed):
    """A cell is the sum of its residents in row order, a value of a group the sum of the codes that have it."""
    rng = np.random.default_rng(seed)
    cell, values = rng.integers(0, 7, 60).astype(np.int32), rng.random(60).astype(np.float32)
    expected = np.zeros(7)
    for row, value in zip(cell, values, strict=True):
        expected[row] += float(value)
    assert np.array_equal(sum_cells(cell, values, 7), expected)
    sums, groups = rng.integers(0, 5, (3, 4)).astype(float), rng.integers(0, 6, (4, 2))
    by_value = np.zeros((3, 6))
    for area in range(3):
        for code in range(4):
            for value in groups[code]:
                by_value[area, value] += sums[area, code]
    assert np.array_equal(sum_values(sums, groups, 6), by_value)


@some
@given(SEEDS)
def test_times_taken_part_are_bits_counted(seed):
    """People stand under the number of months, all modes together, of those who have a voice."""
    rng = np.random.default_rng(seed)
    area, voice = rng.integers(0, 3, 40), rng.integers(0, 2, 40).astype(np.uint8)
    histories = tuple(rng.integers(0, 4096, 40).astype(np.uint16) for _ in range(4))
    expected = np.zeros((3, 49))
    for i in np.flatnonzero(voice):
        expected[area[i], sum(int(h[i]).bit_count() for h in histories)] += 1
    assert np.array_equal(inequality.sum_times(area, voice, histories, np.zeros((3, 49))), expected)


def test_the_gini_is_the_mean_difference():
    """From counts of people by times: half the mean absolute difference of two people over the mean."""
    counts = np.array([[2.0, 3, 0, 1], [0, 4, 0, 0], [5, 0, 0, 1]])
    for row, found in zip(counts, inequality._gini(counts), strict=True):
        times = np.repeat(np.arange(4), row.astype(int))
        gaps = np.abs(times[:, None] - times[None, :]).mean()
        assert found == pytest.approx(gaps / 2 / times.mean())


@some
@given(SEEDS)
def test_vectors_of_offices_are_scalars_one_by_one(seed):
    """Powers, logits and logarithms of offices are those of `math`, to the bit."""
    x = np.random.default_rng(seed).random(20) * 5 + 0.01
    assert arithmetic.powers(x, 0.3).tolist() == [math.pow(v, 0.3) for v in x]
    assert arithmetic.logarithms(x).tolist() == [math.log(v) for v in x]
    assert arithmetic.logistics(x).tolist() == [1.0 / (1.0 + math.exp(-v)) for v in x]


@some
@given(SEEDS)
def test_quantiles_of_many_are_those_of_one(seed):
    """Normal and lognormal quantiles and spreads of a row are the readable twin's, to the bit."""
    u = np.random.default_rng(seed).random(20)
    assert std_normals(u).tolist() == [twin.std_normal(v) for v in u]
    assert lognormal_quantiles(u, 0.7).tolist() == [math.exp(0.7 * twin.std_normal(v)) for v in u]
    assert log_spreads(u).tolist() == [twin.log_spread(v) for v in u]
