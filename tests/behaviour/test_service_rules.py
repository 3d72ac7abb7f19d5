"""What rules about service points do, held against paired worlds; offices that close in a part of their catchment."""

from __future__ import annotations

import numpy as np
import pytest

from sim.catalogue import duty_classes, levers
from sim.enact import enact
from sim.rules.changes import RuleChange
from sim.rules.operations import CloseOffice, MoveOffice, OpenOffice, SharePosts
from sim.rules.timeline import DatedOperation, Timeline
from sim.world import cases as states
from sim.world.reshape import open_kind
from sim.world.world import KIND
from tests.behaviour.paired_effects import SEEDS, effects, lived, ratio, rule
from tests.behaviour.reformed import faults
from tests.behaviour.uses import BACK_TO_COMMITTEES, STATION, STATION_WORK


def code(lever: str, value: str) -> float:
    """Return the stored number of a listed value."""
    return levers()[lever].code(value)


def much_work(world) -> None:
    """Half as much again of assigned work."""
    world.items.per_year[world.items.origin == 0] *= 1.5


def mean_wait(origin: int):
    """Return what reads the mean wait of ended cases of an origin."""

    def measure(world):
        mine = (world.ended.origin == origin) & (world.ended.is_done == 1)
        return float(world.ended.wait_days[mine].mean())

    return measure


def test_bodies_of_one_mind_pass_fewer_cases_on():
    """Full cross-holding lowers hand-offs against none, under every seed."""
    none, full = (effects("hand_offs", rule("cross_holding.chi", chi)) for chi in (0.0, 1.0))
    assert (full < none).all()


def test_a_list_of_duties_leaves_fewer_ambiguous_cases():
    """With a written list of duties of the committee fewer cases are handed on."""
    change = RuleChange("set", "duty_list.items", 60.0, rule("transparency", 0).month)
    assert (effects("hand_offs", change) < 0).all()


def test_residents_wait_less_where_they_go_first():
    """Residents first: their cases wait less and assigned work longer than with assigned work first."""
    first = rule("service.priority", code("service.priority", "residents"))
    for seed in SEEDS[:2]:
        for origin, sign in ((1, -1), (0, 1)):
            change = lived(seed, first, measure=mean_wait(origin)) - lived(seed, measure=mean_wait(origin))
            assert sign * change.mean() > 0


def test_data_collected_once_spare_returns_and_trips():
    """Collected once, a case costs fewer trips, and under much work fewer cases come back."""
    once = rule("data.collect_once", 1)
    assert (effects("trips", once) < 0).all()
    returned = ratio("requests.returned")
    for seed in SEEDS:
        arms = [
            lived(seed, *change, at_start=much_work, measure=returned).sum(axis=0) for change in ((once,), ())
        ]
        assert arms[0][0] / arms[0][1] < arms[1][0] / arms[1][1]


def test_certificates_no_longer_asked_for_are_not_brought():
    """With a tenth of the certificates kept fewer cases come in."""
    assert (effects("cases.in", rule("certificates.kept", 0.1)) < 0).all()


@pytest.mark.parametrize("change", [rule("service.flexible", 1), rule("grid.households_per_worker", 300)])
def test_help_that_comes_nearer_is_asked_for_more(change):
    """Flexible hours, and grid workers on their rounds, leave fewer needs unmet."""
    assert (effects("unmet_need", change) < 0).all()


def test_an_office_leaves_the_selected_areas_and_stays_in_the_others(live, start):
    """A station of a street closed in half of its communities: its work there goes back, the rest stays as it was."""
    street = start.frame.parent["street"]
    chosen = np.flatnonzero((street == 0) & (np.arange(start.n_areas) % 2 == 0))
    others = np.setdiff1d(np.flatnonzero(street == 0), chosen)
    opened = live(STATION, STATION_WORK, MoveOffice("service_station", "street"), months=4)
    world = opened.copy()
    station = int(world.serving_rows("service_station")[chosen[0]])
    here = world.cases.stops[np.arange(world.cases.n), world.cases.stage] == station
    waiting = here & (world.cases.state < states.IN_SERVICE)
    timeline = closing(world, chosen)
    enact(world, timeline)
    assert faults(opened, world) == []
    assert world.institutions.is_open[station] == 1
    assert (world.serving_rows("service_station")[chosen] == -1).all()
    assert (world.serving_rows("service_station")[others] == station).all()
    mine = world.items.duty_class == list(duty_classes()).index("request")
    assert (world.items.owner[mine][:, chosen] == KIND["residents_committee"]).all()
    assert (world.items.owner[mine][:, others] == KIND["service_station"]).all()
    moved = waiting & np.isin(world.cases.area, chosen)
    now = world.cases.stops[np.arange(world.cases.n), world.cases.stage]
    assert moved.any()
    assert (now[moved] == world.serving_rows("residents_committee")[world.cases.area[moved]]).all()
    assert (now[waiting & ~moved] == station).all()
    for column in ("key", "filed", "waited", "joined"):
        assert np.array_equal(getattr(world.cases, column), getattr(opened.cases, column)), column


def closing(world, chosen) -> Timeline:
    """Return a timeline that closes stations in these areas this month."""
    op = CloseOffice("service_station", duties=BACK_TO_COMMITTEES)
    return Timeline(world.n_areas, 2, {}, operations=(DatedOperation(world.month, op, chosen),))


def changed(world, lever: str, value: float, index: tuple[int, ...] | None = None) -> Timeline:
    """Return a timeline that sets a lever everywhere this month."""
    return Timeline(
        world.n_areas, 2, {}, changes=(RuleChange("set", lever, value, world.month, index=index),)
    )


@pytest.mark.parametrize(("seat", "offices"), [("between", 25), ("street", 6)])
def test_a_station_sits_where_the_rule_says_and_comes_back(live, start, seat, offices):
    """Forty-nine stations become one for two communities, or for a street, and are parted again; nobody is lost."""
    world = live(STATION, months=1).copy()
    people = (world.staff.is_employed == 1).sum()
    there, back = (
        RuleChange("set", "station.seat", code("station.seat", name), world.month + k)
        for k, name in enumerate((seat, "community"))
    )
    timeline = Timeline(world.n_areas, 2, {}, changes=(there, back))
    enact(world, timeline)
    assert len(world.open_rows("service_station")) == pytest.approx(offices, abs=2)
    world.month += 1
    enact(world, timeline)
    assert len(world.open_rows("service_station")) == 49
    assert (world.staff.is_employed == 1).sum() == people
    assert faults(start, world) == []


@pytest.mark.parametrize("posts", [1.0, 8.0])
def test_posts_follow_the_standard(start, posts):
    """So many posts a thousand households: every committee has them, to the nearest whole post."""
    world = start.copy()
    kind = KIND["residents_committee"]
    enact(world, changed(world, "staffing.per_1000_households", posts, index=(kind,)))
    for row in world.open_rows("residents_committee"):
        held = ((world.staff.employer == row) & (world.staff.is_employed == 1)).sum()
        assert held == round(posts * world.institutions.households[row] / 1000)
    assert faults(start, world) == []


def test_an_office_for_the_unmanaged_opens_only_there(live, start):
    """Where property service serves half the place, stations for the unmanaged serve the other half."""
    first = OpenOffice("property_service", per="community", staff=1.0)
    world = live(first, areas=np.arange(0, 49, 2), months=1)
    unmanaged = world.serving_rows("property_service") < 0
    assert 0 < unmanaged.sum() < 49
    open_kind(
        world, OpenOffice("service_station", count=3, serves="unmanaged", open_hours=4.0), np.arange(49)
    )
    served = world.serving_rows("service_station") >= 0
    assert np.array_equal(served, unmanaged)
    assert (world.institutions.open_hours[world.open_rows("service_station")] == 4.0).all()


def test_a_joint_office_has_one_door():
    """Committee and street sharing posts in one office: fewer are sent on than where they share the posts alone."""
    kinds = ("street_office", "residents_committee")
    alone, joint = (effects("hand_offs", SharePosts(kinds, 1.0, office=o)) for o in ("separate", "joint"))
    assert (joint < alone).all()
