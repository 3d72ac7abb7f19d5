"""Whom will departments ask next, and will they send more?

Claim: a body that completes cheaply is asked more (tongling.rebound, anhui.services-extend): departments learn
from what got done over half a year to a year, and send more where there is slack, less where they are refused.
    belief b += (completed share - b) / memory           for whoever was asked this month
    intensity i -> 1 + reaction x ((cap - 1) x min(slack / slack_ref, 1) - retreat x refused share),
    approached over `pace` months, never above the cap; reaction 0 keeps volumes fixed
    trend grows by g a year whatever anybody does
Left out: learning from other districts; a department's own staffing troubles.
"""

from __future__ import annotations

import numpy as np

from sim.base.calendar import MONTHS_PER_YEAR
from sim.mechanisms.contract import Context, Mechanism, columns_of


def run(c: Context) -> None:
    """Update beliefs, intensities and the trend from this month's asked and completed work."""
    departments = c.departments
    ended = departments.completed + departments.lapsed
    share = departments.completed / np.maximum(ended, 1)
    departments.belief[:] = np.where(
        ended > 0,
        departments.belief + (share - departments.belief) / c.assume("departments.memory"),
        departments.belief,
    )
    departments.intensity[:] += (_wanted(c) - departments.intensity) / c.assume("departments.pace")
    departments.trend[:] *= (1 + c.assume("tasks.growth")) ** (1 / MONTHS_PER_YEAR)


def _wanted(c: Context) -> np.ndarray:
    """Return (department, area): the intensity a department moves toward, between 0 and the cap."""
    asked = np.maximum(c.departments.asked.sum(axis=2), 1)
    refused = c.departments.refusals / asked
    cap, reaction = c.assume("departments.cap"), c.assume("departments.reaction")
    grow = (cap - 1) * np.minimum(_slack(c) / c.assume("departments.slack_reference"), 1)
    return np.clip(1 + reaction * (grow[None, :] - c.assume("departments.retreat") * refused), 0, cap)


def _slack(c: Context) -> np.ndarray:
    """Return, per area, the share of open hours its community bodies left unused or offered upward this month."""
    offices, slack, hours = c.institutions, np.zeros(c.areas.n), np.zeros(c.areas.n)
    for kind in ("residents_committee", "service_station"):
        row = c.serving_rows(kind)
        there = row >= 0
        slack[there] += (offices.hours_slack[row] + offices.hours_accepted[row])[there]
        hours[there] += offices.hours_open[row][there]
    return slack / np.maximum(hours, 1e-9)


MECHANISM = Mechanism(
    name="learn_whom_to_ask",
    question="Whom will departments ask next, and will they send more?",
    run=run,
    reads=(
        "serving",
        *columns_of("departments", "asked", "refusals", "completed", "lapsed"),
        *columns_of("institutions", "hours_slack", "hours_accepted", "hours_open"),
    ),
    writes=columns_of("departments", "belief", "intensity", "trend"),
    assumptions=(
        "departments.memory",
        "departments.pace",
        "departments.cap",
        "departments.reaction",
        "departments.slack_reference",
        "departments.retreat",
        "tasks.growth",
    ),
)
