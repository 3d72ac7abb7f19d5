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
from sim.world.duties import rewrite_owner
from sim.world.practice import DUTIES, kept_by_case, practised_rows, practised_worth, row_names
from sim.world.world import KIND
from tests.paired.worlds import small

LEVERS = tuple(practised_rows())
CHANGE, RETURN, END = 3, 30, 90
FOLLOWED = ("supervision.follow_up", "admission.supervision")
STILL = {"rule_in_use__rise": 0.0, "rule_in_use__decay": 0.0}


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


def practice(place, lever: str, *, until: int | None = RETURN, ramp=1, followed=1.0, later=(), **assume: float):
    """Return (month, row, area) of use, value and writing under one change; only enact and practice are run.

    followed: what is followed up. later: further changes, as verb, value and months after the first month.
    """
    world, own = place[0].copy(), place[1]
    world.assume = world.assume | {name.replace("__", "."): value for name, value in assume.items()}
    month = world.month
    follow = [RuleChange("set", name, followed, month) for name in FOLLOWED if name != lever]
    ends = None if until is None else month + until
    change = RuleChange("set", lever, other(lever), month + CHANGE, until=ends, over=ramp)
    then = [RuleChange(verb, lever, value, month + after) for verb, value, after in later]
    first = [] if later else [change]
    timeline = Timeline(own.n_areas, own.n_hops, own.baseline, changes=(*follow, *first, *then))
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


@pytest.mark.parametrize("days", [0.0, 7.0, 45.0])
def test_a_ramp_takes_the_same_first_steps_as_a_change_at_once(place, days):
    """Where practice moves by first steps alone, twelve small ones come to the same as one, however long news takes."""
    start = place[0].assume["rule_in_use.at_start"]
    ends = {}
    for ramp in (1, 12):
        value = on_a_way_of(days, place, "transparency", ramp=ramp)[1]
        ends[ramp] = ((value[-1] - value[0]) / (1 - value[0])).mean()
    assert ends == pytest.approx({1: start, 12: start})


def on_a_way_of(days: float, place, lever: str, **more):
    """Return what `practice` does where no practice rises or falls by itself and news takes some days."""
    usual = practice_days(place)
    return practice(place, lever, until=None, rule_in_use__message=days / usual, **STILL, **more)


def practice_days(place) -> float:
    """Return the days that a message takes in the place, the same in every area."""
    world = place[0].copy()
    Context(world, MECHANISM, Posts(1)).live(Posts(1))
    assert np.ptp(world.areas.message_days) == 0
    return float(world.areas.message_days[0])


@pytest.mark.parametrize("later", [[("grow", 0.2, CHANGE)], [("add", 0.02, month) for month in range(CHANGE, END)]])
def test_a_rule_that_changes_every_month_goes_on_being_taken_up(place, later):
    """Practice of a rule that moves month by month rises beyond the first steps, and never past the writing."""
    moving, still = (
        practice(place, "visits.per_household_year", until=None, later=later, **how) for how in ({}, STILL)
    )
    behind, far_behind = ((told[2] - told[1])[-1].mean() for told in (moving, still))
    assert 0 < behind < far_behind / 2
    assert (moving[1] <= moving[2] + 1e-12).all()


def test_two_steps_of_a_rule_are_practised_no_more_in_the_end_than_one(place):
    """At little follow-up a rule tightened in two steps comes to the same practice as one tightened at once."""
    steps = ([("set", 1.0, CHANGE)], [("set", 0.6, CHANGE), ("set", 1.0, CHANGE + 12)])
    ends = [practice(place, "transparency", until=None, followed=0.3, later=one)[1][-1].mean() for one in steps]
    assert ends[1] == pytest.approx(ends[0], abs=0.03)
    assert ends[0] < 0.9


@pytest.mark.parametrize("lever", ["transparency", "agenda.gate", "admission.rule"])
def test_an_abolished_rule_is_forgotten_in_the_end(place, lever):
    """At little follow-up a rule that is gone goes out of practice, while one in force is never kept whole."""
    share = kept(lever, practice(place, lever, followed=0.3))
    assert (np.diff(share[RETURN:]) < 0).all()
    assert share[END - 1] < 0.4 * share[RETURN]
    stays = kept(lever, practice(place, lever, until=None, followed=0.3))
    assert share[END - 1] < stays[END - 1] < 0.9


def test_news_of_a_first_step_is_not_lost_where_a_choice_changes_back_and_forth(place):
    """A choice taken back before the news of it came leaves every case as it was."""
    world_days = practice_days(place)
    back = [("set", 2.0, CHANGE), ("set", 0.0, CHANGE + 1)]
    told = practice(place, "agenda.gate", until=None, later=back, rule_in_use__message=62 / world_days, **STILL)
    assert np.array_equal(told[0][CHANGE + 1 :], np.ones_like(told[0][CHANGE + 1 :]))


def reviews(place, cycle: float, review: float) -> list[int]:
    """Return the months after the first of a listed gate in which a review moves the practice of it."""
    world, own = place[0].copy(), place[1]
    world.assume = world.assume | {"admission.review": review, "rule_in_use.rise": 0.0, "rule_in_use.decay": 0.0}
    world.assume["rule_in_use.message"] = 0.0
    month, row, seen = world.month, practised_rows()["admission.rule"].start, []
    changes = (
        RuleChange("set", "admission.cycle_months", cycle, month),
        RuleChange("set", "admission.rule", other("admission.rule"), month + CHANGE),
    )
    timeline = Timeline(own.n_areas, own.n_hops, own.baseline, changes=changes)
    context = Context(world, MECHANISM, Posts(1))
    for _ in range(32):
        enact(world, timeline)
        context.live(Posts(1))
        seen.append(world.practice.use[row].mean())
        world.month += 1
    at_once = [0] if seen[CHANGE] > world.assume["rule_in_use.at_start"] + 1e-9 else []
    return at_once + (np.flatnonzero(np.diff(seen[CHANGE:]) > 0) + 1).tolist()


def test_the_first_review_of_a_list_falls_a_cycle_after_it_was_written(place):
    """A list with a cycle of a year is reviewed after twelve months and twenty-four, and never without a cycle."""
    assert reviews(place, 12, 0.2) == [12, 24]
    assert reviews(place, 0, 0.2) == reviews(place, 12, 0.0) == []


def test_one_more_item_of_the_duty_table_does_not_unsettle_the_rest(place):
    """Moving one item lowers the practice of a table by its part of all moved items, moving all anew by the whole."""
    used = {}
    for anew in (0, 1, 19):
        world = place[0].copy()
        world.assume = world.assume | {"rule_in_use.message": 0.0, "rule_in_use.rise": 0.0}
        items, everywhere = np.flatnonzero(world.items.origin == 0), np.arange(world.n_areas)
        world.items.before[:] = world.items.owner
        context = Context(world, MECHANISM, Posts(1))
        move(world, items[:19], everywhere, "service_station")
        context.live(Posts(1))
        start = world.assume["rule_in_use.at_start"]
        assert world.practice.use[DUTIES] == pytest.approx(start)
        world.practice.use[DUTIES] = 0.8
        world.practice.custom[:] = 0
        move(world, items[19:20] if anew == 1 else items[:anew], everywhere, "department")
        world.assume["rule_in_use.decay"] = 0.0
        context.live(Posts(1))
        used[anew] = world.practice.use[DUTIES].mean()
    assert used == pytest.approx({0: 0.8, 1: 0.8 * 0.95 + start * 0.05, 19: start})


def move(world, items: np.ndarray, areas: np.ndarray, kind: str) -> None:
    """Give some items of the duty table to another kind of office in some areas."""
    cells = np.ix_(items, areas)
    rewrite_owner(world, cells, np.ones((len(items), len(areas)), bool), KIND[kind])


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
