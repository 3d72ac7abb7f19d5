"""What cross-held posts, who keeps the agenda, thin attention and a class's organ share do: each against none of it."""

from __future__ import annotations

import numpy as np
import pytest

from sim.catalogue import duty_classes, duty_index, levers
from sim.mechanisms import assign_tasks, filing, practise_rules, propose_projects, serve
from sim.mechanisms.contract import Context, Mechanism
from sim.mechanisms.posts import Posts
from sim.model import advance, new_world
from sim.world.practice import practised_rows
from tests.behaviour.paired_effects import SEEDS, differences, effects, lived, rule, six_communities

CHI, GATE = "cross_holding.chi", "agenda.gate"
COMMITTEE, PARTY, FREE = 0, 1, 2


@pytest.fixture(scope="module")
def half_a_year():
    """Six communities after half a year under their own rules."""
    place = six_communities()
    world = new_world(place, SEEDS[0])
    return advance(world, place.timeline, world.month + 6, None)


def seen_by(mechanism: Mechanism, world, **assume: float) -> Context:
    """Return what a mechanism sees of a copy of the world under other assumptions; `__` stands for the dot."""
    mine = world.copy()
    mine.assume = mine.assume | {name.replace("__", "."): value for name, value in assume.items()}
    return Context(mine, mechanism, Posts(mine.residents.n))


def under(world, **rules: float):
    """Return a copy of the world under other rules, as long in force as any."""
    mine = world.copy()
    for name, value in rules.items():
        lever = name.replace("__", ".")
        mine.rules[lever] = np.full_like(mine.rules[lever], value)
        if lever in practised_rows():
            for column in ("written", "paper", "before", "value"):
                getattr(mine.practice, column)[practised_rows()[lever]] = value
    return mine


def assume(**values: float):
    """Return a change of assumptions; two underscores stand for the dot."""
    return lambda world: world.assume.update({name.replace("__", "."): v for name, v in values.items()})


def test_cross_held_posts_draw_a_committee_upward_as_far_as_assumed():
    """All posts cross-held lower orientation under every seed; where capture is none, by nothing."""

    def orientation(seed, *rules, **more):
        rows = lived(
            seed, *rules, measure=lambda w: w.institutions.orientation.mean(), at_start=assume(**more)
        )
        return rows[-1]

    for seed in SEEDS[:2]:
        some, none = {"orientation__cross_holding": 0.2}, {"orientation__cross_holding": 0.0}
        assert orientation(seed, rule(CHI, 1.0), **some) < orientation(seed, **some) - 0.01
        apart = abs(orientation(seed, rule(CHI, 1.0), **none) - orientation(seed, **none))
        assert apart < 0.01


@pytest.mark.parametrize("gain", [-0.2, 0.0, 0.5])
def test_files_wait_less_between_layers_where_posts_are_cross_held(half_a_year, gain):
    """Full cross-holding shortens the batch period by the assumed part, lengthens it below none, and none keeps it."""
    usual = round(half_a_year.assume["handoff.batch_days"])
    world = under(half_a_year, cross_holding__chi=1.0)
    days = filing.batch_days(seen_by(serve.MECHANISM, world, coordination__hand_offs=gain))
    assert days.mean() == pytest.approx(usual * (1 - gain), abs=0.5)
    assert np.sign(usual - days.mean()) == np.sign(gain)
    same = filing.batch_days(seen_by(serve.MECHANISM, half_a_year, coordination__hand_offs=gain))
    assert (same == usual).all()


def test_thin_attention_delays_approvals_and_tasks_as_far_as_assumed(half_a_year):
    """Half the attention doubles the batch period and takes from a task's term what its way takes longer."""
    usual = round(half_a_year.assume["handoff.batch_days"])
    world = half_a_year.copy()
    world.areas.attention[:] = 0.5
    world.areas.message_days[:] = world.areas.message_days_at_start + 4
    days = filing.batch_days(seen_by(serve.MECHANISM, world, attention__batch=1.0))
    assert (days == 2 * usual).all()
    assert (filing.batch_days(seen_by(serve.MECHANISM, world, attention__batch=0.0)) == usual).all()
    terms = [filing._expiry(seen_by(serve.MECHANISM, world, attention__late=late)) for late in (0.0, 1.0)]
    assert (terms[0] - terms[1] == 4 * filing.DAY_TICKS).all()
    before = filing._expiry(seen_by(serve.MECHANISM, half_a_year, attention__late=1.0))
    assert (before == terms[0]).all()


def test_thin_attention_slows_practice(half_a_year):
    """Half the attention from above means that every rule is followed up half as much."""
    world = half_a_year.copy()
    full = practise_rules._followed_up(seen_by(practise_rules.MECHANISM, world))
    world.areas.attention[:] = 0.5
    assert practise_rules._followed_up(seen_by(practise_rules.MECHANISM, world)) == pytest.approx(full / 2)


def test_nobody_who_approves_is_not_the_same_as_the_street(half_a_year):
    """Admission is watched more where the street approves than where nobody does, if that counts for anything."""
    admission = practised_rows()["admission.rule"]

    def watched(approver: str, gain: float) -> float:
        code = levers()["admission.approver"].code(approver)
        world = under(half_a_year, admission__approver=code, admission__supervision=0.5)
        seen = seen_by(practise_rules.MECHANISM, world, admission__approver_any=gain)
        return practise_rules._followed_up(seen)[admission].mean()

    assert watched("none", 0.2) < watched("street", 0.2) < watched("district", 0.2)
    assert watched("none", 0.0) == watched("street", 0.0)


def test_each_class_has_an_organ_share_of_its_own(half_a_year):
    """Raising one class's organ share moves its items by that much and no others."""
    name = "security"
    c, more = (
        seen_by(assign_tasks.MECHANISM, half_a_year, tasks__organ_share__security=v) for v in (0.0, 0.2)
    )
    assigned = np.flatnonzero(half_a_year.items.origin == 0)
    moved = assign_tasks._organ_share(more, assigned) - assign_tasks._organ_share(c, assigned)
    mine = half_a_year.items.duty_class[assigned] == duty_index(name)
    assert moved[mine] == pytest.approx(0.2)
    assert not moved[~mine].any()
    assert set(assign_tasks.ASSIGNED_CLASSES) == {
        n for n, d in duty_classes().items() if d.origin == "assigned"
    }


def test_each_keeper_of_the_gate_lets_other_matters_through(half_a_year):
    """No gate lets all through; a party gate favours what is grave, a committee's what is cheap, as far as assumed."""
    severity = half_a_year.issues.severity
    criteria = {"gate__committee_cost": 0.3, "gate__party_severity": 0.3, "gate__party": 0.7}

    def gate(keeper: int, **values: float) -> np.ndarray:
        return propose_projects._gate(
            seen_by(propose_projects.MECHANISM, under(half_a_year, agenda__gate=keeper), **values)
        )

    assert (gate(FREE, **criteria) == 1).all()
    assert np.corrcoef(gate(PARTY, **criteria), severity)[0, 1] > 0.99
    cost = half_a_year.issues.cost
    if np.ptp(cost) > 0:
        assert np.corrcoef(gate(COMMITTEE, **criteria), cost)[0, 1] < -0.9
    plain = {
        "gate__committee_cost": 0.0,
        "gate__party_severity": 0.0,
        "gate__party": 0.75,
        "proposals__gate": 0.75,
    }
    assert np.array_equal(gate(PARTY, **plain), gate(COMMITTEE, **plain))


def test_a_stricter_party_gate_leaves_fewer_proposals():
    """Under a party gate fewer matters are raised the less it lets through, under every seed."""
    loose, strict = assume(gate__party=1.0), assume(gate__party=0.5)
    assert (differences("proposals.made", loose, strict, rule(GATE, PARTY)) < 0).all()


def test_half_a_rule_is_half_an_effect():
    """One window that nobody follows up spares fewer hand-offs than one that is practised at once."""
    window = rule("station.one_window", 1)
    at_once = assume(rule_in_use__at_start=0.6, rule_in_use__message=0.0)
    slowly = assume(rule_in_use__at_start=0.1)
    assert (effects("hand_offs", window, both=at_once) < effects("hand_offs", window, both=slowly)).all()
