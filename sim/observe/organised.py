"""How organisations, what they do and what is bought from them are counted: numerator and denominator per area."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from sim.base.calendar import MONTHS_PER_YEAR
from sim.world.world import KIND, World

Parts = tuple[np.ndarray, np.ndarray]
Count = Callable[[World], Parts]


def organisations(form: int | None) -> Count:
    """Return the count of organisations of one form (0 latent, 1 filed, 2 registered; None: filed or registered)."""

    def count(world: World) -> Parts:
        table = world.organisations
        mine = table.form > 0 if form is None else table.form == form
        alive = np.bincount(table.area[mine], minlength=world.n_areas).astype(float)
        return alive, world.areas.households / 1000.0

    return count


def dependence(world: World) -> Parts:
    """Count the part of organisations' income that is public money over filed and registered organisations."""
    table, n = world.organisations, world.n_areas
    mine = table.form > 0
    upper = np.bincount(table.area[mine], weights=table.dependence[mine], minlength=n)
    return upper, np.bincount(table.area[mine], minlength=n).astype(float)


def rejected(world: World) -> Parts:
    """Count matters decided against over matters decided."""
    areas = world.areas
    return (areas.decided - areas.passed).astype(float), areas.decided.astype(float)


def residents_time(world: World) -> Parts:
    """Count residents' hours on the way and at desks a year over households."""
    ended = world.ended
    trips = np.bincount(ended.area, weights=ended.trips, minlength=world.n_areas)
    hours = trips * world.assume["residents.trip_hours"]
    return hours * MONTHS_PER_YEAR, world.areas.households.astype(float)


def bought(world: World) -> Parts:
    """Count yuan paid for bought services over households."""
    return world.areas.purchase_paid.astype(float), world.areas.households.astype(float)


def _theirs(world: World) -> np.ndarray:
    """Return which ended cases were with organisations under contract."""
    office = world.ended.office
    return (office >= 0) & (world.institutions.kind[office] == KIND["social_organisation"])


def handed_over(world: World) -> Parts:
    """Count pieces of work organisations took over those on the catalogue of purchases."""
    return world.areas.handed_over.astype(float), world.areas.bought_work.astype(float)


def done_by_them(world: World) -> Parts:
    """Count cases that organisations did over a thousand households."""
    mine = _theirs(world) & (world.ended.is_done == 1)
    done = np.bincount(world.ended.area[mine], minlength=world.n_areas)
    return done.astype(float), world.areas.households / 1000.0


def done_well(world: World) -> Parts:
    """Count cases that organisations did well over those that ended with them."""
    mine, ended, n = _theirs(world), world.ended, world.n_areas
    well = np.bincount(ended.area[mine & (ended.is_solved == 1)], minlength=n)
    return well.astype(float), np.bincount(ended.area[mine], minlength=n).astype(float)


COUNTS: dict[str, Count] = {
    "organisations.alive": organisations(None),
    "organisations.latent": organisations(0),
    "organisations.filed": organisations(1),
    "organisations.registered": organisations(2),
    "organisations.dependence": dependence,
    "organisations.handed_over": handed_over,
    "organisations.cases": done_by_them,
    "organisations.done_well": done_well,
    "proposals.rejected": rejected,
    "purchase.spent": bought,
    "residents.time": residents_time,
}
