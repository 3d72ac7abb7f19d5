"""Trust in organisations is a stock of its own: what they do and offer moves it, and it moves who turns to them."""

from __future__ import annotations

import numpy as np
import pytest

from sim.catalogue import levers
from tests.behaviour import paired_effects
from tests.behaviour.paired_effects import SEEDS, differences, effects, rule

BOUGHT = (
    rule("purchase.catalogue", 1.0),
    rule("purchase.budget", 3e6),
    rule("registration.filing", 1.0),
    rule("purchase.first", levers()["purchase.first"].code("social_organisation")),
)


def assumed(**values: float):
    """Return what gives assumptions other values at the start; two underscores stand for a dot."""
    return lambda world: world.assume.update({n.replace("__", "."): v for n, v in values.items()})


def start_trust(level: float):
    """Return what starts everybody's trust in organisations at a level."""
    return lambda world: world.residents.trust_organisations.__setitem__(slice(None), np.float32(level))


@pytest.fixture(autouse=True)
def two_seeds(monkeypatch):
    """Two pairs tell what holds under every seed."""
    monkeypatch.setattr(paired_effects, "SEEDS", SEEDS[:2])


def test_activities_of_organisations_raise_trust_in_them_and_in_nobody_else():
    """Who joins what organisations offer trusts them more; with an effect of nothing trust stays where it was."""
    none, some = (assumed(activity__to_trust=x, activity__trust_organisations=0.0) for x in (0.0, 0.08))
    assert (differences("trust.organisations", none, some) > 0).all()
    assert (differences("trust.committee", none, some) == 0).all()


def test_work_organisations_do_moves_trust_in_them():
    """What they do badly costs them trust against the same work done well, and costs the government none."""
    well, badly = (
        assumed(purchase__badly=x, purchase__listed=0.6, purchase__own_desk=1.0) for x in (0.0, 0.3)
    )
    assert (differences("trust.organisations", well, badly, *BOUGHT) < 0).all()
    unmoved = assumed(response__trust=0.0, activity__to_trust=0.0)
    assert (effects("trust.organisations", *BOUGHT, both=unmoved) == 0).all()


def test_trusted_organisations_are_joined():
    """More come to what trusted organisations offer, and as many as before where trust does not matter."""
    low, high = (start_trust(x) for x in (0.2, 0.8))
    assert (differences("participation.activity", low, high) > 0).all()

    def blind(level):
        def change(world):
            start_trust(level)(world)
            assumed(activity__trust_organisations=0.0)(world)

        return change

    assert (differences("participation.activity", blind(0.2), blind(0.8)) == 0).all()


def test_residents_without_trust_wait_for_the_committee():
    """Organisations that are not trusted get fewer cases: some residents would rather wait."""
    low, high = (start_trust(x) for x in (0.1, 0.9))
    rich = rule("purchase.budget", 2e7)
    assert (differences("organisations.cases", low, high, *BOUGHT, rich) > 0).all()
