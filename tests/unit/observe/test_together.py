"""Measures summed together are those that are defined one by one."""

from __future__ import annotations

import numpy as np
import pytest

from sim.observe import inequality
from sim.observe.people import PEOPLE, cells_of
from sim.observe.together import ANY, COMPOSITIONS, TOGETHER, compositions, together
from tests.paired.worlds import grown, small


@pytest.fixture(scope="module")
def world():
    """A small reformed Tongling after fourteen months, some of its adults without a voice."""
    world = grown(small(), 14)
    world.residents.has_voice[::7] = 0
    return world


EVERY = frozenset().union(*(names for names, _count in TOGETHER))


@pytest.mark.parametrize("name", sorted(EVERY - set(COMPOSITIONS)))
def test_a_measure_of_people_is_its_definition(world, name):
    """Summed with others or by itself, a measure has the same bits in every cell."""
    cells = cells_of(world)
    quick, plain = together(world, cells, EVERY)[name], cells.sums(PEOPLE[name](world))
    assert np.array_equal(quick[0], plain[0])
    assert np.array_equal(quick[1], plain[1])
    assert quick[0].sum() > 0


@pytest.mark.parametrize("name", sorted(COMPOSITIONS))
def test_who_is_missing_is_its_definition(world, name):
    """A composition read from the cells is the one counted over the residents."""
    cells = cells_of(world)
    quick = compositions(together(world, cells, EVERY)[ANY][0], cells)[name]
    for found, defined in zip(quick, inequality.COUNTS[name](world), strict=True):
        assert np.array_equal(found, defined)
        assert found.sum() > 0


def test_what_nobody_wants_is_not_summed(world):
    """Without a wanted measure there is no walk over the residents."""
    assert together(world, cells_of(world), frozenset({"backlog"})) == {}
