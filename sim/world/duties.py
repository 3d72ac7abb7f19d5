"""The duty table: what work there is, item by item, and who performs and approves it in each area.

Items of a class share its volume equally: which items are heavy is nowhere documented.
"""

from __future__ import annotations

import numpy as np

from sim.catalogue import duty_classes
from sim.catalogue.rows import DutyClass
from sim.draws import Draws
from sim.scenario.place import PlaceSpec
from sim.world.columns import DEPARTMENTS, ITEMS
from sim.world.practice import DUTIES
from sim.world.table import Table
from sim.world.world import KIND, World

ORIGINS = {"assigned": 0, "resident": 1, "own": 2}
LEVELS = ("state", "province", "city", "district", "street")
NOBODY = -1


def make_duties(place: PlaceSpec, n_areas: int, n_departments: int, draws: Draws) -> dict[str, Table]:
    """Return the tables items and departments under the place's own rules."""
    rows = [(index, row, k) for index, row in enumerate(duty_classes().values()) for k in range(row.items)]
    items = Table.make("items", ITEMS, len(rows), {"area": n_areas})
    ordinal = np.arange(items.n)
    items.put(
        duty_class=[index for index, _, _ in rows],
        department=ordinal % max(n_departments, 1),
        level=[_level(row, k) for _, row, k in rows],
        per_year=[place.volumes.get(row.id, row.per_committee_year) / row.items for _, row, _ in rows],
        hours=[row.hours for _, row, _ in rows],
        cv=[row.hours_cv for _, row, _ in rows],
        organ_share=[row.organ_share if row.origin == "assigned" else 0.0 for _, row, _ in rows],
        origin=[ORIGINS[row.origin] for _, row, _ in rows],
        priority=[row.priority for _, row, _ in rows],
        must_rank=draws.uniforms("populate.must_rank", 0, ordinal.astype(np.uint64)),
    )
    for name, duty in place.duties.items():
        mine = items.duty_class == list(duty_classes()).index(name)
        items.owner[mine] = KIND[duty.owner]
        items.before[mine] = KIND[duty.before] if duty.before else KIND[duty.owner]
        items.approver[mine] = KIND[duty.approver] if duty.approver else NOBODY
    departments = Table.make("departments", DEPARTMENTS, n_departments, {"area": n_areas, "candidate": 4})
    return {"items": items, "departments": departments}


def _level(row: DutyClass, k: int) -> int:
    """Return the level of government of the k-th item, so that the class's shares come out."""
    bounds = np.cumsum([row.level_shares.get(level, 0.0) for level in LEVELS])
    return int(np.searchsorted(bounds / max(bounds[-1], 1e-9), (k + 0.5) / row.items))


def performer_rows(world: World, item: np.ndarray, kind: np.ndarray, area: np.ndarray) -> np.ndarray:
    """Return the office row that performs an item of this owner kind in an area, -1 where there is none.

    A department is not one office of the area: the item names which.
    """
    rows = np.where(kind >= 0, world.serving[kind, area], -1)
    own = kind == KIND["department"]
    return np.where(own, world.departments.institution[world.items.department[item]], rows)


def assign_duties(
    world: World, duties: dict[str, str], areas: np.ndarray, from_kinds: tuple[str, ...]
) -> None:
    """Write new owners of whole classes, for the items a kind owns now; `before` remembers who performed them."""
    names = list(duty_classes())
    for name, kind in duties.items():
        items = np.flatnonzero(world.items.duty_class == names.index(name))
        cells = np.ix_(items, areas)
        owned = np.isin(world.items.owner[cells], [KIND[k] for k in from_kinds])
        rewrite_owner(world, cells, owned, KIND[kind])


def rewrite_owner(world: World, cells: tuple, mask: np.ndarray, kind: int) -> None:
    """Give the masked cells of the duty table a new owner, if it is one, and count the area's writing as changed."""
    owner, before = world.items.owner[cells], world.items.before[cells]
    mask = mask & (owner != kind)
    world.items.before[cells] = np.where(mask, owner, before)
    world.items.owner[cells] = np.where(mask, kind, owner)
    areas = np.asarray(cells[1]).ravel()
    assigned = world.items.origin[np.asarray(cells[0]).ravel()] == 0
    _unsettle(world, areas, (mask & assigned[:, None]).sum(axis=0))


def _unsettle(world: World, areas: np.ndarray, count: np.ndarray) -> None:
    """Count an area's duty table as changed where items of assigned work moved, and say how large a part that is.

    count: items that moved just now, by area; the part is of all that ever did. A month's moves count together.
    """
    items, table = world.items, world.practice
    version, answered = table.version[DUTIES, areas], table.answered[DUTIES, areas]
    ever = ((items.owner != items.before)[:, areas] & (items.origin == 0)[:, None]).sum(axis=0)
    stays = 1 - count / np.maximum(ever, 1)
    stays *= np.where(version == 0, 0.0, np.where(version > answered, 1 - world.areas.duties_moved[areas], 1.0))
    world.areas.duties_moved[areas] = np.where(count > 0, 1 - stays, world.areas.duties_moved[areas])
    table.version[DUTIES, areas] += count > 0


def approve(world: World, approvals: dict[str, str | None], areas: np.ndarray, gone: str) -> None:
    """Write new approvers; an approver that no longer exists and is not named approves nothing any more."""
    names = list(duty_classes())
    for name, kind in approvals.items():
        cells = np.ix_(np.flatnonzero(world.items.duty_class == names.index(name)), areas)
        world.items.approver[cells] = KIND[kind] if kind else -1
    rest = world.items.approver[:, areas]
    world.items.approver[:, areas] = np.where(rest == KIND.get(gone, -2), -1, rest)
