"""What is done between the announcement of a rule and its date, and that nothing is done before the announcement."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import pytest

from sim.catalogue import levers
from sim.enact import enact
from sim.model import advance, new_world
from sim.rules.changes import RuleChange
from sim.rules.timeline import Timeline
from sim.scenario import load_scenario
from sim.world.practice import practised_rows
from tests.behaviour.paired_effects import six_communities
from tests.paired.worlds import differing

TOLD, DATE, END = 4, 10, 12
GATE = ("admission.rule", "refuse")
CUT = ("assessment.allowed_from", "none")


@lru_cache
def issued(lever: str, value: str, announced: bool = True, **assume: float) -> tuple[np.ndarray, list]:
    """Return work issued in every month, and the world after each, under one rule change told of beforehand or not."""
    place = six_communities()
    world = new_world(place, 3)
    world.assume = world.assume | {name.replace("__", "."): number for name, number in assume.items()}
    change = RuleChange("set", lever, levers()[lever].code(value), world.month + DATE, reform="it")
    told = {"it": world.month + TOLD} if announced else {}
    timeline = Timeline(
        world.n_areas, len(world.frame.layers) - 1, place.timeline.baseline, changes=(change,),
        announced=min(told.values(), default=None), announcements=told,
    )  # fmt: skip
    counts, seen = [], []
    for _ in range(END):
        advance(world, timeline, world.month + 1, None)
        counts.append(int(world.areas.issued.sum()))
        seen.append(world.copy())
    return np.array(counts), seen


@pytest.mark.parametrize(("case", "name"), [(GATE, "hurry"), (CUT, "slacken")])
def test_issuers_act_between_announcement_and_date_in_the_assumed_direction(case, name):
    """Work is hurried before a gate and let lie before assessments are cut, or the other way round where so assumed."""
    sign = 1 if name == "hurry" else -1
    usual = issued(*case, **{f"announcement__{name}": 0.0})[0]
    for amount in (0.4, -0.2):
        changed = issued(*case, **{f"announcement__{name}": amount})[0]
        assert np.array_equal(changed[:TOLD], usual[:TOLD])
        assert np.sign((changed - usual)[TOLD:DATE].sum()) == sign * np.sign(amount)


@pytest.mark.parametrize("case", [GATE, CUT])
def test_an_announcement_nobody_acts_on_changes_nothing_before_the_date(case):
    """Where hurry and slackening are none, no column but the announcement itself differs from an untold change."""
    none = {"announcement__hurry": 0.0, "announcement__slacken": 0.0}
    told, untold = issued(*case, **none)[1], issued(*case, announced=False, **none)[1]
    allowed = {"practice.months_ahead", "practice.coming"}
    for one, other in zip(told, untold, strict=True):
        assert set(differing(one, other)) <= allowed


def test_what_is_known_ahead_is_what_was_announced():
    """The months ahead are none before the announcement, then run down to the date, and nobody else's rule has any."""
    ahead = [world.practice.months_ahead for world in issued(*GATE)[1]]
    row = practised_rows()[GATE[0]].start
    assert [int(months[row].max()) for months in ahead] == [0] * TOLD + list(range(DATE - TOLD, 0, -1)) + [
        0,
        0,
    ]
    assert not any(np.delete(months, row, axis=0).any() for months in ahead)


def test_a_reform_that_is_not_announced_is_not_known_before_its_date():
    """Without an announcement, or under another reform's, nothing is known ahead."""
    assert not any(world.practice.months_ahead.any() for world in issued(*GATE, announced=False)[1])
    timeline = Timeline(
        1, 1, changes=(RuleChange("set", *GATE[:1], 1.0, 100, reform="late"),), announced=50,
        announcements={"early": 50},
    )  # fmt: skip
    assert timeline.coming(GATE[0], 60) is None
    assert timeline.announced_levers == []


def test_a_reform_s_own_announcement_reaches_the_timeline():
    """The month a reform's file names as its announcement is kept under that reform."""
    timeline = load_scenario("tongling").timeline
    assert timeline.announcements == {"abolish_streets_tongling": timeline.announced}


def told(*changes: tuple[str, float, int, list[int] | None, str], **announced: int) -> Timeline:
    """Return a timeline of two areas with set changes of transparency: verb, value, month, areas, reform."""
    rows = tuple(
        RuleChange(verb, "transparency", value, month, None if areas is None else np.array(areas), reform=reform)
        for verb, value, month, areas, reform in changes
    )
    return Timeline(2, 1, changes=rows, announced=min(announced.values()), announcements=announced)


def test_each_area_looks_ahead_to_its_own_wave():
    """In a staged roll-out a later wave sees its own date while an earlier one is still to come, and after it."""
    timeline = told(("set", 0.6, 10, [0], "it"), ("set", 0.9, 14, [1], "it"), it=4)
    usual = timeline.rule_values("transparency", 0)[0]
    for month, ahead, values in (
        (3, None, None), (4, [6, 10], [0.6, 0.9]), (9, [1, 5], [0.6, 0.9]), (10, [0, 4], [0.6, 0.9]), (14, None, None),
    ):  # fmt: skip
        coming = timeline.coming("transparency", month)
        if ahead is None:
            assert coming is None
        else:
            assert coming[0].tolist() == ahead
            assert coming[1] == pytest.approx(values)
    assert usual < 0.6
    assert timeline.first_felt(["transparency"]) == 4


def test_what_nobody_was_told_of_is_not_in_what_is_known_ahead():
    """An announced change is known with what is in force, and neither date nor value betrays another reform's."""
    quiet = ("set", 0.2, 8, None, "quiet")
    timeline = told(quiet, ("add", 0.1, 10, [0], "it"), it=4)
    usual = timeline.rule_values("transparency", 0)[0]
    months, values = timeline.coming("transparency", 5)
    assert months.tolist() == [5, 0]
    assert values == pytest.approx([usual + 0.1, usual])
    months, values = timeline.coming("transparency", 8)
    assert months.tolist() == [2, 0]
    assert values == pytest.approx([0.3, 0.2])


def test_the_news_of_later_waves_stands_in_the_table_of_practice():
    """The world takes down every area's own months ahead, and none where a wave is not for it."""
    place = six_communities()
    world = new_world(place, 3)
    waves = [RuleChange("set", GATE[0], levers()[GATE[0]].code(GATE[1]), world.month + after, areas=np.array([area]),
                        reform="it") for area, after in ((0, 2), (1, 5))]  # fmt: skip
    timeline = Timeline(world.n_areas, len(world.frame.layers) - 1, place.timeline.baseline, changes=tuple(waves),
                        announced=world.month, announcements={"it": world.month})  # fmt: skip
    row, seen = practised_rows()[GATE[0]].start, []
    for _ in range(6):
        enact(world, timeline)
        seen.append(world.practice.months_ahead[row, :3].tolist())
        world.month += 1
    assert seen == [[2, 5, 0], [1, 4, 0], [0, 3, 0], [0, 2, 0], [0, 1, 0], [0, 0, 0]]


def test_looking_ahead_leaves_the_place_s_own_rule_alone():
    """Asking what is coming changes nothing: a place's own rule before the date is what it was."""
    own = {"transparency": np.array([0.5, 0.5])}
    change = RuleChange("set", "transparency", 0.9, 10, reform="it")
    timeline = Timeline(2, 1, own, changes=(change,), announced=4, announcements={"it": 4})
    months, values = timeline.coming("transparency", 5)
    assert (months.tolist(), values.tolist()) == ([5, 5], [0.9, 0.9])
    assert timeline.rule_values("transparency", 5).tolist() == own["transparency"].tolist() == [0.5, 0.5]
