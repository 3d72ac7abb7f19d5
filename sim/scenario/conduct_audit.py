"""What operations on work, people and money do to the duty table, and what is wrong with doing it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from sim.base.calendar import MONTHS_PER_YEAR
from sim.base.text import counted, say
from sim.catalogue import duty_classes, kinds
from sim.rules.timeline import Timeline
from sim.rules.words import figure, kind_text, layer_text
from sim.scenario.auditor import SMALL, Auditor
from sim.scenario.duty_table import DutyTable, index_of
from sim.scenario.placing import Placed
from sim.scenario.quantities import Reading


def transfer_duties(audit: Auditor, item: Placed, table: DutyTable) -> Any:
    """Move work or approval; moving what somebody else has would make two owners."""
    dated: Any = item.row
    op, mask = dated.op, table.where(dated.areas)
    if op.only_held:
        op = replace(op, classes=tuple(c for c in op.classes if holds(table, c, op, mask)), only_held=False)
        item = replace(item, row=replace(dated, op=op))
    for name in op.classes:
        if op.role in ("performer", "both"):
            move_work(audit, item, table, name, mask)
        if op.role in ("approver", "both"):
            holding = mask & (table.approver[name] == index_of(op.from_kind))
            table.approver[name][holding] = index_of(op.to_kind)
    return op


def holds(table: DutyTable, name: str, op: Any, mask: Any) -> bool:
    """Return whether the giver has a class in the selected areas."""
    giver = index_of(op.from_kind)
    if op.role == "approver":
        return bool((table.approver[name][mask] == giver).any())
    return bool(table.share[name][giver][mask].sum() > SMALL)


def move_work(audit: Auditor, item: Placed, table: DutyTable, name: str, mask: Any) -> None:
    """Move a share of one class; what somebody else has cannot be handed over."""
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
        audit.say(item, what, "notice")
        return
    what = say(
        "two owners: {what} is with {owner}, and this clause hands it from {from_} to {to}",
        what=duty_classes()[name].text, owner=kind_text(next(iter(owners), "nobody")),
        from_=kind_text(op.from_kind), to=kind_text(op.to_kind),
    )  # fmt: skip
    audit.say(item, what)


def transfer_staff(audit: Auditor, item: Placed, table: DutyTable) -> Any:
    """Move people that exist, to offices that exist."""
    dated: Any = item.row
    op = dated.op
    take(audit, item, table, op.from_kind, op.count, op.to_kind)
    audit.need_open(item, table, op.to_kind)
    return op


def take(
    audit: Auditor, item: Placed, table: DutyTable, source: str, count: float | None, target: str
) -> None:
    """Move people; a closed office's people are in the pool by then."""
    have = table.pool if source == "pool" else table.posts[source]
    if source != "pool" and have < SMALL and table.pool > SMALL:
        have, source = table.pool, "pool"
    moved = have if count is None else count
    if moved > have + 0.05:
        what = counted(
            "{n} person moves from {kind}, which has {have}",
            "{n} people move from {kind}, which has {have}",
            n=figure(moved),
            kind=kind_text(source),
            have=figure(have),
        )
        audit.say(item, what)
        moved = have
    if source == "pool":
        table.pool -= moved
    else:
        table.posts[source] -= moved
    if target == "pool":
        table.pool += moved
    else:
        table.posts[target] += moved


def hire(audit: Auditor, item: Placed, table: DutyTable) -> Any:
    """Add people from outside."""
    dated: Any = item.row
    table.posts[dated.op.kind] += dated.op.count
    table.hired += dated.op.count
    audit.need_open(item, table, dated.op.kind)
    return dated.op


def release(audit: Auditor, item: Placed, table: DutyTable) -> Any:
    """Let people go, not more than there are."""
    dated: Any = item.row
    op, have = dated.op, table.posts[dated.op.kind]
    gone = op.count if op.count is not None else have * op.share
    if gone > have + 0.05:
        audit.say(
            item,
            counted(
                "{n} person leaves {kind}, which has {have}",
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


def share_posts(audit: Auditor, item: Placed, table: DutyTable) -> Any:
    """Cross-held posts need offices to hold them in."""
    dated: Any = item.row
    for kind in dated.op.between:
        if kinds()[kind].staffed:
            audit.need_open(item, table, kind)
    return dated.op


def relation(audit: Auditor, item: Placed, table: DutyTable) -> Any:
    """A relation needs both sides."""
    dated: Any = item.row
    for kind in (dated.op.from_kind, dated.op.to_kind):
        if kind in kinds():
            audit.need_open(item, table, kind)
    return dated.op


def fund(audit: Auditor, item: Placed, table: DutyTable) -> Any:
    """Money has payers whose shares sum to one, and a receiver that exists."""
    dated: Any = item.row
    op = dated.op
    payers = dict(op.payers) or {audit.frame.layers[0]: 1.0}
    total = sum(payers.values())
    if abs(total - 1.0) > 0.001 and op.amount > 0:
        audit.say(
            item,
            say("the payers' shares sum to {total}: money would appear or vanish", total=figure(total)),
        )
    for layer in payers:
        if layer in table.layers and not table.layers[layer].any():
            audit.say(item, say("the {layer} layer is gone and cannot pay", layer=layer_text(layer)))
    if op.to in kinds():
        audit.need_open(item, table, op.to)
        if op.to != "residents_committee" and op.amount > 0:
            what = say("money of {kind} buys nothing in this version: committees alone spend", kind=kind_text(op.to))
            audit.say(item, what, "notice")
    return replace(op, payers=payers)


def purchases(timeline: Timeline, rules: list[Placed], reading: Reading) -> None:
    """Say a catalogue of what may be bought that no budget ever stands beside: nothing is bought from it.

    What is bought is awarded once a year, so a budget may come a year after the catalogue.
    """
    for item in rules:
        change: Any = item.row
        if change.lever != "purchase.catalogue":
            continue
        months = [m for m in (*timeline.months(), change.month) if m >= change.month]
        catalogue = [float(np.max(timeline.rule_values("purchase.catalogue", m))) for m in months]
        money = [float(np.max(timeline.rule_values("purchase.budget", m + MONTHS_PER_YEAR))) for m in months]
        if max(catalogue) > 0 and not any(c > 0 and yuan > 0 for c, yuan in zip(catalogue, money, strict=True)):
            what = say("a catalogue of services without `purchase.budget`: nothing is bought")
            reading.problem(item.place, item.path, what, severity="notice")
