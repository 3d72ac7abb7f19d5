"""Structural operations: the closed list of things a reform can do to institutions.

Each is frozen, checks itself, says itself in words and is total: whatever a file leaves open has a default
that `check` prints. When and where an operation happens stand beside it, in `timeline.DatedOperation`.
"""

from __future__ import annotations

from sim.rules.conduct import (
    Fund,
    Hire,
    Procedure,
    Relation,
    Release,
    SharePosts,
    Stage,
    TransferDuties,
    TransferStaff,
)
from sim.rules.operation import CLOSE, DUTIES, MERGE, MONEY, OPEN, OTHER, STAFF, Operation
from sim.rules.structure import (
    CloseOffice,
    CreateSmallUnits,
    CreateZones,
    Merge,
    MoveOffice,
    OpenOffice,
    RemoveLayer,
    Split,
)

OPERATIONS: dict[str, type[Operation]] = {
    op.verb: op
    for op in (
        RemoveLayer, Merge, Split, OpenOffice, CloseOffice, MoveOffice, TransferDuties, TransferStaff, Hire,
        Release, SharePosts, CreateSmallUnits, CreateZones, Relation, Procedure, Fund,
    )
}  # fmt: skip

__all__ = [
    "CLOSE",
    "DUTIES",
    "MERGE",
    "MONEY",
    "OPEN",
    "OPERATIONS",
    "OTHER",
    "STAFF",
    "CloseOffice",
    "CreateSmallUnits",
    "CreateZones",
    "Fund",
    "Hire",
    "Merge",
    "MoveOffice",
    "OpenOffice",
    "Operation",
    "Procedure",
    "Relation",
    "Release",
    "RemoveLayer",
    "SharePosts",
    "Split",
    "Stage",
    "TransferDuties",
    "TransferStaff",
]
