"""Public matters: kinds have seasons and mean more to whom they touch; a year and a place get as much as without."""

from __future__ import annotations

import numpy as np
import pytest

from sim.catalogue import issue_kinds
from sim.mechanisms import arise_issues
from sim.mechanisms.contract import Context
from sim.mechanisms.posts import Posts
from sim.model import new_world
from sim.world.interests import CAR, OWNER
from tests.paired.packages import tiny

KINDS = list(issue_kinds())
A_JANUARY = 12 * 2010


@pytest.fixture
def world(tmp_path):
    """A tiny place before its first month."""
    return new_world(tiny(tmp_path), 4)


def month_of(world, month: int, **assumed: float):
    """Let matters arise once in a month, on top of the world's; return those of this month by kind."""
    world.month = month
    world.assume |= {f"issues.{name}": value for name, value in assumed.items()}
    Context(world, arise_issues.MECHANISM, Posts(world.residents.n, accounts=False)).live(
        Posts(world.residents.n, accounts=False)
    )
    return np.bincount(world.issues.kind[world.issues.age == 0], minlength=len(KINDS))


def year(world, **assumed: float) -> np.ndarray:
    """Return what arises in each month of a busy year, (months, kinds); the standing stock of the start left out."""
    month_of(world, A_JANUARY - 1, per_block_year=60.0, fade=1.0, **assumed)
    return np.array([month_of(world, A_JANUARY + k) for k in range(12)])


def test_the_starting_stock_comes_once(world):
    """A place whose matters are all settled gets a month's new ones, fewer than the stock it began with."""
    first = month_of(world, A_JANUARY, per_block_year=2.0).sum(), world.issues.n
    world.issues.is_done[:] = 1
    month_of(world, A_JANUARY + 1, per_block_year=0.0)
    assert world.issues.n == 0
    later = month_of(world, A_JANUARY + 2, per_block_year=2.0).sum()
    assert 0 < later == world.issues.n < first[1] / 2


def test_a_kind_comes_in_its_season(world):
    """Most matters of heating arise from November to February, most of noise from May to September."""
    came = year(world)
    heating, noise = came[:, KINDS.index("heating")], came[:, KINDS.index("noise")]
    assert heating[[10, 11, 0, 1]].sum() > 0.55 * heating.sum()
    assert noise[4:9].sum() > 0.48 * noise.sum()


def test_without_seasons_all_months_are_alike(world):
    """At no strength of the season, winter brings its share of heating by the calendar and no more."""
    heating = year(world, season=0.0)[:, KINDS.index("heating")]
    assert heating.sum() > 50
    assert heating[[10, 11, 0, 1]].sum() == pytest.approx(heating.sum() / 3, rel=0.3)


def test_a_year_brings_as_much_with_seasons_as_without(tmp_path):
    """Seasons move matters within the year and change neither their number nor what they cost together."""
    seasons = year(new_world(tiny(tmp_path), 4)).sum()
    none = year(new_world(tiny(tmp_path), 4), season=0.0).sum()
    assert seasons == pytest.approx(none, rel=0.03)
    assert none == pytest.approx(60 * new_world(tiny(tmp_path), 4).blocks.n, rel=0.1)


def only(world, kind: str, touch: float) -> np.ndarray:
    """Return the stake of those with a voice when a few matters of one kind are all there is."""
    if world.issues.n == 0:
        month_of(world, A_JANUARY, per_block_year=20.0)
        world.issues.severity[:] *= 0.001
    world.assume["issues.touch"] = touch
    world.issues.kind[:] = KINDS.index(kind)
    arise_issues._stake(
        Context(world, arise_issues.MECHANISM, Posts(world.residents.n, accounts=False)),
        np.ones(world.blocks.n, bool),
    )
    return world.residents.stake


@pytest.mark.parametrize(("kind", "bit"), [("parking", CAR), ("pipes", OWNER)])
def test_a_matter_means_more_to_whom_it_touches(world, kind, bit):
    """Parking is at stake for homes with a car, pipes for owners, with the same mean over the place as if for all."""
    people = world.residents
    voice, mine = people.has_voice == 1, (people.interests & bit) > 0
    stake = only(world, kind, 1.0).copy()
    touched, others = stake[voice & mine].mean(), stake[voice & ~mine].mean()
    assert touched > 1.5 * others > 0
    alike = only(world, kind, 0.0)
    assert stake[voice].mean() == pytest.approx(alike[voice].mean(), rel=0.1)
    assert alike[voice & mine].mean() < 1.2 * alike[voice & ~mine].mean()
