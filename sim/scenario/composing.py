"""Composition: several reforms on one place. Conflicts are errors until `resolve:` says who wins."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np

from sim.base.calendar import format_month
from sim.base.errors import Place
from sim.base.text import say
from sim.catalogue import levers
from sim.rules.changes import RuleChange
from sim.rules.conduct import Fund, Procedure, Relation, SharePosts, TransferDuties
from sim.rules.operations import (
    CloseOffice,
    CreateZones,
    Merge,
    MoveOffice,
    OpenOffice,
    Operation,
    RemoveLayer,
    Split,
)
from sim.rules.timeline import DatedOperation
from sim.scenario.placing import Placed
from sim.scenario.quantities import Reading
from sim.scenario.shapes import Entry, did_you_mean

Token = tuple[str, ...]


@dataclass(frozen=True)
class Resolution:
    """Who prevails: for one lever, or between named clauses."""

    lever: str | None
    clauses: tuple[str, ...]
    winner: str
    place: Place


def read_resolutions(entries: tuple[Entry, ...], names: set[str], reading: Reading) -> list[Resolution]:
    """Return the resolutions; a winner nobody knows is a problem."""
    found = []
    for i, entry in enumerate(entries):
        winner = entry["winner"]
        if winner is None:
            continue
        if winner not in names:
            what = say("`{name}` is no reform or clause of this scenario", name=winner)
            reading.problem(
                entry.spot("winner"), f"resolve[{i}].winner", what, did_you_mean(winner, sorted(names))
            )
        found.append(Resolution(entry["lever"], entry["clauses"] or (), winner, entry.node.place))
    return found


def compose(placed: list[Placed], resolutions: list[Resolution], reading: Reading) -> list[Placed]:
    """Return the rows that stand after resolving; conflicts nobody resolved are recorded as problems."""
    standing = list(placed)
    for one, other in list(_clashes(placed)):
        if not any(p is one for p in standing) or not any(p is other for p in standing):
            continue
        loser = _loser(one, other, resolutions)
        if loser is None:
            _conflict(one, other, reading)
        else:
            standing = _without(standing, loser, other if loser is one else one)
    _notice_products(standing, reading)
    return standing


def _clashes(placed: list[Placed]) -> Iterator[tuple[Placed, Placed]]:
    rules = [p for p in placed if isinstance(p.row, RuleChange) and p.row.verb == "set"]
    by_lever: dict[str, list[Placed]] = {}
    for p in rules:
        by_lever.setdefault(p.row.lever, []).append(p)  # type: ignore[union-attr]
    for group in by_lever.values():
        yield from (pair for pair in combinations(group, 2) if _sets_conflict(pair[0].row, pair[1].row))
    operations = [p for p in placed if isinstance(p.row, DatedOperation)]
    for one, other in combinations(operations, 2):
        if one.row.reform != other.row.reform and _structures_clash(one.row, other.row):
            yield one, other


def _sets_conflict(one: Any, other: Any) -> bool:
    """Two reforms setting one number at one time; within a reform, only in the very same month."""
    if one.value == other.value or not one.overlaps(other):
        return False
    return one.reform != other.reform or (one.month == other.month)


def _structures_clash(one: Any, other: Any) -> bool:
    shared = _tokens(one.op) & _tokens(other.op)
    if not shared:
        return False
    return one.areas is None or other.areas is None or bool(len(np.intersect1d(one.areas, other.areas)))


def _tokens(op: Operation) -> set[Token]:
    """Return what an operation lays hands on; two reforms may not lay hands on one thing."""
    if isinstance(op, RemoveLayer):
        return {("layer", op.layer)}
    if isinstance(op, Merge | Split):
        return {("territory", op.layer)}
    if isinstance(op, OpenOffice | CloseOffice | MoveOffice):
        return {("office", op.kind)}
    if isinstance(op, TransferDuties):
        return {("duty", c, role, op.from_kind) for c in op.classes for role in _roles(op.role)}
    if isinstance(op, CreateZones):
        return {("zones",)}
    if isinstance(op, SharePosts):
        return {("posts", kind) for kind in op.between}
    if isinstance(op, Procedure):
        return {("procedure",)}
    if isinstance(op, Relation):
        return {("relation", op.from_kind, op.to_kind)}
    return {("fund", op.id)} if isinstance(op, Fund) else set()


def _roles(role: str) -> tuple[str, ...]:
    return ("performer", "approver") if role == "both" else (role,)


def _names(placed: Placed) -> set[str]:
    row = placed.row
    return {row.reform, row.clause, f"{row.reform}.{row.clause}"} - {""}


def _loser(one: Placed, other: Placed, resolutions: list[Resolution]) -> Placed | None:
    for resolution in resolutions:
        if not _applies(resolution, one, other):
            continue
        wins_one, wins_other = resolution.winner in _names(one), resolution.winner in _names(other)
        if wins_one != wins_other:
            return other if wins_one else one
    return None


def _applies(resolution: Resolution, one: Placed, other: Placed) -> bool:
    if resolution.lever is not None:
        return isinstance(one.row, RuleChange) and one.row.lever == resolution.lever
    if resolution.clauses:
        named = set(resolution.clauses)
        return bool(named & _names(one)) and bool(named & _names(other))
    return True


def _without(standing: list[Placed], loser: Placed, winner: Placed) -> list[Placed]:
    """Return the rows without the loser, which keeps the areas the winner leaves alone."""
    kept: list[Placed] = []
    for placed in standing:
        if placed is not loser:
            kept.append(placed)
        elif loser.row.areas is not None and winner.row.areas is not None:
            rest = np.setdiff1d(loser.row.areas, winner.row.areas)
            kept += [loser.with_areas(rest)] if len(rest) else []
    return kept


def _conflict(one: Placed, other: Placed, reading: Reading) -> None:
    later = other if other.place >= one.place or other.place.file != one.place.file else one
    earlier = one if later is other else other
    thing = _thing(one.row)
    what = say(
        "{thing}: {first} ({where}) and {second} both act, {one} and {other}",
        thing=thing, first=_label(earlier), where=str(earlier.place), second=_label(later),
        one=format_month(earlier.row.month), other=format_month(later.row.month),
    )  # fmt: skip
    reading.problem(
        later.place,
        later.path,
        what,
        say("say who wins: `resolve: [{{winner: {name}}}]`", name=_label(later)),
    )


def _thing(row: Any) -> Any:
    return levers()[row.lever].text if isinstance(row, RuleChange) else row.op.verb


def _label(placed: Placed) -> str:
    row = placed.row
    return f"{row.reform}.{row.clause}" if row.clause else row.reform


def _notice_products(placed: list[Placed], reading: Reading) -> None:
    """Say where two reforms scale, add or grow one number: they compose, in any order."""
    rules = [p for p in placed if isinstance(p.row, RuleChange) and p.row.verb != "set"]
    for one, other in combinations(rules, 2):
        a, b = one.row, other.row
        if a.reform != b.reform and a.overlaps(b):  # type: ignore[arg-type, union-attr]
            what = say("`{lever}` is also changed by {other}; both act", lever=a.lever, other=_label(other))  # type: ignore[union-attr]
            reading.problem(one.place, one.path, what, severity="notice")
