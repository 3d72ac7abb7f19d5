"""Every structural operation, enacted on a small place and lived with for three months."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from sim.base.errors import RunError
from sim.catalogue import duty_classes
from sim.enact import HANDLERS, enact
from sim.rules.operations import Merge, MoveOffice, Split
from sim.rules.timeline import DatedOperation, Timeline
from sim.world import cases as states
from sim.world.world import KIND
from tests.behaviour.reformed import POOL, employed, faults
from tests.behaviour.uses import BACK_TO_COMMITTEES, CLOSED_STATION, STATION, STATION_WORK, STREETS, USES

COMMUNITY_KINDS = ("residents_committee", "party_organisation", "assembly")


def test_every_operation_that_is_carried_out_is_tried_here():
    """The uses below and the handlers of `enact` are the same list."""
    assert set(USES) == set(HANDLERS)


@pytest.mark.parametrize("verb", USES)
def test_an_operation_keeps_every_promise(live, verb):
    """Work, staff and money balance, all work has somebody to do it, nothing waits at a closed door."""
    live(*USES[verb], months=4)


@pytest.mark.parametrize("verb", USES)
def test_an_operation_on_a_third_of_the_place_keeps_every_promise(live, start, verb):
    """The same operations where only two streets of six are addressed."""
    chosen = np.flatnonzero(start.frame.parent["street"] < 2)
    operations = [Merge(6) if isinstance(op, Merge) else op for op in USES[verb]]
    live(*operations, areas=chosen, months=4)


def test_an_operation_does_what_it_says_only_where_it_is_said(live, start):
    """Areas outside the selector keep their offices."""
    chosen = np.flatnonzero(start.frame.parent["street"] < 2)
    after = live(STREETS, areas=chosen)
    others = np.setdiff1d(np.arange(start.n_areas), chosen)
    office = KIND["street_office"]
    assert (after.serving[office, chosen] == -1).all()
    assert np.array_equal(after.serving[office, others], start.serving[office, others])


def test_removing_streets_sends_their_people_to_the_pool_and_their_money_up(live, start):
    """Nobody is dismissed: the staff of the streets wait, paid, and the office above keeps the purse."""
    after = live(STREETS, months=1)
    assert len(after.open_rows("street_office")) == 0
    gone = employed(start, "street_office")
    assert (after.staff.employer[gone] == POOL).all()
    assert (after.staff.is_employed[gone] == 1).all()
    assert len(employed(after)) == len(employed(start))


def test_work_of_a_removed_layer_is_where_the_reform_says(live):
    """Economy and enforcement end with departments in every area."""
    after = live(STREETS)
    names = list(duty_classes())
    mine = np.isin(after.items.duty_class, [names.index("economy"), names.index("enforcement")])
    assert (after.items.owner[mine] == KIND["department"]).all()


def test_waiting_cases_of_a_closing_layer_go_on_with_their_age(place, start):
    """In the month of closing every waiting case is still there, filed when it was and having waited what it had."""
    world, offices = start.copy(), start.serving_rows("street_office")
    here = np.isin(start.cases.stops[np.arange(start.cases.n), start.cases.stage], offices)
    timeline = Timeline(
        world.n_areas, 2, place.timeline.baseline, operations=(DatedOperation(world.month, STREETS),)
    )
    enact(world, timeline)
    before, after = start.cases, world.cases
    waiting = here & (before.state < states.IN_SERVICE)
    busy = here & (before.state == states.IN_SERVICE)
    assert waiting.any()
    assert busy.any()
    for column in ("key", "filed", "joined", "waited", "state", "hours", "left"):
        assert np.array_equal(getattr(before, column)[here], getattr(after, column)[here]), column
    at = np.arange(after.n), after.stage
    assert not np.isin(after.stops[at][waiting], offices).any()
    assert np.array_equal(after.stops[at][busy], before.stops[at][busy])


@pytest.mark.parametrize(
    "operations",
    [
        (replace(STREETS, backlog="expire"),),
        (Merge(18, backlog="expire"),),
        (Merge(18), Split(2, backlog="expire")),
        (STATION, STATION_WORK, replace(CLOSED_STATION, backlog="expire", duties=BACK_TO_COMMITTEES)),
    ],
    ids=["remove_layer", "merge", "split", "close_office"],
)
def test_more_lapses_where_waiting_cases_are_to_expire(live, operations):
    """With the same operations, more work lapses when the backlog expires than when it goes on."""
    goes_on = [
        replace(op, backlog="sum" if isinstance(op, Merge) else "new_owner") if hasattr(op, "backlog") else op
        for op in operations
    ]
    lapsed = [live(*ops, months=len(operations)).ledger["cases_lapsed"] for ops in (operations, goes_on)]
    assert lapsed[0] > lapsed[1]


def test_nothing_that_waited_is_left_where_the_backlog_expires(live, start):
    """A month after streets closed with an expiring backlog, no case that waited there is still open."""
    after = live(replace(STREETS, backlog="expire"), months=1)
    at = start.cases.stops[np.arange(start.cases.n), start.cases.stage]
    waited = np.isin(at, start.serving_rows("street_office")) & (start.cases.state == states.QUEUED)
    assert waited.any()
    assert not np.isin(start.cases.key[waited], after.cases.key[after.cases.state < states.DONE]).any()


def test_what_is_in_service_when_an_office_closes_is_finished(live, start):
    """No case that somebody had begun is still open three months after its office closed."""
    at = start.cases.stops[np.arange(start.cases.n), start.cases.stage]
    begun = np.isin(at, start.serving_rows("street_office")) & (start.cases.state == states.IN_SERVICE)
    after = live(STREETS)
    left = after.cases.state == states.IN_SERVICE
    assert not np.isin(start.cases.key[begun], after.cases.key[left]).any()


def test_a_merged_office_has_a_new_name_and_everything_of_its_parts(live, start):
    """Eighteen committees of forty-nine: new names, all staff, all money, all areas."""
    after = live(Merge(18), months=1)
    for kind in COMMUNITY_KINDS:
        old, new = start.open_rows(kind), after.open_rows(kind)
        assert len(new) == 18
        assert not np.isin(after.institutions.id[new], start.institutions.id[old]).any()
    assert np.array_equal(employed(after, "residents_committee"), employed(start, "residents_committee"))
    assert (after.serving_rows("residents_committee") >= 0).all()


def test_a_fence_keeps_communities_of_two_streets_apart(live, start):
    """Merged within streets, no committee serves areas of two of them."""
    after = live(Merge(18, within="street"))
    street, committee = start.frame.parent["street"], after.serving_rows("residents_committee")
    assert all(len(np.unique(street[committee == row])) == 1 for row in np.unique(committee))
    assert len(np.unique(committee)) == 18


def test_listed_groups_name_areas_whatever_was_merged_before(live, start):
    """The communities of the listed areas join, also where the selector begins in the middle of the place."""
    chosen = np.arange(20, 49)
    listed = Merge(2, partition="listed", groups=((20, 21, 22), (30, 31)))
    committee = live(listed, areas=chosen).serving_rows("residents_committee")
    assert len(set(committee[[20, 21, 22]])) == 1
    assert len(set(committee[[30, 31]])) == 1
    assert np.array_equal(committee[:20], start.serving_rows("residents_committee")[:20])
    assert len(np.unique(committee)) == 49 - 3


def test_a_split_gives_everything_back_in_parts(live, start):
    """Merged into eighteen and split in two: thirty-six committees with the staff of the forty-nine."""
    after = live(Merge(18), Split(2), months=2)
    assert len(after.open_rows("residents_committee")) == 36
    assert np.array_equal(employed(after, "residents_committee"), employed(start, "residents_committee"))


def test_a_community_of_one_area_cannot_be_split(live):
    """The refusal is a sentence with the number of areas in it."""
    with pytest.raises(RunError, match="1 areas"):
        live(Split(2))


def test_more_offices_than_communities_cannot_come_of_a_merger(live):
    """The refusal names both numbers."""
    with pytest.raises(RunError, match="49 communities"):
        live(Merge(60))


def test_an_opened_office_serves_and_has_its_posts(live):
    """A station in every community with two posts each."""
    after = live(STATION)
    assert len(after.open_rows("service_station")) == 49
    assert len(employed(after, "service_station")) == 98


def test_a_closed_station_leaves_its_people_in_the_pool(live):
    """Opened and closed again: ninety-eight people wait for a post."""
    after = live(STATION, CLOSED_STATION)
    assert len(after.open_rows("service_station")) == 0
    assert len(employed(after, "pool")) == 98


def test_a_moved_station_serves_the_whole_street(live):
    """Stations of communities become one for each of the six streets, with all of their people."""
    after = live(STATION, MoveOffice("service_station", "street"))
    assert len(after.open_rows("service_station")) == 6
    assert len(employed(after, "service_station")) == 98


def test_every_operation_at_once_keeps_every_promise(live):
    """The operations one month after another, on one place."""
    live(
        STATION,
        Merge(18),
        *USES["transfer_staff"],
        *USES["share_posts"],
        STREETS,
        *USES["hire"],
        Split(2),
        CLOSED_STATION,
        months=10,
    )


def test_a_broken_promise_would_be_noticed(start):
    """An area served by a closed office is a fault: the tests above can fail."""
    world = start.copy()
    world.institutions.is_open[world.serving_rows("residents_committee")[0]] = 0
    assert "an area is served by a closed office" in faults(start, world)
