"""The institutional check: does every duty have one living owner with people and money, at every date?

Walks the structural timeline over the duty table, fills in what a file left open, and records: orphans, two
owners, dead approvers, mandates without anybody to do them, residents nobody serves, people or money that
vanish or appear. Errors forbid a run; the rest is said.
"""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from sim.base.calendar import format_month
from sim.base.text import Message, say
from sim.catalogue import duty_classes, kinds
from sim.rules.operations import (
    CloseOffice,
    CreateZones,
    Fund,
    Hire,
    Merge,
    MoveOffice,
    OpenOffice,
    Relation,
    Release,
    RemoveLayer,
    SharePosts,
    Split,
    TransferDuties,
    TransferStaff,
)
from sim.rules.timeline import DatedOperation
from sim.rules.words import classes_text, figure, kind_text, layer_text
from sim.scenario.duty_table import NOBODY, DutyTable, index_of
from sim.scenario.frame import PlaceFrame
from sim.scenario.place import PlaceSpec
from sim.scenario.placing import Placed
from sim.scenario.quantities import Reading

SMALL = 1e-6


@dataclass(frozen=True)
class Snapshot:
    """The duty table after everything of one month has happened."""

    month: int
    table: DutyTable


@dataclass
class InstitutionalCheck:
    """Walks the dated operations in order; `filled` holds them with their defaults written out."""

    place: PlaceSpec
    frame: PlaceFrame
    reading: Reading
    filled: list[Placed] = field(default_factory=list)
    history: list[Snapshot] = field(default_factory=list)
    _told: set[tuple[str, str]] = field(default_factory=set)

    def run(self, placed: list[Placed], start: int) -> list[Placed]:
        """Check the place as it stands, then every month in which structure changes."""
        table = DutyTable.at_start(self.place, self.frame)
        self.history.append(Snapshot(start, deepcopy(table)))
        self._after_month(table, None)
        ordered = sorted(placed, key=lambda p: (p.row.month, p.row.op.phase))  # type: ignore[union-attr]
        months = sorted({p.row.month for p in ordered})
        for month in months:
            todays = [p for p in ordered if p.row.month == month]
            for item in todays:
                self.filled.append(self._apply(item, table, todays))
            self._after_month(table, todays[-1])
            self.history.append(Snapshot(month, deepcopy(table)))
        if ordered and table.pool > 0.5:
            self._say(
                ordered[-1],
                say("{n} displaced staff stay in the pool, paid, without a post", n=figure(table.pool)),
                "notice",
            )
        return self.filled

    def _apply(self, item: Placed, table: DutyTable, todays: list[Placed]) -> Placed:
        act = ACTIONS.get(type(item.row.op))  # type: ignore[union-attr]
        before = table.people() - table.hired + table.released
        op = act(self, item, table, todays) if act else item.row.op  # type: ignore[union-attr]
        after = table.people() - table.hired + table.released
        if abs(after - before) > SMALL:
            self._say(item, say("{n} people appear or vanish", n=figure(after - before)))
        return replace(item, row=replace(item.row, op=op))  # type: ignore[arg-type]

    # ---- structure ---------------------------------------------------------------------------------------------
    def remove_layer(self, item: Placed, table: DutyTable, todays: list[Placed]) -> Any:
        """Close every office of the layer and hand on what it did."""
        dated: Any = item.row
        op, mask = dated.op, table.where(dated.areas)
        if not table.layers[op.layer][mask].any():
            self._say(item, say("the {layer} layer is gone already", layer=layer_text(op.layer)))
            return op
        closing = table.of_layer(op.layer)
        duties, approvals = dict(op.duties), dict(op.approvals)
        for name in duty_classes():
            self._hand_on(name, closing, duties, approvals, table, mask, todays)
        self._displace(closing, op.staff, table, mask)
        for kind in closing:
            table.open_here[kind] &= ~mask
        table.layers[op.layer] &= ~mask
        return replace(op, duties=duties, approvals=approvals)

    def _hand_on(
        self, name: str, closing: list[str], duties: dict[str, str], approvals: dict[str, str | None],
        table: DutyTable, mask: Any, todays: list[Placed],
    ) -> None:  # fmt: skip
        held = sum(table.share[name][index_of(kind)][mask].sum() for kind in closing)
        if held > SMALL:
            target = duties.setdefault(name, self._default_owner(name, closing, table, todays))
            for kind in closing:
                table.hand_over(name, kind, target, mask)
        elif name in duties:
            del duties[name]
        approving = np.isin(table.approver[name], [index_of(kind) for kind in closing]) & mask
        if approving.any():
            target_kind = approvals.setdefault(name, self._default_approver(closing, table))
            table.approver[name][approving] = NOBODY if target_kind is None else index_of(target_kind)

    def _default_owner(self, name: str, closing: list[str], table: DutyTable, todays: list[Placed]) -> str:
        """Residents' matters go down, to the station if there is or opens one; the rest goes up."""
        opening = {p.row.op.kind for p in todays if isinstance(getattr(p.row, "op", None), OpenOffice)}  # type: ignore[union-attr]
        if duty_classes()[name].origin != "assigned":
            station = table.open_here["service_station"].any() or "service_station" in opening
            return "service_station" if station else "residents_committee"
        if table.open_here["department"].any() and "department" not in closing:
            return "department"
        return self._default_approver(closing, table) or "residents_committee"

    def _default_approver(self, closing: list[str], table: DutyTable) -> str | None:
        for kind in ("district_office", "department"):
            if kind not in closing and table.open_here[kind].any():
                return kind
        return None

    def close_office(self, item: Placed, table: DutyTable, todays: list[Placed]) -> Any:
        """Close a kind's offices; its duties go where the file says, else where a default sends them."""
        dated: Any = item.row
        op, mask = dated.op, table.where(dated.areas)
        if not table.open_here[op.kind][mask].any():
            self._say(item, say("there is no {kind} to close", kind=kind_text(op.kind)))
            return op
        duties: dict[str, str] = dict(op.duties)
        approvals: dict[str, str | None] = {}
        for name in duty_classes():
            self._hand_on(name, [op.kind], duties, approvals, table, mask, todays)
        self._displace([op.kind], op.staff, table, mask)
        table.open_here[op.kind] &= ~mask
        return replace(op, duties=duties)

    def _displace(self, closing: list[str], target: str, table: DutyTable, mask: Any) -> None:
        for kind in closing:
            part = _weight(table, kind, mask)
            moved = table.posts[kind] * part
            table.posts[kind] -= moved
            if target == "pool":
                table.pool += moved
            else:
                table.posts[target] += moved

    def merge(self, item: Placed, table: DutyTable, todays: list[Placed]) -> Any:
        """Count offices; people stay or go to the pool; duties stay with the kind."""
        dated: Any = item.row
        op = dated.op
        n = len(self.frame.units_of(op.layer, dated.areas))
        if op.into >= n:
            self._say(item, say("{n} offices cannot be merged into {into}", n=n, into=op.into))
        if op.within and op.into < len(self.frame.units_of(op.within, dated.areas)):
            m = len(self.frame.units_of(op.within, dated.areas))
            self._say(
                item,
                say(
                    "{into} offices within {m} units of {layer}: at least one each",
                    into=op.into,
                    m=m,
                    layer=layer_text(op.within),
                ),
            )
        if op.groups and {a for g in op.groups for a in g} != set(_selected(dated, self.frame)):
            self._say(item, say("the listed groups do not hold each selected community once"))
        table.offices[op.layer] = table.offices.get(op.layer, n) - n + op.into
        if op.staff == "pool":
            self._displace(table.of_layer(op.layer), "pool", table, table.where(dated.areas))
        return op

    def split(self, item: Placed, table: DutyTable, todays: list[Placed]) -> Any:
        """Count offices."""
        dated: Any = item.row
        n = len(self.frame.units_of(dated.op.layer, dated.areas))
        table.offices[dated.op.layer] = table.offices.get(dated.op.layer, n) + n * (dated.op.into - 1)
        return dated.op

    def open_office(self, item: Placed, table: DutyTable, todays: list[Placed]) -> Any:
        """Open offices and hire or move their first people."""
        dated: Any = item.row
        op, mask = dated.op, table.where(dated.areas)
        if table.open_here[op.kind][mask].all() and mask.any():
            self._say(
                item, say("every selected community has a {kind} already", kind=kind_text(op.kind)), "notice"
            )
        if op.per and op.per in self.frame.n_units and not table.layers[op.per][mask].any():
            self._say(item, say("the {layer} layer is gone already", layer=layer_text(op.per)))
        n = (
            op.count
            if op.count is not None
            else len(self.frame.units_of(op.per, dated.areas))
            if op.per in self.frame.n_units
            else 0
        )
        if op.per == self.frame.layers[-1] and dated.areas is None:
            n = min(n, table.offices.get(op.per, n))
        hired = 0.0 if op.staff_from else op.staff * n
        if op.staff_from:
            self._take(item, table, op.staff_from, op.staff * n if op.staff else None, op.kind)
        table.posts[op.kind] += hired
        table.hired += hired
        table.open_here[op.kind] |= mask
        table.level.setdefault(op.kind, op.per or op.level)
        return op

    def move_office(self, item: Placed, table: DutyTable, todays: list[Placed]) -> Any:
        """Move the seat; duties and people stay."""
        dated: Any = item.row
        if not table.open_here[dated.op.kind].any():
            self._say(item, say("there is no {kind} to move", kind=kind_text(dated.op.kind)))
        table.level[dated.op.kind] = dated.op.to
        return dated.op

    def create_zones(self, item: Placed, table: DutyTable, todays: list[Placed]) -> Any:
        """Open zones and hand them their duties from whoever has them."""
        dated: Any = item.row
        op, mask = dated.op, table.where(dated.areas)
        table.open_here["functional_zone"] |= mask
        table.posts["functional_zone"] += op.staff * op.count
        table.hired += op.staff * op.count
        table.level.setdefault("functional_zone", self.frame.layers[0])
        for name in op.duties:
            for kind in kinds():
                if kind != "functional_zone":
                    table.hand_over(name, kind, "functional_zone", mask)
        return op

    # ---- conduct -----------------------------------------------------------------------------------------------
    def transfer_duties(self, item: Placed, table: DutyTable, todays: list[Placed]) -> Any:
        """Move work or approval; moving what somebody else has would make two owners."""
        dated: Any = item.row
        op, mask = dated.op, table.where(dated.areas)
        if op.only_held:
            op = replace(
                op, classes=tuple(c for c in op.classes if self._holds(table, c, op, mask)), only_held=False
            )
            item = replace(item, row=replace(dated, op=op))
        for name in op.classes:
            if op.role in ("performer", "both"):
                self._move_work(item, table, name, mask)
            if op.role in ("approver", "both"):
                holding = mask & (table.approver[name] == index_of(op.from_kind))
                table.approver[name][holding] = index_of(op.to_kind)
        return op

    def _holds(self, table: DutyTable, name: str, op: Any, mask: Any) -> bool:
        giver = index_of(op.from_kind)
        if op.role == "approver":
            return bool((table.approver[name][mask] == giver).any())
        return bool(table.share[name][giver][mask].sum() > SMALL)

    def _move_work(self, item: Placed, table: DutyTable, name: str, mask: Any) -> None:
        op: Any = item.row.op  # type: ignore[union-attr]
        moved = table.hand_over(name, op.from_kind, op.to_kind, mask, op.share)
        if moved > SMALL or op.share == 0:
            return
        owners = table.owners(name, mask)
        if list(owners) == [op.to_kind]:
            what = say(
                "{to} has {what} already; nothing moves",
                to=kind_text(op.to_kind),
                what=duty_classes()[name].text,
            )
            self._say(item, what, "notice")
            return
        what = say(
            "two owners: {what} is with {owner}, and this clause hands it from {from_} to {to}",
            what=duty_classes()[name].text, owner=kind_text(next(iter(owners), "nobody")),
            from_=kind_text(op.from_kind), to=kind_text(op.to_kind),
        )  # fmt: skip
        self._say(item, what)

    def transfer_staff(self, item: Placed, table: DutyTable, todays: list[Placed]) -> Any:
        """Move people that exist, to offices that exist."""
        dated: Any = item.row
        op = dated.op
        self._take(item, table, op.from_kind, op.count, op.to_kind)
        self._need_open(item, table, op.to_kind)
        return op

    def _take(self, item: Placed, table: DutyTable, source: str, count: float | None, target: str) -> None:
        have = table.pool if source == "pool" else table.posts[source]
        if source != "pool" and have < SMALL and table.pool > SMALL:
            have, source = table.pool, "pool"
        moved = have if count is None else count
        if moved > have + 0.05:
            what = say(
                "{n} people move from {kind}, which has {have}",
                n=figure(moved),
                kind=kind_text(source),
                have=figure(have),
            )
            self._say(item, what)
            moved = have
        if source == "pool":
            table.pool -= moved
        else:
            table.posts[source] -= moved
        if target == "pool":
            table.pool += moved
        else:
            table.posts[target] += moved

    def hire(self, item: Placed, table: DutyTable, todays: list[Placed]) -> Any:
        """Add people from outside."""
        dated: Any = item.row
        table.posts[dated.op.kind] += dated.op.count
        table.hired += dated.op.count
        self._need_open(item, table, dated.op.kind)
        return dated.op

    def release(self, item: Placed, table: DutyTable, todays: list[Placed]) -> Any:
        """Let people go, not more than there are."""
        dated: Any = item.row
        op, have = dated.op, table.posts[dated.op.kind]
        gone = op.count if op.count is not None else have * op.share
        if gone > have + 0.05:
            self._say(
                item,
                say(
                    "{n} people leave {kind}, which has {have}",
                    n=figure(gone),
                    kind=kind_text(op.kind),
                    have=figure(have),
                ),
            )
            gone = have
        table.posts[op.kind] -= gone
        table.released += gone
        return op

    def share_posts(self, item: Placed, table: DutyTable, todays: list[Placed]) -> Any:
        """Cross-held posts need offices to hold them in."""
        dated: Any = item.row
        for kind in dated.op.between:
            if kinds()[kind].staffed:
                self._need_open(item, table, kind)
        return dated.op

    def relation(self, item: Placed, table: DutyTable, todays: list[Placed]) -> Any:
        """A relation needs both sides."""
        dated: Any = item.row
        for kind in (dated.op.from_kind, dated.op.to_kind):
            if kind in kinds():
                self._need_open(item, table, kind)
        return dated.op

    def fund(self, item: Placed, table: DutyTable, todays: list[Placed]) -> Any:
        """Money has payers whose shares sum to one, and a receiver that exists."""
        dated: Any = item.row
        op = dated.op
        payers = dict(op.payers) or {self.frame.layers[0]: 1.0}
        total = sum(payers.values())
        if abs(total - 1.0) > 0.001 and op.amount > 0:
            self._say(
                item,
                say("the payers' shares sum to {total}: money would appear or vanish", total=figure(total)),
            )
        for layer in payers:
            if layer in table.layers and not table.layers[layer].any():
                self._say(item, say("the {layer} layer is gone and cannot pay", layer=layer_text(layer)))
        if op.to in kinds():
            self._need_open(item, table, op.to)
        return replace(op, payers=payers)

    def _need_open(self, item: Placed, table: DutyTable, kind: str) -> None:
        mask = table.where(item.row.areas)
        if kind == "pool" or table.open_here[kind][mask].any():
            return
        self._say(item, say("there is no {kind} at that date", kind=kind_text(kind)))

    # ---- after a month -----------------------------------------------------------------------------------------
    def _after_month(self, table: DutyTable, item: Placed | None) -> None:
        for name, row in duty_classes().items():
            if name in self.place.duties:
                self._owned(name, row.origin, table, item)
                self._approved(name, table, item)

    def _owned(self, name: str, origin: str, table: DutyTable, item: Placed | None) -> None:
        share = table.share[name]
        for kind in table.owners(name):
            doing = share[index_of(kind)] > SMALL
            dead = doing & ~table.open_here[kind]
            if dead.any():
                self._orphan(name, kind, origin, int(dead.sum()), item)
            elif (
                table.posts[kind] < SMALL
                and kinds()[kind].staffed
                and kind not in ("social_organisation", "property_service")
            ):
                what = say(
                    "unfunded mandate: {what} is with {kind}, where nobody works",
                    what=duty_classes()[name].text,
                    kind=kind_text(kind),
                )
                self._once("unfunded", f"{name}/{kind}", item, what)

    def _orphan(self, name: str, kind: str, origin: str, n: int, item: Placed | None) -> None:
        words = {"what": duty_classes()[name].text, "kind": kind_text(kind), "n": n}
        if origin == "resident":
            what = say(
                "residents of {n} communities are out of reach: {what} is with {kind}, and there is none",
                **words,
            )
        else:
            what = say("orphan: {what} is with {kind}, and there is none in {n} communities", **words)
        self._once("orphan", f"{name}/{kind}", item, what)

    def _approved(self, name: str, table: DutyTable, item: Placed | None) -> None:
        approver = table.approver[name]
        for number in np.unique(approver[approver != NOBODY]):
            kind = list(kinds())[int(number)]
            if (~table.open_here[kind] & (approver == number)).any():
                what = say(
                    "dead approver: {what} is approved by {kind}, and there is none",
                    what=duty_classes()[name].text,
                    kind=kind_text(kind),
                )
                self._once("approver", f"{name}/{kind}", item, what)

    def _once(self, sort: str, key: str, item: Placed | None, what: Message) -> None:
        if (sort, key) not in self._told:
            self._told.add((sort, key))
            self._say(item, what)

    def _say(self, item: Placed | None, what: Message, severity: str = "error") -> None:
        if item is None:
            self.reading.problem(self.start_spot, "duties", what, severity=severity)
            return
        dated = say("{month}: {what}", month=format_month(item.row.month), what=what)
        self.reading.problem(item.place, item.path, dated, severity=severity)

    start_spot: Any = None


def _weight(table: DutyTable, kind: str, mask: Any) -> float:
    """Return the part of a kind's offices that lie in the selected areas."""
    there = table.open_here[kind]
    return float((there & mask).sum() / there.sum()) if there.any() else 0.0


def _selected(dated: DatedOperation, frame: PlaceFrame) -> Any:
    return range(frame.n_areas) if dated.areas is None else [int(a) for a in dated.areas]


ACTIONS: dict[type, Callable[..., Any]] = {
    RemoveLayer: InstitutionalCheck.remove_layer,
    CloseOffice: InstitutionalCheck.close_office,
    Merge: InstitutionalCheck.merge,
    Split: InstitutionalCheck.split,
    OpenOffice: InstitutionalCheck.open_office,
    MoveOffice: InstitutionalCheck.move_office,
    CreateZones: InstitutionalCheck.create_zones,
    TransferDuties: InstitutionalCheck.transfer_duties,
    TransferStaff: InstitutionalCheck.transfer_staff,
    Hire: InstitutionalCheck.hire,
    Release: InstitutionalCheck.release,
    SharePosts: InstitutionalCheck.share_posts,
    Relation: InstitutionalCheck.relation,
    Fund: InstitutionalCheck.fund,
}


def duties_text(table: DutyTable) -> list[tuple[Any, Any]]:
    """Return (classes, who does them) with classes of one owner together, for `explain`."""
    by_owner: dict[tuple[str, ...], list[str]] = {}
    for name in duty_classes():
        by_owner.setdefault(tuple(table.owners(name)), []).append(name)
    return [(classes_text(names), owners) for owners, names in by_owner.items()]
