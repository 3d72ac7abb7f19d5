"""How many hands are there, how long are desks open, and how hurried is the work?

Claim: under pressure offices first stay longer, then cut the time a case gets; what was haste becomes the standard
(published.oliva-sterman). An office whose people are all away is covered for from the one above, for part of a day.
    a post that is held is present with probability 1 - absence, the same draw in both arms
    people work at their skill, less what resentment takes (wear_staff moves both); part-timers count in tenths
    pressure P = standard hours wanted last month / hours available, those of others at its desks included, smoothed
        over `memory` months
    overtime  = min(cap, max(1, P)^a)
    haste h   = min(1, s^(1-theta) min(max(P, 1), 3)^-theta): the time a case gets, s the drifted standard
    standard  s += ((1 - w (1 - h)) - s) / lag, lag 6 to 18 months; w = 0 keeps it.  Quality of work = h^b
    hours of staff who came with admitted work are spread over the month's days here and taken off those of the
    department they come from; those of volunteers are spread too: what an
    hour of theirs gets done, up to the work that is simple enough, less the staff time it takes to coordinate them;
    bought hours (buy_services) count as far as they are productive at somebody else's desk; at a desk of their own
    organisations work the hours they have, without haste
    grid workers of committees and stations are on their rounds for some time a household they have, at most half a day
The committee's own work is a finite demand: part per committee, part per household, x (1 + by matters (open matters /
usual - 1) + by taking part (who came to meetings and activities last month / usual - 1)), within 0.4 and 2.5; more
where all matters go before the residents.
Left out: people lent between neighbours; standards of single people.
"""

from __future__ import annotations

import numpy as np

from sim.mechanisms.arithmetic import powers
from sim.mechanisms.contract import Context, Mechanism, columns_of
from sim.world.service import DAY_TICKS
from sim.world.world import DAYS_PER_MONTH, REFERENCE_HOUSEHOLDS

SECONDS, PRESSURE_CAP, TENTHS = 3600.0, 3.0, 10
DAY = 8.0  # hours
REACTS_WITHIN = (0.4, 2.5)  # the committee's own work stays finite, whatever is wrong
LENT_AT_MOST = 0.5  # of the lender's day, however many offices it covers


def run(c: Context) -> None:
    """Set who is present, the opening and the speed of every pool, and the committees' own demand."""
    staff, pools = c.staff, c.pools
    present = (
        (c.uniforms("staff_offices.absent", staff.id) >= c.assume("staff.absence"))
        & (staff.pool >= 0)
        & (staff.is_employed == 1)
        & (staff.vacant_for == 0)
    )
    staff.is_present[:] = present
    tenths = np.bincount(staff.pool[present], weights=staff.fte[present], minlength=pools.n)
    pools.servers[:] = np.ceil(tenths / TENTHS)
    _demand(c)
    # Where nobody is there the day is whole: who has left finishes what was begun.
    part = np.where(pools.servers > 0, tenths / TENTHS / np.maximum(pools.servers, 1), 1.0)
    day = _cover(c, _rounds(c, _opening_hours(c) * part)) * c.assume("staff.productive_share")
    day = np.maximum(day - pools.lent_hours / np.maximum(pools.servers, 1) / DAYS_PER_MONTH, 0.0)
    _press(c, day)
    _hurry(c, day)
    _contract(c)


def _demand(c: Context) -> None:
    offices, rows = c.institutions, c.open_rows("residents_committee")
    per_organ = c.assume("selfgov.organ_share")
    households = offices.households[rows] / REFERENCE_HOUSEHOLDS
    meetings = c.practised_worth("assembly.decides", (0, c.assume("selfgov.meetings_hours")))[offices.seat[rows]]
    usual = c.assume("selfgov.hours") * (per_organ + (1 - per_organ) * households)
    offices.hours_demanded[:] = 0.0
    offices.hours_demanded[rows] = usual * _reaction(c)[rows] + meetings


def _reaction(c: Context) -> np.ndarray:
    """Return, per office, its own work against the usual: more where more is wrong and where more people take part."""
    areas, committee, n = c.areas, c.serving_rows("residents_committee"), c.institutions.n
    there = committee >= 0
    need, came, households, adults = (
        np.bincount(committee[there], weights=column[there], minlength=n)
        for column in (areas.need, areas.attended + areas.joined, areas.households, areas.adults)
    )
    open_matters = 1000 * need / np.maximum(households, 1) / c.assume("selfgov.usual_matters")
    taking_part = came / np.maximum(adults, 1) / c.assume("selfgov.usual_taking_part")
    more = c.assume("selfgov.by_matters") * (open_matters - 1)
    more = more + c.assume("selfgov.by_taking_part") * (taking_part - 1)
    return np.clip(1 + more, *REACTS_WITHIN)


def _opening_hours(c: Context) -> np.ndarray:
    """Return hours a day every pool is open: those of an office it serves, else the lever's value at its seat."""
    offices, hours = c.institutions, np.full(c.pools.n, DAY)
    known = offices.pool >= 0
    own = np.where(offices.open_hours > 0, offices.open_hours, c.rule("service.open_hours")[offices.seat])
    hours[offices.pool[known]] = own[known]
    return hours


def _rounds(c: Context, day: np.ndarray) -> np.ndarray:
    """Take the time of grid rounds off the day of the people of committees and stations."""
    offices, rule = c.institutions, c.rule("grid.households_per_worker")
    rows = np.concatenate([c.open_rows("residents_committee"), c.open_rows("service_station")])
    pool, each = offices.pool[rows], np.zeros(c.pools.n)
    own = np.minimum(
        rule[offices.seat[rows]], offices.households[rows] / np.maximum(c.pools.servers[pool], 1)
    )
    np.maximum.at(each, pool, own)
    return day - np.minimum(each * c.assume("grid.hours") / DAYS_PER_MONTH, day / 2)


def _cover(c: Context, day: np.ndarray) -> np.ndarray:
    """Send one person for part of a day where everybody is away; the office above has its own day that much shorter."""
    staff, offices, servers = c.staff, c.institutions, c.pools.servers
    posts = np.bincount(staff.pool[(staff.pool >= 0) & (staff.is_employed == 1)], minlength=c.pools.n)
    lender = np.full(c.pools.n, -1)
    below = (offices.pool >= 0) & (offices.parent >= 0)
    lender[offices.pool[below]] = offices.pool[offices.parent[below]]
    empty = np.flatnonzero((posts > 0) & (servers == 0) & (lender >= 0) & (servers[lender] > 0))
    above = lender[empty]
    asked = np.bincount(above, minlength=c.pools.n) * c.assume("staff.cover")
    lent = np.minimum(asked, LENT_AT_MOST * servers)
    part = c.assume("staff.cover") * lent[above] / np.maximum(asked[above], 1e-9)
    covered, hours = day.copy(), part * day[above]
    covered[empty] = hours
    covered -= np.bincount(above, weights=hours, minlength=c.pools.n) / np.maximum(servers, 1)
    servers[empty[part > 0]] = 1
    return covered


def _press(c: Context, day: np.ndarray) -> None:
    offices, pools = c.institutions, c.pools
    known = offices.pool >= 0
    available = pools.servers * day * DAYS_PER_MONTH + _visiting(c)
    wanted = np.bincount(
        offices.pool[known],
        weights=(offices.wanted + offices.hours_demanded)[known],
        minlength=pools.n,
    )
    pressure = np.where(available > 0, wanted / np.maximum(available, 1e-9), 1.0)
    offices.pressure[known] += (
        np.clip(pressure[offices.pool[known]], 0, 10) - offices.pressure[known]
    ) / c.assume("staff.pressure_memory")


def _hurry(c: Context, day: np.ndarray) -> None:
    pools, offices, theta = c.pools, c.institutions, c.assume("staff.time_exponent")
    pressure = np.ones(pools.n)
    known = offices.pool >= 0
    pressure[offices.pool[known]] = offices.pressure[known]
    strained = np.clip(pressure, 1.0, PRESSURE_CAP)
    overtime = np.minimum(
        c.assume("staff.overtime_cap"), powers(strained, c.assume("staff.overtime_exponent"))
    )
    visiting = _visiting(c) / np.maximum(pools.servers, 1) / DAYS_PER_MONTH
    pools.open_ticks[:] = np.clip((day * overtime + visiting) * SECONDS, 0, DAY_TICKS)
    pools.haste[:] = np.minimum(powers(pools.standard, 1 - theta) * powers(strained, -theta), 1.0)
    pools.quality[:] = powers(pools.haste, c.assume("service.quality_exponent"))
    pools.speed[:] = pools.haste / _ability(c)
    aim = 1 - c.assume("standards.erosion") * (1 - pools.haste)
    pools.standard[:] += (aim - pools.standard) / c.assume("standards.lag")


def _contract(c: Context) -> None:
    """Man the desks of organisations under contract with the hours they have, at a pace and quality of their own."""
    offices, pools = c.institutions, c.pools
    rows = c.open_rows("social_organisation")
    rows = rows[offices.own_hours[rows] > 0]
    pool, seconds = offices.pool[rows], offices.own_hours[rows] * SECONDS / DAYS_PER_MONTH
    pools.servers[pool] = np.ceil(seconds / (DAY * SECONDS))
    pools.open_ticks[pool] = np.clip(seconds / pools.servers[pool], 0, DAY_TICKS)
    pools.speed[pool] = pools.haste[pool] = 1.0
    pools.quality[pool] = offices.own_quality[rows]


def _visiting(c: Context) -> np.ndarray:
    """Return, per pool, hours others work at its desks this month: who came with work, volunteers, bought."""
    return c.pools.visiting_hours + _volunteers(c) + _bought(c)


def _volunteers(c: Context) -> np.ndarray:
    """Return, per pool, the staff hours volunteers save this month: no more are called in than there is work for."""
    offices = c.institutions
    simple = c.assume("volunteer.simple_work") * offices.wanted
    taken = np.minimum(offices.volunteer_hours, simple / c.assume("volunteer.productive"))
    net = (c.assume("volunteer.productive") - c.assume("volunteer.coordination")) * taken
    known = offices.pool >= 0
    return np.bincount(offices.pool[known], weights=net[known], minlength=c.pools.n)


def _bought(c: Context) -> np.ndarray:
    """Return, per pool, what bought hours get done at its desks, in hours of its own people."""
    offices = c.institutions
    known = offices.pool >= 0
    hours = c.assume("purchase.productive") * offices.contract_hours[known]
    return np.bincount(offices.pool[known], weights=hours, minlength=c.pools.n)


def _ability(c: Context) -> np.ndarray:
    """Return, per pool, how much its present people get done in an hour: skill, lowered by resentment."""
    staff, n = c.staff, c.pools.n
    here = staff.is_present == 1
    effort = staff.skill[here] * (1 - c.assume("resentment.effort") * staff.resentment[here])
    count = np.bincount(staff.pool[here], minlength=n)
    total = np.bincount(staff.pool[here], weights=effort, minlength=n)
    return np.where(count > 0, np.maximum(total, 0.1) / np.maximum(count, 1), 1.0)


MECHANISM = Mechanism(
    name="staff_offices",
    question="How many hands are there, how long are desks open, and how hurried is the work?",
    run=run,
    reads=(
        *columns_of("staff", "id", "pool", "fte", "is_employed", "vacant_for", "skill", "resentment"),
        "pools.visiting_hours",
        "pools.lent_hours",
        "serving",
        *columns_of("areas", "need", "attended", "joined", "households", "adults"),
        *columns_of(
            "institutions",
            "pool",
            "seat",
            "parent",
            "wanted",
            "households",
            "open_hours",
            "volunteer_hours",
            "contract_hours",
            "own_hours",
            "own_quality",
        ),
    ),
    writes=(
        "staff.is_present",
        *columns_of("pools", "servers", "open_ticks", "speed", "haste", "quality", "standard"),
        *columns_of("institutions", "pressure", "hours_demanded"),
    ),
    levers=("service.open_hours", "assembly.decides", "grid.households_per_worker"),
    assumptions=(
        "staff.absence",
        "staff.productive_share",
        "staff.pressure_memory",
        "staff.overtime_cap",
        "staff.overtime_exponent",
        "staff.time_exponent",
        "staff.cover",
        "grid.hours",
        "standards.erosion",
        "standards.lag",
        "service.quality_exponent",
        "resentment.effort",
        "purchase.productive",
        *(f"volunteer.{name}" for name in ("productive", "coordination", "simple_work")),
        "selfgov.hours",
        "selfgov.organ_share",
        "selfgov.meetings_hours",
        *(
            f"selfgov.{name}"
            for name in ("usual_matters", "usual_taking_part", "by_matters", "by_taking_part")
        ),
    ),
    decisions=("staff_offices.absent",),
)
