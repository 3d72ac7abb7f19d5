"""What operations on layers and offices do to the duty table, and what is wrong with doing it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from sim.base.text import counted, say
from sim.catalogue import duty_classes, kinds
from sim.rules.timeline import DatedOperation
from sim.rules.words import kind_text, layer_text
from sim.scenario.auditor import SMALL, Auditor, weight
from sim.scenario.conduct_audit import take
from sim.scenario.duty_table import NOBODY, DutyTable, index_of
from sim.scenario.frame import PlaceFrame
from sim.scenario.placing import Placed


def remove_layer(audit: Auditor, item: Placed, table: DutyTable) -> Any:
    """Close every office of the layer and hand on what it did."""
    dated: Any = item.row
    op, mask = dated.op, table.where(dated.areas)
    if not table.layers[op.layer][mask].any():
        audit.say(item, say("the {layer} layer is gone already", layer=layer_text(op.layer)))
        return op
    closing = table.of_layer(op.layer)
    duties, approvals = dict(op.duties), dict(op.approvals)
    for name in duty_classes():
        hand_on(name, closing, duties, approvals, table, mask, audit.opening)
    displace(closing, op.staff, table, mask)
    for kind in closing:
        table.open_here[kind] &= ~mask
    table.layers[op.layer] &= ~mask
    return replace(op, duties=duties, approvals=approvals)


def hand_on(
    name: str,
    closing: list[str],
    duties: dict[str, str],
    approvals: dict[str, str | None],
    table: DutyTable,
    mask: Any,
    opening: set[str],
) -> None:
    """Give a closing kind's work and approval of one class to its next holder, written or by default."""
    held = sum(table.share[name][index_of(kind)][mask].sum() for kind in closing)
    if held > SMALL:
        target = duties.setdefault(name, default_owner(name, closing, table, opening))
        for kind in closing:
            table.hand_over(name, kind, target, mask)
    elif name in duties:
        del duties[name]
    approving = np.isin(table.approver[name], [index_of(kind) for kind in closing]) & mask
    if approving.any():
        target_kind = approvals.setdefault(name, default_approver(closing, table))
        table.approver[name][approving] = NOBODY if target_kind is None else index_of(target_kind)


def default_owner(name: str, closing: list[str], table: DutyTable, opening: set[str]) -> str:
    """Residents' matters go down, to the station if there is or opens one; the rest goes up."""
    if duty_classes()[name].origin != "assigned":
        station = table.open_here["service_station"].any() or "service_station" in opening
        return "service_station" if station else "residents_committee"
    if table.open_here["department"].any() and "department" not in closing:
        return "department"
    return default_approver(closing, table) or "residents_committee"


def default_approver(closing: list[str], table: DutyTable) -> str | None:
    """Return who approves next: the district, else its departments."""
    for kind in ("district_office", "department"):
        if kind not in closing and table.open_here[kind].any():
            return kind
    return None


def close_office(audit: Auditor, item: Placed, table: DutyTable) -> Any:
    """Close a kind's offices; its duties go where the file says, else where a default sends them."""
    dated: Any = item.row
    op, mask = dated.op, table.where(dated.areas)
    if not table.open_here[op.kind][mask].any():
        audit.say(item, say("there is no {kind} to close", kind=kind_text(op.kind)))
        return op
    duties: dict[str, str] = dict(op.duties)
    approvals: dict[str, str | None] = {}
    for name in duty_classes():
        hand_on(name, [op.kind], duties, approvals, table, mask, audit.opening)
    displace([op.kind], op.staff, table, mask)
    table.open_here[op.kind] &= ~mask
    return replace(op, duties=duties)


def displace(closing: list[str], target: str, table: DutyTable, mask: Any) -> None:
    """Send the people of closing offices to the pool or to another kind."""
    for kind in closing:
        part = weight(table, kind, mask)
        moved = table.posts[kind] * part
        table.posts[kind] -= moved
        if target == "pool":
            table.pool += moved
        else:
            table.posts[target] += moved


def merge(audit: Auditor, item: Placed, table: DutyTable) -> Any:
    """Count offices; people stay or go to the pool; duties stay with the kind."""
    dated: Any = item.row
    op = dated.op
    mask = table.where(dated.areas)
    if not _of_communities(audit, item, op.layer):
        return op
    n = table.bodies.touching(mask)
    if op.into >= n:
        audit.say(
            item,
            counted(
                "{n} office cannot be merged into {into}",
                "{n} offices cannot be merged into {into}",
                n=n,
                into=op.into,
            ),
        )
    fences = len(audit.frame.units_of(op.within, dated.areas)) if op.within else 0
    table.bodies.merge(mask, max(op.into, fences))
    _room_within(audit, item, op.into)
    if op.groups and {a for g in op.groups for a in g} != set(selected(dated, audit.frame)):
        audit.say(item, say("the listed groups do not hold each selected community once"))
    table.offices[op.layer] = table.offices.get(op.layer, n) - n + op.into
    if op.staff == "pool":
        displace(table.of_layer(op.layer), "pool", table, table.where(dated.areas))
    return op


def _room_within(audit: Auditor, item: Placed, count: int) -> None:
    """Say where there are fewer offices than units whose borders they are to keep to."""
    dated: Any = item.row
    if not dated.op.within:
        return
    m = len(audit.frame.units_of(dated.op.within, dated.areas))
    if count < m:
        what = counted(
            "{into} offices within {m} unit of {layer}: at least one",
            "{into} offices within {m} units of {layer}: at least one each",
            m=m,
            into=count,
            layer=layer_text(dated.op.within),
        )
        audit.say(item, what)


def _of_communities(audit: Auditor, item: Placed, layer: str) -> bool:
    """Say where a merger or a split is of another layer than communities, which alone can be merged and split."""
    if layer == audit.frame.layers[-1]:
        return True
    what = say(
        "only communities are merged or split in this version, not the {layer}", layer=layer_text(layer)
    )
    audit.say(item, what)
    return False


def split(audit: Auditor, item: Placed, table: DutyTable) -> Any:
    """Count offices."""
    dated: Any = item.row
    mask, into = table.where(dated.areas), dated.op.into
    if not _of_communities(audit, item, dated.op.layer):
        return dated.op
    if table.bodies.crowded(mask, into):
        audit.say(item, say("a community of fewer than {into} areas cannot be split into {into}", into=into))
    table.bodies.split(mask, into)
    n = len(audit.frame.units_of(dated.op.layer, dated.areas))
    table.offices[dated.op.layer] = table.offices.get(dated.op.layer, n) + n * (dated.op.into - 1)
    return dated.op


def open_office(audit: Auditor, item: Placed, table: DutyTable) -> Any:
    """Open offices and hire or move their first people."""
    dated: Any = item.row
    op, mask = dated.op, table.where(dated.areas)
    if table.open_here[op.kind][mask].all() and mask.any():
        audit.say(
            item, say("every selected community has a {kind} already", kind=kind_text(op.kind)), "notice"
        )
    if op.serves == "unmanaged":
        mask = mask & ~table.open_here["property_service"]
        if not mask.any():
            what = say(
                "every selected community has property service: no {kind} opens", kind=kind_text(op.kind)
            )
            audit.say(item, what, "notice")
            return op
    if op.per and op.per in audit.frame.n_units and not table.layers[op.per][mask].any():
        audit.say(item, say("the {layer} layer is gone already", layer=layer_text(op.per)))
    if op.count is not None:
        _room_within(audit, item, op.count)
    n = (
        op.count
        if op.count is not None
        else len(audit.frame.units_of(op.per, dated.areas))
        if op.per in audit.frame.n_units
        else 0
    )
    if op.per == audit.frame.layers[-1] and dated.areas is None:
        n = min(n, table.offices.get(op.per, n))
    hired = 0.0 if op.staff_from else op.staff * n
    if op.staff_from:
        take(audit, item, table, op.staff_from, op.staff * n if op.staff else None, op.kind)
    table.posts[op.kind] += hired
    table.hired += hired
    table.open_here[op.kind] |= mask
    table.level.setdefault(op.kind, op.per or op.level)
    return op


def move_office(audit: Auditor, item: Placed, table: DutyTable) -> Any:
    """Move the seat; duties and people stay."""
    dated: Any = item.row
    if not table.open_here[dated.op.kind].any():
        audit.say(item, say("there is no {kind} to move", kind=kind_text(dated.op.kind)))
    table.level[dated.op.kind] = dated.op.to
    return dated.op


def create_zones(audit: Auditor, item: Placed, table: DutyTable) -> Any:
    """Open zones and hand them their duties from whoever has them."""
    dated: Any = item.row
    op, mask = dated.op, table.where(dated.areas)
    table.open_here["functional_zone"] |= mask
    table.posts["functional_zone"] += op.staff * op.count
    table.hired += op.staff * op.count
    table.level.setdefault("functional_zone", audit.frame.layers[0])
    for name in op.duties:
        for kind in kinds():
            if kind != "functional_zone":
                table.hand_over(name, kind, "functional_zone", mask)
    return op


def selected(dated: DatedOperation, frame: PlaceFrame) -> Any:
    """Return the areas an operation touches, as numbers."""
    return range(frame.n_areas) if dated.areas is None else [int(a) for a in dated.areas]
