"""Operations on work, people and money: who does it, who they are, and where every yuan went."""

from __future__ import annotations

import numpy as np
import pytest

from sim.catalogue import duty_classes
from sim.rules.operations import (
    Fund,
    Hire,
    Merge,
    SharePosts,
    Split,
    TransferDuties,
    TransferStaff,
)
from sim.world.world import KIND
from tests.behaviour.reformed import all_performers, employed
from tests.behaviour.uses import STATION, USES


def test_zones_take_the_work_they_are_given(live):
    """Economy and enforcement are done by the zone that covers the area."""
    after = live(*USES["create_zones"])
    names = list(duty_classes())
    mine = np.isin(after.items.duty_class, [names.index("economy"), names.index("enforcement")])
    assert np.isin(all_performers(after)[mine], after.open_rows("functional_zone")).all()
    assert len(employed(after, "functional_zone")) == 12


def test_transferred_work_is_done_by_the_new_kind(live):
    """Security and requests move to the streets, in whole; half of sanitation in half of its items."""
    half = TransferDuties("residents_committee", "street_office", ("sanitation",), share=0.5)
    after = live(*USES["transfer_duties"], half)
    names = list(duty_classes())
    moved = np.isin(after.items.duty_class, [names.index("security"), names.index("request")])
    assert (after.items.owner[moved] == KIND["street_office"]).all()
    sanitation = after.items.owner[after.items.duty_class == names.index("sanitation")]
    assert 2 * (sanitation == KIND["street_office"]).sum() in sanitation.size + 49 * np.array([-1, 0, 1])


def test_transferred_people_keep_their_names_and_the_rest_stay(live, start):
    """Forty people of the streets work for committees, the others where they were."""
    after = live(*USES["transfer_staff"])
    was, now = employed(start, "street_office"), employed(after, "street_office")
    assert len(was) - len(now) == 40
    assert np.isin(np.setdiff1d(was, now), employed(after, "residents_committee")).all()


def test_people_without_the_promise_to_keep_it_lose_rank_and_pay(live):
    """A transfer that keeps the status alone starts everybody at the lowest rank and at most base pay."""
    hired = Hire("street_office", 10.0, pay_scale=2.0)
    move = TransferStaff("street_office", "residents_committee", keep=("status",))
    after = live(hired, move)
    moved = after.staff.post_at_start == KIND["street_office"]
    assert (after.staff.pay[moved] <= 3000).all()
    assert (after.staff.rank[moved] == 0).all()


def test_hired_people_are_new_and_all_have_a_post(live, start):
    """Thirty posts more at committees."""
    after = live(*USES["hire"])
    assert len(employed(after, "residents_committee")) - len(employed(start, "residents_committee")) == 30
    assert after.staff.n == start.staff.n + 30


def test_released_people_stay_in_the_record(live, start):
    """Half of the streets' posts go; the rows stay, so that staff balance."""
    after = live(*USES["release"])
    assert len(employed(after, "street_office")) == len(employed(start, "street_office")) / 2
    assert after.staff.n == start.staff.n


def test_shared_posts_are_one_pool_and_return_to_two(live):
    """Street and district draw on one pool; taken back, each has its own people again."""
    joint = live(*USES["share_posts"])
    pools = joint.institutions.pool
    assert len({*pools[joint.open_rows("street_office")], *pools[joint.open_rows("district_office")]}) == 1
    apart = live(*USES["share_posts"], SharePosts(("street_office", "district_office"), 0.0))
    for row in apart.open_rows("street_office"):
        mine = apart.staff.employer == row
        assert (apart.staff.pool[mine] == apart.institutions.pool[row]).all()
        assert apart.pools.id[apart.institutions.pool[row]] == apart.institutions.id[row]


def test_people_follow_a_merger_into_the_pool_their_office_shares(live):
    """Committees that lend their posts to party organisations still do after a merger and after a split."""
    for operations in ((Merge(18),), (Merge(18), Split(2))):
        after = live(*operations)
        pool, seat = after.institutions.pool, after.institutions.seat
        party = after.open_rows("party_organisation")
        committee = after.serving_rows("residents_committee")[seat[party]]
        assert np.array_equal(pool[party], pool[committee])


def test_posts_shared_by_a_later_reform_stay_shared_through_a_merger(live):
    """Committee and station on one pool are on one pool when they have been merged, with all of their people."""
    after = live(STATION, SharePosts(("service_station", "residents_committee"), 1.0), Merge(18))
    stations, committees = (after.serving_rows(k) for k in ("service_station", "residents_committee"))
    assert np.array_equal(after.institutions.pool[stations], after.institutions.pool[committees])
    at = np.isin(after.staff.employer, [*stations, *committees])
    assert np.array_equal(after.staff.pool[at], after.institutions.pool[after.staff.employer[at]])


@pytest.mark.parametrize("per", ["total", "year", "month", "community_year", "household_year"])
def test_a_fund_pays_what_it_says(live, start, per):
    """Whole yuan, all of them granted and found in the accounts (the balance is checked every month)."""
    after = live(Fund("repair", 120_000.0, per=per))
    months = {"total": 1, "year": 3 / 12, "month": 3, "community_year": 49 * 3 / 12}
    factor = months.get(per, start.areas.households.sum() * 3 / 12)
    assert after.ledger["money_granted"] == pytest.approx(120_000 * factor, abs=1e-6)


def test_a_fund_with_an_end_pays_its_total_to_the_yuan(live, start):
    """A hundred thousand over three months is a hundred thousand."""
    after = live(Fund("pilot", 100_000.0, until=start.month + 3), months=5)
    assert after.ledger["money_granted"] == 100_000


def test_a_yearly_fund_loses_no_yuan_to_twelfths(live):
    """A hundred thousand a year, in twelve instalments of whole yuan."""
    assert live(Fund("repair", 100_000.0, per="year"), months=12).ledger["money_granted"] == 100_000


def test_zones_work_on_what_they_were_given(live):
    """Some hours of the zones' people go into the assigned work that the duty table gives them."""
    after = live(*USES["create_zones"], months=6)
    assert after.institutions.hours_assigned[after.open_rows("functional_zone")].sum() > 0
