"""A cut of pay is resented, a rise is not its opposite; pictures, lists, issuers and waits are told apart."""

from __future__ import annotations

import numpy as np
import pytest

from sim.catalogue import levers
from sim.observe.people import PEOPLE, cells_of
from tests.behaviour import paired_effects
from tests.behaviour.paired_effects import SEEDS, differences, effects, lived, rule


@pytest.fixture(autouse=True)
def two_seeds(monkeypatch):
    """Two pairs tell what holds under every seed: nothing here is a matter of chance."""
    monkeypatch.setattr(paired_effects, "SEEDS", SEEDS[:2])
    monkeypatch.setattr(paired_effects, "MONTHS", 9)


def assumed(**values: float):
    """Return what gives assumptions other values at the start; two underscores stand for a dot."""
    return lambda world: world.assume.update({n.replace("__", "."): v for n, v in values.items()})


def admission(how: str):
    """Return the admission rule of a name, in force everywhere."""
    return rule("admission.rule", levers()["admission.rule"].code(how))


def resentment(world) -> float:
    """Return the mean resentment of posts that are held."""
    staff = world.staff
    return float(staff.resentment[(staff.is_employed == 1) & (staff.vacant_for == 0)].mean())


STAY = assumed(quits__base=0.0)


def test_a_cut_of_pay_is_resented_for_a_while_and_a_rise_is_not_its_opposite():
    """A fifth less pay is resented as a lost rank is and fades within the year; a rise leaves all as it was."""
    for seed in SEEDS[:1]:
        same, cut, rise = (
            lived(seed, rule("pay.scale", scale), at_start=STAY, measure=resentment)
            for scale in (1.0, 0.8, 1.2)
        )
        assert cut[0] == pytest.approx(1.0)
        assert (np.diff(cut) < 0).all()
        assert (rise == same).all()


def test_a_smaller_cut_is_resented_less_and_none_where_nobody_minds():
    """Resentment grows with the part of pay lost; with an effect of nothing no cut is felt at all."""
    small, large = (
        lived(1, rule("pay.scale", s), at_start=STAY, measure=resentment)[0] for s in (0.95, 0.85)
    )
    assert 0 < small < large
    never = assumed(quits__base=0.0, resentment__pay_cut=0.0)
    assert lived(1, rule("pay.scale", 0.5), at_start=never, measure=resentment).max() == 0


def test_a_resented_cut_costs_effort():
    """The same cut of pay leaves committees more pressed where it is resented than where it is not."""
    minds, never = (assumed(quits__base=0.0, resentment__pay_cut=x) for x in (10.0, 0.0))
    assert (differences("cases.done", never, minds, rule("pay.scale", 0.7)) < 0).all()


def test_a_picture_is_late_by_messages_and_by_slow_renewal():
    """The picture is as old as its messages where it is renewed at once, and older where it is not; channels help."""
    open_channels = [
        rule(f"channels.{n}", 1.0) for n in ("mailbox", "hotline", "online", "forum", "delegates")
    ]
    assert (effects("picture.delay", *open_channels) < 0).all()
    at_once, slow = (assumed(picture__renewal=x) for x in (1.0, 0.2))
    assert (differences("picture.delay", at_once, slow) > 0).all()

    def lag(world):
        return np.abs(world.areas.picture_days - world.areas.message_days).max()

    assert lived(1, at_start=at_once, measure=lag).max() < 1e-9


def test_noise_on_the_way_blurs_the_picture_and_does_not_delay_it():
    """Fidelity and delay are two things: noise lowers the first alone."""
    quiet, loud = (assumed(picture__noise=x) for x in (0.0, 0.6))
    assert (differences("picture.fidelity", quiet, loud) < 0).all()
    assert (abs(differences("picture.delay", quiet, loud)) < 3).all()


def test_every_item_is_on_one_list():
    """Must, may and refused sum to the items written to communities, whatever the rule says."""
    from sim.observe.measures import COUNTS

    def lists(world):
        return np.array([COUNTS[f"items.{name}"](world)[0].sum() for name in ("must", "may", "refused")])

    free, refuse, brought = (
        lived(1, *rules, measure=lists)[-1]
        for rules in ((), (admission("refuse"),), (admission("with_resources"),))
    )
    assert free[1:].sum() == 0 < free[0]
    assert refuse[2] > 0 == refuse[1]
    assert brought[1] > 0 == brought[2]
    assert free.sum() == refuse.sum() == brought.sum()


def test_what_is_refused_is_left_with_its_issuers():
    """A gate puts work on issuers' desks, some of it undone; where resources must come along, some does with them."""
    assert (effects("issuers.backlog", admission("refuse")) > 0).all()
    busy = assumed(tasks__hours_scale=3.0)
    assert effects("issuers.undone", admission("refuse"), both=busy).min() > 0
    assert (effects("assigned.accompanied", admission("refuse")) == 0).all()
    assert (effects("assigned.accompanied", admission("with_resources")) > 0).all()


def test_the_mean_wait_of_groups_is_that_of_their_cases():
    """Waits summed by group are the waits of all cases done."""

    def parts(world):
        cells = cells_of(world)
        upper, lower = cells.sums(PEOPLE["wait.mean"](world))
        ended = world.ended
        done = (ended.origin == 1) & (ended.is_done == 1)
        return np.array([upper.sum() - ended.wait_days[done].sum(), lower.sum() - done.sum(), lower.sum()])

    off, missing, counted = lived(1, measure=parts)[-1]
    assert abs(off) < 1e-2
    assert missing == 0 < counted
