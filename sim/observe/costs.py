"""What everything costs the public, by the area it is spent in: numerator and denominator per area.

cost = pay of all who hold a public post (those who wait in the district pool by households) + what offices spent, the
overhead of layers included + what was bought + upkeep of offices + one-off costs of what was opened, closed or merged.
Property services live on fees and organisations on contracts and fees: their posts and rooms are no public cost.
What funds grant is a cost when it is spent; what layers of the place pay into funds is counted beside it.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from sim.base.calendar import MONTHS_PER_YEAR
from sim.world.world import OWN_PURSE, World

Parts = tuple[np.ndarray, np.ndarray]
Count = Callable[[World], Parts]
RESIDENT, TENTHS = 1, 10


def pay(world: World) -> np.ndarray:
    """Return yuan of pay this month out of public money, by the area of the employer's seat."""
    staff, offices, n = world.staff, world.institutions, world.n_areas
    paid = (staff.is_employed == 1) & (staff.vacant_for == 0)
    public = ~np.isin(offices.kind[staff.employer], OWN_PURSE)
    employed = paid & (staff.employer >= 0) & public
    employer = staff.employer[employed]
    scale = world.rule("pay.scale")[offices.kind[employer], offices.seat[employer]]
    wages = staff.pay[employed] * scale * staff.fte[employed] / TENTHS
    waiting = paid & (staff.employer < 0)
    pool = float((staff.pay[waiting] * staff.fte[waiting] / TENTHS).sum())
    households = world.areas.households / max(float(world.areas.households.sum()), 1.0)
    return np.bincount(offices.seat[employer], weights=wages, minlength=n) + pool * households


def by_seat(column: str) -> Callable[[World], np.ndarray]:
    """Return what sums a column of offices by the area of their seat."""

    def total(world: World) -> np.ndarray:
        offices = world.institutions
        return np.bincount(offices.seat, weights=getattr(offices, column), minlength=world.n_areas)

    return total


def spending(world: World) -> np.ndarray:
    """Return, per area, what the month cost the public, yuan."""
    offices = sum(by_seat(column)(world) for column in ("spent", "upkeep", "change_cost"))
    return pay(world) + offices + world.areas.purchase_paid


def per_resident(yuan: Callable[[World], np.ndarray]) -> Count:
    """Return the count of yuan a year over residents."""

    def count(world: World) -> Parts:
        return yuan(world) * MONTHS_PER_YEAR, world.areas.residents.astype(float)

    return count


def per_solved(world: World) -> Parts:
    """Count yuan over residents' cases solved."""
    ended = world.ended
    solved = ended.area[(ended.origin == RESIDENT) & (ended.is_solved == 1)]
    return spending(world), np.bincount(solved, minlength=world.n_areas).astype(float)


COUNTS: dict[str, Count] = {
    "cost.per_resident": per_resident(spending),
    "cost.per_solved": per_solved,
    "cost.overhead": per_resident(by_seat("overhead")),
    "cost.upkeep": per_resident(by_seat("upkeep")),
    "cost.funds": per_resident(by_seat("funding")),
    "cost.transition": per_resident(by_seat("change_cost")),
}
