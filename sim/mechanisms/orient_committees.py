"""Whom does a committee look to?

Claim: who appoints, pays and assesses a committee draws its eyes upward; contact with residents and success with
them turn it to residents (anhui.overreach, anhui.task-oriented). Where its chair comes from, and whether it was chosen
out of several, add to that (plan.secretary-chair, study.plan-elect).
    orientation o -> pull + served x (who it serves, 0 upward .. 1 residents) - assessed x assessment weight
                     + success x (mean trust of its residents - 1/2) + chair's origin + mandate of the last election
                     + relation (a contract or guidance instead of command)
                     - cross-held posts (degree chi against the usual, -1 none .. 1 all): administrative capture,
    approached over `months`; the weight of assessments counts as far as they may be held: x share of work that may be
    assessed x (assessments allowed / usual number)^exponent
Left out: persons.
"""

from __future__ import annotations

import numpy as np

from sim.catalogue import levers
from sim.mechanisms.arithmetic import powers
from sim.mechanisms.assessment import assessed_share
from sim.mechanisms.contract import Context, Mechanism, columns_of
from sim.mechanisms.cross_holding import cross_held

SERVED = (0, 0.5, 1)  # appointed and assessed from above, by both, by residents
GUIDES = 4  # first form of a relation that is none of command: guidance, then contract (world/arrange.py)


def run(c: Context) -> None:
    """Move every committee's orientation toward what its masters and residents make of it."""
    offices, people, rows = c.institutions, c.residents, c.open_rows("residents_committee")
    community = c.blocks.community
    count = c.sums(people.has_voice, community, offices.n)
    trust = c.sums(people.has_voice * people.trust_committee, community, offices.n) / np.maximum(count, 1)
    seat = offices.seat[rows]
    target = (
        c.assume("orientation.pull")
        + c.assume("orientation.served") * c.practised_worth("committee.serves", SERVED)[seat]
    )
    target = target - c.assume("orientation.assessed") * _assessed(c)[seat] + _chair(c)[rows]
    target = target + c.assume("election.mandate") * offices.mandate[rows]
    target = target - c.assume("orientation.cross_holding") * cross_held(c)[seat]
    target = target + c.assume("orientation.contract") * (c.areas.relation[seat] >= GUIDES)
    target = np.clip(target + c.assume("orientation.success") * (trust[rows] - 0.5), 0, 1)
    offices.orientation[rows] += (target - offices.orientation[rows]) / c.assume("orientation.months")


def _assessed(c: Context) -> np.ndarray:
    """Return, per area, the weight of assessments in force, over all that may be held."""
    usual = levers()["assessment.cap"].baseline
    fewer = powers(
        np.minimum(c.practised("assessment.cap") / usual, 1.0), c.assume("assessment.cap_exponent")
    )
    return c.rule("assessment.weight") * assessed_share(c) * fewer


def _chair(c: Context) -> np.ndarray:
    """Return, per office, what the origin of its chair adds, against one hired."""
    by_origin = [c.assume(f"orientation.chair_{who}") for who in ("resident", "secretary", "cadre")]
    resident, secretary, cadre = by_origin
    return np.array([resident, 0.0, secretary, cadre, 0.0])[c.institutions.chair]


MECHANISM = Mechanism(
    name="orient_committees",
    question="Whom does a committee look to?",
    run=run,
    reads=(
        *columns_of("residents", "has_voice", "trust_committee"),
        "blocks.community",
        "areas.relation",
        *columns_of("institutions", "seat", "mandate", "chair"),
        *columns_of("items", "origin", "priority", "per_year", "level"),
    ),
    writes=("institutions.orientation",),
    levers=(
        "committee.serves",
        "assessment.weight",
        "assessment.allowed_from",
        "assessment.cap",
        "cross_holding.chi",
    ),
    assumptions=(
        "orientation.pull",
        "orientation.chair_resident",
        "orientation.chair_secretary",
        "orientation.chair_cadre",
        "assessment.cap_exponent",
        "election.mandate",
        "orientation.contract",
        "orientation.cross_holding",
        "orientation.served",
        "orientation.assessed",
        "orientation.success",
        "orientation.months",
    ),
)
