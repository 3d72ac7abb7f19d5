"""Who votes, and does the ballot count?

Claim: a meeting or an election is open to the members of its form, and is valid when more than a quorum of *them* are
present (law.organic-1989-quorum); who comes decides as in every other mode (`participation_kernel`).
    members: delegates (of groups, or standing), one a household, or all adults with a voice
    a delegate is expected to come: push = expected x is delegate
    valid when present > quorum in force x members; in force under the law of 1989 as the rule says, under that of 2026
    at most what the new law asks (its articles could not be read: an assumption that reaches through no change)
    efficacy: gain for those whose ballot counted, loss for those who came in vain; belonging: gain for all who came
Published associations (published.shanghai-vote-age, published.shanghai-party-vote) are targets for a regression on a
simulated survey, not these coefficients. Left out: what is decided, proxies.
"""

from __future__ import annotations

import numpy as np

from sim.mechanisms.contract import Context, Mechanism, columns_of
from sim.mechanisms.participation import LOOKS_AT, assumptions_of, books_of, decide, decisions_of, keep_record

F = np.float32
NAME, MODE = "cast_votes", "vote"
# Forms in catalogue order.
GROUP_DELEGATES, HOUSEHOLDS, ALL_ADULTS, STANDING = range(4)
NEW_LAW = 2026
MEMBERS_IN_ID = np.uint64(16)


def run(c: Context) -> None:
    """Hold this month's ballots and elections."""
    people, offices = c.residents, c.institutions
    called = (offices.is_ballot | offices.is_election) == 1
    members = _members(c, called)
    # Who does not belong to a ballot of their community is not present at it.
    belongs = 1 - c.spread(called[c.blocks.community]) * (1 - members)
    np.multiply(people.voted, belongs, out=people.voted)
    expected = F(c.assume("vote.delegate")) * people.is_delegate.astype(F)
    decide(c, NAME, MODE, members, people.voted, push=expected)
    keep_record(c, MODE, members, people.voted)
    voted = members * people.voted
    _count(c, members, voted)
    _learn(c, voted)


def _members(c: Context, called: np.ndarray) -> np.ndarray:
    """Return who belongs to this month's ballot, uint8: by the form of the ballot or of the election."""
    people, offices = c.residents, c.institutions
    if not called.any():
        return np.zeros(people.n, np.uint8)
    election, assembly = c.rule("election.form")[offices.seat], c.rule("assembly.form")[offices.seat]
    form = np.where(called, np.where(offices.is_election == 1, election, assembly), -1).astype(np.int8)
    form = c.spread(form[c.blocks.community])
    heads = people.id % MEMBERS_IN_ID == 0
    by_delegates = ((form == GROUP_DELEGATES) | (form == STANDING)) & (people.is_delegate == 1)
    return (by_delegates | ((form == HOUSEHOLDS) & heads) | (form == ALL_ADULTS)) * people.has_voice


def _count(c: Context, members: np.ndarray, voted: np.ndarray) -> None:
    areas, offices = c.areas, c.institutions
    areas.eligible[:], areas.votes[:] = c.by_area(members), c.by_area(voted)
    # All areas of a community elect together, so an area's ballots are all election or all not.
    electing = offices.is_election[c.serving_rows("residents_committee")] == 1
    areas.election_eligible[:], areas.election_votes[:] = areas.eligible * electing, areas.votes * electing
    asked, present = (c.sums(flag, c.blocks.community, offices.n) for flag in (members, voted))
    valid = present > _quorum(c)[offices.seat] * asked
    offices.quorum[:] = np.where(asked > 0, np.where(valid, 1, -1), 0)
    offices.turnout[:] = present / np.maximum(asked, 1)


def _quorum(c: Context) -> np.ndarray:
    """Return the share that must be exceeded, per area, under the law in force there."""
    rule = c.rule("assembly.quorum")
    return np.where(c.areas.law == NEW_LAW, np.minimum(rule, c.assume("law.quorum_2026")), rule)


def _learn(c: Context, voted: np.ndarray) -> None:
    quorum = c.spread(c.institutions.quorum[c.blocks.community])
    rows, eta = np.flatnonzero((voted == 1) & (quorum != 0)), F(c.assume("participation.efficacy"))
    heard, unheard = ((quorum[rows] == sign).astype(F) for sign in (1, -1))
    c.post("efficacy", "voting", eta * heard, eta * F(c.assume("response.efficacy_loss")) * unheard, rows)
    c.post("belonging", "voting", F(c.assume("participation.belonging")) * heard, rows=rows)


MECHANISM = Mechanism(
    name=NAME,
    question="Who votes, and does the ballot count?",
    run=run,
    reads=(
        *LOOKS_AT,
        "serving",
        *columns_of("residents", "is_delegate", "peers_vote"),
        *columns_of("institutions", "seat", "is_ballot", "is_election"),
        "areas.law",
    ),
    writes=(
        *columns_of("residents", "habit_vote", "voted", "vote_history"),
        *columns_of("areas", "eligible", "votes", "election_eligible", "election_votes"),
        *columns_of("institutions", "quorum", "turnout"),
    ),
    posts=(("efficacy", "voting"), ("belonging", "voting")),
    books=books_of(MODE),
    levers=("assembly.form", "assembly.quorum", "election.form"),
    assumptions=(
        *assumptions_of(MODE),
        "vote.delegate",
        "law.quorum_2026",
        "participation.efficacy",
        "participation.belonging",
        "response.efficacy_loss",
    ),
    decisions=decisions_of(NAME),
)
