"""Who votes, and who comes to a meeting?

Claim: people take part by habit, when asked by somebody, when those around them do, when their own interest is at
stake and when they expect to be heard; distance, work and the anonymity of a large community keep them away.
    logit(mode) = base + age (slope, with a knot at 55) + party + efficacy (E - 1/2) + trust (T - 1/2) +
    belonging (B - 1/2)
        + type x peers + stake x (own unanswered need + open matters near) + habit x (h - h0) + contact - work -
        distance km + size x ln(adults / 3000)
        (+ supply x ln(meetings) for meetings)
    conditional cooperators weigh peers fully, free riders a third and stay away more, hump-shaped turn round above a
    half, leaders come more; a delegate is expected to come; habit h += lambda (took part - h) where there was
    something to take part in
    a ballot is valid when more than `quorum` of those entitled by its form are present
Published associations (published.shanghai-vote-age, published.shanghai-party-vote) are targets for a regression on a
simulated survey, not these coefficients. Left out: activities and volunteering, what is decided.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numba import njit

from sim.draws import u24
from sim.mechanisms.arithmetic import logarithms, logistic
from sim.mechanisms.contract import Context, Mechanism, columns_of
from sim.world.world import KIND

F = np.float32
MODES = ("vote", "deliberate")
REFERENCE_ADULTS = 3000.0
COMMITTEE = KIND["residents_committee"]


class Mode(NamedTuple):
    """Coefficients of one participation mode, float32."""

    base: np.float32
    age: np.float32
    age_late: np.float32
    party: np.float32
    efficacy: np.float32
    trust: np.float32
    belonging: np.float32
    peers: np.float32
    stake: np.float32
    habit: np.float32
    habit_mean: np.float32
    habit_rate: np.float32
    contact: np.float32
    work: np.float32
    distance: np.float32
    free_rider: np.float32
    leader: np.float32
    delegate: np.float32


@njit(nogil=True, cache=True)
def take_part(
    ids,
    invited,
    offset,
    age,
    party,
    employed,
    kind,
    efficacy,
    trust,
    belonging,
    peers,
    at_stake,
    contacted,
    delegate,
    km,
    key,
    m,
    habit,
    took,
):
    """Decide for one mode: invited uint8, offset float32 (what is the same for all in a community); updates
    habit and took in place.
    """
    for i in range(ids.shape[0]):
        if invited[i] == 0:
            continue
        late = max(age[i] - F(55.0), F(0.0))
        z = (
            m.base
            + offset[i]
            + m.age * (age[i] - late)
            + m.age_late * late
            + m.party * F(party[i])
            - m.work * F(employed[i])
        )
        z = (
            z
            + m.efficacy * (efficacy[i] - F(0.5))
            + m.trust * (trust[i] - F(0.5))
            + m.belonging * (belonging[i] - F(0.5))
        )
        around = peers[i]
        if kind[i] == 1:
            z = z - m.free_rider
            around = around / F(3.0)
        elif kind[i] == 2:
            around = min(around, F(1.0) - around)
        elif kind[i] == 3:
            z = z + m.leader
        z = (
            z
            + m.peers * around
            + m.stake * at_stake[i]
            + m.habit * (habit[i] - m.habit_mean)
            + m.contact * F(contacted[i])
            + m.delegate * F(delegate[i])
            - m.distance * km[i]
        )
        took[i] = 1 if u24(key, ids[i], 0) < logistic(z) else 0
        habit[i] = habit[i] + m.habit_rate * (F(took[i]) - habit[i])


def run(c: Context) -> None:
    """Hold this month's ballots, elections and meetings."""
    people, offices = c.residents, c.institutions
    office = c.blocks.community[people.block]
    size = logarithms(np.maximum(offices.adults, 1) / REFERENCE_ADULTS)
    called = (offices.is_ballot | offices.is_election) == 1
    entitled = _entitled(c, office, called)
    # Who is not entitled to a ballot of their community is not present at it.
    people.voted[called[office] & (entitled == 0)] = 0
    _mode(c, "vote", entitled, (c.assume("vote.size") * size).astype(np.float32)[office])
    supply = c.assume("deliberate.supply") * logarithms(np.maximum(offices.meetings, 1).astype(float))
    invited = people.has_voice * (offices.meetings > 0)[office]
    _mode(c, "deliberate", invited, (c.assume("deliberate.size") * size + supply).astype(np.float32)[office])
    voted, came = entitled * people.voted, invited * people.deliberated
    _count(c, office, entitled, voted, invited, came)
    _learn(c, office, voted, came)


def _entitled(c: Context, office: np.ndarray, called: np.ndarray) -> np.ndarray:
    """Return who may vote this month, uint8: by the form of the ballot or of the election, if there is one."""
    people, offices = c.residents, c.institutions
    if not called.any():
        return np.zeros(people.n, np.uint8)
    _choose_delegates(c)
    form = np.where(
        offices.is_election == 1, c.rule("election.form")[offices.seat], c.rule("assembly.form")[offices.seat]
    )
    form = np.where(called, form, -1).astype(np.int8)[office]
    heads = people.id % np.uint64(16) == 0
    # Forms in catalogue order: delegates of groups, one a household, all adults, standing delegates.
    by_delegates = ((form == 0) | (form == 3)) & (people.is_delegate == 1)
    return (by_delegates | ((form == 1) & heads) | (form == 2)) * people.has_voice


def _choose_delegates(c: Context) -> None:
    """At an election every block's delegates are those of its adults whose keyed luck, eased for leaders, is
    smallest.
    """
    people, blocks = c.residents, c.blocks
    seated = np.bincount(people.block, weights=people.is_delegate, minlength=blocks.n)
    renewed = (c.institutions.is_election[blocks.community] == 1) | (seated == 0)
    if not renewed.any():
        return
    luck = c.uniforms("participate.delegate", people.id) * np.where(people.cooperator == 3, 0.2, 1.0)
    order = np.lexsort((np.where(people.has_voice == 1, luck, 2.0), people.block))
    rank = np.empty(people.n, np.int64)
    rank[order] = np.arange(people.n) - np.repeat(blocks.first, blocks.size)
    chosen = (rank < c.assume("delegates.per_block")) & (people.has_voice == 1)
    people.is_delegate[:] = np.where(renewed[people.block], chosen, people.is_delegate)


def _mode(c: Context, mode: str, invited: np.ndarray, offset: np.ndarray) -> None:
    people = c.residents
    coefficients = Mode(*(F(c.assume(f"{mode}.{name}")) for name in Mode._fields))
    stake = np.minimum(people.grievance + c.blocks.stake[people.block], 1)
    took = people.voted if mode == "vote" else people.deliberated
    habit = people.habit_vote if mode == "vote" else people.habit_deliberate
    peers = people.peers_vote if mode == "vote" else people.peers_deliberate
    km = c.array("distance")[COMMITTEE][people.block]
    take_part(
        people.id,
        invited,
        offset,
        people.age,
        people.party,
        people.employed,
        people.cooperator,
        people.efficacy,
        people.trust_committee,
        people.belonging,
        peers,
        stake,
        people.is_contacted,
        people.is_delegate,
        km,
        c.key(f"participate.{mode}"),
        coefficients,
        habit,
        took,
    )


def _count(
    c: Context,
    office: np.ndarray,
    entitled: np.ndarray,
    voted: np.ndarray,
    invited: np.ndarray,
    came: np.ndarray,
) -> None:
    people, areas, offices = c.residents, c.areas, c.institutions
    for name, flag in (("eligible", entitled), ("votes", voted), ("invited", invited), ("attended", came)):
        getattr(areas, name)[:] = np.bincount(people.area, weights=flag, minlength=areas.n)
    # All areas of a community elect together, so an area's ballots are all election or all not.
    electing = offices.is_election[c.serving_rows("residents_committee")] == 1
    areas.election_eligible[:], areas.election_votes[:] = areas.eligible * electing, areas.votes * electing
    asked, present = (np.bincount(office, weights=flag, minlength=offices.n) for flag in (entitled, voted))
    valid = present > c.rule("assembly.quorum")[offices.seat] * asked
    offices.quorum[:] = np.where(asked > 0, np.where(valid, 1, -1), 0)
    history = people.deliberate_history
    history[:] = ((history << 1) & 0x0FFF) | came


def _learn(c: Context, office: np.ndarray, voted: np.ndarray, came: np.ndarray) -> None:
    quorum = c.institutions.quorum
    heard, unheard = ((voted * (quorum == sign)[office]).astype(np.float32) for sign in (1, -1))
    took_part = heard + came
    eta = F(c.assume("participation.efficacy"))
    c.post(
        "efficacy", "participation", eta * took_part, eta * F(c.assume("response.efficacy_loss")) * unheard
    )
    c.post("belonging", "participation", F(c.assume("participation.belonging")) * took_part, None)
    c.post(
        "awareness", "participation", F(c.assume("participation.awareness")) * came.astype(np.float32), None
    )


MECHANISM = Mechanism(
    name="participate",
    question="Who votes, and who comes to a meeting?",
    run=run,
    reads=(
        "distance",
        "serving",
        *columns_of(
            "residents",
            "id",
            "block",
            "area",
            "age",
            "party",
            "employed",
            "cooperator",
            "has_voice",
            "efficacy",
            "trust_committee",
            "belonging",
            "peers_vote",
            "peers_deliberate",
            "grievance",
            "is_contacted",
        ),
        *columns_of("institutions", "seat", "adults", "meetings", "is_ballot", "is_election"),
        *columns_of("blocks", "community", "first", "size", "stake"),
    ),
    writes=(
        *columns_of(
            "residents",
            "habit_vote",
            "habit_deliberate",
            "voted",
            "deliberated",
            "is_delegate",
            "deliberate_history",
        ),
        *columns_of(
            "areas", "eligible", "votes", "election_eligible", "election_votes", "invited", "attended"
        ),
        "institutions.quorum",
    ),
    posts=(("efficacy", "participation"), ("belonging", "participation"), ("awareness", "participation")),
    levers=("assembly.form", "assembly.quorum", "election.form"),
    assumptions=(
        *(f"{mode}.{name}" for mode in MODES for name in (*Mode._fields, "size")),
        "deliberate.supply",
        "delegates.per_block",
        "participation.efficacy",
        "participation.belonging",
        "participation.awareness",
        "response.efficacy_loss",
    ),
    decisions=("participate.vote", "participate.deliberate", "participate.delegate"),
)
