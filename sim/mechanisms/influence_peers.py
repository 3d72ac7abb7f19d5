"""What do the people around me do, and does one of them ask me along?

Claim: participation spreads along ties and inside households, from leisure to self-governance
(nanan.tenglong-three-brings, nanan.activities-to-selfgov).
    peers = weighted mean over ties (weight: how often the two talk) and adult housemates (weight: pass-through); one
    mean a mode (voted at the last ballot, was at the last meeting, joined or volunteered last month) and one of the
    outcome of this month's requests
    where recruitment along ties is the rule, everybody who took part in anything last asks each acquaintance met at
    least weekly with probability `asks`; who is asked counts as contacted, for every mode
Left out: ties that form or break; opinions.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from sim.draws import u24
from sim.mechanisms.contract import Context, Mechanism, columns_of
from sim.world.columns import TIES

F = np.float32
WEEKLY, NONE, ONE = 140, F(0.0), F(1.0)
# What a person did last, one bit a mode.
VOTED, DELIBERATED, JOINED, VOLUNTEERED = (np.uint8(1 << bit) for bit in range(4))


# What a person did (four bits) and how their requests ended (bad, none, good above them) is one byte, so that a look at
# an acquaintance is one look; whole numbers are summed several at once, each in twelve bits of a word (eight weights of
# 255 stay below 4 096): how much weight there is and how much of it each mode did, and in a second word good and bad
# outcomes. The compiler does eight people at a time; with floats and branches the same takes four times as long.
WIDTH, CHUNK = 12, 2048
ONES = np.uint64((1 << WIDTH) - 1)
NOBODY = 48  # the state of the sentinel: counts for nothing
DOING = np.array(
    [
        1 + sum((state >> bit & 1) << WIDTH * (bit + 1) for bit in range(4)) if state < NOBODY else 0
        for state in range(64)
    ],
    np.uint64,
)
ENDED = np.array([(1 << WIDTH, 0, 1, 0)[state >> 4] for state in range(64)], np.uint64)
NOTHING = np.uint64(0)


def states(did: np.ndarray, outcome: np.ndarray) -> np.ndarray:
    """Return one byte a resident, and one more for the sentinel of a tie that is not there."""
    return np.append(did | (outcome + 1).astype(np.uint8) << np.uint8(4), np.uint8(NOBODY))


@njit(nogil=True, cache=True, error_model="numpy")
def gather(
    ties, activity, first, size, adult, state, through,
    peers_vote, peers_deliberate, peers_activity, peers_volunteer, peers_outcome,
):  # fmt: skip
    """Fill the five peer means; ties uint32 (n, 8) with sentinel n, activity uint8 weights, state from `states`.

    Households are runs of rows; the other adults at home count `through` each, float32.
    """
    most = max(CHUNK, size.max() if len(size) else 0)
    near, heard = np.empty(most, np.uint64), np.empty(most, np.uint64)
    home, told = np.empty(most, np.uint64), np.empty(most, np.uint64)
    h = 0
    while h < first.shape[0]:
        a, b, begin = first[h], first[h], h
        while h < first.shape[0] and b + size[h] - a <= most:
            b, h = b + size[h], h + 1
        m = b - a
        sum_ties(ties[a:b], activity[a:b], state, near[:m], heard[:m])
        sum_homes(size[begin:h], adult[a:b], state[a:b], home[:m], told[:m])
        mean(near[:m], home[:m], 1, through, peers_vote[a:b])
        mean(near[:m], home[:m], 2, through, peers_deliberate[a:b])
        mean(near[:m], home[:m], 3, through, peers_activity[a:b])
        mean(near[:m], home[:m], 4, through, peers_volunteer[a:b])
        mean_outcome(near[:m], home[:m], heard[:m], told[:m], through, peers_outcome[a:b])


@njit(nogil=True, cache=True, error_model="numpy")
def sum_ties(ties, activity, state, near, heard):
    """Sum acquaintances by the weight of how often one talks to them."""
    for i in range(ties.shape[0]):
        doing, ended = NOTHING, NOTHING
        for slot in range(TIES):
            theirs, w = state[ties[i, slot]], np.uint64(activity[i, slot])
            doing += w * DOING[theirs]
            ended += w * ENDED[theirs]
        near[i], heard[i] = doing, ended


@njit(nogil=True, cache=True, error_model="numpy")
def sum_homes(size, adult, state, home, told):
    """Sum the other adults at home."""
    row = 0
    for people in size:
        doing, ended = NOTHING, NOTHING
        for i in range(row, row + people):
            home[i] = DOING[state[i]] if adult[i] == 1 else NOTHING
            told[i] = ENDED[state[i]] if adult[i] == 1 else NOTHING
            doing += home[i]
            ended += told[i]
        for i in range(row, row + people):
            home[i] = doing - home[i]
            told[i] = ended - told[i]
        row += people


@njit(nogil=True, cache=True, error_model="numpy")
def mean(near, home, place, through, out):
    """Fill the mean of one mode: what did it over what there is."""
    for i in range(out.shape[0]):
        weight = part(near[i], 0) + through * part(home[i], 0)
        share = part(near[i], place) + through * part(home[i], place)
        out[i] = share / (weight if weight > NONE else ONE)


@njit(nogil=True, cache=True, error_model="numpy")
def mean_outcome(near, home, heard, told, through, out):
    """Fill the mean outcome: good less bad over what there is."""
    for i in range(out.shape[0]):
        weight = part(near[i], 0) + through * part(home[i], 0)
        good = part(heard[i], 0) - part(heard[i], 1) + through * (part(told[i], 0) - part(told[i], 1))
        out[i] = good / (weight if weight > NONE else ONE)


@njit(inline="always")
def part(word: np.uint64, place: int) -> np.float32:
    """Return one of the whole numbers that a word holds."""
    return F((word >> np.uint64(WIDTH * place)) & ONES)


@njit(nogil=True, cache=True, error_model="numpy")
def ask(ids, ties, activity, did, recruits, asks, key, recruited):
    """Let those who took part in anything ask their acquaintances along; recruits uint8 a resident, asks float32."""
    n = ties.shape[0]
    for i in range(n):
        recruited[i] = 0
        if recruits[i] == 0:
            continue
        for slot in range(TIES):
            j = ties[i, slot]
            met = j < n and activity[i, slot] >= WEEKLY
            if met and did[j] > 0 and u24(key, ids[i], slot) < asks:
                recruited[i] = 1


def run(c: Context) -> None:
    """Gather what ties and housemates did last."""
    people, households = c.residents, c.households
    did = people.voted * VOTED | people.deliberated * DELIBERATED
    did = did | people.joined * JOINED | people.volunteers * VOLUNTEERED
    ties, activity = c.array("ties"), c.array("tie_activity")
    gather(
        ties, activity, households.first, households.size, people.adult, states(did, people.outcome),
        F(255.0 * c.assume("influence.household")), people.peers_vote, people.peers_deliberate,
        people.peers_activity, people.peers_volunteer, people.peers_outcome,
    )  # fmt: skip
    recruits = c.spread((c.rule("recruit.along_ties") > 0).astype(np.uint8)[c.blocks.area])
    key, asks = c.key("influence_peers.asks"), F(c.assume("recruit.asks"))
    ask(people.id, ties, activity, did, recruits, asks, key, people.is_recruited)


MECHANISM = Mechanism(
    name="influence_peers",
    question="What do the people around me do, and does one of them ask me along?",
    run=run,
    reads=(
        "ties",
        "tie_activity",
        *columns_of(
            "residents", "id", "adult", "voted", "deliberated", "joined", "volunteers", "outcome",
        ),
        *columns_of("households", "first", "size"),
        "blocks.area",
    ),
    writes=columns_of(
        "residents", "peers_vote", "peers_deliberate", "peers_activity", "peers_volunteer", "peers_outcome",
        "is_recruited",
    ),
    levers=("recruit.along_ties",),
    assumptions=("influence.household", "recruit.asks"),
    decisions=("influence_peers.asks",),
)  # fmt: skip
