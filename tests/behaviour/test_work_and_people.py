"""What much work does to quality, people and satisfaction, and what each assumption about it adds, under every seed."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from sim.mechanisms import wear_staff
from sim.mechanisms.contract import Context
from sim.mechanisms.posts import Posts
from sim.model import advance, new_world
from sim.rules.operations import SharePosts
from sim.world.world import World
from tests.behaviour.paired_effects import differences, effects, rule, six_communities

OVERLOAD = 2.0
Change = Callable[[World], None]


def work(factor: float = OVERLOAD, **assumed: float) -> Change:
    """Return a change of the assigned volume and of assumptions; two underscores stand for the dot."""

    def change(world: World) -> None:
        world.items.per_year[world.items.origin == 0] *= factor
        world.assume.update({name.replace("__", "."): value for name, value in assumed.items()})

    return change


@pytest.mark.parametrize(
    ("name", "sign"),
    [
        ("requests.solved", -1),
        ("requests.returned", 1),
        ("assigned.returned", 1),
        ("satisfaction.true", -1),
        ("staff.burnout", 1),
        ("offices.utilisation", 1),
    ],
)
def test_much_work_is_done_badly_and_wears_people_out(name, sign):
    """Twice the assigned work: fewer cases solved, more returned, less satisfaction, more burnout."""
    assert (sign * differences(name, work(1.0), work()) > 0).all()


@pytest.mark.parametrize(("name", "sign"), [("requests.returned", 1), ("requests.unserved", -1)])
def test_standards_that_follow_haste_trade_quality_for_speed(name, sign):
    """Under six times the work more comes back, and fewer give up waiting, where standards drift than where not."""
    kept, drifting = (work(6.0, standards__erosion=erosion, standards__lag=6.0) for erosion in (0.0, 1.0))
    assert (sign * differences(name, kept, drifting) > 0).all()


@pytest.mark.parametrize("name", ["response__respect", "response__trips", "response__silence"])
def test_errands_haste_and_silence_cost_satisfaction(name):
    """Each weight at the end of its range against zero lowers satisfaction."""
    assert (differences("satisfaction.true", work(**{name: 0.0}), work(**{name: 0.5})) < 0).all()


def test_publicity_raises_what_people_expect():
    """With all published, the same service is a greater disappointment; without the assumption it is not."""
    full = rule("transparency", 1.0)
    assert (effects("satisfaction.true", full, at_start=work(1.0, response__publicity=0.3)) < 0).all()


def test_people_who_serve_several_bodies_wear_out_sooner():
    """Where street and district share posts, a weight on every further post raises burnout."""
    shared = SharePosts(("street_office", "residents_committee"), 1.0)
    few, many = work(burnout__many_posts=0.0), work(burnout__many_posts=0.3)
    assert (differences("staff.burnout", few, many, shared) > 0).all()


def test_half_posts_give_half_the_hours():
    """Everybody at five tenths: every office is open for half as many hours of people."""
    hours = []
    for tenths in (10, 5):
        place = six_communities()
        world = new_world(place, 1)
        world.staff.fte[:] = tenths
        world.assume.update({"staff.absence": 0.0, "staff.overtime_exponent": 0.0, "quits.base": 0.0})
        advance(world, place.timeline, world.month + 1, None)
        hours.append(world.institutions.hours_open)
    assert hours[1].sum() > 0
    assert hours[1] == pytest.approx(hours[0] / 2, rel=1e-3)


def share_filed(last: int, months: int = 12, **assumed: float) -> float:
    """Return the share of needs filed by people whose last outcome was this, over a second year."""
    place, filed, needs = six_communities(), 0, 0
    world = new_world(place, 1)
    work(1.0, **assumed)(world)
    advance(world, place.timeline, world.month + 12, None)
    for _ in range(months):
        before = world.residents.last_outcome.copy()
        advance(world, place.timeline, world.month + 1, None)
        classes = world.items.duty_class[world.filed.item]
        requests = world.filed.resident[classes == world.items.duty_class[world.items.origin == 1].min()]
        filed += (before[requests] == last).sum()
        needs += (before[requests] == last).sum() + world.residents.unfiled[before == last].sum()
    return filed / needs


def test_an_answer_makes_the_next_request_likelier():
    """After a solved request more needs are filed than after a failure, and the more so the more weight is on it."""
    ratios = [
        share_filed(1, needs__file_past=w) / share_filed(-1, needs__file_past=w) for w in (0.0, 0.3, 0.6)
    ]
    assert 1 < ratios[1] < ratios[2]
    assert ratios[0] < ratios[1]


def test_people_of_no_pool_are_nobody_s_colleagues(start):
    """A rise in the first pool is resented by its people alone; a rise among those in no pool by nobody."""
    found = {}
    for case, risen, gone in (("mate", 0, 0), ("mate beside a pool of many", 0, 40), ("pool", -1, 40)):
        world = start.copy()
        staff = world.staff
        mates = np.flatnonzero((staff.pool == staff.pool[0]) & (staff.is_employed == 1))
        outside = np.flatnonzero(staff.pool != staff.pool[0])[:gone]
        staff.pool[mates], staff.pool[outside], staff.employer[outside] = 0, -1, -1
        staff.rank_seen[:], staff.pay_seen[:], staff.resentment[:] = staff.rank, staff.pay, 0
        staff.rank[(mates if risen == 0 else outside)[0]] += 1
        wear_staff.run(Context(world, wear_staff.MECHANISM, Posts(world.residents.n)))
        found[case] = staff.resentment[mates[1:]].max(), staff.resentment[outside].max(initial=0)
    assert found["mate"][0] > 0
    assert found["mate beside a pool of many"] == (found["mate"][0], 0)
    assert found["pool"] == (0, 0)
