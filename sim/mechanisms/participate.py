"""Who votes, and who comes to a meeting?

Claim: people take part by habit, when asked by somebody, when those around them do, when their own interest is at
stake and when they expect to be heard; distance, work and the anonymity of a large community keep them away.
    logit(mode) = base + age (slope, with a knot at 55) + party + efficacy (E - 1/2) + trust (T - 1/2) + belonging (B - 1/2)
        + type x peers + stake x grievance + habit x (h - h0) + contact - work - distance km + size x ln(adults / 3000)
        (+ supply x ln(meetings) for meetings)
    conditional cooperators weigh peers fully, free riders a third and stay away more, hump-shaped turn round above a
    half, leaders come more; a delegate is expected to come; habit h += lambda (took part - h) where there was something to take part in
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
def take_part(ids, invited, offset, age, party, employed, kind, efficacy, trust, belonging, peers, grievance, contacted, delegate, km, key, m, habit, took):
    """Decide for one mode: invited uint8, offset float32 (what is the same for all in a community); updates habit and took in place."""
    for i in range(ids.shape[0]):
        if invited[i] == 0:
            continue
        late = max(age[i] - F(55.0), F(0.0))
        z = m.base + offset[i] + m.age * (age[i] - late) + m.age_late * late + m.party * F(party[i]) - m.work * F(employed[i])
        z = z + m.efficacy * (efficacy[i] - F(0.5)) + m.trust * (trust[i] - F(0.5)) + m.belonging * (belonging[i] - F(0.5))
        around = peers[i]
        if kind[i] == 1:
            z = z - m.free_rider
            around = around / F(3.0)
        elif kind[i] == 2:
            around = min(around, F(1.0) - around)
        elif kind[i] == 3:
            z = z + m.leader
        z = z + m.peers * around + m.stake * grievance[i] + m.habit * (habit[i] - m.habit_mean) + m.contact * F(contacted[i]) + m.delegate * F(delegate[i]) - m.distance * km[i]
        took[i] = 1 if u24(key, ids[i], 0) < logistic(z) else 0
        habit[i] = habit[i] + m.habit_rate * (F(took[i]) - habit[i])


def run(c: Context) -> None:
    """Hold this month's ballots, elections and meetings."""
    office = c.blocks.community[c.residents.block]
    size = logarithms(np.maximum(c.institutions.adults, 1) / REFERENCE_ADULTS)
    entitled, election = _entitled(c, office)
    _mode(c, "vote", entitled, (c.assume("vote.size") * size)[office].astype(np.float32))
    meetings = np.maximum(c.institutions.meetings, 1)
    invited = (c.institutions.meetings[office] > 0) & _may_take_part(c)
    supply = c.assume("deliberate.size") * size + c.assume("deliberate.supply") * logarithms(meetings.astype(float))
    _mode(c, "deliberate", invited, supply[office].astype(np.float32))
    _count(c, office, entitled, election, invited)
    _learn(c, office, entitled, invited)


def _may_take_part(c: Context) -> np.ndarray:
    return (c.residents.adult == 1) & (c.residents.is_tied == 1)


def _entitled(c: Context, office: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return who may vote this month, and whether it is in an election."""
    people, offices = c.residents, c.institutions
    ballot_form = c.rule("assembly.form")[offices.seat[office]]
    election_form = c.rule("election.form")[offices.seat[office]]
    election = offices.is_election[office] == 1
    # Forms in catalogue order: delegates of groups, households, all adults, standing delegates (elections end at all).
    form = np.where(election, election_form, ballot_form)
    heads = people.id % np.uint64(16) == 0
    _choose_delegates(c, office)
    by_form = np.choose(form.astype(np.int64), [people.is_delegate == 1, heads, np.ones(people.n, bool), people.is_delegate == 1])
    called = election | (offices.is_ballot[office] == 1)
    return called & by_form & _may_take_part(c), election


def _choose_delegates(c: Context, office: np.ndarray) -> None:
    """At an election every block's delegates are those of its adults whose keyed luck, eased for leaders, is smallest."""
    people = c.residents
    renewed = (c.institutions.is_election[office] == 1) | ~np.isin(people.block, people.block[people.is_delegate == 1])
    if not renewed.any():
        return
    luck = c.uniforms("participate.delegate", people.id) * np.where(people.cooperator == 3, 0.2, 1.0)
    order = np.lexsort((np.where(_may_take_part(c), luck, 2.0), people.block))
    rank = np.empty(people.n, np.int64)
    rank[order] = np.arange(people.n) - np.repeat(c.blocks.first, c.blocks.size)
    chosen = (rank < c.assume("delegates.per_block")) & _may_take_part(c)
    people.is_delegate[:] = np.where(renewed, chosen, people.is_delegate)


def _mode(c: Context, mode: str, invited: np.ndarray, offset: np.ndarray) -> None:
    people = c.residents
    coefficients = Mode(*(F(c.assume(f"{mode}.{name}")) for name in Mode._fields))
    took = people.voted if mode == "vote" else people.deliberated
    habit = people.habit_vote if mode == "vote" else people.habit_deliberate
    peers = people.peers_vote if mode == "vote" else people.peers_deliberate
    km = c.array("distance")[COMMITTEE][people.block]
    take_part(
        people.id, invited.astype(np.uint8), offset, people.age, people.party, people.employed, people.cooperator, people.efficacy,
        people.trust_committee, people.belonging, peers, people.grievance, people.is_contacted, people.is_delegate, km, c.key(f"participate.{mode}"),
        coefficients, habit, took,
    )


def _count(c: Context, office: np.ndarray, entitled: np.ndarray, election: np.ndarray, invited: np.ndarray) -> None:
    people, areas, offices = c.residents, c.areas, c.institutions
    voted, came = entitled & (people.voted == 1), invited & (people.deliberated == 1)

    def by_area(flag: np.ndarray) -> np.ndarray:
        return np.bincount(people.area[flag], minlength=areas.n)

    areas.eligible[:], areas.votes[:] = by_area(entitled), by_area(voted)
    areas.election_eligible[:], areas.election_votes[:] = by_area(entitled & election), by_area(voted & election)
    areas.invited[:], areas.attended[:] = by_area(invited), by_area(came)
    asked, present = (np.bincount(office[flag], minlength=offices.n) for flag in (entitled, voted))
    valid = present > c.rule("assembly.quorum")[offices.seat] * asked
    offices.quorum[:] = np.where(asked > 0, np.where(valid, 1, -1), 0)
    history = people.deliberate_history
    history[:] = ((history << 1) & 0x0FFF) | came


def _learn(c: Context, office: np.ndarray, entitled: np.ndarray, invited: np.ndarray) -> None:
    people, quorum = c.residents, c.institutions.quorum
    voted = (entitled & (people.voted == 1)).astype(np.float32)
    came = (invited & (people.deliberated == 1)).astype(np.float32)
    heard, unheard = (voted * (quorum[office] == sign) for sign in (1, -1))
    eta = F(c.assume("participation.efficacy"))
    c.post("efficacy", "participation", eta * (heard + came), eta * F(c.assume("response.efficacy_loss")) * unheard)
    c.post("belonging", "participation", F(c.assume("participation.belonging")) * (heard + came), None)
    c.post("awareness", "participation", F(c.assume("participation.awareness")) * came, None)


MECHANISM = Mechanism(
    name="participate",
    question="Who votes, and who comes to a meeting?",
    run=run,
    reads=(
        "distance",
        *columns_of(
            "residents", "id", "block", "area", "age", "adult", "party", "employed", "cooperator", "is_tied", "efficacy", "trust_committee",
            "belonging", "peers_vote", "peers_deliberate", "grievance", "is_contacted",
        ),
        *columns_of("institutions", "seat", "adults", "meetings", "is_ballot", "is_election"),
        *columns_of("blocks", "community", "first", "size"),
    ),
    writes=(
        *columns_of("residents", "habit_vote", "habit_deliberate", "voted", "deliberated", "is_delegate", "deliberate_history"),
        *columns_of("areas", "eligible", "votes", "election_eligible", "election_votes", "invited", "attended"), "institutions.quorum",
    ),
    posts=(("efficacy", "participation"), ("belonging", "participation"), ("awareness", "participation")),
    levers=("assembly.form", "assembly.quorum", "election.form"),
    assumptions=(
        *(f"{mode}.{name}" for mode in MODES for name in (*Mode._fields, "size")), "deliberate.supply", "delegates.per_block",
        "participation.efficacy", "participation.belonging", "participation.awareness", "response.efficacy_loss",
    ),
    decisions=("participate.vote", "participate.deliberate", "participate.delegate"),
)
