"""The duty table: what work there is, item by item, and who performs and approves it in each area.

Items of a class share its volume equally: which items are heavy is nowhere documented.
"""

from __future__ import annotations

import numpy as np

from sim.catalogue import duty_classes
from sim.draws import Draws
from sim.scenario.place import PlaceSpec
from sim.world.columns import DEPARTMENTS, ITEMS
from sim.world.table import Table
from sim.world.world import KIND

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


def _level(row: object, k: int) -> int:
    """Return the level of government of the k-th item, so that the class's shares come out."""
    bounds = np.cumsum([row.level_shares.get(level, 0.0) for level in LEVELS])
    return int(np.searchsorted(bounds / max(bounds[-1], 1e-9), (k + 0.5) / row.items))


def performer_rows(world: object, item: np.ndarray, kind: np.ndarray, area: np.ndarray) -> np.ndarray:
    """Return the office row that performs an item of this owner kind in an area, -1 where there is none.

    A department is not one office of the area: the item names which.
    """
    rows = np.where(kind >= 0, world.serving[kind, area], -1)
    own = kind == KIND["department"]
    return np.where(own, world.departments.institution[world.items.department[item]], rows)
