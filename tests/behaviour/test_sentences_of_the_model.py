"""Sentences one may say of the model, each held against paired worlds of the same luck.

An effect counts where it has its sign under every seed: no tolerance is chosen.
"""

from __future__ import annotations

import numpy as np
import pytest

from sim.catalogue import levers
from sim.model import advance, new_world
from sim.rules.operations import OpenOffice, Release, RemoveLayer, TransferDuties
from tests.behaviour.paired_effects import SEEDS, effects, lived, rule, six_communities

STREETS = RemoveLayer("street", duties={"economy": "department", "enforcement": "department"})


def times(factor: float):
    """Return a change of the assigned volume of every item."""

    def change(world):
        world.items.per_year[world.items.origin == 0] *= factor

    return change


def assume(**values: float):
    """Return a change of assumptions; two underscores stand for the dot."""

    def change(world):
        world.assume.update({name.replace("__", "."): v for name, v in values.items()})

    return change


def code(lever: str, value: str) -> float:
    """Return the stored number of a listed value."""
    return levers()[lever].code(value)


def test_more_assigned_work_leaves_fewer_hours_for_self_governance():
    """Half as much again of assigned work lowers the committees' own hours under every seed."""
    assert (effects("committee.hours_self_governance", at_start=times(1.5)) < 0).all()


def test_one_window_spares_hand_offs():
    """With one window fewer residents are sent on."""
    assert (effects("hand_offs", rule("station.one_window", 1)) < 0).all()


def test_money_that_passes_layers_arrives_less():
    """Paid straight, a larger part of what was sent arrives than layer by layer."""
    direct = rule("money.route", code("money.route", "direct"))
    assert (effects("money.arrival_share", direct) > 0).all()


def test_a_door_farther_away_leaves_more_needs_unmet():
    """The same people at a quarter of the density have every door twice as far and ask for less of what they need."""
    sparse = six_communities(density=2000)
    assert (effects("unmet_need", other=sparse) > 0).all()


def test_distance_deters_only_as_far_as_it_is_assumed_to():
    """Without that assumption a sparse place files, in its first month, exactly the requests of a dense one."""
    filed = []
    for place in (six_communities(), six_communities(density=2000)):
        world = new_world(place, SEEDS[0])
        assume(needs__file_distance=0.0)(world)
        advance(world, place.timeline, world.month + 1, None)
        filed.append(world.areas.requests.tolist())
    assert filed[0] == filed[1]


@pytest.mark.parametrize("load", [1.0, 3.0])
@pytest.mark.parametrize("share", [0.1, 0.3])
def test_a_protected_share_is_kept_even_under_overload(share, load):
    """Protected blocks get that share of open hours, overloaded or not, to within a week's odd two-hour block."""
    kept_to = {"rule_in_use.at_start": 1.0, "rule_in_use.decay": 0.0, "rule_in_use.message": 0.0}

    def start(world):
        times(load)(world)
        world.assume |= kept_to

    def hours(world):
        rows = world.open_rows("residents_committee")
        offices = world.institutions
        return np.array([offices.hours_protected[rows].sum(), offices.hours_open[rows].sum()])

    kept = []
    for seed in SEEDS:
        done, open_hours = lived(seed, rule("protected_share", share), at_start=start, measure=hours).sum(
            axis=0
        )
        kept.append(done / open_hours)
    assert kept == pytest.approx([share] * len(SEEDS), rel=0.05)


def test_a_protected_share_raises_self_governance_under_overload():
    """Under three times the assigned work, protected committees do more of their own than unprotected ones."""
    found = [
        np.subtract(
            *(
                lived(
                    seed,
                    *protection,
                    at_start=times(3.0),
                    measure=lambda w: (w.institutions.hours_selfgov + w.institutions.hours_protected).sum(),
                ).sum()
                for protection in ([rule("protected_share", 0.3)], [])
            )
        )
        for seed in SEEDS
    ]
    assert min(found) > 0


def refusing() -> tuple:
    """Return the rules of a supervised gate that refuses what is not on the list."""
    return (
        rule("admission.rule", code("admission.rule", "refuse")),
        rule("admission.supervision", 0.9),
        rule("admission.strictness", 1.0),
    )


def test_a_gate_that_refuses_does_refuse():
    """The share of assigned work that is refused rises from nothing."""
    assert (effects("assigned.refused", *refusing()) > 0).all()


def test_refused_work_lands_on_departments():
    """Departments work more hours on assigned work, or leave more of it undone, once communities may refuse."""

    def cases(world):
        open_now = world.cases.stops[np.arange(world.cases.n), world.cases.stage]
        at = np.concatenate([open_now[world.cases.origin == 0], world.ended.office[world.ended.origin == 0]])
        return np.isin(at, world.departments.institution).sum()

    for seed in SEEDS:
        assert lived(seed, *refusing(), measure=cases).sum() > lived(seed, measure=cases).sum()


def test_an_office_that_does_not_answer_lowers_efficacy():
    """Where nine in ten of the committees' people are let go, people expect less of their voice."""
    assert (effects("efficacy", Release("residents_committee", share=0.9)) < 0).all()


def test_ties_spread_deliberation():
    """Where those around weigh heavily and housemates do not count, ties bring more people to meetings."""
    heavy = assume(deliberate__peers=1.5, influence__household=0.0)

    def without_ties(world):
        heavy(world)
        world.ties[:] = world.residents.n

    def came(world):
        return world.areas.attended.sum()

    for seed in SEEDS:
        with_ties = lived(seed, at_start=heavy, measure=came).sum()
        assert with_ties > lived(seed, at_start=without_ties, measure=came).sum()


def test_a_larger_span_thins_attention():
    """Without streets every community has a smaller part of the district's attention: exactly (3 / 6)^kappa."""
    kappa = six_communities().assumptions["attention.span_exponent"]
    after = lived(1, STREETS, measure=lambda w: w.areas.attention.copy())
    before = lived(1, measure=lambda w: w.areas.attention.copy())
    assert (before == 1).all()
    assert (after < 1).all()
    spans = lived(1, measure=lambda w: w.areas.span.copy())[0]
    assert after[-1] == pytest.approx((spans / 6) ** kappa)


def test_fewer_layers_make_messages_faster_unless_attention_thins_too_much():
    """With attention that does not thin, a message through one layer less takes less time in every area."""
    steady = assume(attention__span_exponent=0.0)

    def days(world):
        return world.areas.message_days.copy()

    fast, slow = (lived(1, *change, at_start=steady, measure=days)[-1] for change in ([STREETS], []))
    assert (fast < slow).all()


def test_committees_that_hand_work_to_stations_have_more_hours_of_their_own():
    """With stations that take all assigned work, and people for it, committees' own hours rise under every seed."""
    station = OpenOffice("service_station", per="community", staff=6.0)
    classes = ("security", "sanitation", "population", "other_administration", "social_affairs")
    relief = TransferDuties("residents_committee", "service_station", classes)
    assert (effects("committee.hours_self_governance", station, relief) > 0).all()


def test_a_reform_of_nothing_changes_nothing():
    """The comparison itself adds no effect: without a difference it is zero, not nearly zero."""
    assert (effects("committee.hours_self_governance") == 0).all()
