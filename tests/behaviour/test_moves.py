"""Households move: the same rows under new names, with everything forgotten, and the same luck in both arms."""

from __future__ import annotations

import numpy as np
import pytest

from sim.model import advance, new_world
from sim.rules.changes import RuleChange
from sim.rules.timeline import Timeline
from sim.world.columns import STOCKS
from sim.world.moves import MOVE_BITS, move_households
from sim.world.ties import FEW, make_ties
from sim.world.world import World
from tests.paired.worlds import differing, small

GROUPS = ("age", "adult", "owner", "local", "income", "disability", "party", "has_voice", "area", "block")


def after(months: int, seed: int = 7, **assumed: float) -> World:
    """Return the unreformed small place after some months under these assumptions; two underscores stand for a dot."""
    scenario = small().baseline()
    world = new_world(scenario, seed)
    world.assume.update({name.replace("__", "."): value for name, value in assumed.items()})
    return advance(world, scenario.timeline, world.month + months, None)


def moved(world: World) -> np.ndarray:
    """Return the rows of residents who came after the world began."""
    return np.flatnonzero(world.residents.id >> np.uint64(MOVE_BITS))


def test_nobody_moves_where_nobody_is_assumed_to():
    """At a rate of nothing all keep their names; at the rate of the catalogue a few have others after a year."""
    assert not len(moved(after(12, moves__rate=0.0)))
    share = len(moved(world := after(12))) / world.residents.n
    assert 0 < share < 0.12


def test_people_are_conserved_and_a_dwelling_keeps_its_sort_of_people():
    """Rows, households and every trait that groups are made of are as at the start; names are new and all different."""
    start, world = after(0), after(12, moves__rate=0.05)
    people, before = world.residents, start.residents
    rows = moved(world)
    assert len(rows) > 0.2 * people.n
    assert len(np.unique(people.id)) == people.n == before.n
    assert all(np.array_equal(getattr(people, g), getattr(before, g)) for g in GROUPS)
    assert (people.id[rows] != before.id[rows]).all()
    assert (people.frailty[rows] != before.frailty[rows]).any()
    assert (people.cooperator[rows] != before.cooperator[rows]).any()
    assert (world.ties[rows] != start.ties[rows]).any(axis=1).mean() > 0.5
    stay = np.setdiff1d(np.arange(people.n), rows)
    assert np.array_equal(world.ties[stay], start.ties[stay])


def test_who_comes_begins_anew():
    """Right after a move stocks are at their norm, habits at their start, and no month is remembered."""
    world = after(12, moves__rate=0.0)
    before = moved(world)
    world.assume["moves.rate"] = 0.2
    move_households(world)
    rows, people = np.setdiff1d(moved(world), before), world.residents
    assert len(rows)
    for stock in STOCKS:
        norm = np.float32(world.assume[f"stocks.norm_{stock}"])
        assert (getattr(people, stock)[rows] == norm).all(), stock
    assert not people.vote_history[rows].any()
    assert not people.volunteers[rows].any()
    assert (people.habit_vote[rows] == np.float32(0.3)).all()
    assert people.volunteer_history.any()


def test_renters_and_non_locals_move_more_often():
    """The unsettled move about as many times as often as assumed, and as often as others where that is one."""

    def ratio(times: float) -> float:
        world = after(6, moves__rate=0.02, moves__unsettled=times)
        first, homes = world.households.first, world.households
        settled = (world.residents.owner[first] == 1) & (world.residents.local[first] == 1)
        return homes.moves[~settled].mean() / homes.moves[settled].mean()

    assert ratio(4.0) == pytest.approx(4.0, rel=0.25)
    assert ratio(1.0) == pytest.approx(1.0, rel=0.25)


def test_a_reform_moves_nobody_and_arms_share_no_ties():
    """The same households move in both arms under the same names, and neither arm writes into the other's ties."""
    scenario = small().baseline()
    start = after(3, moves__rate=0.02)
    ties = start.ties.copy()
    arms = [start.copy(), start.copy()]
    change = RuleChange("set", "service.open_hours", 6.0, start.month)
    timelines = [
        scenario.timeline,
        Timeline(start.n_areas, len(start.frame.layers) - 1, scenario.timeline.baseline, changes=(change,)),
    ]
    for arm, timeline in zip(arms, timelines, strict=True):
        advance(arm, timeline, start.month + 6, None)
    one, other = arms
    assert np.array_equal(one.residents.id, other.residents.id)
    assert np.array_equal(one.ties, other.ties)
    assert np.array_equal(start.ties, ties)
    assert not np.array_equal(one.ties, ties)
    assert differing(one, other)


def test_a_world_that_people_moved_in_continues_bit_for_bit(tmp_path):
    """Saved and continued, a world of movers is the one that was never stopped."""
    from sim.model import load_world, save_world

    scenario = small().baseline()
    whole, half = after(6, moves__rate=0.02), after(3, moves__rate=0.02)
    save_world(half, tmp_path / "half.npz", scenario)
    again = load_world(tmp_path / "half.npz", scenario)
    advance(again, scenario.timeline, whole.month, None)
    assert differing(whole, again) == []
    assert np.array_equal(whole.ties, again.ties)


def test_one_household_more_moves_nobody_else():
    """A household that never moves leaves all draws of everybody else as they were."""
    scenario = small().baseline()
    worlds = []
    for extra in (0, 1):
        world = new_world(scenario, 7, extra_residents=extra)
        world.assume["moves.rate"] = 0.02
        worlds.append(advance(world, scenario.timeline, world.month + 4, None))
    n = worlds[0].residents.n
    assert np.array_equal(worlds[0].residents.id, worlds[1].residents.id[:n])
    assert worlds[1].households.moves[-1] == 0


def test_ties_of_some_are_those_of_all():
    """Drawn for a few rows at once or for everybody slot by slot, the same names know the same people."""
    world = new_world(small().baseline(), 7)
    rows = np.arange(100, 900, 7)
    ties, activity = make_ties(world.tables, world.draws, world.assume, rows)
    assert world.residents.n > FEW > len(rows)
    assert np.array_equal(ties, world.ties[rows])
    assert np.array_equal(activity, world.tie_activity[rows])
