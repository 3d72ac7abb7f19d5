"""How far are written rules practised, and how far does attention from above reach?

Claim: a rule on paper is not yet practice (tongling.rebound); supervision and habit make it so, fading attention
and relabelled returns unmake it. More units under one office mean less attention for each (tongling.span).
    attention a = (span at start / span)^kappa
    rule in use u: per month u += rise * follow_up * a * (1 - u) - decay/12 * (1 - follow_up * a) * u
    when the writing changes, practice starts at u0 and what was done before goes on for the rest.
    admission is followed up more, the higher who approves it stands, and every review of its list makes good part of
    what practice lacks.
    a message takes, per layer passed, half a batch period and a desk day, longer where attention is thin; party
    branches near by may shorten or lengthen its way.
Left out: who exactly evades a rule; supervision by residents (a lever of a later mechanism).
"""

from __future__ import annotations

import numpy as np

from sim.base.calendar import MONTHS_PER_YEAR
from sim.mechanisms.arithmetic import powers
from sim.mechanisms.contract import Context, Mechanism, columns_of


def run(c: Context) -> None:
    """Update span, attention, message delay and both rules in use of every area."""
    areas = c.areas
    _attend(c)
    watched = 1 + c.assume("supervision.by_committee") * areas.station_supervised
    duties = np.clip(c.rule("supervision.follow_up") * areas.attention * watched, 0, 1)
    watched = 1 + c.assume("admission.approver_weight") * np.maximum(c.rule("admission.approver") - 1, 0)
    admission = np.clip(c.rule("admission.supervision") * areas.attention * watched, 0, 1)
    _practise(c, areas.use_duties, areas.duty_version, areas.duty_seen, duties)
    _practise(c, areas.use_admission, areas.admission_version, areas.admission_seen, admission)
    _review(c)


def _review(c: Context) -> None:
    """Let a review of the list, where the rule asks for one every so many months, renew the practice of admission."""
    areas, cycle = c.areas, c.rule("admission.cycle_months").astype(np.int64)
    due = (areas.months_to_review <= 0) & (cycle > 0) & (areas.admission_version > 0)
    areas.use_admission[due] += c.assume("admission.review") * (1 - areas.use_admission[due])
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
    areas.message_days[:] = areas.hops * (batch + desk / areas.attention) * party


def _practise(
    c: Context, use: np.ndarray, version: np.ndarray, seen: np.ndarray, follow_up: np.ndarray
) -> None:
    changed = version != seen
    use[changed] = c.assume("rule_in_use.at_start")
    seen[:] = version
    ever = (version > 0) & ~changed
    rise = c.assume("rule_in_use.rise") * follow_up * (1 - use)
    decay = c.assume("rule_in_use.decay") / MONTHS_PER_YEAR * (1 - follow_up) * use
    use[ever] = (use + rise - decay)[ever]


MECHANISM = Mechanism(
    name="practise_rules",
    question="How far are the written rules practised, and how long does a message take?",
    run=run,
    reads=(
        "serving",
        *columns_of("institutions", "parent"),
        *columns_of("areas", "hops", "duty_version", "admission_version", "station_supervised"),
    ),
    writes=columns_of(
        "areas",
        "span",
        "span_at_start",
        "attention",
        "message_days",
        "use_duties",
        "use_admission",
        "duty_seen",
        "admission_seen",
        "months_to_review",
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
        "rule_in_use.rise",
        "rule_in_use.decay",
        "admission.approver_weight",
        "admission.review",
        "party.delay",
        "supervision.by_committee",
    ),
)
