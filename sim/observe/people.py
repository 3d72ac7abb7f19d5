"""Who it happens to: measures of people, counted by area and by declared group in one pass over the residents.

Every resident stands in one *cell*: their area and their value in each group. A measure is one number a resident
(above the line) and one weight (below it), summed by cell; place, areas, groups and crossings are sums of cells, so
they can never disagree. Measures of cases count under the resident who filed them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numba import njit

from sim.catalogue import groups
from sim.catalogue.rows import Group
from sim.world.world import World

REQUEST = 1
# Of some residents (their rows; None for all of them in order): what counts above and below the line; below it None
# stands for every adult with a voice, who are the same all the time and are summed once.
Shares = tuple[np.ndarray | None, np.ndarray, np.ndarray | None]


@njit(nogil=True, cache=True)
def sum_cells(cell: np.ndarray, values: np.ndarray, n_cells: int) -> np.ndarray:
    """Return float64 (n_cells,): the sum of values by cell, added in row order."""
    total = np.zeros(n_cells)
    for i in range(cell.shape[0]):
        total[cell[i]] += np.float64(values[i])
    return total


@njit(nogil=True, cache=True)
def sum_values(sums: np.ndarray, values: np.ndarray, n_values: int) -> np.ndarray:
    """Return float64 (n_areas, n_values): the sum of codes by value, added in code order whatever the machine."""
    total = np.zeros((sums.shape[0], n_values))
    for area in range(sums.shape[0]):
        for code in range(values.shape[0]):
            if sums[area, code] != 0:
                for value in values[code]:
                    total[area, value] += sums[area, code]
    return total


@dataclass(frozen=True)
class Cells:
    """Where each resident stands. cell: int32 (n_residents,); values: int64 (n_codes, n_groups), the value of each
    group that a code has; names: (group, value) by value; adults: with a voice, (n_areas, n_codes).
    """

    cell: np.ndarray
    n_areas: int
    values: np.ndarray
    names: tuple[tuple[str, str], ...]
    adults: np.ndarray

    @property
    def shape(self) -> tuple[int, int]:
        """Areas, and combinations of all marginal groups."""
        return self.n_areas, self.values.shape[0]

    def sums(self, count: Shares) -> tuple[np.ndarray, np.ndarray]:
        """Return both parts of a measure, float64 (n_areas, n_codes)."""
        rows, upper, lower = count
        cell = self.cell if rows is None else self.cell[rows]
        n = self.shape[0] * self.shape[1]
        below = self.adults if lower is None else sum_cells(cell, lower, n).reshape(self.shape)
        return sum_cells(cell, upper, n).reshape(self.shape), below

    def by_group(self, sums: np.ndarray) -> np.ndarray:
        """Return, for each area (or their sum), the values of all groups: the last axis becomes n_values."""
        found = sum_values(np.atleast_2d(sums), self.values, len(self.names))
        return found.reshape(*sums.shape[:-1], -1)


def cells_of(world: World) -> Cells:
    """Return the cells of a world; traits never change, so they hold for a whole run."""
    people = world.residents
    marginal = {name: group for name, group in groups().items() if group.column}
    sizes = [len(group.values) for group in marginal.values()]
    code = np.zeros(people.n, np.int32)
    for group, size in zip(marginal.values(), sizes, strict=True):
        code = code * np.int32(size) + codes(world, group)
    table = np.indices(sizes).reshape(len(sizes), -1)
    place = {name: table[i] for i, name in enumerate(marginal)}
    values: list[np.ndarray] = []
    names: list[tuple[str, str]] = []
    for name, group in groups().items():
        index = place[name] if group.column else _crossing([place[p] for p in group.of], group)
        values.append(index + len(names))
        names += [(name, value.id) for value in group.values]
    shape = world.n_areas, table.shape[1]
    cell = people.area * np.int32(shape[1]) + code
    adults = sum_cells(cell, people.has_voice, shape[0] * shape[1]).reshape(shape)
    return Cells(cell, world.n_areas, np.stack(values, axis=1), tuple(names), adults)


def codes(world: World, group: Group) -> np.ndarray:
    """Return int32 (n_residents,): which value of a marginal group each resident has."""
    column = getattr(world.residents, group.column)
    if group.edges:
        column = np.searchsorted(group.edges, column, side="right")
    return column.astype(np.int32)


def _crossing(parts: list[np.ndarray], group: Group) -> np.ndarray:
    inner = len(groups()[group.of[1]].values)
    return parts[0] * inner + parts[1]


def adults_mean(column: str) -> Callable[[World], Shares]:
    """Return the mean of a resident column over adults with a voice."""

    def count(world: World) -> Shares:
        voice = world.residents.has_voice
        return None, getattr(world.residents, column) * voice, None

    return count


def adults_share(column: str) -> Callable[[World], Shares]:
    """Return the share of adults with a voice whose column is not zero."""

    def count(world: World) -> Shares:
        voice = world.residents.has_voice
        return None, (getattr(world.residents, column) != 0) & (voice == 1), None

    return count


def this_month(mode: str) -> Callable[[World], Shares]:
    """Return the share of adults with a voice who took part in a mode this month."""

    def count(world: World) -> Shares:
        voice = world.residents.has_voice
        return None, (getattr(world.residents, f"{mode}_history") & 1) * voice, None

    return count


def ever(world: World) -> np.ndarray:
    """Return the months of the last twelve with anything taken part in, as bits."""
    people = world.residents
    return (
        people.vote_history | people.deliberate_history | people.activity_history | people.volunteer_history
    )


def any_mode(world: World) -> Shares:
    """Count adults who took part in anything in twelve months."""
    voice = world.residents.has_voice
    return None, (ever(world) != 0) & (voice == 1), None


def depth(world: World) -> Shares:
    """Count those who decided or deliberated in twelve months over those who took part in anything."""
    people, voice = world.residents, world.residents.has_voice == 1
    deep = (people.vote_history | people.deliberate_history) != 0
    return None, deep & voice, (ever(world) != 0) & voice


def reported_satisfaction(world: World) -> Shares:
    """Count satisfaction as official surveys see it: S + g (1 - S)."""
    voice, true = world.residents.has_voice, world.residents.satisfaction
    return None, (true + np.float32(world.assume["satisfaction.reported_bias"]) * (1 - true)) * voice, None


def unmet_need(world: World) -> Shares:
    """Count needs of the month that nobody filed over all needs of the month."""
    unfiled = world.residents.unfiled.astype(np.int64)
    mine = world.items.duty_class[world.filed.item] == _request_class(world)
    filed = np.bincount(world.filed.resident[mine], minlength=world.residents.n)
    return None, unfiled, unfiled + filed


def _request_class(world: World) -> int:
    """Return the duty class of requests: the first of the residents' classes."""
    return int(world.items.duty_class[world.items.origin == REQUEST].min())


def own_cases(column: str, value: int | None = None) -> Callable[[World], Shares]:
    """Return the count of residents' ended cases with a column's value (or the column's sum), over all of them."""

    def count(world: World) -> Shares:
        ended = world.ended
        mine = np.flatnonzero((ended.origin == REQUEST) & (ended.resident >= 0))
        found = getattr(ended, column)[mine]
        return ended.resident[mine], found if value is None else found == value, np.ones(len(mine))

    return count


def waits(world: World) -> Shares:
    """Count working days from filing to the end over residents' cases that were done."""
    ended = world.ended
    mine = np.flatnonzero((ended.origin == REQUEST) & (ended.resident >= 0) & (ended.is_done == 1))
    return ended.resident[mine], ended.wait_days[mine].astype(np.float64), np.ones(len(mine))


PEOPLE: dict[str, Callable[[World], Shares]] = {
    "participation.deliberate": this_month("deliberate"),
    "participation.activity": this_month("activity"),
    "participation.volunteer": this_month("volunteer"),
    "participation.votes_per_adult": this_month("vote"),
    "participation.breadth": adults_share("deliberate_history"),
    "participation.breadth_vote": adults_share("vote_history"),
    "participation.breadth_activity": adults_share("activity_history"),
    "participation.breadth_volunteer": adults_share("volunteer_history"),
    "participation.breadth_any": any_mode,
    "participation.depth": depth,
    "trust.committee": adults_mean("trust_committee"),
    "trust.government": adults_mean("trust_government"),
    "trust.organisations": adults_mean("trust_organisations"),
    "efficacy": adults_mean("efficacy"),
    "belonging": adults_mean("belonging"),
    "awareness": adults_mean("awareness"),
    "satisfaction.true": adults_mean("satisfaction"),
    "satisfaction.reported": reported_satisfaction,
    "unmet_need": unmet_need,
    "wait.mean": waits,
    "requests.unserved": own_cases("is_done", 0),
    "requests.solved": own_cases("is_solved", 1),
    "hand_offs": own_cases("hand_offs"),
    "trips": own_cases("trips"),
    "requests.returned": own_cases("is_returned", 1),
}
