"""Two worlds that may differ in one thing only: the promises that make paired comparison honest."""

from __future__ import annotations

import numpy as np
import pytest

from sim.model import advance, first_felt, new_world, run_arms
from sim.scenario import load_scenario
from sim.world.saving import load_world, save_world
from tests.paired.worlds import differing, grown, small

SPIN_UP = 36
BEFORE_REFORM = 47
AFTER_REFORM = 52
NEWS = {"practice.months_ahead", "practice.coming"}


@pytest.fixture(scope="module")
def tongling():
    """A twentieth of Tongling."""
    return small()


@pytest.fixture(scope="module")
def reformed(tongling):
    """Tongling four months after its reform began."""
    return grown(tongling, AFTER_REFORM)


def test_the_same_seed_gives_the_same_world(tongling, reformed):
    """A world grown twice from one seed is equal in every column."""
    assert differing(reformed, grown(tongling, AFTER_REFORM)) == []


def test_an_empty_reform_changes_no_cell(tongling):
    """The baseline and a scenario whose reforms were all taken out are the same world."""
    bare = tongling.without(tongling.reforms)
    assert differing(grown(tongling.baseline(), AFTER_REFORM), grown(bare, AFTER_REFORM)) == []


def test_nothing_differs_before_the_first_announcement(tongling):
    """Both arms are equal in every column up to the month before the reform is announced."""
    before = tongling.timeline.announced - tongling.run.first_month - 1
    assert 0 < before < BEFORE_REFORM

    assert differing(grown(tongling.baseline(), before), grown(tongling, before)) == []


def test_only_the_news_differs_before_the_first_change(tongling):
    """Between announcement and change the arms differ in what is known to come: no gate is announced here."""
    assert tongling.timeline.first_change == tongling.run.first_month + BEFORE_REFORM + 1

    changed = differing(grown(tongling.baseline(), BEFORE_REFORM), grown(tongling, BEFORE_REFORM))
    assert set(changed) == NEWS


def test_arms_that_part_when_a_reform_is_felt_are_those_that_part_when_it_is_announced(tongling, monkeypatch):
    """Walking one world up to the month in which a reform may first act loses nothing of either arm."""
    assert first_felt(tongling) == tongling.timeline.first_change > tongling.timeline.announced
    arms = {"without": tongling.baseline(), "with": tongling}
    late = run_arms(arms, 7)
    monkeypatch.setattr("sim.model.first_felt", lambda arm: arm.timeline.announced)
    assert {k: t.digest() for k, t in run_arms(arms, 7).items()} == {k: t.digest() for k, t in late.items()}


def test_a_gate_that_is_announced_is_felt_before_its_date():
    """Zhuhai announces an admission gate, on which issuers act: its arms part at the announcement."""
    zhuhai = load_scenario("zhuhai")
    assert first_felt(zhuhai) == zhuhai.timeline.announced < zhuhai.timeline.first_change


def test_the_reform_does_change_the_world(tongling, reformed):
    """After the reform the arms differ in trust, in offices and in open cases: the tests above can fail."""
    changed = differing(reformed, grown(tongling.baseline(), AFTER_REFORM))

    assert {"residents.trust_committee", "institutions.is_open", "cases.stops"} <= set(changed)


def test_one_resident_more_without_needs_ties_and_vote_changes_nobody(tongling, reformed):
    """Every column of everybody else stays equal to the bit when such a resident is added."""
    other = grown(tongling, AFTER_REFORM, extra=1)
    n = reformed.residents.n
    changed = [
        c
        for c in reformed.residents
        if not np.array_equal(getattr(reformed.residents, c), getattr(other.residents, c)[:n])
    ]

    assert other.residents.n == n + 1
    assert changed == []
    assert [
        name
        for name in differing(reformed, other)
        if not name.startswith(("residents.", "households.", "blocks.", "filed."))
    ] == ["areas.residents"]


def test_a_saved_world_continues_bit_for_bit(tongling, reformed, tmp_path):
    """A world saved in the spin-up and continued from its file equals one that never stopped, cases included."""
    world = new_world(tongling, 7)
    advance(world, tongling.timeline, world.month + 20, None)
    save_world(world, tmp_path / "world.npz", tongling)
    again = load_world(tmp_path / "world.npz", tongling)

    advance(again, tongling.timeline, again.first_month + AFTER_REFORM, None)

    assert differing(reformed, again) == []


def test_two_arms_branched_from_one_world_do_not_touch_each_other(tongling, reformed):
    """Running the baseline from a copy leaves the original where it was."""
    world = new_world(tongling, 7)
    advance(world, tongling.timeline, world.month + SPIN_UP, None)
    twin = world.copy()
    advance(twin, tongling.baseline().timeline, twin.month + 20, None)

    advance(world, tongling.timeline, world.first_month + AFTER_REFORM, None)

    assert differing(reformed, world) == []
