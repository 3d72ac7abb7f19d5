"""When do residents get to vote?

A committee puts major matters to the vote about once a year, all matters several times a year
(tongling.meetings-decide); elections come every term (law.organic-1989-term).
    ballots a year = major, or all where the assembly decides all matters; the fraction is carried on
    an election falls due when the area's term runs out; all areas of a place vote together
Left out: by-elections and recalls.
"""

from __future__ import annotations

import numpy as np

from sim.base.calendar import MONTHS_PER_YEAR
from sim.mechanisms.contract import Context, Mechanism, columns_of


def run(c: Context) -> None:
    """Mark the committees that hold a ballot or an election this month."""
    offices, rows = c.institutions, c.open_rows("residents_committee")
    each = (c.assume("ballots.major_matters"), c.assume("ballots.all_matters"))
    a_year = c.practised_worth("assembly.decides", each)[offices.seat[rows]]
    fresh = offices.ballot_credit[rows] == 0
    credit = (
        np.where(fresh, c.uniforms("call_ballots.phase", offices.id[rows]), offices.ballot_credit[rows])
        + a_year / MONTHS_PER_YEAR
    )
    called = credit >= 1
    offices.ballot_credit[rows] = credit - called
    offices.is_ballot[:], offices.is_election[:] = 0, 0
    offices.is_election[rows] = _elections(c)[offices.seat[rows]]
    offices.is_ballot[rows] = called & (offices.is_election[rows] == 0)


def _elections(c: Context) -> np.ndarray:
    """Count down the terms; returns which areas elect this month."""
    areas, term = c.areas, int(c.rule("election.term_months"))
    fresh = areas.months_to_election < 0
    areas.months_to_election[fresh] = min(int(c.assume("ballots.first_election")), term - 1)
    due = areas.months_to_election == 0
    areas.months_to_election[:] = np.where(due, term - 1, areas.months_to_election - 1)
    return due


MECHANISM = Mechanism(
    name="call_ballots",
    question="When do residents get to vote?",
    run=run,
    reads=columns_of("institutions", "id", "seat"),
    writes=(
        *columns_of("institutions", "is_ballot", "is_election", "ballot_credit"),
        "areas.months_to_election",
    ),
    levers=("assembly.decides", "election.term_months"),
    assumptions=("ballots.all_matters", "ballots.major_matters", "ballots.first_election"),
    decisions=("call_ballots.phase",),
)
