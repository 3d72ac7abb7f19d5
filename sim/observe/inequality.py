"""How evenly residents take part: who is missing among those who do, and how much is done by how few.

Both are sums over areas. Composition is what was seen over what would be seen if a group took part as everybody else in
their area does; the Gini of a place is the mean of its areas' Ginis, each counting as its adults.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numba import njit

from sim.observe.people import ever
from sim.world.blocks import block_sums
from sim.world.world import World

Parts = tuple[np.ndarray, np.ndarray]
MONTHS, MODES = 12, ("vote", "deliberate", "activity", "volunteer")
OLD, LOW = 60, 0
GROUPS: dict[str, Callable[[World], np.ndarray]] = {
    "old": lambda world: world.residents.age >= OLD,
    "renters": lambda world: world.residents.owner == 0,
    "non_local": lambda world: world.residents.local == 0,
    "low_income": lambda world: world.residents.income == LOW,
}


@njit(nogil=True, cache=True)
def sum_times(
    area: np.ndarray, voice: np.ndarray, histories: tuple[np.ndarray, ...], counts: np.ndarray
) -> np.ndarray:
    """Add every adult with a voice to `counts` (n_areas, times) under how often they took part; returns it."""
    for i in range(area.shape[0]):
        if voice[i]:
            times = 0
            for k in range(len(histories)):
                months = histories[k][i]
                while months:
                    times += months & 1
                    months >>= 1
            counts[area[i], times] += 1
    return counts


def by_area(world: World, flags: np.ndarray) -> np.ndarray:
    """Return how many residents of each area are flagged, float64."""
    blocks = world.blocks
    inside = block_sums(flags, blocks.first, blocks.size)
    return np.bincount(blocks.area, weights=inside, minlength=world.n_areas)


def composition(group: str) -> Callable[[World], Parts]:
    """Return the count of a group among participants of twelve months, over its share of adults there."""

    def count(world: World) -> Parts:
        voice, mine = world.residents.has_voice == 1, GROUPS[group](world)
        active = (ever(world) != 0) & voice
        seen, all_active, members, adults = (
            by_area(world, flag) for flag in (active & mine, active, voice & mine, voice)
        )
        return seen, all_active * members / np.maximum(adults, 1)

    return count


def gini(world: World) -> Parts:
    """Count the Gini of times taken part in twelve months, all modes together, by area and weighted by adults."""
    people, n, levels = world.residents, world.n_areas, MONTHS * len(MODES) + 1
    histories = tuple(getattr(people, f"{mode}_history") for mode in MODES)
    counts = sum_times(people.area, people.has_voice, histories, np.zeros((n, levels)))
    adults = counts.sum(axis=1)
    there = counts[:, 1:].sum(axis=1) > 0
    return np.where(there, _gini(counts) * adults, 0.0), np.where(there, adults, 0.0)


def _gini(counts: np.ndarray) -> np.ndarray:
    """Return the Gini of each row of counts of people by times 0, 1, 2, ..: one less twice the area under Lorenz."""
    times = np.arange(counts.shape[1])
    people, total = counts.sum(axis=1), np.maximum(counts @ times, 1)
    done = np.cumsum(counts * times, axis=1)
    before = np.concatenate([np.zeros((len(counts), 1)), done[:, :-1]], axis=1)
    return 1 - (counts * (before + done)).sum(axis=1) / np.maximum(people, 1) / total


COUNTS: dict[str, Callable[[World], Parts]] = {
    **{f"participation.composition_{group}": composition(group) for group in GROUPS},
    "participation.gini": gini,
}
