"""Every rule that somebody has to keep to is practised gradually, whatever the rule: one test over all of them."""

from __future__ import annotations

import numpy as np
import pytest

from sim.base.errors import ContractError
from sim.catalogue import levers
from sim.enact import enact
from sim.mechanisms.contract import Context, Mechanism
from sim.mechanisms.posts import Posts
from sim.mechanisms.practise_rules import MECHANISM
from sim.model import new_world
from sim.rules.changes import RuleChange
from sim.rules.timeline import Timeline
from sim.world.practice import kept_by_case, practised_rows, practised_worth, row_names
from tests.paired.worlds import small

LEVERS = tuple(practised_rows())
CHANGE, RETURN, END = 3, 30, 90
FOLLOWED = {"supervision.follow_up": 1.0, "admission.supervision": 1.0}


@pytest.fixture(scope="module")
def place():
    """A small place before its first month, with its own timeline."""
    scenario = small().baseline()
    return new_world(scenario, 1), scenario.timeline


def other(lever: str) -> float:
    """Return a value of a lever as far from what it usually is as its bounds allow."""
    row = levers()[lever]
    usual = row.code(row.baseline)
    return max(row.bounds, key=lambda bound: abs(bound - usual))


def practice(place, lever: str, *, until: int | None = RETURN, ramp: int = 1, **assume: float):
    """Return (month, row, area) of use, value and writing under one change; only enact and practice are run."""
    world, own = place[0].copy(), place[1]
    world.assume = world.assume | {name.replace("__", "."): value for name, value in assume.items()}
    month = world.month
    follow = [RuleChange("set", name, value, month) for name, value in FOLLOWED.items() if name != lever]
    ends = None if until is None else month + until
    change = RuleChange("set", lever, other(lever), month + CHANGE, until=ends, over=ramp)
    timeline = Timeline(own.n_areas, own.n_hops, own.baseline, changes=(*follow, change))
    rows, seen = practised_rows()[lever], []
    context = Context(world, MECHANISM, Posts(world.residents.n))
    for _ in range(END):
        enact(world, timeline)
        context.live(Posts(world.residents.n))
        table = world.practice
        seen.append([getattr(table, name)[rows].copy() for name in ("use", "value", "written", "before")])
        world.month += 1
    return np.array(seen).swapaxes(0, 1)


def kept(lever: str, told: np.ndarray) -> np.ndarray:
    """Return, per month, the part of the way from the old rule to the other that practice has gone, as a mean."""
    use, value, written, before = told
    old, new = written[0], written[CHANGE]
    if kept_by_case()[practised_rows()[lever]][0]:
        gone = use * (written == new) + (1 - use) * (before == new)
        return gone.mean(axis=(1, 2))
    return ((value - old) / (new - old)).mean(axis=(1, 2))


@pytest.mark.parametrize("lever", LEVERS)
def test_practice_follows_the_writing_gradually_there_and_back(place, lever):
    """A changed rule is first kept to a little, then more; when it is taken back, practice goes back as gradually."""
    told = practice(place, lever)
    share = kept(lever, told)
    assert ((told[0] >= 0) & (told[0] <= 1)).all()
    assert np.array_equal(share[:CHANGE], np.zeros(CHANGE))
    assert 0 < share[CHANGE] < 0.5 < share[RETURN - 1] < 1
    assert (np.diff(share[CHANGE:RETURN]) > 0).all()
    assert 0 < share[RETURN] < share[RETURN - 1]
    assert (np.diff(share[RETURN:]) <= 0).all()
    assert share[END - 1] < 0.1


@pytest.mark.parametrize("lever", LEVERS)
def test_practice_is_the_writing_where_nothing_holds_it_back(place, lever):
    """With the first step the whole way and no return, practice is what is on paper, to the last bit."""
    free = {"rule_in_use__at_start": 1.0, "rule_in_use__decay": 0.0, "rule_in_use__message": 0.0}
    use, value, written, _ = practice(place, lever, **free)
    assert np.array_equal(use, np.ones_like(use))
    assert np.array_equal(value, written)
    assert not np.array_equal(written[0], written[CHANGE])


@pytest.mark.parametrize("lever", LEVERS)
def test_no_mechanism_reads_a_practised_rule_as_written(place, lever):
    """Asking for the writing of a rule that is practised is an error, and what is practised is there instead."""
    reader = Mechanism("reader", "?", lambda c: None, levers=(lever,))
    context = Context(place[0], reader, Posts(1))
    with pytest.raises(ContractError, match="practised"):
        context.rule(lever)
    assert context.practised(lever).shape[-1] == place[0].n_areas


def test_a_ramp_is_not_practised_sooner_than_one_step(place):
    """A rule that is tightened over a year is practised later than one that is tightened at once."""
    at_once = kept("visits.per_household_year", practice(place, "visits.per_household_year", until=None))
    bit_by_bit = practice(place, "visits.per_household_year", until=None, ramp=12)[1]
    old, new = 1.0, other("visits.per_household_year")
    later = ((bit_by_bit - old) / (new - old)).mean(axis=(1, 2))
    assert (later[CHANGE : CHANGE + 12] < at_once[CHANGE : CHANGE + 12]).all()
    assert later[-1] == pytest.approx(at_once[-1], abs=0.02)


def test_practice_without_follow_up_or_habit_returns(place):
    """Where nobody follows up and nothing carries itself, the first step is lost again bit by bit."""
    world = place[0]
    rows, seen = practised_rows()["transparency"], []
    mine = world.copy()
    mine.assume = mine.assume | {"rule_in_use.habit": 0.0}
    month, own = mine.month, place[1]
    changes = (
        RuleChange("set", "supervision.follow_up", 0.0, month),
        RuleChange("set", "transparency", 1.0, month),
    )
    timeline = Timeline(own.n_areas, own.n_hops, own.baseline, changes=changes)
    context = Context(mine, MECHANISM, Posts(1))
    for _ in range(24):
        enact(mine, timeline)
        context.live(Posts(1))
        seen.append(mine.practice.value[rows].mean())
        mine.month += 1
    assert (np.diff(seen[1:]) < 0).all()  # the news takes part of the first month
    assert seen[-1] > 0.3


def test_news_of_a_rule_takes_as_long_as_a_message(place):
    """The first step is taken as far as the news has been there in a month, and whole once it has come."""
    sizes = []
    for message in (0.0, 1.0):
        told = practice(place, "visits.per_household_year", until=None, rule_in_use__message=message)
        sizes.append(kept("visits.per_household_year", told)[CHANGE : CHANGE + 3])
    at_once, later = sizes
    start = place[0].assume["rule_in_use.at_start"]
    assert at_once[0] == pytest.approx(start)
    assert 0 < later[0] < start
    assert later[0] < later[1]
    assert later[2] == pytest.approx(at_once[2], rel=0.1)


def test_an_overloaded_committee_takes_up_new_rules_more_slowly(place):
    """Twice the load slows the rise of practice, and by nothing where that is assumed to be nothing."""
    found = {}
    for means in (0.0, 0.5):
        for load in (1.0, 2.0):
            world = place[0].copy()
            world.institutions.pressure[:] = load
            told = practice((world, place[1]), "recognition", until=None, rule_in_use__means=means)
            found[means, load] = kept("recognition", told)[-1]
    assert found[0.5, 2.0] < found[0.5, 1.0]
    assert found[0.0, 2.0] == found[0.0, 1.0]


def test_what_a_choice_is_worth_is_mixed_as_its_cases_are(place):
    """Three tenths of the cases under the new rule are worth three tenths of it."""
    world = place[0].copy()
    rows = practised_rows()["agenda.gate"]
    world.practice.written[rows], world.practice.before[rows], world.practice.use[rows] = 2, 0, 0.3
    assert practised_worth(world, "agenda.gate", np.arange(10.0)[::-1]) == pytest.approx(0.3 * 7 + 0.7 * 9)


def test_rows_of_practice_have_names_of_their_own():
    """Every row is the duty table, a lever, or a lever and a value of its extra axis."""
    names = row_names()
    assert names[0] == "duties"
    assert len(set(names)) == len(names) == len(kept_by_case())
    assert {name.split(":")[0] for name in names[1:]} == set(LEVERS)
