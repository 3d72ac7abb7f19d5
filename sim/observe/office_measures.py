"""How measures are counted by kind of office, by class of duty and by the post staff held at the start.

Numerator and denominator per kind (index of the kind catalogue) or per class (index of the duty classes). Numbers
per thousand households keep the whole place's households as the denominator, so kinds and classes add up to the place.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from sim.catalogue import duty_classes
from sim.world.cases import DONE
from sim.world.world import KIND, World

Parts = tuple[np.ndarray, np.ndarray]
Count = Callable[[World], Parts]
# Where a count is made: the group of every ended case, open case and new case, and how many groups there are.
Groups = Callable[[World, np.ndarray, np.ndarray], np.ndarray]


def of_kind(world: World, office: np.ndarray, _item: np.ndarray) -> np.ndarray:
    """Return the kind of each office row, -1 where there is none."""
    return np.where(office >= 0, world.institutions.kind[np.maximum(office, 0)], -1)


def of_class(world: World, _office: np.ndarray, item: np.ndarray) -> np.ndarray:
    """Return the duty class of each item row, -1 where there is none."""
    return np.where(item >= 0, world.items.duty_class[np.maximum(item, 0)], -1)


def _sums(group: np.ndarray, weight: np.ndarray | None, n: int) -> np.ndarray:
    known = group >= 0
    weights = None if weight is None else np.asarray(weight, float)[known]
    return np.bincount(group[known], weights=weights, minlength=n).astype(float)


def _households(world: World, n: int) -> np.ndarray:
    return np.full(n, world.areas.households.sum() / 1000.0)


def arriving(groups: Groups, n: int) -> Count:
    """Return the count of new assigned and residents' cases, by their performer or class."""

    def count(world: World) -> Parts:
        filed, assigned = world.filed, world.assigned
        main = np.argmax((filed.elements == 0) & (filed.stops >= 0), axis=1)
        owner = filed.stops[np.arange(filed.n), main]
        back = world.ended
        upper = _sums(groups(world, owner, filed.item), None, n)
        upper += _sums(groups(world, back.office, back.item), back.is_returned, n)
        return upper + _sums(groups(world, assigned.performer, assigned.item), None, n), _households(world, n)

    return count


def open_cases(groups: Groups, n: int) -> Count:
    """Return the count of assigned and residents' cases still open, by the office they are at or by class."""

    def count(world: World) -> Parts:
        cases = world.cases
        still = np.flatnonzero(cases.state < DONE)
        at = cases.stops[still, cases.stage[still]]
        return _sums(groups(world, at, cases.item[still].astype(np.int64)), None, n), _households(world, n)

    return count


def done(groups: Groups, n: int) -> Count:
    """Return the count of assigned and residents' cases done, by the office that did them or by class."""

    def count(world: World) -> Parts:
        ended = world.ended
        return _sums(groups(world, ended.office, ended.item), ended.is_done, n), _households(world, n)

    return count


def share_of_ended(groups: Groups, n: int, origin: int, column: str, value: int | None = None) -> Count:
    """Return the count of ended cases of an origin with a column's value (or its sum), over all of them."""

    def count(world: World) -> Parts:
        ended = world.ended
        mine = ended.origin == origin
        group = np.where(mine, groups(world, ended.office, ended.item), -1)
        cells = getattr(ended, column)
        return _sums(group, cells if value is None else cells == value, n), _sums(group, None, n)

    return count


def hours(world: World) -> Parts:
    """Count busy hours over open hours of every kind, joint posts under the office their pool belongs to."""
    offices = world.institutions
    used = offices.hours_assigned + offices.hours_services + offices.hours_protected
    return _sums(offices.kind, used, len(KIND)), _sums(offices.kind, offices.hours_open, len(KIND))


def items_owned(world: World) -> Parts:
    """Count duty items in the hands of every kind, per area."""
    owner = world.items.owner.ravel().astype(np.int64)
    return _sums(owner, None, len(KIND)), np.full(len(KIND), float(world.n_areas))


def posts(by: str, column: str, at_least: float = 1.0) -> Count:
    """Return the count of posts whose column reaches a value, by the employer's kind or the post at the start."""

    def count(world: World) -> Parts:
        staff = world.staff
        employer = np.where(staff.is_employed == 1, staff.employer, -1)
        here = of_kind(world, employer, employer)
        group = here if by == "employer" else np.where(staff.is_employed == 1, staff.post_at_start, -1)
        return _sums(group, getattr(staff, column) >= at_least, len(KIND)), _sums(group, None, len(KIND))

    return count


def cases_by(groups: Groups, n: int) -> dict[str, Count]:
    """Return the counts of cases that exist by kind of office and by class of duty alike."""
    return {
        "cases.in": arriving(groups, n),
        "cases.done": done(groups, n),
        "backlog": open_cases(groups, n),
        "hand_offs": share_of_ended(groups, n, 1, "hand_offs"),
        "trips": share_of_ended(groups, n, 1, "trips"),
        "requests.returned": share_of_ended(groups, n, 1, "is_returned", 1),
        "requests.unserved": share_of_ended(groups, n, 1, "is_done", 0),
        "requests.solved": share_of_ended(groups, n, 1, "is_solved", 1),
        "assigned.undone": share_of_ended(groups, n, 0, "is_done", 0),
        "assigned.returned": share_of_ended(groups, n, 0, "is_returned", 1),
    }


def staff_by(by: str) -> dict[str, Count]:
    """Return the counts of people by their employer's kind or by the post they held at the start."""
    return {
        "staff.burnout": posts(by, "burnout", 0.4),
        "staff.burnout_moderate": posts(by, "burnout", 0.6),
        "staff.burnout_severe": posts(by, "burnout", 0.8),
        "staff.vacant": posts(by, "vacant_for"),
        "staff.turnover": posts(by, "has_left"),
    }


# Every count by level; the unit of a row is the index of the kind, the class, or the kind of the post at the start.
BY_LEVEL: dict[str, dict[str, Count]] = {
    "office_kind": {
        **cases_by(of_kind, len(KIND)),
        "offices.utilisation": hours,
        "duties.items": items_owned,
        **staff_by("employer"),
    },
    "duty_class": cases_by(of_class, len(duty_classes())),
    "post": staff_by("start"),
}
