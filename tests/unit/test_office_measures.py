"""Kinds of office, duty classes and posts add up to what the place counts."""

from __future__ import annotations

import numpy as np
import pytest

from sim.model import run_arm
from sim.observe.measures import COUNTS
from sim.observe.office_measures import BY_LEVEL
from sim.results.summaries import Summaries
from sim.world.world import KIND, World
from tests.paired.worlds import grown, small


@pytest.fixture(scope="module")
def world() -> World:
    """A small reformed Tongling after nine months."""
    return grown(small(), 9)


@pytest.mark.parametrize("level", ["office_kind", "duty_class"])
@pytest.mark.parametrize("name", ["cases.in", "cases.done", "backlog"])
def test_numbers_of_cases_add_up(world, level, name):
    """What kinds of office, or classes, count together is what the areas count together."""
    parts, whole = BY_LEVEL[level](world)[name], COUNTS[name](world)
    assert parts[0].sum() == whole[0].sum() > 0
    assert np.allclose(parts[1], whole[1].sum())


@pytest.mark.parametrize("level", ["office_kind", "duty_class"])
def test_shares_of_ended_cases_add_up(world, level):
    """Numerators and denominators of hand-offs, unserved and undone work add up over kinds and classes."""
    ended = world.ended
    for name, origin, cells in (
        ("hand_offs", 1, ended.hand_offs),
        ("requests.unserved", 1, ended.is_done == 0),
        ("requests.solved", 1, ended.is_solved == 1),
        ("assigned.undone", 0, ended.is_done == 0),
    ):
        mine = ended.origin == origin
        parts = BY_LEVEL[level](world)[name]
        assert [p.sum() for p in parts] == [cells[mine].sum(), mine.sum()], name


@pytest.mark.parametrize("level", ["office_kind", "post"])
def test_people_add_up(world, level):
    """Every post counts once, under its employer's kind or the kind it began under."""
    employed = (world.staff.is_employed == 1) & ((world.staff.employer >= 0) | (level == "post"))
    for name in ("staff.burnout", "staff.burnout_severe", "staff.vacant", "staff.turnover"):
        assert BY_LEVEL[level](world)[name][1].sum() == employed.sum(), name


def test_hours_of_kinds_add_up(world):
    """Busy and open hours of the kinds are those of the areas."""
    parts, whole = BY_LEVEL["office_kind"](world)["offices.utilisation"], COUNTS["offices.utilisation"](world)
    assert np.allclose([p.sum() for p in parts], [w.sum() for w in whole])


def test_a_run_answers_by_kind_of_office():
    """A run's tables give backlog and waits of the committees, by the index of the kind."""
    scenario = small()
    tables = run_arm(scenario.baseline(), 3)
    found, unit = Summaries(tables, scenario.run.start), KIND["residents_committee"]
    for name in ("backlog", "wait.p90", "staff.burnout", "offices.utilisation"):
        assert found.window(name, (0, 6), "office_kind", unit) > 0, name
    assert found.window("wait.p90", (0, 6), "office_kind", KIND["assembly"]) != found.window(
        "wait.p90", (0, 6)
    )
