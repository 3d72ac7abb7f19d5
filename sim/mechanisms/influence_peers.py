"""What do the people around me do, and does one of them ask me along?

Claim: participation spreads along ties and inside households, from leisure to self-governance
(nanan.tenglong-three-brings, nanan.activities-to-selfgov).
    peers = weighted mean over ties (weight: how often the two talk) and housemates (weight: pass-through), one mean a
    mode (voted at the last ballot, was at the last meeting, joined or volunteered last month) and one of the outcome of
    this month's requests
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
WEEKLY = 140
# What a person did last, one bit a mode.
VOTED, DELIBERATED, JOINED, VOLUNTEERED = 1, 2, 4, 8


@njit(nogil=True, cache=True)
def gather(
    ids, ties, activity, home, first, size, adult, did, outcome, through, recruits, asks, key,
    peers_vote, peers_deliberate, peers_activity, peers_volunteer, peers_outcome, recruited,
):  # fmt: skip
    """Fill the five peer means and who is asked; ties uint32 (n, 8) with sentinel n, activity uint8 weights, did uint8
    bits, recruits uint8 a resident, float32 sums in slot order.
    """
    n = ties.shape[0]
    for i in range(n):
        weight, vote, deliberate, join, volunteer, result = F(0.0), F(0.0), F(0.0), F(0.0), F(0.0), F(0.0)
        recruited[i] = 0
        for slot in range(TIES):
            j = ties[i, slot]
            if j < n:
                w, d = F(activity[i, slot]), did[j]
                weight += w
                vote += w * F(d & 1)
                deliberate += w * F((d >> 1) & 1)
                join += w * F((d >> 2) & 1)
                volunteer += w * F((d >> 3) & 1)
                result += w * F(outcome[j])
                if (
                    recruits[i] == 1
                    and d > 0
                    and activity[i, slot] >= WEEKLY
                    and u24(key, ids[i], slot) < asks
                ):
                    recruited[i] = 1
        h = home[i]
        for j in range(first[h], first[h] + size[h]):
            if j != i and adult[j] == 1:
                d = did[j]
                weight += through
                vote += through * F(d & 1)
                deliberate += through * F((d >> 1) & 1)
                join += through * F((d >> 2) & 1)
                volunteer += through * F((d >> 3) & 1)
                result += through * F(outcome[j])
        if weight == F(0.0):
            weight = F(1.0)
        peers_vote[i], peers_deliberate[i] = vote / weight, deliberate / weight
        peers_activity[i], peers_volunteer[i] = join / weight, volunteer / weight
        peers_outcome[i] = result / weight


def run(c: Context) -> None:
    """Gather what ties and housemates did last."""
    people, households = c.residents, c.households
    did = people.voted * VOTED | people.deliberated * DELIBERATED
    did = did | people.joined * JOINED | people.volunteers * VOLUNTEERED
    gather(
        people.id, c.array("ties"), c.array("tie_activity"), people.household, households.first, households.size,
        people.adult, did.astype(np.uint8), people.outcome, F(255.0 * c.assume("influence.household")),
        (c.rule("recruit.along_ties")[people.area] > 0).astype(np.uint8), F(c.assume("recruit.asks")),
        c.key("influence_peers.asks"), people.peers_vote, people.peers_deliberate, people.peers_activity,
        people.peers_volunteer, people.peers_outcome, people.is_recruited,
    )  # fmt: skip


MECHANISM = Mechanism(
    name="influence_peers",
    question="What do the people around me do, and does one of them ask me along?",
    run=run,
    reads=(
        "ties",
        "tie_activity",
        *columns_of(
            "residents", "id", "area", "household", "adult", "voted", "deliberated", "joined", "volunteers", "outcome",
        ),
        *columns_of("households", "first", "size"),
    ),
    writes=columns_of(
        "residents", "peers_vote", "peers_deliberate", "peers_activity", "peers_volunteer", "peers_outcome",
        "is_recruited",
    ),
    levers=("recruit.along_ties",),
    assumptions=("influence.household", "recruit.asks"),
    decisions=("influence_peers.asks",),
)  # fmt: skip
