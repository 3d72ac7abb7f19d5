"""Does the community have to take what it is sent?

Claim: an admission gate lets a community refuse work that is not on its list (jianye.admission), or take it only
with staff and money (jianye.four-sync). The gate works as far as it is practised (rule in use).
    a task to a community body is screened with probability u x strictness, u the practice of the rule
    screened: on the must list -> taken bare; rule `refuse` -> refused; rule `with_resources` -> comes with part of
    its hours in people (for the share of tasks departments think worth it), else refused
Work is conserved: a refused task falls back on its issuer, who does it or leaves it undone.
Left out: bargaining over a single task; yearly approval cycles.
"""

from __future__ import annotations

import numpy as np

from sim.mechanisms.contract import Context, Mechanism, columns_of
from sim.world.world import KIND

COMMUNITY_CANDIDATES = (2, 3)
REFUSE, WITH_RESOURCES = 1, 2


def run(c: Context) -> None:
    """Decide over every task asked of a community body and book the hours that came with it."""
    inbox = c.assigned
    strict, luck = c.rule("admission.strictness")[inbox.area], c.uniforms("admit_tasks.screen", inbox.key)
    # One draw decides whether the rule covers a task at all and, of those covered, which rule is kept to.
    rule = c.practised_case("admission.rule", inbox.area, luck / np.maximum(strict, np.finfo(float).tiny))
    screened = np.isin(inbox.asked, COMMUNITY_CANDIDATES) & (rule > 0) & (luck < strict)
    off_list = screened & (c.items.must_rank[inbox.item] >= c.rule("admission.must_share")[inbox.area])
    worth_it = c.uniforms("admit_tasks.accompany", inbox.key) < c.assume("admission.accompanied")
    accompanied = off_list & (rule == WITH_RESOURCES) & worth_it
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
    c.pools.visiting_hours[:] = 0.0
    pool = c.institutions.pool[inbox.performer[accompanied]]
    brought = c.assume("tasks.hours_scale") * c.rule("admission.hours_with_task")[inbox.area[accompanied]]
    np.add.at(c.pools.visiting_hours, pool, c.items.hours[inbox.item[accompanied]] * brought)


MECHANISM = Mechanism(
    name="admit_tasks",
    question="Does the community have to take what it is sent?",
    run=run,
    reads=(
        "serving",
        *columns_of("assigned", "key", "item", "area", "department", "asked", "asked_row"),
        *columns_of("items", "must_rank", "hours"),
        *columns_of("institutions", "pool"),
    ),
    writes=(
        "assigned.performer",
        "areas.refused",
        "areas.accompanied",
        "departments.refusals",
        "pools.visiting_hours",
    ),
    levers=("admission.rule", "admission.strictness", "admission.must_share", "admission.hours_with_task"),
    assumptions=("admission.accompanied", "tasks.hours_scale"),
    decisions=("admit_tasks.screen", "admit_tasks.accompany"),
)
