"""Layers against the geometric product: money and reports that pass k layers keep a factor to the power of k."""

from __future__ import annotations

import numpy as np
import pytest

from sim.model import advance, new_world
from tests.paired.packages import tiny

KEPT, FIDELITY = 0.1, 0.8


@pytest.fixture
def world(tmp_path):
    """The tiny place before its first month: two layers above every committee, nobody else's view or noise."""
    scenario = tiny(tmp_path)
    world = new_world(scenario, 1)
    world.assume |= {"picture.fidelity": FIDELITY, "picture.noise": 0.0, "picture.bias": 0.0, "picture.blur": 0.0}
    return scenario, world


def lived(scenario, world, months: int = 1):
    """Return the world after some months of its own rules."""
    return advance(world, scenario.timeline, world.month + months, None)


@pytest.mark.parametrize(("direct", "passes"), [(0.0, 2), (1.0, 1)])
def test_money_keeps_a_factor_a_layer(world, direct, passes):
    """What arrives is what was sent times (1 - overhead) for each layer it passes, within a yuan a layer."""
    scenario, here = world
    here.rules["money.overhead"] = np.full_like(here.rules["money.overhead"], KEPT)
    here.rules["money.route"] = np.full_like(here.rules["money.route"], direct)
    after = lived(scenario, here)
    sent, arrived = after.areas.sent, after.areas.arrived
    assert sent.min() > 1000
    assert np.all(np.abs(arrived - sent * (1 - KEPT) ** passes) <= passes)


def test_a_report_keeps_a_factor_a_hop(world):
    """Without noise, what the top sees of an area lies fidelity^hops of the way from the mean to the truth."""
    after = lived(*world)
    need, hops = after.areas.need, after.areas.hops
    assert len(set(np.round(need, 6))) > 1
    assert set(hops.tolist()) == {2}
    expected = need.mean() + FIDELITY**hops * (need - need.mean())
    assert after.areas.picture.sum(axis=1) == pytest.approx(expected, rel=1e-6)


def test_kinds_are_confused_by_a_factor_a_hop(world):
    """A hop that hears a part as of any kind keeps the rest of how an area's kinds differ, and all of their sum."""
    scenario, here = world
    here.assume |= {"picture.fidelity": 1.0, "picture.blur": 0.3}
    after = lived(scenario, here)
    need, picture = after.areas.need_by_kind, after.areas.picture
    assert need.std(axis=1).min() > 0.01
    middle = need.mean(axis=1, keepdims=True)
    assert picture == pytest.approx(middle + 0.7**2 * (need - middle), rel=1e-6)
    assert picture.sum(axis=1) == pytest.approx(after.areas.need, rel=1e-9)
