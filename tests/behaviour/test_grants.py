"""What money from funds and from above is for, who pays it, and what comes back; every yuan is found each month."""

from __future__ import annotations

import numpy as np
import pytest

from sim.rules.operations import Fund, Merge, RemoveLayer
from tests.behaviour import paired_effects
from tests.behaviour.paired_effects import lived, rule
from tests.behaviour.reformed import reformed

YEARLY = Fund("x", 500_000.0, per="year")
POOR = rule("money.fund_per_household", 3.0)


@pytest.fixture(autouse=True)
def few_months(monkeypatch):
    """Four months tell what money does here: nothing is a matter of chance."""
    monkeypatch.setattr(paired_effects, "MONTHS", 4)


def money(world) -> np.ndarray:
    """Return how far self-governance is funded, yuan of projects, yuan idle and what layers here paid into funds."""
    offices, rows = world.institutions, world.open_rows("residents_committee")
    idle = offices.money[rows] - offices.earmarked[rows]
    return np.array(
        [offices.funded[rows].mean(), offices.project_cost.sum(), idle.sum(), offices.funding.sum()]
    )


def test_money_for_projects_pays_for_no_self_governance():
    """Ten times the project money leaves what of its own work a poor community can pay for as it was."""
    poor, richer = (lived(1, POOR, rule("project.base_budget", b), measure=money)[0] for b in (10.0, 100.0))
    assert poor[0] == pytest.approx(richer[0], rel=1e-3)  # to the yuan
    assert poor[0] < 0.9


def test_a_fund_for_nothing_in_particular_pays_self_governance_and_then_projects():
    """Half a million a year funds what a poor community lacks; what is left builds, or lies idle where none may."""
    poor, granted = (lived(1, POOR, *more, measure=money) for more in ((), (YEARLY,)))
    assert (granted[1:, 0] > poor[1:, 0]).all()
    assert granted[:, 1].sum() > 2 * poor[:, 1].sum()
    never = lived(
        1,
        POOR,
        YEARLY,
        at_start=lambda world: world.assume.update({"money.grants_to_projects": 0.0}),
        measure=money,
    )
    assert never[-1, 2] > granted[-1, 2]
    assert never[:, 1].sum() == poor[:, 1].sum()


def test_a_fund_for_a_purpose_pays_for_no_self_governance():
    """The same yuan for a purpose build, and fund nothing else."""
    poor, kept = (
        lived(1, POOR, *more, measure=money) for more in ((), (Fund("x", 5e5, per="year", only_for=("p",)),))
    )
    assert kept[0, 0] == pytest.approx(poor[0, 0], rel=1e-3)
    assert kept[:, 1].sum() > poor[:, 1].sum()


def test_a_merged_community_has_one_base():
    """Six communities made two are sent four bases less, and what goes by households as before."""
    before, after = (lived(1, *how, measure=lambda w: w.areas.sent.sum())[0] for how in ((), (Merge(2),)))
    assert before - after == pytest.approx(4 * 30_000 / 12, abs=12)


def test_the_top_office_keeps_its_part_wherever_the_chain_is_shorter(place, start):
    """Where money comes straight, areas without a street send it through the district as all others do."""
    world = start.copy()
    world.rules["money.route"] = np.ones_like(world.rules["money.route"])
    no_street = RemoveLayer("street", duties={"economy": "department", "enforcement": "department"})
    streets = world.serving_rows("street_office")
    gone = np.flatnonzero(streets == streets[0])
    after = reformed(place, world, no_street, areas=gone, months=1).areas
    assert len(np.unique(after.hops)) == 2
    kept = 1 - after.arrived / after.sent
    assert kept.min() > 0
    assert kept == pytest.approx(kept[0], abs=1e-3)


def test_layers_pay_the_shares_they_are_named_for(live, start):
    """Seven tenths from the district are its own; the city's come from outside; both are all that was granted."""
    after = live(Fund("x", 120_000.0, per="month", payers={"district": 0.7, "city": 0.3}), months=1)
    offices = after.institutions
    assert offices.funding[after.open_rows("district_office")].sum() == offices.funding.sum() == 84_000
    assert after.ledger["granted_by/city"] == 36_000
    assert after.ledger["money_granted"] == 120_000
    assert start.institutions.funding.sum() == 0


def test_communities_pay_their_share_out_of_what_they_have(live):
    """Half from the communities comes out of their own money: the treasury grants half, and nobody gets into debt."""
    after = live(Fund("x", 12_000.0, per="month", payers={"district": 0.5, "community": 0.5}), months=1)
    offices, rows = after.institutions, after.open_rows("residents_committee")
    assert after.ledger["money_granted"] == 6_000
    assert 0 < offices.funding[rows].sum() <= 6_000
    assert (
        live(Fund("x", 1e9, per="month", payers={"community": 1.0}), months=1).ledger.get("money_granted", 0)
        == 0
    )


def test_what_a_fund_leaves_unspent_goes_back_where_it_is_to(live, start):
    """After its last month what was not spent goes back to the yuan; where it stays, it stays."""
    left = {}
    for unspent in ("keeps", "returns"):
        fund = Fund("x", 3e6, until=start.month + 2, unspent=unspent, only_for=("repair",))
        during, after = live(fund, months=2), live(fund, months=3)
        back = after.ledger.get("money_returned", 0) - start.ledger.get("money_returned", 0)
        assert back == (during.institutions.returnable.sum() if unspent == "returns" else 0)
        assert not after.institutions.returnable.any()
        left[unspent] = after.institutions.earmarked.sum()
    assert 0 <= left["returns"] < left["keeps"] / 10
