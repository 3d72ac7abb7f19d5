"""Joining and dividing offices of one kind: what a new office takes over from those it follows.

Amounts of the month before are summed and shared out by households, so that no hour or yuan is lost; what is a level
is averaged by adults. What only one can be - the chair, the opening hours, the door - is that of the largest part.
An office that also serves areas other than those concerned is left alone, so that nobody loses an office by a change
elsewhere; so is one that has nothing to join: it keeps its name and pays for no move.
"""

from __future__ import annotations

import numpy as np

from sim.world.offices import charge, close_office, hand_on_pools, move_staff, open_office, spread, staff_of
from sim.world.readdress import expire
from sim.world.world import KIND, World

POOL = -1
SUMMED = ("wanted", "volunteer_hours", "contract_hours", "own_hours")
AVERAGED = ("orientation", "pressure", "wait_shown", "funded", "mandate", "ballot_credit", "own_quality")
OF_THE_LARGEST = ("open_hours", "house")
CHAIR = ("chosen", "chair")
PURPOSES = ("earmarked", "granted", "returnable")  # what an office keeps apart of its money, or owes


def join_offices(world: World, kind: str, areas: np.ndarray, staff: str, backlog: str = "sum") -> None:
    """Replace a kind's offices that serve these areas alone by one new one, which also serves those that had none."""
    serving = world.serving_rows(kind)
    old = inside(world, kind, areas)
    if not old:
        return
    mine = areas[np.isin(serving[areas], old) | (serving[areas] < 0)]
    if len(old) == 1:
        serving[mine] = old[0]
        return
    if backlog == "expire":
        expire(world, old)
    table = world.institutions
    row = open_office(world, kind, mine, int(table.layer[old[0]]))
    _take_over(world, old, row, mine)
    if staff == "keep":
        world.pools.servers[table.pool[row]] = world.pools.servers[np.unique(table.pool[old])].sum()
    hand_on_pools(world, old, [row])
    for gone in old:
        move_staff(world, staff_of(world, np.array([gone])), POOL if staff == "pool" else row)
        close_office(world, gone)
        charge(world, gone, "merge")
        pass_on_money(world, gone, row)
    table.change_cost[row] = 0  # the parts have paid for the move


def inside(world: World, kind: str, areas: np.ndarray) -> list[int]:
    """Return the rows of a kind's offices that serve some of these areas and none beside."""
    serving = world.serving_rows(kind)
    beyond = np.delete(serving, areas)
    return [int(row) for row in np.unique(serving[areas]) if row >= 0 and row not in beyond]


def _take_over(world: World, old: list[int], row: int, areas: np.ndarray) -> None:
    """Give a joined office the amounts of its parts summed, their levels averaged, and what the largest had."""
    table, pools = world.institutions, world.pools
    weights = table.adults[old] + 1.0
    for name in SUMMED:
        getattr(table, name)[row] = getattr(table, name)[old].sum()
    for name in AVERAGED:
        getattr(table, name)[row] = np.average(getattr(table, name)[old], weights=weights)
    largest = old[int(np.argmax(weights))]
    for name in (*OF_THE_LARGEST, *CHAIR):
        getattr(table, name)[row] = getattr(table, name)[largest]
    pools.standard[table.pool[row]] = np.average(pools.standard[table.pool[old]], weights=weights)
    _count(world, row, areas)


def _count(world: World, row: int, areas: np.ndarray) -> None:
    """Count whom an office serves, which a second change in the same month goes by."""
    world.institutions.adults[row] = world.areas.adults[areas].sum()
    world.institutions.households[row] = world.areas.households[areas].sum()


def divide_office(world: World, kind: str, areas: np.ndarray, parts: list[np.ndarray], backlog: str) -> None:
    """Replace each office that serves these areas alone, in several of their parts, by one for each of the parts."""
    for row in inside(world, kind, areas):
        served = np.flatnonzero(world.serving_rows(kind) == row)
        pieces = [part[np.isin(part, served)] for part in parts]
        pieces = [piece for piece in pieces if len(piece)]
        if len(pieces) > 1:
            _divide(world, row, kind, pieces, backlog)


def _divide(world: World, old: int, kind: str, parts: list[np.ndarray], backlog: str) -> None:
    """Share out an office among new ones: people, money and hours by households."""
    if backlog == "expire":
        expire(world, [old])
    table, people = world.institutions, staff_of(world, np.array([old]))
    households = np.array([world.areas.households[p].sum() for p in parts], float)
    purses = {name: spread(int(getattr(table, name)[old]), households) for name in PURPOSES}
    ordinary = int(table.money[old] - table.earmarked[old] - table.granted[old])
    purses["money"] = purses["earmarked"] + purses["granted"] + spread(ordinary, households)
    groups = np.split(people, np.cumsum(spread(len(people), households))[:-1])
    new = [open_office(world, kind, part, int(table.layer[old])) for part in parts]
    _hand_out(world, old, new, parts, households)
    hand_on_pools(world, [old], new)
    for row, staff in zip(new, groups, strict=True):
        move_staff(world, staff, row)
    for name, each in purses.items():
        getattr(table, name)[new], getattr(table, name)[old] = each, 0
    close_office(world, old)
    for row, part in zip(new, parts, strict=True):
        world.serving[KIND[kind], part] = row


def _hand_out(
    world: World, old: int, new: list[int], parts: list[np.ndarray], households: np.ndarray
) -> None:
    """Give the offices that follow a divided one its levels, its amounts by households, and one of them its chair."""
    table, pools = world.institutions, world.pools
    share = households / households.sum() if households.sum() > 0 else np.full(len(new), 1 / len(new))
    servers = spread(int(pools.servers[table.pool[old]]), share)
    largest = new[int(np.argmax([world.areas.adults[part].sum() for part in parts]))]
    for row, part, portion, present in zip(new, parts, share, servers, strict=True):
        for name in SUMMED:
            getattr(table, name)[row] = getattr(table, name)[old] * portion
        for name in (*AVERAGED, *OF_THE_LARGEST, *(CHAIR if row == largest else ())):
            getattr(table, name)[row] = getattr(table, name)[old]
        pools.standard[table.pool[row]] = pools.standard[table.pool[old]]
        pools.servers[table.pool[row]] = present
        _count(world, row, part)


def pass_on_money(world: World, row: int, heir: int) -> None:
    """Move an office's money to its heir, or back to the treasury where there is none."""
    table = world.institutions
    if heir >= 0:
        for name in ("money", *PURPOSES):
            getattr(table, name)[heir] += getattr(table, name)[row]
    else:
        world.ledger["money_returned"] = world.ledger.get("money_returned", 0) + int(table.money[row])
    for name in ("money", *PURPOSES):
        getattr(table, name)[row] = 0
