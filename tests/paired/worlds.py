"""Small worlds for paired tests, and the comparison of two of them column by column."""

from __future__ import annotations

import numpy as np

from sim.model import advance, new_world
from sim.scenario import load_scenario
from sim.scenario.resolved import ResolvedScenario
from sim.world.world import World


def small(name: str = "tongling", **values: float) -> ResolvedScenario:
    """Return a scenario with a twentieth of its residents, everything else as shipped."""
    scenario = load_scenario(name)
    people = next(a for a in scenario.quantities if a.endswith("residents.count"))
    return scenario.with_sample({people: scenario.place.residents / 20, **values})


def grown(scenario: ResolvedScenario, months: int, seed: int = 7, extra: int = 0) -> World:
    """Return the world of a scenario after some months under its own timeline."""
    world = new_world(scenario, seed, extra_residents=extra)
    return advance(world, scenario.timeline, world.month + months, None)


def differing(one: World, other: World) -> list[str]:
    """Return `table.column` of everything that differs between two worlds, cases included."""
    found = [
        f"{name}.{column}"
        for name, table in one.tables.items()
        for column in table
        if not np.array_equal(getattr(table, column), getattr(other.tables[name], column), equal_nan=True)
    ]
    found += [
        f"cases.{c}"
        for c in one.cases.arrays
        if not np.array_equal(getattr(one.cases, c), getattr(other.cases, c))
    ]
    return found


def reordered(world: World, seed: int = 1) -> tuple[World, np.ndarray]:
    """Return a copy with the homes of each block and the people of each home in another order, names and ties kept.

    Also returns, for every row of the copy's residents, the row the same person has in the world. Only before the first
    month: later, cases name rows as well.
    """
    luck, twin = np.random.default_rng(seed), world.copy()
    homes, people, n = world.households, world.residents, world.residents.n
    moved_homes = np.lexsort((luck.random(homes.n), homes.block))
    place = np.argsort(moved_homes)
    order = np.lexsort((luck.random(n), place[np.repeat(np.arange(homes.n), homes.size)]))
    for name in homes:
        twin.households.arrays[name] = getattr(homes, name)[moved_homes]
    twin.households.first[:] = np.concatenate([[0], np.cumsum(twin.households.size)[:-1]])
    for name in people:
        twin.residents.arrays[name] = getattr(people, name)[order]
    row = np.append(np.argsort(order), n)  # nobody stays nobody
    twin.ties, twin.tie_activity = row[world.ties[order]].astype(world.ties.dtype), world.tie_activity[order]
    return twin, order
