"""Hours that come with work leave somebody's desk; what is bought, comes back, or costs the public is told apart."""

from __future__ import annotations

import numpy as np
import pytest

from sim.catalogue import levers
from sim.observe.costs import pay
from sim.rules.changes import RuleChange
from sim.rules.operations import OpenOffice
from sim.world.cases import IN_SERVICE
from tests.behaviour import paired_effects
from tests.behaviour.paired_effects import BEFORE, lived, rule, six_communities

BOUGHT = rule("purchase.catalogue", 1.0), rule("purchase.budget", 3e6)
GATE = (
    rule("admission.rule", levers()["admission.rule"].code("with_resources")),
    rule("admission.strictness", 1.0),
)


@pytest.fixture(autouse=True)
def few_months(monkeypatch):
    """Half a year tells what happens here: nothing is a matter of chance."""
    monkeypatch.setattr(paired_effects, "MONTHS", 6)


def assumed(**values: float):
    """Return what gives assumptions other values at the start; two underscores stand for a dot."""
    return lambda world: world.assume.update({n.replace("__", "."): v for n, v in values.items()})


def lent(world) -> np.ndarray:
    """Return hours that came with work, hours departments lent and were open, and tasks that were accompanied."""
    pools, offices = world.pools, world.institutions
    departments = world.departments.institution
    return np.array(
        [
            pools.visiting_hours.sum(),
            pools.lent_hours.sum(),
            offices.hours_open[departments].sum(),
            world.areas.accompanied.sum(),
        ]
    )


def test_people_who_come_with_work_are_away_from_their_department():
    """What community desks gain departments lack, hour by hour; where none come along nobody is away."""
    with_them, alone = (
        lived(1, *GATE, rule("admission.hours_with_task", h), measure=lent) for h in (1.0, 0.0)
    )
    assert with_them[:, 0] == pytest.approx(with_them[:, 1])
    assert with_them[-1, 0] > 0 == alone[:, :2].max()
    assert (with_them[1:, 2] < alone[1:, 2]).all()


def test_no_department_sends_more_people_than_it_can_spare():
    """With less to spare fewer tasks are accompanied, and no more than that part of the department's hours is away."""
    few, many = (lived(1, *GATE, at_start=assumed(admission__lent=s), measure=lent) for s in (0.002, 0.6))
    assert few[:, 3].sum() < many[:, 3].sum()
    assert (few[1:, 1] <= 0.002 * few[:-1, 2] + 1e-6).all()


def test_work_leaves_a_desk_whose_contracts_have_ended():
    """Nothing waits at the organisations' desk once there is no money for it, nor comes back to it."""
    end = RuleChange("set", "purchase.budget", 0.0, six_communities().run.first_month + BEFORE + 4)

    def waiting(world):
        desk, cases = world.serving_rows("social_organisation"), world.cases
        open_ = cases.state < IN_SERVICE
        at = cases.stops[np.arange(cases.n), cases.stage]
        idle = desk[(desk >= 0) & (world.institutions.own_hours[desk] <= 0)]
        return np.array([(np.isin(at, desk) & open_).sum(), len(idle), world.areas.handed_over.sum()])

    busy = assumed(purchase__own_desk=0.2, purchase__listed=0.6)
    months = lived(1, *BOUGHT, end, at_start=busy, measure=waiting)
    assert months[:, 2].max() > 0
    assert months[:5, 0].max() > 0
    assert months[-1, 1] > 0 == months[-1, 0]


def test_what_nobody_bids_for_may_still_go_to_a_firm():
    """Without an organisation firms get what went to them before anybody bid, and half of what found no bidder."""

    def nobody(world):
        world.assume.update({"purchase.firms": 0.5, "purchase.lot": 5000.0})
        world.organisations.form[:] = 0

    def firms(world):
        area = world.areas
        alone = ~np.isin(np.arange(area.n), world.organisations.area[world.organisations.contract > 0])
        return np.array([area.firms_yuan[alone].sum(), area.purchase_sent[alone].sum()])

    paid, sent = lived(1, *BOUGHT, at_start=nobody, measure=firms)[0]
    assert 0.65 < paid / sent < 0.85


def test_what_lives_on_fees_is_no_public_cost():
    """Posts and rooms of property services are paid by owners; those of stations by the public."""

    def cost(world):
        return np.array(
            [pay(world).sum(), world.institutions.upkeep.sum(), world.institutions.change_cost.sum()]
        )

    none, fees, public = (
        lived(1, *(OpenOffice(kind, per="community", staff=3.0) for kind in kinds), measure=cost)[0]
        for kinds in ((), ("property_service",), ("service_station",))
    )
    assert (none == fees).all()
    assert (public > none).all()


def test_work_that_no_longer_goes_first_is_not_sent_back_as_inspected():
    """Where nobody may assess, what is done badly comes back only as far as it still went first."""
    ban = rule("assessment.allowed_from", levers()["assessment.allowed_from"].code("none"))

    def sent_back(world):
        ended, cases = world.ended, world.cases
        badly = (ended.origin == 0) & (ended.is_done == 1) & (ended.is_solved == 0)
        rank = dict(zip(cases.key.tolist(), cases.rank.tolist(), strict=True))
        ranks = np.array([rank[key] for key in ended.key[badly].tolist()])
        back = ended.is_returned[badly] == 1
        listed = world.items.priority[ended.item[badly]] == 0
        return np.array([back.sum(), (back & (ranks != 2)).sum(), (listed & (ranks != 2)).sum()])

    busy = assumed(returns__assigned=1.0, tasks__hours_scale=4.0)
    months = lived(1, ban, at_start=busy, measure=sent_back)
    assert months[:, 1].sum() == 0 < months[:, 2].sum()
