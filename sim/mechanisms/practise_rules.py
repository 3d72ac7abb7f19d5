"""How far are written rules practised, and how far does attention from above reach?

Claim: a rule on paper is not yet practice (tongling.rebound); supervision, means and habit make it so, fading attention
and relabelled returns unmake it. More units under one office mean less attention for each (tongling.span).
    attention a = (span at start / span)^kappa
    followed up f = share of rules and tasks followed up x a; duties more where the committee supervises the station;
    admission by the supervision it gets of its own, more where anybody approves, the more the higher who does stands
    rule in use u: u += rise x (f + habit (1 - f) u) x (1 - means x overload of the committee) x (1 - u)
                        - decay/12 x (1 - f) x u, in every month after the first change
    what is practised = u x the rule + (1 - u) x what was practised before; of a choice, u of the cases follow the rule
    where the writing changes, practice takes the first step of it as soon as it has come down, message days later:
    at_start x the change, beside what is still to come of an earlier step; a ramp is as many small changes, and a
    return goes back the same way. A choice that returns keeps the cases that never left it. A number that goes on from
    what is practised, away from what was practised before, keeps that as its before.
    what was custom before any change does not draw practice away from itself: where the writing is the custom again, or
    lies between it and what was practised before, nothing decays, and the abolished rule is forgotten in the end
    a change of the duty table lowers its u by the part of the changed items that it moves, and steps by as much
    every review of the list of admitted work, a cycle after it was written and so on, makes good part of what the
    practice of admission lacks
    a message takes, per layer passed, half a batch period and a desk day, longer where attention is thin; party
    branches near by may shorten or lengthen its way.
    no practice moves where no writing has changed: what has long been in force is practised as it is
Left out: who exactly evades a rule; supervision by residents; what the wording of a rule loses at each layer on its way
down: a message comes late, and is kept in part, but says what was written; a custom of the duty table, which starts
afresh where it goes back.
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
    table = c.practice
    changed = table.version != table.answered
    # What was under way goes on before a new writing is taken up.
    _arrive(c, table.step > 0)
    _move(c, table.answered > 0)
    if changed.any():
        _begin(c, changed)
        _arrive(c, changed)
    _review(c, changed[ADMISSION])
    table.value[:] = _now(c)


def _now(c: Context) -> np.ndarray:
    """Return (row, area): what is practised of each rule, as far as practice has answered to its writing."""
    table = c.practice
    return table.use * table.paper + (1 - table.use) * table.before


def _begin(c: Context, changed: np.ndarray) -> None:
    """Set out on every changed writing from what is practised now."""
    table, cases = c.practice, kept_by_case()[:, None]
    use, before, kept, first, gap = (
        np.where(cases, *both) for both in zip(_of_cases(c), _of_numbers(c), strict=True)
    )
    # No step goes past the writing, or away from it.
    step = np.where(gap == 0, 0.0, np.clip((kept + first) / np.where(gap == 0, 1.0, gap), 0, 1 - use))
    way = c.assume("rule_in_use.message") * c.areas.message_days
    late, soon = abs(first), abs(kept)
    way = (late * way + soon * table.on_the_way) / np.where(late + soon > 0, late + soon, 1.0)
    for column, values in (("use", use), ("before", before), ("step", step), ("on_the_way", way)):
        getattr(table, column)[changed] = values[changed]
    table.paper[changed], table.answered[:] = table.written[changed], table.version


def _of_numbers(c: Context) -> tuple[np.ndarray, ...]:
    """Return, for rules that are numbers, use, before, what is still to come, the first step, and the whole way."""
    table, now = c.practice, _now(c)
    new, old, before = table.written, table.paper, table.before
    # From before past what is practised now and on: one way, of which practice has gone a part already.
    goes_on = (now - before) * (new - now) >= 0
    goes_on &= new != before
    base = np.where(goes_on, before, now)
    gap = new - base
    use = np.where(gap == 0, 1.0, (now - base) / np.where(gap == 0, 1.0, gap))
    return use, base, table.step * (old - before), c.assume("rule_in_use.at_start") * (new - old), gap


def _of_cases(c: Context) -> tuple[np.ndarray, ...]:
    """Return the same for rules kept to case by case, in shares of the cases; the duty table by what of it moves."""
    table, start = c.practice, c.assume("rule_in_use.at_start")
    use, coming = table.use, table.step
    returns = table.written == table.before
    returns[DUTIES] = False
    left, moved = np.where(returns, 1 - use, 0.0), np.ones_like(use)
    moved[DUTIES] = c.areas.duties_moved
    left[DUTIES] = use[DUTIES] * (1 - moved[DUTIES])
    # Of a choice, what most cases were handled by, or soon would be, counts as what was done before.
    before = np.where(returns | (use + coming >= 0.5), table.paper, table.before)
    kept = np.where(returns, -coming, coming * (1 - moved))
    return left, before, kept, start * moved, np.ones_like(use)


def _arrive(c: Context, where: np.ndarray) -> None:
    """Take as much of the first step as the part of this month for which the news has been there, the rest later."""
    table = c.practice
    part = np.clip(1 - table.on_the_way / DAYS_PER_MONTH, 0, 1) * where
    table.use[:] = np.minimum(table.use + part * table.step, 1)
    table.step[:] = table.step * (1 - part)
    table.on_the_way[where] = np.maximum(table.on_the_way - DAYS_PER_MONTH, 0)[where]


def _move(c: Context, going: np.ndarray) -> None:
    """Let practice rise, and fall where something draws it back."""
    use, f = c.practice.use, _followed_up(c)
    carried = f + c.assume("rule_in_use.habit") * (1 - f) * use
    rise = c.assume("rule_in_use.rise") * carried * _means(c) * (1 - use)
    decay = c.assume("rule_in_use.decay") / MONTHS_PER_YEAR * (1 - f) * use * _drawn_back(c)
    use[going] = np.clip(use + rise - decay, 0, 1)[going]


def _drawn_back(c: Context) -> np.ndarray:
    """Return (row, area): whether what was practised before draws practice back to itself, and so away from custom."""
    table = c.practice
    away = table.paper - table.custom
    drawn = np.where(kept_by_case()[:, None], away != 0, away * (table.paper - table.before) > 0)
    drawn[DUTIES] = True
    return drawn


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


def _review(c: Context, fresh: np.ndarray) -> None:
    """Let a review of the list, where the rule asks for one every so many months, renew the practice of admission.

    fresh: the areas whose list was written this month; the first review falls a cycle later.
    """
    areas, cycle = c.areas, c.rule("admission.cycle_months").astype(np.int64)
    use, left = c.practice.use[ADMISSION], areas.months_to_review
    runs = (cycle > 0) & (c.practice.version[ADMISSION] > 0)
    begins = runs & (fresh | (left == 0))
    left = np.where(begins, cycle, (np.minimum(left, cycle) - 1) * runs)
    due = runs & (left == 0)
    use[due] += c.assume("admission.review") * (1 - use[due])
    areas.months_to_review[:] = np.where(due, cycle, left)


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
        *columns_of("areas", "hops", "station_supervised", "duties_moved"),
        *columns_of("practice", "version", "written", "custom"),
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
