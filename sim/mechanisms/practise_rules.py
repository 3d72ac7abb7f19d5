"""How far are written rules practised, and how far does attention from above reach?

Claim: a rule on paper is not yet practice (tongling.rebound); supervision, means and habit make it so, fading attention
and relabelled returns unmake it. More units under one office mean less attention for each (tongling.span).
    attention a = (span at start / span)^kappa
    followed up f = share of rules and tasks followed up x a; duties more where the committee supervises the station;
    admission by the supervision it gets of its own, more where anybody approves, the more the higher who does stands
    rule in use u: u += rise x (f + habit (1 - f) u) x (1 - means x overload of the committee) x (1 - u)
                        - decay/12 x (1 - f) x u
    what is practised = u x the rule + (1 - u) x what was practised before; of a choice, u of the cases follow the rule
    where the writing changes, practice takes the first step of it as soon as it has come down, message days later:
    at_start x the change; a ramp is as many small changes, and a return goes back the same way. A choice that returns
    keeps the cases that never left it.
    every review of the list of admitted work makes good part of what the practice of admission lacks
    a message takes, per layer passed, half a batch period and a desk day, longer where attention is thin; party
    branches near by may shorten or lengthen its way.
    no practice moves where no writing has changed: what has long been in force is practised as it is
Left out: who exactly evades a rule; supervision by residents; what the wording of a rule loses at each layer on its way
down: a message comes late, and is kept in part, but says what was written.
"""

from __future__ import annotations

import numpy as np

from sim.base.calendar import MONTHS_PER_YEAR
from sim.mechanisms.arithmetic import powers
from sim.mechanisms.contract import Context, Mechanism, columns_of
from sim.world.practice import DUTIES, kept_by_case, practised_rows
from sim.world.world import DAYS_PER_MONTH

ADMISSION = practised_rows()["admission.rule"].start


def run(c: Context) -> None:
    """Update span, attention, message delay and every rule in use of every area."""
    _attend(c)
    if not c.practice.version.any():
        return
    changed = c.practice.version != c.practice.answered
    if changed.any():
        _begin(c, changed)
    if c.practice.step.any():
        _arrive(c)
    _move(c, (c.practice.version > 0) & ~changed)
    _review(c)
    table = c.practice
    table.value[:] = table.use * table.written + (1 - table.use) * table.before


def _begin(c: Context, changed: np.ndarray) -> None:
    """Take the first step of every changed writing, from what is practised now."""
    table, start = c.practice, c.assume("rule_in_use.at_start")
    new, old, use = table.written, table.paper, table.use
    gap = np.where(new == table.value, 1.0, new - table.value)
    between = np.where(new == table.value, 1.0, np.clip(start * ((new - old) / gap), 0, 1))
    returns = new == table.before
    # A duty table that returns to an earlier writing is another one all the same.
    left = np.where(returns & (np.arange(len(use)) != DUTIES)[:, None], 1 - use, 0.0)
    # Of a choice, what most cases were handled by counts as what was done before.
    most = np.where(returns | (use >= 0.5), old, table.before)
    cases = kept_by_case()[:, None]
    table.before[changed] = np.where(cases, most, table.value)[changed]
    there = np.where(cases, left, new == table.value)
    table.step[changed] = np.where(cases, np.minimum(start, 1 - left), between * (1 - there))[changed]
    table.use[changed] = there[changed]
    table.paper[changed], table.answered[:] = new[changed], table.version
    way = c.assume("rule_in_use.message") * c.areas.message_days
    table.on_the_way[changed] = np.broadcast_to(way, changed.shape)[changed]


def _arrive(c: Context) -> None:
    """Take as much of the first step as the part of this month for which the news has been there, the rest later."""
    table = c.practice
    part = np.clip(1 - table.on_the_way / DAYS_PER_MONTH, 0, 1)
    table.use[:] = np.minimum(table.use + part * table.step, 1)
    table.step[:] = table.step * (1 - part)
    table.on_the_way[:] = np.maximum(table.on_the_way - DAYS_PER_MONTH, 0)


def _move(c: Context, going: np.ndarray) -> None:
    """Let practice rise and fall where a writing has changed before this month."""
    use, f = c.practice.use, _followed_up(c)
    carried = f + c.assume("rule_in_use.habit") * (1 - f) * use
    rise = c.assume("rule_in_use.rise") * carried * _means(c) * (1 - use)
    decay = c.assume("rule_in_use.decay") / MONTHS_PER_YEAR * (1 - f) * use
    use[going] = np.clip(use + rise - decay, 0, 1)[going]


def _followed_up(c: Context) -> np.ndarray:
    """Return (row, area): how far each rule is followed up."""
    areas, table = c.areas, c.practice
    reach = np.tile(c.rule("supervision.follow_up") * areas.attention, (table.use.shape[0], 1))
    reach[DUTIES] *= 1 + c.assume("supervision.by_committee") * areas.station_supervised
    approver = c.rule("admission.approver")
    watched = 1 + c.assume("admission.approver_any") * (approver > 0)
    watched = watched + c.assume("admission.approver_weight") * np.maximum(approver - 1, 0)
    reach[ADMISSION] = c.rule("admission.supervision") * areas.attention * watched
    return np.clip(reach, 0, 1)


def _means(c: Context) -> np.ndarray:
    """Return, per area, what the committee's load leaves of the rise: an overloaded one has no hands for new rules."""
    committee = c.serving_rows("residents_committee")
    over = np.where(committee >= 0, np.maximum(c.institutions.pressure[committee] - 1, 0), 0.0)
    return np.clip(1 - c.assume("rule_in_use.means") * over, 0, 1)


def _review(c: Context) -> None:
    """Let a review of the list, where the rule asks for one every so many months, renew the practice of admission."""
    areas, cycle = c.areas, c.rule("admission.cycle_months").astype(np.int64)
    use = c.practice.use[ADMISSION]
    due = (areas.months_to_review <= 0) & (cycle > 0) & (c.practice.version[ADMISSION] > 0)
    use[due] += c.assume("admission.review") * (1 - use[due])
    areas.months_to_review[:] = np.where(due, cycle, np.minimum(areas.months_to_review, cycle)) - (cycle > 0)


def _attend(c: Context) -> None:
    areas, offices = c.areas, c.institutions
    committee = c.serving_rows("residents_committee")
    bodies = np.flatnonzero(np.isin(np.arange(offices.n), committee))
    under = np.bincount(offices.parent[bodies] + 1, minlength=offices.n + 1)
    parent = np.where(committee >= 0, offices.parent[committee], -1)
    areas.span[:] = np.maximum(under[parent + 1], 1)
    fresh = areas.span_at_start == 0
    areas.span_at_start[fresh] = areas.span[fresh]
    areas.attention[:] = powers(areas.span_at_start / areas.span, c.assume("attention.span_exponent"))
    batch, desk = c.assume("handoff.batch_days") / 2, c.assume("handoff.desk_days")
    party = 1 + c.assume("party.delay") * c.rule("party.branches")
    days = areas.hops * (batch + desk / areas.attention) * party
    areas.message_days[:] = days
    areas.message_days_at_start[fresh] = days[fresh]


MECHANISM = Mechanism(
    name="practise_rules",
    question="How far are the written rules practised, and how long does a message take?",
    run=run,
    reads=(
        "serving",
        *columns_of("institutions", "parent", "pressure"),
        *columns_of("areas", "hops", "station_supervised"),
        *columns_of("practice", "version", "written"),
    ),
    writes=(
        *columns_of("areas", "span", "span_at_start", "attention", "message_days", "message_days_at_start"),
        "areas.months_to_review",
        *columns_of("practice", "answered", "paper", "before", "use", "value", "step", "on_the_way"),
    ),
    levers=(
        "supervision.follow_up",
        "admission.supervision",
        "admission.approver",
        "admission.cycle_months",
        "party.branches",
    ),
    assumptions=(
        "attention.span_exponent",
        "handoff.batch_days",
        "handoff.desk_days",
        "rule_in_use.at_start",
        "rule_in_use.message",
        "rule_in_use.rise",
        "rule_in_use.habit",
        "rule_in_use.means",
        "rule_in_use.decay",
        "admission.approver_any",
        "admission.approver_weight",
        "admission.review",
        "party.delay",
        "supervision.by_committee",
    ),
)
