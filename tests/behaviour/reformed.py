"""A small place some months old, one operation enacted on it, and what must hold of it afterwards."""

from __future__ import annotations

import numpy as np

from sim.model import CommunityModel, advance, new_world
from sim.observe.recorder import Recorder
from sim.rules.operations import CloseOffice, Operation, RemoveLayer
from sim.rules.timeline import DatedOperation, Timeline
from sim.scenario.resolved import ResolvedScenario
from sim.world.cases import IN_SERVICE
from sim.world.duties import performer_rows
from sim.world.offices import LEVEL_OF_KIND
from sim.world.world import KIND, World

POOL = -1


def recorded(scenario: ResolvedScenario, months: int, seed: int = 7) -> World:
    """Return the world of a scenario after some months, its money booked from the first."""
    world = new_world(scenario, seed)
    return advance(world, scenario.timeline, world.month + months, _recorder(scenario, world))


def _recorder(scenario: ResolvedScenario, world: World) -> Recorder:
    recorder = Recorder("headline", scenario.run.primary, scenario.run.first_month)
    recorder.begin(world)
    return recorder


def reformed(
    scenario: ResolvedScenario, world: World, *operations: Operation, areas: object = None, months: int = 3
) -> World:
    """Return a copy of the world after the operations (one a month) and some months, checked in each of them."""
    mine = world.copy()
    where = None if areas is None else np.asarray(areas, np.int64)
    dated = tuple(DatedOperation(mine.month + k, op, where) for k, op in enumerate(operations))
    timeline = Timeline(
        mine.n_areas, len(mine.frame.layers) - 1, scenario.timeline.baseline, operations=dated
    )
    recorder = _recorder(scenario, mine)
    model = CommunityModel(mine, timeline, recorder)
    for _ in range(months):
        served = mine.serving >= 0
        model.step()
        assert faults(world, mine) == []
        assert unserved(served, mine, dated) == []
    assert all(row[4] for row in recorder.checks)
    return mine


def faults(before: World, after: World) -> list[str]:
    """Return what no operation may do to a world, and this one did."""
    return [sentence for sentence, holds in _promises(before, after) if not holds]


def _promises(before: World, after: World) -> list[tuple[str, bool]]:
    offices, staff = after.institutions, after.staff
    performer, cases = all_performers(after), after.cases
    next_stop = cases.stops[np.arange(cases.n), cases.stage][cases.state < IN_SERVICE]
    employed = (staff.is_employed == 1) & (staff.employer >= 0)
    n = before.staff.n
    return [
        ("an item of work has nobody to do it", bool((performer >= 0).all())),
        ("an item of work is with a closed office", bool(is_open(after, performer).all())),
        ("an area is served by a closed office", bool(is_open(after, after.serving).all())),
        ("a case waits at a closed office", bool((next_stop >= 0).all() and is_open(after, next_stop).all())),
        ("somebody works for a closed office", bool((offices.is_open[staff.employer[employed]] == 1).all())),
        ("somebody works in no pool", bool((staff.pool[employed] >= 0).all())),
        ("a person changed their name", np.array_equal(staff.id[:n], before.staff.id)),
        ("two people have one name", len(np.unique(staff.id)) == staff.n),
        ("two offices have one name", len(np.unique(offices.id)) == offices.n),
        ("a resident moved", np.array_equal(after.residents.area, before.residents.area)),
        ("a block moved", np.array_equal(after.blocks.area, before.blocks.area)),
        ("a closed office holds money", not offices.money[offices.is_open == 0].any()),
        ("money was lent by nobody", bool((offices.money >= 0).all() and (offices.earmarked >= 0).all())),
    ]


def unserved(served: np.ndarray, after: World, operations: tuple[DatedOperation, ...]) -> list[str]:
    """Return the kinds that an area lost last month without an operation that closes them there; served: before it."""
    lost = served & (after.serving < 0)
    for dated in operations:
        if dated.month == after.month - 1:
            where = slice(None) if dated.areas is None else dated.areas
            lost[np.ix_(_closes(dated.op), np.arange(after.n_areas)[where])] = False
    return [kind for kind, row in KIND.items() if lost[row].any()]


def _closes(op: Operation) -> list[int]:
    """Return the kinds an operation says it closes."""
    if isinstance(op, RemoveLayer):
        return [KIND[kind] for kind, level in LEVEL_OF_KIND.items() if level == op.layer]
    return [KIND[op.kind]] if isinstance(op, CloseOffice) else []


def all_performers(world: World) -> np.ndarray:
    """Return the office that performs each item in each area, (items, areas)."""
    item = np.repeat(np.arange(world.items.n), world.n_areas)
    area = np.tile(np.arange(world.n_areas), world.items.n)
    owner = world.items.owner[item, area].astype(np.int64)
    return performer_rows(world, item, owner, area).reshape(world.items.n, world.n_areas)


def is_open(world: World, rows: np.ndarray) -> np.ndarray:
    """Return, for every office row that is one, whether it is open; true where there is none."""
    return (rows < 0) | (world.institutions.is_open[np.maximum(rows, 0)] == 1)


def employed(world: World, kind: str | None = None) -> np.ndarray:
    """Return the staff rows at work for a kind, for any office (None), or waiting in the district pool."""
    staff = world.staff
    at = np.where(staff.employer >= 0, world.institutions.kind[np.maximum(staff.employer, 0)], POOL)
    wanted = POOL if kind == "pool" else None if kind is None else KIND[kind]
    return np.flatnonzero((staff.is_employed == 1) & ((at == wanted) if wanted is not None else True))
