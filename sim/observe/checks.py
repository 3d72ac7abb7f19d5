"""What must balance in every month of every run: work, staff, people and money. Cheap, and never switched off."""

from __future__ import annotations

import numpy as np

from sim.base.calendar import format_month
from sim.base.errors import RunError
from sim.base.text import say
from sim.world.cases import DONE
from sim.world.world import World


def balances(world: World, start: dict[str, int]) -> list[tuple[str, int, int]]:
    """Return (what, what came in, what went out plus what is there) for each conserved quantity."""
    ledger, table = world.ledger, world.institutions
    came = ledger.get("money_sent", 0) + ledger.get("money_granted", 0)
    money = int(table.money.sum()) + ledger.get("money_spent", 0) + ledger.get("money_returned", 0)
    work_in = sum(ledger.get(f"cases_{origin}", 0) for origin in ("assigned", "resident", "own"))
    work_out = (
        ledger.get("cases_done", 0) + ledger.get("cases_lapsed", 0) + int((world.cases.state < DONE).sum())
    )
    employed = int((world.staff.is_employed == 1).sum()) + int((world.staff.is_employed == 0).sum())
    posts = sum(count for key, count in world.counters.items() if key.startswith("staff/"))
    return [
        ("work", work_in, work_out),
        ("staff", posts, employed),
        ("people", start["people"], int(world.areas.residents.sum())),
        ("money", came, money),
        ("grants", ledger.get("money_granted", 0), _granted(ledger)),
        ("money on its way", int(world.areas.sent.sum()), int(table.money_in.sum())),
        ("purchases", int(world.areas.purchase_paid.sum()), _hired(world)),
    ]


def _granted(ledger: dict[str, int]) -> int:
    """Return yuan that layers of government paid into funds so far."""
    return sum(yuan for account, yuan in ledger.items() if account.startswith("granted_by/"))


def _hired(world: World) -> int:
    """Return yuan that organisations and firms got this month under their contracts."""
    return int(world.organisations.contract.sum()) + int(world.areas.firms_yuan.sum())


def book_money(world: World) -> None:
    """Add this month's payments to the running totals."""
    ledger = world.ledger
    ledger["money_sent"] = ledger.get("money_sent", 0) + int(world.areas.sent.sum())
    ledger["money_spent"] = ledger.get("money_spent", 0) + int(world.institutions.spent.sum())


def check(world: World, start: dict[str, int]) -> list[tuple[str, int, int]]:
    """Return the balances; raises RunError naming the first that does not hold."""
    rows = balances(world, start)
    for what, left, right in rows:
        if left != right:
            month = format_month(world.month)
            raise RunError(
                say(
                    "{what} is not conserved in {month}: {left} came in, {right} accounted for",
                    what=what,
                    month=month,
                    left=left,
                    right=right,
                )
            )
    lent = world.pools.visiting_hours.sum() - world.pools.lent_hours.sum()
    if abs(float(lent)) > 1e-6:
        raise RunError(say("staff sent along with work do not add up in {month}", month=format_month(world.month)))
    hours = world.institutions
    used = hours.hours_selfgov + hours.hours_accepted + hours.hours_slack
    # Where nobody divides free hours (the mechanism is switched off) there is nothing to add up.
    if np.where(used > 0, np.abs(used - hours.hours_free), 0).max(initial=0) > 1e-6:
        raise RunError(say("committee time does not add up in {month}", month=format_month(world.month)))
    return rows
