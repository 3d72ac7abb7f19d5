"""Who moves out, and who comes in their place: the same row under a new name, with everything they had forgotten.

    a household moves with the monthly probability rate x (renters, non-locals: times as much), drawn by its dwelling
    who comes is drawn by the new name (dwelling, move number, member): what type they are, how often they need
    something, whom they know and how well; habits, trust, belonging and whatever happened to them begin anew
    they are as many, as old, as local, as well off and as much owners as those before: a dwelling keeps its sort of
    people, so that a place where some sorts move more stays the place it is
Ties of others to the dwelling stay ties to it: neighbours come to know who lives there. A case of somebody who left is
finished, and its answer heard by who lives there now.
Left out: dwellings that stand empty, families that grow or part, moves within the place.
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

import numpy as np

from sim.draws import gamma_unit_mean
from sim.world.columns import STOCKS
from sim.world.populate import cooperator_types
from sim.world.resident_columns import RESIDENTS
from sim.world.ties import make_ties
from sim.world.world import World

DECISION, MOVE_BITS, STEPS = "moves.household", 48, 1024
CAUSE = "moving"
STATUSES = tuple(column for column in RESIDENTS if column.kind == "status")


class Forgotten(NamedTuple):
    """Residents who came this month, by row, and by how much each stock of their row changed thereby."""

    rows: np.ndarray
    changes: dict[str, np.ndarray]


NOBODY = Forgotten(np.zeros(0, np.int64), {})


def move_households(world: World) -> Forgotten:
    """Replace the households that move this month; returns what that changed of stocks, for the accounts."""
    if world.assume["moves.rate"] <= 0:
        return NOBODY
    homes, people = world.households, world.residents
    rate, times = world.assume["moves.rate"], world.assume["moves.unsettled"]
    luck = world.draws.uniforms(DECISION, world.month, homes.id)
    near = np.flatnonzero(luck < rate * max(times, 1.0))
    first = homes.first[near]
    settled = (people.owner[first] == 1) & (people.local[first] == 1)
    leaving = (luck[near] < rate * np.where(settled, 1.0, times)) & (people.is_tied[first] == 1)
    return _replace(world, near[leaving]) if leaving.any() else NOBODY


def _replace(world: World, homes: np.ndarray) -> Forgotten:
    """Give the residents of these households new names, and begin everything about them anew."""
    table, people = world.households, world.residents
    table.moves[homes] += 1
    size = table.size[homes].astype(np.int64)
    start = np.cumsum(size) - size
    rows = np.repeat(table.first[homes] - start, size) + np.arange(int(size.sum()))
    name = people.id[rows] & np.uint64((1 << MOVE_BITS) - 1)
    people.id[rows] = name | np.repeat(table.moves[homes].astype(np.uint64), size) << np.uint64(MOVE_BITS)
    before = {stock: getattr(people, stock)[rows].astype(np.float64) for stock in STOCKS}
    for column in STATUSES:
        getattr(people, column.name)[rows] = column.initial
    for stock in STOCKS:
        getattr(people, stock)[rows] = world.assume[f"stocks.norm_{stock}"]
    changes = {stock: getattr(people, stock)[rows] - was for stock, was in before.items()}
    people.cooperator[rows] = cooperator_types(people.id[rows], world.draws)
    needs = world.draws.uniforms("populate.frailty", 0, people.id[rows])
    people.frailty[rows] = _frailties(world.assume["needs.dispersion"])[(needs * STEPS).astype(np.int64)]
    ties, activity = make_ties(world.tables, world.draws, world.assume, rows)
    world.ties[rows], world.tie_activity[rows] = ties, activity
    return Forgotten(rows, changes)


def moving_accounts(
    forgotten: Forgotten, voice: np.ndarray, cell: np.ndarray, shape: tuple[int, int]
) -> list[tuple[str, str, np.ndarray, np.ndarray]]:
    """Return the accounts of moving like those of `settle`: (stock, cause, gain and loss by area and group)."""
    rows, found = forgotten.rows, []
    for stock, change in forgotten.changes.items():
        up, down = np.maximum(change, 0) * voice[rows], np.maximum(-change, 0) * voice[rows]
        gain, loss = (
            np.bincount(cell[rows], weights=side, minlength=shape[0] * shape[1]).reshape(shape)
            for side in (up, down)
        )
        found.append((stock, CAUSE, gain, loss))
    return found


@lru_cache(maxsize=16)
def _frailties(dispersion: float) -> np.ndarray:
    """Return frailty at the middle of equal steps of luck: one quantile costs as much as all else about a mover."""
    return gamma_unit_mean((np.arange(STEPS) + 0.5) / STEPS, dispersion)
