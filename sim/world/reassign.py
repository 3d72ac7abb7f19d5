"""What structural operations do to work, people and money: transfer, hire, release, share posts, fund."""

from __future__ import annotations

import numpy as np

from sim.base.errors import RunError
from sim.base.text import say
from sim.catalogue import duty_classes
from sim.rules.operations import Fund, Hire, Release, SharePosts, TransferDuties, TransferStaff
from sim.world.body_columns import BASE_PAY
from sim.world.duties import rewrite_owner
from sim.world.offices import GOVERNMENT, add_staff, move_staff, spread, staff_of
from sim.world.world import KIND, World

# The kind of office that stands for a layer of government.
OFFICE_OF = {level: kind for kind, level in GOVERNMENT.items()}


def transfer_duties(world: World, op: TransferDuties, areas: np.ndarray) -> None:
    """Move a share of the items of the classes from one kind to another, as performer or approver."""
    names, items = list(duty_classes()), world.items
    classes = [names.index(c) for c in op.classes] or list(range(len(names)))
    for index in classes:
        mine = np.flatnonzero(items.duty_class == index)
        moved = mine[: max(1, round(op.share * len(mine)))] if op.share > 0 else mine[:0]
        cells = np.ix_(moved, areas)
        if op.role in ("performer", "both"):
            rewrite_owner(world, cells, items.owner[cells] == KIND[op.from_kind], KIND[op.to_kind])
        if op.role in ("approver", "both"):
            approver = items.approver[cells]
            items.approver[cells] = np.where(approver == KIND[op.from_kind], KIND[op.to_kind], approver)


def _people_of(world: World, kind: str, areas: np.ndarray) -> np.ndarray:
    """Return the staff a kind can give: its offices' own in these areas, and its former people in the pool."""
    staff = world.staff
    waiting = np.flatnonzero((staff.employer < 0) & (staff.is_employed == 1))
    if kind == "pool":
        return waiting
    rows = np.unique(world.serving_rows(kind)[areas])
    if kind == "department":
        rows = world.departments.institution
    own = staff_of(world, rows[rows >= 0])
    return np.concatenate([waiting[staff.post_at_start[waiting] == KIND[kind]], own])


def _targets(world: World, kind: str, areas: np.ndarray, split: str) -> tuple[np.ndarray, np.ndarray]:
    """Return the offices that receive people and the weight of each."""
    rows = np.unique(world.serving_rows(kind)[areas])
    rows = world.departments.institution if kind == "department" else rows[rows >= 0]
    if not len(rows):
        raise RunError(say("staff are sent to {kind}, but no such office is open there", kind=kind))
    served = world.serving_rows(kind)
    weight = {
        "equal": np.ones(len(rows)),
        "residents": np.array([world.areas.residents[served == r].sum() for r in rows], float),
        "households": np.array([world.areas.households[served == r].sum() for r in rows], float),
        "cases": world.institutions.wanted[rows],
    }[split]
    return rows, weight if weight.sum() > 0 else np.ones(len(rows))


def transfer_staff(world: World, op: TransferStaff, areas: np.ndarray) -> None:
    """Move people; those promoted go up a rank; who keeps no rank or pay starts as a worker at base pay.

    Whose status is not kept has lost it this month, whatever rank and pay they keep.
    """
    people = _people_of(world, op.from_kind, areas)
    people = people if op.count is None else people[: round(op.count)]
    rows, weight = _targets(world, op.to_kind, areas, op.split)
    for row, part in zip(rows, np.split(people, np.cumsum(spread(len(people), weight))[:-1]), strict=True):
        move_staff(world, part, int(row))
    if "status" not in op.keep:
        world.staff.status_lost[people] = 1
    if "rank" not in op.keep:
        world.staff.rank[people] = 0
    if "pay" not in op.keep:
        world.staff.pay[people] = np.minimum(world.staff.pay[people], BASE_PAY)
    world.staff.rank[people[: op.promoted]] = np.minimum(world.staff.rank[people[: op.promoted]] + 1, 2)


def hire(world: World, op: Hire, areas: np.ndarray) -> None:
    """Add filled posts, shared out among the kind's offices."""
    rows, weight = _targets(world, op.kind, areas, op.split)
    for row, count in zip(rows, spread(op.count, weight), strict=True):
        add_staff(world, int(row), int(count), pay=round(BASE_PAY * op.pay_scale))


def release(world: World, op: Release, areas: np.ndarray) -> None:
    """Let the latest hired of a kind go."""
    people = _people_of(world, op.kind, areas)
    count = round(op.count if op.count is not None else (op.share or 0.0) * len(people))
    gone = np.sort(people)[len(people) - min(count, len(people)) :]
    world.staff.is_employed[gone] = 0
    world.staff.pool[gone] = -1


def share_posts(world: World, op: SharePosts, areas: np.ndarray) -> None:
    """Let the bodies' offices draw on one pool (chi above one half), or each on its own again.

    In a joint office they also share one door, at which nobody is wrong with one of them.
    An office that serves several areas joins whoever it meets in any of them: streets that share posts with their
    district are one pool, not the district with the last of them.
    chi itself, the share of posts held across, is the lever `cross_holding.chi`; people are rows and cannot be
    divided, so the pool is joint where most posts are.
    """
    table = world.institutions
    for rows in _meeting(world, op.between, areas):
        for row in rows:
            own = np.flatnonzero(world.pools.id == table.id[row])
            pool = table.pool[rows[0]] if op.chi > 0.5 else (own[0] if len(own) else table.pool[row])
            table.pool[row] = pool
            table.house[row] = 1 + KIND[op.between[0]] if op.office == "joint" else 0
            world.staff.pool[staff_of(world, np.array([row]))] = pool


def _meeting(world: World, kinds: tuple[str, ...], areas: np.ndarray) -> list[list[int]]:
    """Return the sets of offices of these kinds that meet in some area, in the order of kinds and founding."""
    groups: list[set[int]] = []
    for here in world.serving[[KIND[kind] for kind in kinds]][:, areas].T:
        met = {int(row) for row in here if row >= 0}
        touching = [group for group in groups if group & met]
        groups = [group for group in groups if not group & met] + [met.union(*touching)]
    order = [KIND[kind] for kind in kinds]
    kind_of = world.institutions.kind
    return [sorted(group, key=lambda row: (order.index(int(kind_of[row])), row)) for group in groups if group]


def pay_fund(world: World, op: Fund, areas: np.ndarray, months_left: int | None) -> None:
    """Pay one month's instalment of a fund, shared out as the fund says; whole yuan, nothing lost.

    Money for a purpose pays for projects and nothing else; what other money buys, `pay_communities` says.
    """
    table = world.institutions
    rows, weight = _receivers(world, op, areas)
    due = _instalment(world, op, areas, len(rows), months_left)
    share = spread(_charge_payers(world, op, areas, due), weight)
    table.money[rows] += share
    for name, applies in (
        ("earmarked", bool(op.only_for)),
        ("granted", not op.only_for),
        ("returnable", op.unspent == "returns"),
    ):
        getattr(table, name)[rows] += share * applies


def _receivers(world: World, op: Fund, areas: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the offices a fund pays and the weight of each."""
    kind = op.to if op.to in KIND else "residents_committee"
    return _targets(
        world, kind, areas, op.split if op.split in ("equal", "residents", "households") else "residents"
    )


def _charge_payers(world: World, op: Fund, areas: np.ndarray, due: int) -> int:
    """Let each layer named pay its share; returns the yuan that come together.

    A layer of government pays out of the treasury, under the name of its offices that serve the areas (a layer above
    the place, or one that is gone, has none); communities pay out of what they have, as far as it goes.
    """
    layers, table, ledger = world.frame.layers, world.institutions, world.ledger
    payers, paid = dict(op.payers) or {layers[0]: 1.0}, 0
    for layer, part in zip(payers, spread(due, np.array(list(payers.values()))), strict=True):
        kind = OFFICE_OF.get(layer, "residents_committee" if layer == layers[-1] else "")
        rows = np.unique(world.serving_rows(kind)[areas]) if kind else np.zeros(0, np.int64)
        rows = rows[rows >= 0]
        each = spread(int(part), table.households[rows] + 1.0) if len(rows) else part[None]
        if kind == "residents_committee":
            each = np.minimum(each, np.maximum(table.money - table.earmarked - table.granted, 0)[rows])
            table.money[rows] -= each
        else:
            for account in ("money_granted", f"granted_by/{layer}"):
                ledger[account] = ledger.get(account, 0) + int(part)
        table.funding[rows] += each[: len(rows)]
        paid += int(each.sum())
    return paid


def end_fund(world: World, op: Fund, areas: np.ndarray, running: list[Fund]) -> None:
    """Take back what a fund that has ended gave for no longer than that and was not spent, unless another goes on."""
    if op.unspent != "returns" or any(other.unspent == "returns" and other.to == op.to for other in running):
        return
    table = world.institutions
    rows, _weight = _receivers(world, op, areas)
    back = np.minimum(table.returnable[rows], table.earmarked[rows] + table.granted[rows])
    from_projects = np.minimum(back, table.earmarked[rows])
    table.earmarked[rows] -= from_projects
    table.granted[rows] -= back - from_projects
    table.money[rows] -= back
    table.returnable[rows] = 0
    world.ledger["money_returned"] = world.ledger.get("money_returned", 0) + int(back.sum())


def _instalment(world: World, op: Fund, areas: np.ndarray, n_offices: int, months: int | None) -> int:
    """Return this month's whole yuan: what is due by now less what was due before, so that no rounding is lost."""
    rate = {
        "total": op.amount / max(months or 1, 1),
        "year": op.amount / 12,
        "month": op.amount,
        "community_year": op.amount * n_offices / 12,
        "household_year": op.amount * float(world.areas.households[areas].sum()) / 12,
    }[op.per]
    begun = op.until - months if op.until is not None and months else world.month
    paid = world.month - begun if op.per == "total" else world.month
    return round(rate * (paid + 1)) - round(rate * paid)
