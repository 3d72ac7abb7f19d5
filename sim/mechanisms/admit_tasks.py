"""Does the community have to take what it is sent?

Claim: an admission gate lets a community refuse work that is not on its list (jianye.admission), or take it only
with staff and money (jianye.four-sync). The gate works as far as it is practised (rule in use).
    a task to a community body is screened with probability u x strictness, u the practice of the rule
    screened: on the must list -> taken bare; rule `refuse` -> refused; rule `with_resources` -> comes with part of
    its hours in people (for the share of tasks departments think worth it, as long as there are people to spare), else
    refused
    people to spare = `lent` of the hours the department's people were open last month; who is away does not do its work
Work is conserved: a refused task falls back on its issuer, who does it or leaves it undone. So are hours: what comes to
a community's desk leaves that of a department.
Left out: bargaining over a single task; yearly approval cycles; money that comes beside people already paid.
"""

from __future__ import annotations

import numpy as np

from sim.mechanisms.contract import Context, Mechanism, columns_of
from sim.world.world import DAYS_PER_MONTH, KIND

COMMUNITY_CANDIDATES = (2, 3)
REFUSE, WITH_RESOURCES = 1, 2
SECONDS = 3600.0


def run(c: Context) -> None:
    """Decide over every task asked of a community body and book the hours that came with it."""
    inbox = c.assigned
    strict, luck = c.rule("admission.strictness")[inbox.area], c.uniforms("admit_tasks.screen", inbox.key)
    # One draw decides whether the rule covers a task at all and, of those covered, which rule is kept to.
    rule = c.practised_case("admission.rule", inbox.area, luck / np.maximum(strict, np.finfo(float).tiny))
    screened = np.isin(inbox.asked, COMMUNITY_CANDIDATES) & (rule > 0) & (luck < strict)
    off_list = screened & (c.items.must_rank[inbox.item] >= c.rule("admission.must_share")[inbox.area])
    worth_it = c.uniforms("admit_tasks.accompany", inbox.key) < c.assume("admission.accompanied")
    accompanied = _spared(c, off_list & (rule == WITH_RESOURCES) & worth_it)
    refused = off_list & ~accompanied
    own = c.performers(inbox.item, np.full(len(rule), KIND["department"]), inbox.area)
    inbox.performer[:] = np.where(refused, own, inbox.asked_row)
    _book(c, accompanied, refused)


def _book(c: Context, accompanied: np.ndarray, refused: np.ndarray) -> None:
    inbox, areas = c.assigned, c.areas
    areas.refused[:] = np.bincount(inbox.area[refused], minlength=areas.n)
    areas.accompanied[:] = np.bincount(inbox.area[accompanied], minlength=areas.n)
    c.departments.refusals[:] = 0
    np.add.at(c.departments.refusals, (inbox.department[refused], inbox.area[refused]), 1)
    rows = np.flatnonzero(accompanied)
    brought, pool = _brought(c, rows), c.institutions.pool
    for column, at in (("visiting_hours", pool[inbox.performer[rows]]), ("lent_hours", _lender(c, rows))):
        getattr(c.pools, column)[:] = np.bincount(at, weights=brought, minlength=c.pools.n)


def _spared(c: Context, asked: np.ndarray) -> np.ndarray:
    """Return which of the tasks are accompanied: in the order of keyed luck, until nobody can be spared any more."""
    rows = np.flatnonzero(asked)
    lender, luck = _lender(c, rows), c.uniforms("admit_tasks.spared", c.assigned.key[rows])
    order = np.lexsort((luck, lender))
    rows, lender = rows[order], lender[order]
    total = np.append(0.0, np.cumsum(_brought(c, rows)))
    so_far = total[1:] - total[np.searchsorted(lender, lender)]
    month = c.pools.servers * c.pools.open_ticks * (DAYS_PER_MONTH / SECONDS)
    spared = np.zeros(len(asked), np.bool_)
    spared[rows] = so_far <= c.assume("admission.lent") * month[lender]
    return spared


def _brought(c: Context, rows: np.ndarray) -> np.ndarray:
    """Return the hours of people that come with these tasks."""
    inbox = c.assigned
    part = c.assume("tasks.hours_scale") * c.rule("admission.hours_with_task")[inbox.area[rows]]
    return c.items.hours[inbox.item[rows]] * part


def _lender(c: Context, rows: np.ndarray) -> np.ndarray:
    """Return the pool whose people would come along with each of these tasks: that of its department."""
    return c.institutions.pool[c.departments.institution[c.assigned.department[rows]]]


MECHANISM = Mechanism(
    name="admit_tasks",
    question="Does the community have to take what it is sent?",
    run=run,
    reads=(
        "serving",
        *columns_of("assigned", "key", "item", "area", "department", "asked", "asked_row"),
        *columns_of("items", "must_rank", "hours"),
        *columns_of("institutions", "pool"),
        "departments.institution",
        *columns_of("pools", "servers", "open_ticks"),
    ),
    writes=(
        "assigned.performer",
        "areas.refused",
        "areas.accompanied",
        "departments.refusals",
        "pools.visiting_hours",
        "pools.lent_hours",
    ),
    levers=("admission.rule", "admission.strictness", "admission.must_share", "admission.hours_with_task"),
    assumptions=("admission.accompanied", "admission.lent", "tasks.hours_scale"),
    decisions=("admit_tasks.screen", "admit_tasks.accompany", "admit_tasks.spared"),
)
