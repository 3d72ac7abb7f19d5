"""Overhead is spent and counted, offices have upkeep, change has a price; every yuan arrives or is spent."""

from __future__ import annotations

import numpy as np
import pytest

from sim.base.errors import RunError
from sim.observe.checks import balances, check
from sim.observe.measures import COUNTS
from sim.rules.operations import Hire, Merge, OpenOffice, RemoveLayer
from sim.world.world import OWN_PURSE
from tests.behaviour import paired_effects
from tests.behaviour.paired_effects import SEEDS, differences, effects, lived, rule

NO_STREETS = RemoveLayer(
    "street", duties={"economy": "department", "enforcement": "department"}, approvals={"transaction": None}
)


def assumed(**values: float):
    """Return what gives assumptions other values at the start; two underscores stand for a dot."""
    return lambda world: world.assume.update({n.replace("__", "."): v for n, v in values.items()})


@pytest.fixture(autouse=True)
def two_seeds(monkeypatch):
    """Two pairs of half a year: nothing here is a matter of chance."""
    monkeypatch.setattr(paired_effects, "SEEDS", SEEDS[:2])
    monkeypatch.setattr(paired_effects, "MONTHS", 6)


def test_what_layers_keep_is_spent_on_themselves():
    """What does not arrive is overhead, spent in the month it is kept; offices above communities hoard nothing."""

    def kept(world):
        areas, offices = world.areas, world.institutions
        above = np.isin(offices.kind, [0, 1])
        assert offices.money[above].sum() == 0
        assert (offices.overhead <= offices.spent).all()
        return np.array([areas.sent.sum() - areas.arrived.sum(), offices.overhead.sum()])

    lost, overhead = lived(1, measure=kept).T
    assert (lost == overhead).all()
    assert (overhead > 0).all()


def test_a_layer_less_keeps_less_and_arrives_more():
    """Without streets the overhead falls by what arrives more, and without overhead nothing is kept."""
    assert (effects("cost.overhead", NO_STREETS) < 0).all()
    assert (effects("money.arrival_share", NO_STREETS) > 0).all()
    assert lived(1, rule("money.overhead", 0.0), measure=lambda w: w.institutions.overhead.sum()).max() == 0


def test_offices_and_posts_cost_upkeep():
    """More posts cost more upkeep by what a post costs; a merger saves rooms; at nothing there is none."""
    per_post = 12 * 300 * 30 / 15_000
    assert effects("cost.upkeep", Hire("residents_committee", 30.0)) == pytest.approx(per_post, rel=0.05)
    assert (effects("cost.upkeep", Merge(2)) < 0).all()
    none = assumed(upkeep__per_office=0.0, upkeep__per_post=0.0)
    assert lived(1, at_start=none, measure=lambda w: w.institutions.upkeep.sum()).max() == 0


def test_change_has_a_price_once():
    """Opening, closing and merging cost what they are assumed to, in the month they happen and never again."""

    def price(world):
        return world.institutions.change_cost.sum()

    months = lived(1, OpenOffice("service_station", per="community", staff=2.0), measure=price)
    assert months.tolist() == [6 * 50_000, 0, 0, 0, 0, 0]
    assert lived(1, Merge(2), measure=price).tolist() == [6 * 30_000, 0, 0, 0, 0, 0]
    assert lived(1, NO_STREETS, measure=price).tolist() == [2 * 20_000, 0, 0, 0, 0, 0]
    assert lived(1, measure=price).sum() == 0
    free = assumed(transition__open=0.0, transition__close=0.0, transition__merge=0.0)
    assert lived(1, Merge(2), at_start=free, measure=price).sum() == 0


def test_all_of_it_is_in_the_cost_per_resident():
    """The cost per resident rises by exactly what upkeep, change and overhead rise by."""
    dear, cheap = assumed(upkeep__per_office=4000.0), assumed(upkeep__per_office=2000.0)
    of_all, of_rooms = (differences(name, cheap, dear) for name in ("cost.per_resident", "cost.upkeep"))
    assert of_all == pytest.approx(of_rooms)
    assert (of_all > 0).all()
    dear = assumed(transition__merge=90_000.0)
    of_all, of_change = (
        differences(name, lambda world: None, dear, Merge(2))
        for name in ("cost.per_resident", "cost.transition")
    )
    assert of_all == pytest.approx(of_change)
    assert (differences("cost.per_solved", lambda world: None, dear, Merge(2)) > 0).all()


def test_people_in_the_pool_are_paid_and_counted():
    """People whose office is closed wait in the district pool at full pay: a removed layer saves no pay by itself."""

    def wages(world):
        staff = world.staff
        held = (staff.is_employed == 1) & (staff.vacant_for == 0)
        held &= (staff.employer < 0) | ~np.isin(world.institutions.kind[staff.employer], OWN_PURSE)
        from sim.observe.costs import pay

        return pay(world).sum() - (staff.pay[held] * staff.fte[held] / 10).sum()

    assert abs(lived(1, NO_STREETS, measure=wages)).max() < 1e-6


def test_money_on_its_way_that_does_not_arrive_is_noticed():
    """A yuan that vanishes between sender and receiver, or from a contract, stops the run."""
    worlds = []

    def keep(world):
        worlds.append(world.copy())
        return 0.0

    lived(1, rule("purchase.catalogue", 1.0), rule("purchase.budget", 3e6), measure=keep)
    world = worlds[-1]
    start = {"people": int(world.areas.residents.sum())}
    assert all(a == b for _, a, b in balances(world, start))
    for column in ("sent", "purchase_paid"):
        broken = world.copy()
        getattr(broken.areas, column)[0] += 1
        with pytest.raises(RunError, match="not conserved"):
            check(broken, start)


def test_measures_of_cost_are_whole_place_sums():
    """Overhead, upkeep and change are parts of what everything costs, in every area."""

    def parts(world):
        return np.array(
            [COUNTS[f"cost.{n}"](world)[0] for n in ("per_resident", "overhead", "upkeep", "transition")]
        )

    whole, overhead, upkeep, change = lived(1, Merge(2), measure=parts).transpose(1, 0, 2)
    assert (whole >= overhead + upkeep + change).all()
