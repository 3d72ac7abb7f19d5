"""Opening, closing and staffing offices: the primitives that founding a place and reforming it share.

An office keeps its row for ever; a closed one is marked. `serving` says which office of a kind serves an area.
After any change `refresh` restores what follows from it: parents, layers crossed, distances, people served.
"""

from __future__ import annotations

import numpy as np

from sim.catalogue import kinds
from sim.world.body_columns import BASE_PAY
from sim.world.world import KIND, OWN_PURSE, World

# Bits of an office's stable name: kind, area of the seat, founding month, ordinal among those of the same month.
SEAT_BITS, MONTH_BITS, ORDINAL_BITS = 20, 16, 12
LEVEL_OF_KIND = {kind: row.level for kind, row in kinds().items()}
GOVERNMENT = {
    kind: row.level for kind, row in kinds().items() if row.cls == "GovernmentOffice" and row.staffed
}
FAR_KM = 50.0
# A department is asked about the whole place, an office of no layer serves nobody in particular.
NO_CATCHMENT = ("department", "social_organisation")
HAVE_ROOMS = {KIND[kind] for kind, row in kinds().items() if row.staffed} - set(OWN_PURSE)


def office_id(kind: int, seat: int, month: int, ordinal: int) -> np.uint64:
    """Return the stable name of an office, which no later office ever gets."""
    number = (((kind << SEAT_BITS) | seat) << MONTH_BITS) | (month & 0xFFFF)
    return np.uint64((number << ORDINAL_BITS) | ordinal)


def open_office(
    world: World, kind: str, areas: np.ndarray, layer: int, *, seat: int | None = None, serves: bool = True
) -> int:
    """Found an office that serves these areas; returns its row. Its seat is the area in their middle."""
    k, month = KIND[kind], world.month
    if seat is None:
        seat = middle_area(world, areas)
    key = f"{k}/{seat}/{month}"
    ordinal = world.counters.get(key, 0)
    world.counters[key] = ordinal + 1
    name = office_id(k, int(seat), month, ordinal)
    pool = int(world.pools.append(1, id=name)[0])
    row = int(
        world.institutions.append(
            1,
            id=name,
            kind=k,
            seat=seat,
            layer=layer,
            pool=pool,
            founded=month,
            x=world.areas.x[seat],
            y=world.areas.y[seat],
        )[0]
    )
    if serves:
        world.serving[k, areas] = row
    charge(world, row, "open")
    return row


def charge(world: World, row: int, what: str) -> None:
    """Set the one-off cost of what becomes of an office this month: `open`, `close` or `merge` (in place of both).

    Bodies without people of their own move no desks; who lives on contracts or fees pays for its own rooms.
    """
    kind = int(world.institutions.kind[row])
    if kind in HAVE_ROOMS:
        world.institutions.change_cost[row] = round(world.assume[f"transition.{what}"])


def close_office(world: World, row: int) -> None:
    """Mark an office closed; whoever it served is served by nobody of that kind until told otherwise."""
    table = world.institutions
    table.is_open[row], table.closed[row] = 0, world.month
    kind = table.kind[row]
    world.serving[kind][world.serving[kind] == row] = -1
    charge(world, row, "close")


def middle_area(world: World, areas: np.ndarray) -> int:
    """Return the area nearest the population-weighted centre of a set of areas."""
    x, y, people = world.areas.x[areas], world.areas.y[areas], world.areas.residents[areas] + 1.0
    distance = np.hypot(x - np.average(x, weights=people), y - np.average(y, weights=people))
    return int(np.asarray(areas)[int(np.argmin(distance))])


def spread(total: float, weights: np.ndarray) -> np.ndarray:
    """Return whole numbers that sum to round(total) in proportion to weights (largest remainders, first wins)."""
    weights = np.asarray(weights, float)
    exact = round(total) * weights / max(weights.sum(), 1e-12)
    whole = np.floor(exact).astype(np.int64)
    order = np.argsort(-(exact - whole), kind="stable")
    whole[order[: round(total) - int(whole.sum())]] += 1
    return whole


def add_staff(world: World, row: int, count: int, rank: int = 0, pay: int = BASE_PAY) -> None:
    """Give an office this many new posts, filled."""
    if count <= 0:
        return
    kind = int(world.institutions.kind[row])
    first = world.counters.get(f"staff/{kind}", 0)
    world.counters[f"staff/{kind}"] = first + count
    ids = (np.uint64(kind) << np.uint64(40)) | np.arange(first, first + count, dtype=np.uint64)
    pool = world.institutions.pool[row]
    world.staff.append(count, id=ids, employer=row, pool=pool, post_at_start=kind, rank=rank, pay=pay)


def staff_of(world: World, rows: np.ndarray) -> np.ndarray:
    """Return the staff rows employed by any of these offices, in stable order."""
    return np.flatnonzero(np.isin(world.staff.employer, rows) & (world.staff.is_employed == 1))


def move_staff(world: World, staff: np.ndarray, row: int) -> None:
    """Put people under another employer and its pool; row -1 is the district pool, paid and idle."""
    world.staff.employer[staff] = row
    world.staff.pool[staff] = world.institutions.pool[row] if row >= 0 else -1


def hand_on_pools(world: World, old: list[int], new: list[int]) -> None:
    """Keep shared posts shared where offices of one kind are replaced by others.

    A new office borrows its people's pool where the old one did; whoever drew on an old office's pool draws on
    that of the office that follows it.
    """
    table, kind = world.institutions, int(world.institutions.kind[old[0]])
    owner = world.pools.id[table.pool]
    lent = [row for row in old if owner[row] != table.id[row]]
    if lent:
        lender = int(table.kind[np.flatnonzero(table.id == owner[lent[0]])[0]])
        for row in new:
            office = int(world.serving[lender, table.seat[row]])
            table.pool[row] = table.pool[office if office >= 0 else row]
    own = table.pool[[row for row in old if row not in lent]]
    drawing = (table.is_open == 1) & np.isin(table.pool, own)
    drawing[old] = False
    for borrower in np.flatnonzero(drawing):
        heir = int(world.serving[kind, table.seat[borrower]])
        table.pool[borrower] = table.pool[heir]
        world.staff.pool[staff_of(world, np.array([borrower]))] = table.pool[heir]


def refresh(world: World) -> None:
    """Recompute what follows from which offices are open and whom they serve."""
    _parents(world)
    _hops_and_communities(world)
    _served(world)
    _distances(world)


def _parents(world: World) -> None:
    """Put every open office under the nearest government office of a higher layer that serves its seat."""
    table, layers = world.institutions, world.frame.layers
    government = {layers.index(level): KIND[kind] for kind, level in GOVERNMENT.items() if level in layers}
    for row in np.flatnonzero(table.is_open == 1):
        seat, layer = int(table.seat[row]), int(table.layer[row])
        # A department stands under the office of its own layer, everybody else under one above.
        lowest = layer if table.kind[row] == KIND["department"] else layer - 1
        above = (world.serving[government[k], seat] for k in range(lowest, -1, -1) if k in government)
        table.parent[row] = next((office for office in above if office >= 0), -1)


def _hops_and_communities(world: World) -> None:
    table, committee = world.institutions, world.serving_rows("residents_committee")
    for area in range(world.n_areas):
        row, hops = int(committee[area]), 0
        while row >= 0 and table.parent[row] >= 0:
            row, hops = int(table.parent[row]), hops + 1
        world.areas.hops[area] = hops
    world.blocks.community[:] = committee[world.blocks.area]


def _served(world: World) -> None:
    table = world.institutions
    table.adults[:], table.households[:] = 0, 0
    for serving in world.serving:
        known = serving >= 0
        np.add.at(table.adults, serving[known], world.areas.adults[known])
        np.add.at(table.households, serving[known], world.areas.households[known])


def _distances(world: World) -> None:
    table, blocks = world.institutions, world.blocks
    for kind, serving in enumerate(world.serving):
        row = serving[blocks.area]
        km = np.hypot(blocks.x - table.x[row], blocks.y - table.y[row])
        world.distance[kind] = np.where(row >= 0, km, FAR_KM)
