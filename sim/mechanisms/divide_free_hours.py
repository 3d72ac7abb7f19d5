"""What does a committee do with the hours that cases leave free?

Claim: without assigned work a committee turns to residents (jinjiang.freed-committee, tongling.committee-restored),
but only as far as it looks to them and there is something to do; the rest drifts upward or stays slack. No hour is
given to self-governance by decree. Only gaps of an hour or more are usable.
    hours for self-governance = min(usable x (floor + (1 - floor) orientation), demanded), plus protected blocks done
    further assigned work accepted = min((usable - self-governance) (1 - orientation), unlisted work on offer)
    of the own hours, shares go into visits, meetings and activities, more into what the rules ask more of, less into
    the rest: weight = share x (asked for / usual)^response; unfunded hours reach only part as far
    places = activities held x places in each
    a household is visited with probability visits / households; a visit moves awareness, trust and belonging
Left out: quality of a visit.
"""

from __future__ import annotations

import numpy as np

from sim.agents.kinds import ResidentsCommittee
from sim.catalogue import levers
from sim.mechanisms.arithmetic import powers
from sim.mechanisms.contract import Context, Mechanism, columns_of
from sim.world.blocks import flagged

F = np.float32
VISITS, MEETINGS = "visits.per_household_year", "assembly.meetings_per_year"
LEAST_ASKED = 0.1  # a rule that asks for none still leaves some


def run(c: Context) -> None:
    """Divide every committee's free hours, hold its meetings and pay its visits."""
    offices = c.institutions
    for name in ("hours_selfgov", "hours_accepted"):
        getattr(offices, name)[:] = 0.0
    offices.hours_slack[:] = offices.hours_free
    rows = c.open_rows("residents_committee")
    demanded = np.maximum(offices.hours_demanded[rows] - offices.hours_protected[rows], 0)
    own, accepted, slack = ResidentsCommittee.plan_free_hours(
        offices.hours_usable[rows],
        offices.hours_free[rows],
        demanded,
        _on_offer(c)[rows],
        offices.orientation[rows].astype(float),
        c.assume("selfgov.floor"),
    )
    offices.hours_selfgov[rows], offices.hours_accepted[rows], offices.hours_slack[rows] = (
        own,
        accepted,
        slack,
    )
    reach = (own + offices.hours_protected[rows]) * (
        1 - c.assume("selfgov.money_dependence") * (1 - offices.funded[rows])
    )
    _hold(c, rows, reach)
    _visit(c, rows, reach)


def _on_offer(c: Context) -> np.ndarray:
    """Return, per office, unlisted work the government above would give: a share of the listed work of its areas."""
    committee = c.serving_rows("residents_committee")
    there = committee >= 0
    hours = np.bincount(
        c.assigned.area, weights=c.items.hours[c.assigned.item], minlength=c.areas.n
    ) * c.assume("selfgov.unlisted_work")
    return np.bincount(committee[there], weights=hours[there], minlength=c.institutions.n)


def _hold(c: Context, rows: np.ndarray, reach: np.ndarray) -> None:
    """Hold meetings and activities: whole ones, the odd part by luck."""
    offices = c.institutions
    offices.meetings[:], offices.activity_places[:] = 0, 0
    shares = _shares(c)
    meeting = reach * shares["meetings"][rows] / c.assume("selfgov.hours_per_meeting")
    activity = reach * shares["activities"][rows] / c.assume("selfgov.hours_per_activity")
    offices.meetings[rows] = _whole(c, "meeting", rows, meeting)
    held = _whole(c, "activity", rows, activity)
    offices.activity_places[rows] = np.round(held * c.assume("selfgov.places_per_activity"))


def _shares(c: Context) -> dict[str, np.ndarray]:
    """Return, per office, how its own hours divide over visits, meetings and activities under the rules at its seat."""
    seat, a = c.institutions.seat, c.assume
    usual = {lever: row.code(row.baseline) for lever in (VISITS, MEETINGS) if (row := levers()[lever])}
    asked = {lever: np.maximum(c.practised(lever)[seat], LEAST_ASKED) / usual[lever] for lever in usual}
    weight = {
        "visits": a("selfgov.share_visits") * powers(asked[VISITS], a("visits.response")),
        "meetings": a("selfgov.share_meetings") * powers(asked[MEETINGS], a("meetings.response")),
        "activities": np.full(len(seat), a("selfgov.share_activities")),
    }
    before = sum(a(f"selfgov.share_{what}") for what in weight)
    total = sum(weight.values())
    return {what: share * before / total for what, share in weight.items()}


def _whole(c: Context, what: str, rows: np.ndarray, due: np.ndarray) -> np.ndarray:
    whole = np.floor(due)
    return whole + (c.uniforms(f"divide_free_hours.{what}", c.institutions.id[rows]) < due - whole)


def _visit(c: Context, rows: np.ndarray, reach: np.ndarray) -> None:
    offices, people, households = c.institutions, c.residents, c.households
    share = np.zeros(offices.n + 1)
    visits = reach * _shares(c)["visits"][rows] / c.assume("selfgov.hours_per_visit")
    share[rows] = np.minimum(visits / np.maximum(offices.households[rows], 1), 1)
    community = c.blocks.community[households.block]
    visited = c.uniforms("divide_free_hours.visit", households.id) < share[community]
    people.is_contacted[:] = np.repeat(visited, households.size)
    rows = flagged(people.is_contacted)
    for stock in ("awareness", "trust_committee", "belonging"):
        c.post(stock, "contact", F(c.assume(f"contact.{stock}")), rows=rows)
    for stock in ("awareness", "belonging"):
        drift, norm = F(c.assume("stocks.drift")), F(c.assume(f"stocks.norm_{stock}"))
        c.post(stock, "drift", drift * norm, drift * (1 - norm))


MECHANISM = Mechanism(
    name="divide_free_hours",
    question="What does a committee do with the hours that cases leave free?",
    run=run,
    reads=(
        *columns_of(
            "institutions",
            "id",
            "hours_free",
            "hours_usable",
            "hours_demanded",
            "hours_protected",
            "orientation",
            "funded",
            "households",
            "seat",
        ),
        "serving",
        *columns_of("assigned", "area", "item"),
        "items.hours",
        *columns_of("households", "id", "block", "size"),
        "blocks.community",
    ),
    writes=(
        *columns_of(
            "institutions", "hours_selfgov", "hours_accepted", "hours_slack", "meetings", "activity_places"
        ),
        "residents.is_contacted",
    ),
    posts=(
        ("awareness", "contact"),
        ("trust_committee", "contact"),
        ("belonging", "contact"),
        ("awareness", "drift"),
        ("belonging", "drift"),
    ),
    levers=(VISITS, MEETINGS),
    assumptions=(
        "visits.response",
        "meetings.response",
        "selfgov.floor",
        "selfgov.unlisted_work",
        "selfgov.money_dependence",
        "selfgov.share_meetings",
        "selfgov.hours_per_meeting",
        "selfgov.share_activities",
        "selfgov.hours_per_activity",
        "selfgov.places_per_activity",
        "selfgov.share_visits",
        "selfgov.hours_per_visit",
        "contact.awareness",
        "contact.trust_committee",
        "contact.belonging",
        "stocks.drift",
        "stocks.norm_awareness",
        "stocks.norm_belonging",
    ),
    decisions=("divide_free_hours.meeting", "divide_free_hours.activity", "divide_free_hours.visit"),
)
