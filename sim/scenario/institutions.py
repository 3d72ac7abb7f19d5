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

from sim.base.text import counted, say
from sim.catalogue import duty_classes, kinds
from sim.rules.operations import OpenOffice
from sim.rules.words import figure, kind_text
from sim.scenario import conduct_audit, structure_audit
from sim.scenario.auditor import SMALL, Auditor
from sim.scenario.duty_table import NOBODY, DutyTable, index_of
from sim.scenario.placing import Placed

ACTIONS: dict[str, Callable[..., Any]] = {
    "remove_layer": structure_audit.remove_layer,
    "close_office": structure_audit.close_office,
    "merge": structure_audit.merge,
    "split": structure_audit.split,
    "open_office": structure_audit.open_office,
    "move_office": structure_audit.move_office,
    "create_zones": structure_audit.create_zones,
    "transfer_duties": conduct_audit.transfer_duties,
    "transfer_staff": conduct_audit.transfer_staff,
    "hire": conduct_audit.hire,
    "release": conduct_audit.release,
    "share_posts": conduct_audit.share_posts,
    "relation": conduct_audit.relation,
    "fund": conduct_audit.fund,
}


@dataclass(frozen=True)
class Snapshot:
    """The duty table after everything of one month has happened."""

    month: int
    table: DutyTable


@dataclass
class InstitutionalCheck(Auditor):
    """Walks the dated operations in order; `filled` holds them with their defaults written out."""

    filled: list[Placed] = field(default_factory=list)
    history: list[Snapshot] = field(default_factory=list)

    def run(self, placed: list[Placed], start: int) -> list[Placed]:
        """Check the place as it stands, then every month in which structure changes."""
        table = DutyTable.at_start(self.place, self.frame)
        self.history.append(Snapshot(start, deepcopy(table)))
        self._after_month(table, None)
        ordered = sorted(placed, key=lambda p: (p.row.month, p.row.op.phase))  # type: ignore[union-attr]
        months = sorted({p.row.month for p in ordered})
        for month in months:
            todays = [p for p in ordered if p.row.month == month]
            self.opening = {
                op.kind for p in todays if isinstance(op := getattr(p.row, "op", None), OpenOffice)
            }
            for item in todays:
                self.filled.append(self._apply(item, table))
            self._after_month(table, todays[-1])
            self.history.append(Snapshot(month, deepcopy(table)))
        if ordered and table.pool > 0.5:
            self.say(
                ordered[-1],
                say("{n} displaced staff stay in the pool, paid, without a post", n=figure(table.pool)),
                "notice",
            )
        return self.filled

    def _apply(self, item: Placed, table: DutyTable) -> Placed:
        act = ACTIONS.get(item.row.op.verb)  # type: ignore[union-attr]
        before = table.people() - table.hired + table.released
        op = act(self, item, table) if act else item.row.op  # type: ignore[union-attr]
        after = table.people() - table.hired + table.released
        if abs(after - before) > SMALL:
            self.say(item, counted(
"{n} person appears or vanishes",
"{n} people appear or vanish",
n=figure(after - before),
))
        return replace(item, row=replace(item.row, op=op))  # type: ignore[arg-type]

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
                self.say_once("unfunded", f"{name}/{kind}", item, what)

    def _orphan(self, name: str, kind: str, origin: str, n: int, item: Placed | None) -> None:
        words = {"n": n, "what": duty_classes()[name].text, "kind": kind_text(kind)}
        if origin == "resident":
            what = counted(
                "residents of {n} community are out of reach: {what} is with {kind}, and there is none",
                "residents of {n} communities are out of reach: {what} is with {kind}, and there is none",
                **words,
            )
        else:
            what = counted(
                "orphan: {what} is with {kind}, and there is none in {n} community",
                "orphan: {what} is with {kind}, and there is none in {n} communities",
                **words,
            )
        self.say_once("orphan", f"{name}/{kind}", item, what)

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
                self.say_once("approver", f"{name}/{kind}", item, what)
