"""How measures are counted by kind of office, by class of duty and by the post staff held at the start.

Numerator and denominator per kind (index of the kind catalogue) or per class (index of the duty classes). Numbers
per thousand households keep the whole place's households as the denominator, so kinds and classes add up to the place.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from sim.catalogue import duty_classes
from sim.world.cases import DONE
from sim.world.world import KIND, World

Parts = tuple[np.ndarray, np.ndarray]
# Of rows of offices and of items, the group each case belongs to, -1 for none.
Grouping = Callable[[World, np.ndarray, np.ndarray], np.ndarray]


def of_kind(world: World, office: np.ndarray, _item: np.ndarray) -> np.ndarray:
    """Return the kind of each office row, -1 where there is none."""
    return np.where(office >= 0, world.institutions.kind[np.maximum(office, 0)], -1)


def of_class(world: World, _office: np.ndarray, item: np.ndarray) -> np.ndarray:
    """Return the duty class of each item row, -1 where there is none."""
    return np.where(item >= 0, world.items.duty_class[np.maximum(item, 0)], -1)


@dataclass(frozen=True)
class Slots:
    """Which of n groups each row belongs to, as a place from 1; place 0 takes those of no group."""

    place: np.ndarray
    n: int

    @classmethod
    def of(cls, group: np.ndarray, n: int) -> Slots:
        """Return the slots of groups counted from 0, -1 for none."""
        return cls(np.asarray(group, np.int64) + 1, n)

    def sums(self, weight: np.ndarray | None = None) -> np.ndarray:
        """Return the sum of a weight (of one a row where there is none) by group, float64 (n,)."""
        return np.bincount(self.place, weights=weight, minlength=self.n + 1)[1:].astype(float)

    def only(self, mine: np.ndarray) -> Slots:
        """Return the slots of which just these rows belong to a group."""
        return Slots(self.place * mine, self.n)


def cases_by(world: World, grouping: Grouping, n: int) -> dict[str, Parts]:
    """Return the counts of cases that exist by kind of office and by class of duty alike."""
    ended = world.ended
    slots = Slots.of(grouping(world, ended.office, ended.item), n)
    asked, assigned = slots.only(ended.origin == 1), slots.only(ended.origin == 0)
    n_asked, n_assigned = asked.sums(), assigned.sums()
    thousands = np.full(n, world.areas.households.sum() / 1000.0)
    return {
        "cases.in": (_arriving(world, grouping, n) + slots.sums(ended.is_returned), thousands),
        "cases.done": (slots.sums(ended.is_done), thousands),
        "backlog": (_open(world, grouping, n), thousands),
        "hand_offs": (asked.sums(ended.hand_offs), n_asked),
        "trips": (asked.sums(ended.trips), n_asked),
        "requests.returned": (asked.sums(ended.is_returned == 1), n_asked),
        "requests.unserved": (asked.sums(ended.is_done == 0), n_asked),
        "requests.solved": (asked.sums(ended.is_solved == 1), n_asked),
        "assigned.undone": (assigned.sums(ended.is_done == 0), n_assigned),
        "assigned.returned": (assigned.sums(ended.is_returned == 1), n_assigned),
    }


def _arriving(world: World, grouping: Grouping, n: int) -> np.ndarray:
    """Return new assigned and residents' cases by their performer or class."""
    filed, assigned = world.filed, world.assigned
    main = np.argmax((filed.elements == 0) & (filed.stops >= 0), axis=1)
    owner = np.where(filed.hired >= 0, filed.hired, filed.stops[np.arange(filed.n), main])
    performer = np.where(assigned.hired >= 0, assigned.hired, assigned.performer)
    asked = Slots.of(grouping(world, owner, filed.item), n).sums()
    return asked + Slots.of(grouping(world, performer, assigned.item), n).sums()


def _open(world: World, grouping: Grouping, n: int) -> np.ndarray:
    """Return assigned and residents' cases still open by the office they are at or by class."""
    cases = world.cases
    still = np.flatnonzero(cases.state < DONE)
    at = cases.stops[still, cases.stage[still]]
    return Slots.of(grouping(world, at, cases.item[still].astype(np.int64)), n).sums()


def staff_by(world: World, group: np.ndarray) -> dict[str, Parts]:
    """Return the counts of posts whose column reaches a value, over all posts, by their group."""
    staff, slots = world.staff, Slots.of(group, len(KIND))
    everyone = slots.sums()
    reach = {
        "staff.burnout": staff.burnout >= 0.4,
        "staff.burnout_moderate": staff.burnout >= 0.6,
        "staff.burnout_severe": staff.burnout >= 0.8,
        "staff.vacant": staff.vacant_for >= 1,
        "staff.turnover": staff.has_left >= 1,
    }
    return {name: (slots.sums(there), everyone) for name, there in reach.items()}


def by_office_kind(world: World) -> dict[str, Parts]:
    """Return every count by kind of office; hours of joint posts stand under the office their pool belongs to."""
    offices, staff, n = world.institutions, world.staff, len(KIND)
    employer = np.where(staff.is_employed == 1, staff.employer, -1)
    kinds, owners = Slots.of(offices.kind, n), Slots.of(world.items.owner.ravel(), n)
    used = offices.hours_assigned + offices.hours_services + offices.hours_protected
    return {
        **cases_by(world, of_kind, n),
        "offices.utilisation": (kinds.sums(used), kinds.sums(offices.hours_open)),
        "duties.items": (owners.sums(), np.full(n, float(world.n_areas))),
        **staff_by(world, of_kind(world, employer, employer)),
    }


def by_duty_class(world: World) -> dict[str, Parts]:
    """Return every count by class of duty."""
    return cases_by(world, of_class, len(duty_classes()))


def by_post(world: World) -> dict[str, Parts]:
    """Return every count by the post that people held at the start."""
    staff = world.staff
    return staff_by(world, np.where(staff.is_employed == 1, staff.post_at_start, -1))


# Every count by level; the unit of a row is the index of the kind, the class, or the kind of the post at the start.
BY_LEVEL: dict[str, Callable[[World], dict[str, Parts]]] = {
    "office_kind": by_office_kind,
    "duty_class": by_duty_class,
    "post": by_post,
}
