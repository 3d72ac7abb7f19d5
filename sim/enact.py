"""Enact: the only writer of rules and of structure.

Each month: structural operations that fall due, in the order close, merge, open, duties, staff, money; then the
lever values in force. Mechanisms see the result and nothing else: no reform, no date, no reason. What was done is
recorded as events, with the clause and the evidence it came from.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from sim.base.errors import RunError
from sim.base.text import Message, say
from sim.catalogue import levers
from sim.rules.operations import Fund
from sim.rules.timeline import DatedOperation, Timeline
from sim.world import arrange, reassign, reshape, standards
from sim.world.offices import refresh
from sim.world.practice import announce_practice, start_practice, write_practice
from sim.world.readdress import readdress
from sim.world.world import World

# Each takes its own kind of operation; the verb it stands under says which.
Handler = Callable[[World, Any, np.ndarray], None]


HANDLERS: dict[str, Handler] = {
    "remove_layer": reshape.remove_layer,
    "close_office": reshape.close_kind,
    "merge": reshape.merge,
    "split": reshape.split,
    "open_office": reshape.open_kind,
    "move_office": reshape.move_seat,
    "create_zones": reshape.create_zones,
    "transfer_duties": reassign.transfer_duties,
    "transfer_staff": reassign.transfer_staff,
    "hire": reassign.hire,
    "release": reassign.release,
    "share_posts": reassign.share_posts,
    "create_small_units": arrange.create_small_units,
    "relation": arrange.relate,
    "procedure": arrange.proceed,
}
# What these levers say is done here, to offices and posts, when it changes.
CARRIED_OUT: dict[str, Callable[[World, np.ndarray, np.ndarray], None]] = {
    "station.seat": standards.seat_stations,
    "staffing.per_1000_households": standards.staff_to_standard,
    "purchase.catalogue": standards.open_contractors,
}


def enact(world: World, timeline: Timeline) -> None:
    """Apply everything that falls due in the world's month."""
    world.areas.delegates_called[:] = 0
    world.institutions.change_cost[:] = 0
    world.staff.status_lost[:] = 0
    for dated in timeline.structural(world.month):
        _operate(world, dated)
    changed = timeline.changed_levers(world.month)
    followed = _carry_out_rules(world, timeline, changed)
    if timeline.structural(world.month) or followed:
        refresh(world)
        readdress(world)
    _pay_funds(world)
    _write_rules(world, timeline, changed)


def _carry_out_rules(world: World, timeline: Timeline, changed: list[str]) -> bool:
    """Reshape offices and posts where a rule about them changes this month; returns whether one did."""
    ours = [lever for lever in changed if lever in CARRIED_OUT]
    for lever in ours:
        CARRIED_OUT[lever](world, world.rules[lever], timeline.rule_values(lever, world.month))
    return bool(ours)


def start_rules(world: World, timeline: Timeline) -> None:
    """Put every lever at its value before the world's first month."""
    world.rules = {lever: timeline.rule_values(lever, world.month) for lever in levers()}
    start_practice(world)
    bought = world.rules["purchase.catalogue"]
    if bought.any():
        standards.open_contractors(world, np.zeros_like(bought), bought)
        refresh(world)


def _operate(world: World, dated: DatedOperation) -> None:
    op = dated.op
    areas = np.arange(world.n_areas) if dated.areas is None else np.asarray(dated.areas)
    if isinstance(op, Fund):
        world.funds.append((op, areas, world.month, op.until))
    elif op.verb in HANDLERS:
        try:
            HANDLERS[op.verb](world, op, areas)
        except RunError as error:
            where = say(
                "{reform}, clause {clause}: {what}",
                reform=dated.reform,
                clause=dated.clause,
                what=error.message,
            )
            raise RunError(where) from error
    _record(world, op.verb, dated.reform, dated.clause, dated.words())


def _record(world: World, kind: str, reform: str, clause: str, words: Message) -> None:
    world.events.append(
        {
            "month": world.month,
            "kind": kind,
            "reform": reform,
            "clause": clause,
            "text_en": words.render("en"),
            "text_zh": words.render("zh"),
        }
    )


def _pay_funds(world: World) -> None:
    world.institutions.funding[:] = 0
    running = [f for f in world.funds if f[3] is None or world.month < f[3]]
    for op, areas, _first, until in world.funds:
        if until is not None and world.month >= until:
            reassign.end_fund(world, op, areas, [f[0] for f in running])
    for op, areas, first, until in running:
        if op.per != "total" or until is not None or world.month == first:
            reassign.pay_fund(world, op, areas, None if until is None else until - first)
    world.funds = running


def _write_rules(world: World, timeline: Timeline, changed: list[str]) -> None:
    """Put levers that change this month at their new values: on paper, where somebody has to keep to them."""
    for lever in changed:
        world.rules[lever] = timeline.rule_values(lever, world.month)
        write_practice(world, lever)
    for lever in timeline.announced_levers:
        announce_practice(world, lever, timeline.coming(lever, world.month))
    for words in timeline.rule_words(world.month):
        _record(world, "rule", "", "", words)
