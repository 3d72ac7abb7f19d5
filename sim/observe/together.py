"""Measures of people taken down in one walk over the residents instead of one each: the same numbers, sooner.

What each measure *is* stands in `people.py` and `inequality.py`; here many of them are summed at once into the cells,
since at a million residents reading the columns is what costs (a month's measures took 25 walks, now they take 2). A
test holds both to the same bits.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numba import njit

from sim.observe.people import Cells
from sim.world.world import World

Parts = tuple[np.ndarray, np.ndarray]
STOCKS = {
    "trust.committee": "trust_committee",
    "trust.government": "trust_government",
    "trust.organisations": "trust_organisations",
    "efficacy": "efficacy",
    "belonging": "belonging",
    "awareness": "awareness",
    "satisfaction.true": "satisfaction",
}
# In the order of the kernel's rows: this month by mode, twelve months by mode, in any mode, in one that decides.
MONTH = (
    "participation.votes_per_adult", "participation.deliberate", "participation.activity", "participation.volunteer",
)  # fmt: skip
YEAR = (
    "participation.breadth_vote", "participation.breadth", "participation.breadth_activity",
    "participation.breadth_volunteer",
)  # fmt: skip
ANY, DEPTH = "participation.breadth_any", "participation.depth"
# A measure of who is missing, and the group it asks after.
COMPOSITIONS = {
    "participation.composition_old": ("age_band", "old"),
    "participation.composition_renters": ("tenure", "renter"),
    "participation.composition_non_local": ("local", "non_local"),
    "participation.composition_low_income": ("income", "low"),
}


@njit(nogil=True, cache=True)
def sum_stocks(
    cell: np.ndarray, voice: np.ndarray, stocks: tuple[np.ndarray, ...], n_cells: int
) -> np.ndarray:
    """Return float64 (n_stocks, n_cells): each stock's sum over adults with a voice, added in row order."""
    total = np.zeros((len(stocks), n_cells))
    for i in range(cell.shape[0]):
        if voice[i]:
            for k in range(len(stocks)):
                total[k, cell[i]] += np.float64(stocks[k][i])
    return total


@njit(nogil=True, cache=True)
def sum_taking_part(
    cell: np.ndarray, voice: np.ndarray, histories: tuple[np.ndarray, ...], n_cells: int
) -> np.ndarray:
    """Return float64 (10, n_cells): counts of adults with a voice, rows in the order of MONTH, YEAR, ANY and DEPTH."""
    total = np.zeros((10, n_cells))
    for i in range(cell.shape[0]):
        if voice[i]:
            here, anything = cell[i], False
            for k in range(4):
                months = histories[k][i]
                total[k, here] += months & 1
                if months != 0:
                    total[4 + k, here] += 1
                    anything = True
            if anything:
                total[8, here] += 1
                if histories[0][i] != 0 or histories[1][i] != 0:
                    total[9, here] += 1
    return total


def stocks(world: World, cells: Cells) -> dict[str, Parts]:
    """Return the means of stocks over adults with a voice, both parts by cell."""
    people, shape = world.residents, cells.shape
    columns = tuple(getattr(people, column) for column in STOCKS.values())
    sums = sum_stocks(cells.cell, people.has_voice, columns, shape[0] * shape[1])
    return {name: (part.reshape(shape), cells.adults) for name, part in zip(STOCKS, sums, strict=True)}


def taking_part(world: World, cells: Cells) -> dict[str, Parts]:
    """Return who took part this month and in twelve, in each mode and in any, both parts by cell."""
    people, shape = world.residents, cells.shape
    histories = (
        people.vote_history, people.deliberate_history, people.activity_history, people.volunteer_history
    )  # fmt: skip
    sums = sum_taking_part(cells.cell, people.has_voice, histories, shape[0] * shape[1])
    parts = [part.reshape(shape) for part in sums]
    found = {name: (part, cells.adults) for name, part in zip((*MONTH, *YEAR, ANY), parts, strict=False)}
    return {**found, DEPTH: (parts[9], parts[8])}


def compositions(any_mode: np.ndarray, cells: Cells) -> dict[str, Parts]:
    """Return by area who is missing among those who took part in anything, from the cells of those who did."""
    active, adults = any_mode.sum(axis=1), cells.adults.sum(axis=1)
    seen, members = cells.by_group(any_mode), cells.by_group(cells.adults)
    at = {name: cells.names.index(group) for name, group in COMPOSITIONS.items()}
    return {
        name: (seen[:, value], active * members[:, value] / np.maximum(adults, 1))
        for name, value in at.items()
    }


TOGETHER: tuple[tuple[frozenset[str], Callable[[World, Cells], dict[str, Parts]]], ...] = (
    (frozenset(STOCKS), stocks),
    (frozenset((*MONTH, *YEAR, ANY, DEPTH, *COMPOSITIONS)), taking_part),
)


def together(world: World, cells: Cells, wanted: frozenset[str]) -> dict[str, Parts]:
    """Return the parts, by cell, of every measure that is summed together with a wanted one."""
    return {
        name: parts
        for names, count in TOGETHER
        if names & wanted
        for name, parts in count(world, cells).items()
    }
