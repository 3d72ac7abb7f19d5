"""The small twin behind a preview: what is counted over the whole place shrinks in proportion, the rest stays."""

from __future__ import annotations

import pytest

from sim.base.errors import ScenarioError
from sim.scenario import load_scenario
from sim.scenario.twin import twin_of


def test_a_twin_keeps_the_size_of_a_community_and_the_staff_behind_a_resident():
    """Residents and posts fall in the same proportion as communities do."""
    whole = load_scenario("tongling")
    twin = twin_of(whole, 5)
    share = 5 / whole.frame.n_areas
    assert twin.frame.n_areas == 5
    assert twin.place.residents == pytest.approx(share * whole.place.residents, rel=0.01)
    assert twin.history[0].table.people() == pytest.approx(share * whole.history[0].table.people(), rel=0.02)


def test_a_twin_merges_in_proportion():
    """A merger of 49 communities into 18 becomes one of 5 into 2."""
    twin = twin_of(load_scenario("tongling"), 5)
    assert [op.op.into for op in twin.timeline.operations if hasattr(op.op, "into")] == [2]


def test_a_place_that_is_small_already_is_its_own_twin():
    """Nothing is cut from a place with no more communities than asked for."""
    small = load_scenario("reference_community")
    assert twin_of(small, 5) is small


def test_named_districts_are_all_there():
    """The pilot district and the rest of a city are in its twin, in about their proportion."""
    whole = load_scenario("zhuhai")
    twin = twin_of(whole, 12)
    assert twin.frame.unit_ids["district"] == whole.frame.unit_ids["district"]
    pilot = [(s.frame.parent["district"] == 0).mean() for s in (whole, twin)]
    assert pilot[1] == pytest.approx(pilot[0], abs=0.1)
    assert twin.frame.n_areas == pytest.approx(12, abs=2)


def test_a_twin_too_small_for_its_reform_is_refused():
    """Where each street of a twin has fewer people than the reform takes from it, the twin says so."""
    with pytest.raises(ScenarioError, match="street office"):
        twin_of(load_scenario("zhuhai"), 5)


def test_a_twin_pilots_in_proportion():
    """Seven pilot streets of sixteen are two of a twin's five; streets called by name all stay."""
    whole = load_scenario("jinjiang")
    twin = twin_of(whole, 20)
    piloted = [
        {
            int(s.frame.parent["street"][area])
            for op in s.timeline.changes
            if op.areas is not None
            for area in op.areas
        }
        for s in (whole, twin)
    ]
    assert [len(streets) for streets in piloted] == [7, 2]
    assert twin.frame.n_units["street"] == 5
