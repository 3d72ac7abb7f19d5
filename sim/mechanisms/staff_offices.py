"""How many hands are there, how long are desks open, and how hurried is the work?

Claim: under pressure offices first stay longer, then cut the time a case gets (published.oliva-sterman).
    a post that is held is present with probability 1 - absence, the same draw in both arms
    people work at their skill, less what resentment takes (wear_staff moves both)
    pressure P = standard hours wanted last month / hours available, smoothed over `memory` months
    overtime  = min(cap, max(1, P)^a);  time a case gets = standard x max(1, min(P, 3))^-theta
    hours of staff who came with admitted work are spread over the month's days
The committee's own work is a finite demand: part per committee, part per household, more where all matters go
before the residents.
Left out: covering for an empty office from the next one.
"""

from __future__ import annotations

import numpy as np

from sim.mechanisms.arithmetic import powers
from sim.mechanisms.contract import Context, Mechanism, columns_of
from sim.world.service import DAY_TICKS
from sim.world.world import DAYS_PER_MONTH

SECONDS, PRESSURE_CAP = 3600.0, 3.0
REFERENCE_HOUSEHOLDS = 2000.0


def run(c: Context) -> None:
    """Set who is present, the opening and the speed of every pool, and the committees' own demand."""
    staff, pools, offices = c.staff, c.pools, c.institutions
    present = (
        (c.uniforms("staff_offices.absent", staff.id) >= c.assume("staff.absence"))
        & (staff.pool >= 0)
        & (staff.is_employed == 1)
        & (staff.vacant_for == 0)
    )
    staff.is_present[:] = present
    tenths = np.bincount(staff.pool[present], weights=staff.fte[present], minlength=pools.n)
    pools.servers[:] = np.floor(tenths / 10 + 0.5)
    _demand(c)
    base = _opening_hours(c) * c.assume("staff.productive_share")
    available = pools.servers * base * DAYS_PER_MONTH
    wanted = np.bincount(
        offices.pool[offices.pool >= 0],
        weights=(offices.wanted + offices.hours_demanded)[offices.pool >= 0],
        minlength=pools.n,
    )
    pressure = np.where(available > 0, wanted / np.maximum(available, 1e-9), 1.0)
    known = offices.pool >= 0
    offices.pressure[known] += (
        np.clip(pressure[offices.pool[known]], 0, 10) - offices.pressure[known]
    ) / c.assume("staff.pressure_memory")
    _hurry(c, base)


def _demand(c: Context) -> None:
    offices, rows = c.institutions, c.open_rows("residents_committee")
    per_organ = c.assume("selfgov.organ_share")
    households = offices.households[rows] / REFERENCE_HOUSEHOLDS
    meetings = c.rule("assembly.decides")[offices.seat[rows]] * c.assume("selfgov.meetings_hours")
    offices.hours_demanded[:] = 0.0
    offices.hours_demanded[rows] = (
        c.assume("selfgov.hours") * (per_organ + (1 - per_organ) * households) + meetings
    )


def _opening_hours(c: Context) -> np.ndarray:
    """Return hours a day every pool is open: the lever's value at the seat of an office it serves."""
    offices, hours = c.institutions, np.full(c.pools.n, 8.0)
    known = offices.pool >= 0
    hours[offices.pool[known]] = c.rule("service.open_hours")[offices.seat[known]]
    return hours


def _hurry(c: Context, base: np.ndarray) -> None:
    pools, offices = c.pools, c.institutions
    pressure = np.ones(pools.n)
    known = offices.pool >= 0
    pressure[offices.pool[known]] = offices.pressure[known]
    strained = np.clip(pressure, 1.0, PRESSURE_CAP)
    overtime = np.minimum(
        c.assume("staff.overtime_cap"), powers(strained, c.assume("staff.overtime_exponent"))
    )
    visiting = pools.visiting_hours / np.maximum(pools.servers, 1) / DAYS_PER_MONTH
    pools.open_ticks[:] = np.minimum((base * overtime + visiting) * SECONDS, DAY_TICKS)
    pools.speed[:] = powers(strained, -c.assume("staff.time_exponent")) / _ability(c)


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
        *columns_of("institutions", "pool", "seat", "wanted", "households"),
    ),
    writes=(
        "staff.is_present",
        *columns_of("pools", "servers", "open_ticks", "speed"),
        *columns_of("institutions", "pressure", "hours_demanded"),
    ),
    levers=("service.open_hours", "assembly.decides"),
    assumptions=(
        "staff.absence",
        "staff.productive_share",
        "staff.pressure_memory",
        "staff.overtime_cap",
        "staff.overtime_exponent",
        "staff.time_exponent",
        "resentment.effort",
        "selfgov.hours",
        "selfgov.organ_share",
        "selfgov.meetings_hours",
    ),
    decisions=("staff_offices.absent",),
)
