"""What structural operations do to offices: remove a layer, merge, split, open, close, move.

Rows never move. A closed office stays as a row; a merged one is a new row with a new name and keeps the name of
none of its parts. Which cases go where is settled once, after all operations of the month (`readdress`).
"""

from __future__ import annotations

import numpy as np

from sim.base.errors import RunError
from sim.base.text import counted, say
from sim.rules.operations import (
    CloseOffice,
    CreateZones,
    Merge,
    MoveOffice,
    OpenOffice,
    RemoveLayer,
    Split,
)
from sim.world.bodies import POOL, divide_office, inside, join_offices, pass_on_money
from sim.world.duties import approve, assign_duties
from sim.world.offices import (
    LEVEL_OF_KIND,
    add_staff,
    close_office,
    middle_area,
    move_staff,
    open_office,
    spread,
    staff_of,
)
from sim.world.readdress import expire
from sim.world.world import World

# Kinds that are one body of a community and therefore merge and split with it.
COMMUNITY_KINDS = ("residents_committee", "service_station", "party_organisation", "assembly")


def remove_layer(world: World, op: RemoveLayer, areas: np.ndarray) -> None:
    """Close every office of the layer's own kinds that serves one of the areas."""
    for kind, level in LEVEL_OF_KIND.items():
        if level == op.layer and kind != "department":
            _close_kind(world, kind, areas, op)
    assign_duties(world, op.duties, areas, (f"{op.layer}_office",))
    approve(world, op.approvals, areas, f"{op.layer}_office")


def close_kind(world: World, op: CloseOffice, areas: np.ndarray) -> None:
    """Close the offices of one kind in the selected areas."""
    _close_kind(world, op.kind, areas, op)
    assign_duties(world, op.duties, areas, (op.kind,))


def _close_kind(world: World, kind: str, areas: np.ndarray, op: RemoveLayer | CloseOffice) -> None:
    """Close the offices that serve none but the areas; one that serves others too leaves these and stays."""
    serving = world.serving_rows(kind)
    rows = [int(row) for row in np.unique(serving[areas]) if row >= 0]
    if op.backlog == "expire":
        expire(world, rows, areas)
    for row in rows:
        served = np.flatnonzero(serving == row)
        if not np.isin(served, areas).all():
            serving[served[np.isin(served, areas)]] = -1
            continue
        heir = int(world.institutions.parent[row])
        people = staff_of(world, np.array([row]))
        close_office(world, row)
        target = POOL if op.staff == "pool" else int(world.serving_rows(op.staff)[served[0]])
        move_staff(world, people, target)
        pass_on_money(world, row, _money_heir(world, op.money, heir, served))


def _money_heir(world: World, rule: str, parent: int, served: np.ndarray) -> int:
    if rule == "below":
        return int(world.serving_rows("residents_committee")[served[0]])
    return parent if rule == "next_layer" else -1


def merge(world: World, op: Merge, areas: np.ndarray) -> None:
    """Join the community bodies of the areas into `into`, each of neighbours; who joins none stays as it is."""
    committee = world.serving_rows("residents_committee")
    communities = [np.flatnonzero(committee == row) for row in np.unique(committee[areas]) if row >= 0]
    groups = (
        _listed(communities, op.groups)
        if op.groups
        else _partition(world, communities, op.into, op.balance, op.within)
    )
    for members in (group for group in groups if len(group) > 1):
        joined = np.concatenate([communities[int(m)] for m in members])
        for kind in COMMUNITY_KINDS:
            join_offices(world, kind, joined, op.staff, op.backlog)
        if op.delegates == "re_elect":
            world.areas.delegates_called[joined] = 1


def _listed(communities: list[np.ndarray], groups: tuple[tuple[int, ...], ...]) -> list[list[int]]:
    """Return which communities hold the areas of each group: areas keep their number, communities come and go."""
    found = [[k for k, areas in enumerate(communities) if np.isin(areas, named).any()] for named in groups]
    if len(set().union(*found)) < sum(len(members) for members in found):
        raise RunError(say("two of the listed groups meet in one community that was merged before"))
    return found


def _partition(
    world: World, communities: list[np.ndarray], into: int, balance: str, within: str | None
) -> list[np.ndarray]:
    """Return which communities join which: runs of neighbours (in map order) of about equal weight."""
    if into > len(communities):
        raise RunError(
            counted(
                "{n} community cannot be merged into {into}",
                "{n} communities cannot be merged into {into}",
                n=len(communities),
                into=into,
            )
        )
    weight = np.array(
        [
            1.0 if balance == "communities" else float(getattr(world.areas, balance)[c].sum())
            for c in communities
        ]
    )
    fence = (
        np.zeros(len(communities), np.int64)
        if within is None
        else np.array([world.frame.parent[within][c[0]] for c in communities])
    )
    parts = spread(into, np.array([weight[fence == unit].sum() for unit in np.unique(fence)]))
    groups = []
    for unit, pieces in zip(np.unique(fence), np.maximum(parts, 1), strict=True):
        members = np.flatnonzero(fence == unit)
        groups += runs(members, weight[members], min(int(pieces), len(members)))
    return groups


def runs(members: np.ndarray, weight: np.ndarray, pieces: int) -> list[np.ndarray]:
    """Cut an ordered list into `pieces` runs of about equal weight, none empty."""
    middle = (np.cumsum(weight) - weight / 2) / weight.sum() * pieces
    label = np.minimum(middle.astype(np.int64), pieces - 1)
    for piece in range(pieces):  # every piece gets a member even where weights are very uneven
        if not (label == piece).any():
            label[np.argmin(np.abs(middle - piece - 0.5))] = piece
    return [members[label == piece] for piece in range(pieces) if (label == piece).any()]


def split(world: World, op: Split, areas: np.ndarray) -> None:
    """Divide every community whose areas are several into `into` bodies, areas shared out as runs of neighbours."""
    committee = world.serving_rows("residents_committee")
    for row in [r for r in np.unique(committee[areas]) if r >= 0]:
        mine = np.flatnonzero(committee == row)
        if len(mine) < op.into:
            raise RunError(
                say("a community of {n} areas cannot be split into {into}", n=len(mine), into=op.into)
            )
        weight = getattr(world.areas, op.balance)[mine].astype(float)
        for kind in COMMUNITY_KINDS:
            divide_office(world, kind, mine, runs(mine, weight, op.into), op.backlog)


def open_kind(world: World, op: OpenOffice, areas: np.ndarray) -> None:
    """Open offices of a kind and let them serve: one per unit of a layer, or a count spread over the place.

    Offices for the unmanaged serve where no property service does; where there is no such place none opens.
    """
    layers = world.frame.layers
    layer = (
        layers.index(op.per)
        if op.per in layers
        else layers.index(op.level)
        if op.level in layers
        else len(layers) - 1
    )
    if op.serves == "unmanaged":
        areas = areas[world.serving_rows("property_service")[areas] < 0]
        if not len(areas):
            return
    for catchment in _catchments(world, op, areas):
        row = open_office(world, op.kind, catchment, layer)
        world.institutions.open_hours[row] = op.open_hours or 0.0
        add_staff(world, row, round(op.staff))
        if op.staff_from:
            lenders = np.unique(world.serving_rows(op.staff_from)[catchment])
            move_staff(world, staff_of(world, lenders[lenders >= 0]), row)


def _catchments(world: World, op: OpenOffice, areas: np.ndarray) -> list[np.ndarray]:
    if op.per == "community":
        committee = world.serving_rows("residents_committee")
        return [areas[committee[areas] == row] for row in np.unique(committee[areas]) if row >= 0]
    if op.per:
        above = world.frame.parent[op.per][areas]
        return [areas[above == unit] for unit in np.unique(above)]
    weight = np.ones(len(areas)) if op.assign == "equal" else world.areas.residents[areas].astype(float)
    fence = np.zeros(len(areas), np.int64) if op.within is None else world.frame.parent[op.within][areas]
    return _fenced_runs(areas, weight, fence, min(int(op.count or 1), len(areas)))


def _fenced_runs(areas: np.ndarray, weight: np.ndarray, fence: np.ndarray, count: int) -> list[np.ndarray]:
    """Cut areas into `count` runs, none of which crosses a border: one for each unit, and the rest by weight."""
    units = np.unique(fence)
    if count < len(units):
        raise RunError(say("too few offices to open within every unit: {n} for {units}", n=count, units=len(units)))
    room = np.array([(fence == unit).sum() for unit in units])
    pieces = np.ones(len(units), np.int64)
    for _ in range(count - len(units)):  # each further office goes where most weight waits on one
        each = np.array([weight[fence == unit].sum() for unit in units]) / pieces
        pieces[np.argmax(np.where(pieces < room, each, -1.0))] += 1
    found = []
    for unit, n in zip(units, pieces, strict=True):
        found += runs(areas[fence == unit], weight[fence == unit], int(n))
    return found


def move_seat(world: World, op: MoveOffice, areas: np.ndarray) -> None:
    """Re-seat a kind's offices at another layer: they divide and join until there is one for each of its units.

    An office that also serves areas beyond those addressed stays where it is, and with it whom it serves.
    """
    layer, table = world.frame.layers.index(op.to), world.institutions
    above = world.serving_rows("residents_committee") if op.to == "community" else world.frame.parent[op.to]
    catchments = [areas[above[areas] == unit] for unit in np.unique(above[areas]) if unit >= 0]
    divide_office(world, op.kind, areas, catchments, "new_owner")
    for catchment in catchments:
        join_offices(world, op.kind, catchment, "keep")
        for row in inside(world, op.kind, catchment):
            seat = middle_area(world, catchment)
            table.layer[row], table.seat[row] = layer, seat
            table.x[row], table.y[row] = world.areas.x[seat], world.areas.y[seat]


def create_zones(world: World, op: CreateZones, areas: np.ndarray) -> None:
    """Open functional zones over runs of neighbouring areas and give them duties of street and district."""
    for catchment in runs(areas, np.ones(len(areas)), min(op.count, len(areas))):
        row = open_office(world, "functional_zone", catchment, 0)
        add_staff(world, row, round(op.staff))
    duties = dict.fromkeys(op.duties, "functional_zone")
    assign_duties(world, duties, areas, ("street_office", "district_office", "department"))
