"""What do the people around me do?

Claim: participation spreads along ties and inside households (nanan.tenglong-three-brings).
    peers = weighted mean over ties (weight: how often the two talk) and housemates (weight: pass-through)
    of: voted at the last ballot, was at the last meeting, outcome of this month's request
Left out: ties that form or break; opinions.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from sim.mechanisms.contract import Context, Mechanism, columns_of
from sim.world.columns import TIES

F = np.float32


@njit(nogil=True, cache=True)
def gather(
    ties,
    activity,
    home,
    first,
    size,
    adult,
    voted,
    deliberated,
    outcome,
    through,
    peers_vote,
    peers_deliberate,
    peers_outcome,
):
    """Fill the three peer means; ties uint32 (n, 8) with sentinel n, activity uint8 weights, float32 sums in
    slot order.
    """
    n = ties.shape[0]
    for i in range(n):
        weight, vote, deliberate, result = F(0.0), F(0.0), F(0.0), F(0.0)
        for slot in range(TIES):
            j = ties[i, slot]
            if j < n:
                w = F(activity[i, slot])
                weight += w
                vote += w * F(voted[j])
                deliberate += w * F(deliberated[j])
                result += w * F(outcome[j])
        h = home[i]
        for j in range(first[h], first[h] + size[h]):
            if j != i and adult[j] == 1:
                weight += through
                vote += through * F(voted[j])
                deliberate += through * F(deliberated[j])
                result += through * F(outcome[j])
        if weight > F(0.0):
            peers_vote[i], peers_deliberate[i], peers_outcome[i] = (
                vote / weight,
                deliberate / weight,
                result / weight,
            )
        else:
            peers_vote[i], peers_deliberate[i], peers_outcome[i] = F(0.0), F(0.0), F(0.0)


def run(c: Context) -> None:
    """Gather what ties and housemates did last."""
    people, households = c.residents, c.households
    gather(
        c.array("ties"),
        c.array("tie_activity"),
        people.household,
        households.first,
        households.size,
        people.adult,
        people.voted,
        people.deliberated,
        people.outcome,
        F(255.0 * c.assume("influence.household")),
        people.peers_vote,
        people.peers_deliberate,
        people.peers_outcome,
    )


MECHANISM = Mechanism(
    name="influence_peers",
    question="What do the people around me do?",
    run=run,
    reads=(
        "ties",
        "tie_activity",
        *columns_of("residents", "household", "adult", "voted", "deliberated", "outcome"),
        *columns_of("households", "first", "size"),
    ),
    writes=columns_of("residents", "peers_vote", "peers_deliberate", "peers_outcome"),
    assumptions=("influence.household",),
)
