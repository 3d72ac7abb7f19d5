"""Schooling: who has how much of it, what it does to taking part, and that it is a group outcomes are told for."""

from __future__ import annotations

import numpy as np
import pytest

from sim.mechanisms import attend_meetings
from sim.mechanisms.contract import Context
from sim.mechanisms.posts import Posts
from sim.mechanisms.settle import settle
from sim.model import new_world
from tests.paired.packages import tiny

PRIMARY, SECONDARY, TERTIARY = range(3)


@pytest.fixture
def born(tmp_path):
    """Worlds of a tiny place by how strongly schooling follows age."""
    scenario = tiny(tmp_path)

    def world(a_decade: float):
        scenario.assumptions["place.education_age"] = a_decade
        return scenario, new_world(scenario, 4)

    return world


def shares(world, mine: np.ndarray) -> np.ndarray:
    """Return the shares of the three bands among some residents."""
    return np.bincount(world.residents.education[mine], minlength=3) / mine.sum()


def test_the_young_went_to_school_longer(born):
    """With cohorts told apart the young have more tertiary and less primary schooling, and without them alike."""
    for a_decade, apart in ((0.0, False), (0.06, True)):
        _, world = born(a_decade)
        people = world.residents
        adult = people.adult == 1
        young, old = shares(world, adult & (people.age < 35)), shares(world, adult & (people.age >= 60))
        assert (young[TERTIARY] - old[TERTIARY] > 0.12) == apart
        assert (old[PRIMARY] - young[PRIMARY] > 0.12) == apart


def test_shares_among_adults_are_the_profiles(born):
    """However strongly schooling follows age, adults have it in the shares of the place's profile."""
    for a_decade in (0.0, 0.04):
        scenario, world = born(a_decade)
        assert shares(world, world.residents.adult == 1) == pytest.approx(
            scenario.place.profile.education_shares, abs=0.05
        )


def meeting(world, **assumed: float):
    """Return a copy of the world after one meeting everywhere, and what was posted."""
    mine = world.copy()
    mine.assume = {**world.assume, "deliberate.base": 0.0, "deliberate.shock": 0.0, **assumed}
    mine.institutions.meetings[:] = 1
    posts = Posts(mine.residents.n, accounts=True)
    Context(mine, attend_meetings.MECHANISM, posts).live(posts)
    return mine, posts


def came(world, effect: float) -> np.ndarray:
    """Return the share of adults of each band who came to a meeting."""
    after, _ = meeting(world, **{"deliberate.education": effect})
    people = after.residents
    return np.array(
        [people.deliberated[(people.has_voice == 1) & (people.education == band)].mean() for band in range(3)]
    )


def test_schooling_moves_who_comes_by_its_sign(born):
    """A positive effect brings the schooled and keeps others away, a negative one turns it round, none moves nobody."""
    _, world = born(0.04)
    less, none, more = (came(world, effect) for effect in (-1.0, 0.0, 1.0))
    assert more[TERTIARY] > none[TERTIARY] > less[TERTIARY]
    assert more[PRIMARY] < none[PRIMARY] < less[PRIMARY]
    assert more[SECONDARY] == none[SECONDARY] == less[SECONDARY]


def test_the_schooled_learn_more_at_a_meeting(born):
    """Of those who came, a longer schooling posts a larger gain of awareness, in the proportion assumed."""
    _, world = born(0.04)
    gains = {}
    for effect in (0.0, 0.5):
        after, posts = meeting(world, **{"education.awareness": effect})
        before = after.residents.awareness.copy()

        settle(after, posts)
        people = after.residents
        gains[effect] = [
            (people.awareness - before)[(people.deliberated == 1) & (people.education == band)].mean()
            for band in range(3)
        ]
    assert gains[0.5][PRIMARY] < gains[0.5][SECONDARY] < gains[0.5][TERTIARY]
    assert gains[0.5][SECONDARY] == pytest.approx(gains[0.0][SECONDARY], rel=1e-4)
    assert gains[0.0][PRIMARY] == pytest.approx(gains[0.0][TERTIARY], rel=1e-4)
