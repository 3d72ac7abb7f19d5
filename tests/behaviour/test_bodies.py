"""What joined and divided offices take over, and whom a change elsewhere must leave alone."""

from __future__ import annotations

import numpy as np
import pytest

from sim.base.errors import RunError
from sim.enact import HANDLERS
from sim.mechanisms import wear_staff
from sim.mechanisms.contract import Context
from sim.mechanisms.posts import Posts
from sim.rules.operations import Merge, MoveOffice, OpenOffice, Operation, Split, TransferStaff
from sim.world.bodies import AVERAGED, SUMMED
from sim.world.offices import refresh
from sim.world.world import KIND, World
from tests.behaviour.reformed import employed
from tests.behaviour.uses import STATION

COMMITTEE, STATIONS = KIND["residents_committee"], KIND["service_station"]
STREET_STATION = OpenOffice("service_station", per="street", level="street", staff=4.0)
SIX_STATIONS = OpenOffice("service_station", count=5, staff=4.0)


def after(start: World, *operations: Operation, areas: object = None) -> World:
    """Return a copy of a world on which the operations were carried out, one upon another."""
    world = start.copy()
    where = np.arange(world.n_areas) if areas is None else np.asarray(areas)
    for op in operations:
        HANDLERS[op.verb](world, op, where)
        refresh(world)
    return world


@pytest.fixture
def full(start):
    """The place with hours, a mandate and a chosen chair at every second committee."""
    world = start.copy()
    rows = world.open_rows("residents_committee")
    for k, name in enumerate((*SUMMED, *AVERAGED)):
        getattr(world.institutions, name)[rows] = 0.1 * (k + 1) + 0.01 * np.arange(len(rows))
    world.institutions.chosen[rows[::2]], world.institutions.chair[rows[::2]] = 1, 0
    return world


def committees(world: World, name: str) -> np.ndarray:
    """Return a column of the open committees."""
    return getattr(world.institutions, name)[world.open_rows("residents_committee")]


@pytest.mark.parametrize("operations", [(Merge(18),), (Merge(18), Split(2))], ids=["merge", "split"])
@pytest.mark.parametrize("name", SUMMED)
def test_no_hour_is_lost_where_committees_join_or_divide(full, operations, name):
    """Hours that volunteers give, that were bought and that are wanted are as many after as before, and shared out."""
    world = after(full, *operations)
    assert committees(world, name).sum() == pytest.approx(committees(full, name).sum())
    assert (committees(world, name) > 0).all()


@pytest.mark.parametrize("name", AVERAGED)
def test_levels_of_a_joined_committee_lie_between_those_of_its_parts(full, name):
    """Mandate, pressure and the others are the mean by adults; divided again, every part keeps it."""
    joined = after(full, Merge(18))
    new, parts = joined.serving[COMMITTEE], getattr(full.institutions, name)[full.serving[COMMITTEE]]
    for row in np.unique(new):
        mean = np.average(parts[new == row], weights=full.areas.adults[new == row] + 1.0)
        assert getattr(joined.institutions, name)[row] == pytest.approx(mean, rel=1e-5)
    divided = after(joined, Split(2))
    kept = getattr(divided.institutions, name)[divided.serving[COMMITTEE]]
    assert np.array_equal(kept, getattr(joined.institutions, name)[new])


def test_the_chair_of_the_largest_part_chairs_the_joined_community(full):
    """Whoever residents chose stays in the chair where most adults are theirs, and nowhere else (0063)."""
    world = after(full, Merge(18))
    new, old = world.serving[COMMITTEE], full.serving[COMMITTEE]
    for row in np.unique(new):
        largest = old[np.flatnonzero(new == row)[np.argmax(full.areas.adults[new == row])]]
        assert world.institutions.chosen[row] == full.institutions.chosen[largest]
    assert 0 < committees(world, "chosen").sum() < 18


def test_a_chosen_chair_stays_with_one_part_of_a_divided_community(full):
    """Divided in two, every community with a chosen chair has one part with it and one without."""
    joined = after(full, Merge(18))
    divided = after(joined, Split(2))
    assert committees(divided, "chosen").sum() == committees(joined, "chosen").sum()


def test_a_committee_that_joins_no_other_is_left_as_it_is(start):
    """Two listed communities merge: every other committee keeps its name, and pays nothing."""
    listed = Merge(2, partition="listed", groups=((3, 4), (7,)))
    world = after(start, listed)
    alone = np.setdiff1d(np.arange(start.n_areas), [3, 4])
    for kind in (COMMITTEE, KIND["party_organisation"], KIND["assembly"]):
        assert np.array_equal(world.serving[kind, alone], start.serving[kind, alone])
        assert world.serving[kind, 3] == world.serving[kind, 4] >= start.institutions.n
    assert not world.institutions.change_cost[world.serving[COMMITTEE, alone]].any()


@pytest.mark.parametrize("station", [STREET_STATION, SIX_STATIONS], ids=["street", "count"])
@pytest.mark.parametrize(
    "operations",
    [(Merge(12),), (Merge(18), Split(2)), (MoveOffice("service_station", "community"),),
     (MoveOffice("service_station", "street"),)],
    ids=["merge", "split", "move down", "move up"],
)  # fmt: skip
def test_nobody_loses_a_station_by_a_change_of_communities(start, station, operations):
    """Stations that serve a street, or cross its borders: whatever happens to communities, every area has one."""
    before = after(start, station)
    world = after(before, *operations)
    serving = world.serving[STATIONS]
    assert (serving >= 0).all()
    assert (world.institutions.is_open[serving] == 1).all()
    assert np.isin(world.open_rows("service_station"), serving).all()
    assert world.institutions.money.sum() == before.institutions.money.sum()


def test_a_change_in_some_areas_leaves_stations_that_reach_beyond_them(start):
    """Two communities of a street merge: the street's station still serves all of it under its own name."""
    before = after(start, STREET_STATION)
    world = after(before, Merge(1), areas=[0, 1])
    assert world.serving[COMMITTEE, 0] == world.serving[COMMITTEE, 1]
    assert np.array_equal(world.serving[STATIONS], before.serving[STATIONS])
    moved = after(before, MoveOffice("service_station", "community"), areas=[0, 1])
    assert np.array_equal(moved.serving[STATIONS], before.serving[STATIONS])


def test_a_station_moved_down_divides_and_moved_up_joins(start):
    """A station of a street becomes one for each community, and one for a street again, with all of its people."""
    before = after(start, STREET_STATION)
    down = after(before, MoveOffice("service_station", "community"))
    up = after(down, MoveOffice("service_station", "street"))
    assert len(down.open_rows("service_station")) == start.n_areas
    assert len(up.open_rows("service_station")) == len(before.open_rows("service_station"))
    for world in (down, up):
        rows = world.open_rows("service_station")
        assert np.array_equal(employed(world, "service_station"), employed(before, "service_station"))
        assert np.array_equal(world.institutions.x[rows], world.areas.x[world.institutions.seat[rows]])


def test_moving_a_kind_that_is_not_there_touches_no_office(start):
    """Where no such office stands, the layer of every other one stays what it was."""
    world = after(start, MoveOffice("service_station", "street"))
    assert np.array_equal(world.institutions.layer, start.institutions.layer)


def test_a_station_in_one_part_serves_the_whole_of_a_merged_community(start):
    """Stations in every second area: after a merger of pairs all areas have the one that one of them had."""
    before = after(start, STATION, areas=[0, 2])
    world = after(before, Merge(2, partition="listed", groups=((0, 1), (2, 3))))
    assert world.serving[STATIONS, 0] == world.serving[STATIONS, 1] == before.serving[STATIONS, 0]


@pytest.mark.parametrize("assign", ["nearest", "equal", "residents"])
@pytest.mark.parametrize("count", [6, 10])
def test_offices_opened_within_streets_cross_no_border(start, assign, count):
    """Every street has an office of its own, the others stand where most people are; without the fence some cross."""
    street = start.frame.parent["street"]
    fenced, free = (
        after(start, OpenOffice("service_station", count=count, assign=assign, within=w)).serving[STATIONS]
        for w in ("street", None)
    )
    crossing = [max(len(np.unique(street[s == row])) for row in np.unique(s)) for s in (fenced, free)]
    assert crossing[0] == 1
    assert crossing[1] > 1
    assert len(np.unique(fenced)) == len(np.unique(free)) == count
    assert (fenced >= 0).all()


def test_fewer_offices_than_streets_cannot_each_stay_within_one(start):
    """The refusal names both numbers."""
    with pytest.raises(RunError, match="too few offices to open within every unit: 5 for 6"):
        after(start, OpenOffice("service_station", count=5, within="street"))


def test_a_lost_status_is_resented_and_a_kept_one_is_not(start):
    """Moved with rank and pay alone people resent it by the weight assumed; where that is none, not at all."""
    found = {}
    for keep, weight in ((("status", "rank", "pay"), 1.0), (("rank", "pay"), 0.4), (("rank", "pay"), 0.0)):
        before = start.copy()
        before.assume["resentment.status"] = weight
        before.staff.resentment[:] = 0
        world = after(before, TransferStaff("street_office", "residents_committee", 20.0, keep=keep))
        wear_staff.run(Context(world, wear_staff.MECHANISM, Posts(world.residents.n)))
        moved = world.staff.employer != before.staff.employer
        assert moved.sum() == 20
        assert not world.staff.resentment[~moved].any()
        found[keep, weight] = world.staff.resentment[moved]
    assert [values.max() for values in found.values()] == pytest.approx([0.0, 0.4, 0.0])
