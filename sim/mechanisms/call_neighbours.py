"""Whom does the party organisation bring along?

Claim: branches in courtyards reach people whom an office does not (jinjiang.branch-channel), and a branch that is
open to members who live here has more to reach them with; whether that raises or narrows free voice is left open (F23).
    an adult is asked along with probability reach x (members here / usual) x (1 + nearer x steps) x (1 + opened)
    being asked works in every mode as being asked by an acquaintance does
    members are not asked: they come by themselves (the coefficient of party membership)
Left out: what is asked for; discipline inside the party.
"""

from __future__ import annotations

import numpy as np

from sim.agents.kinds import PartyOrganisation
from sim.mechanisms.contract import Context, Mechanism, columns_of


def run(c: Context) -> None:
    """Mark the adults whom activists of the party's branches ask along this month."""
    people, adults = c.residents, np.maximum(c.areas.adults, 1)
    members = c.by_area(people.party * people.has_voice) / adults
    share = PartyOrganisation.reach(
        members,
        float((members * adults).sum() / adults.sum()),
        c.rule("party.branches"),
        c.practised("party.open_membership"),
        c.assume("party.reach"),
        c.assume("party.branch_gain"),
        c.assume("party.open_gain"),
    )
    # One draw decides for a household: activists knock at doors.
    knocked = c.uniforms("call_neighbours.door", c.households.id) < share[c.blocks.area[c.households.block]]
    people.is_called[:] = (
        np.repeat(knocked, c.households.size) & (people.has_voice == 1) & (people.party == 0)
    )


MECHANISM = Mechanism(
    name="call_neighbours",
    question="Whom does the party organisation bring along?",
    run=run,
    reads=(
        *columns_of("residents", "party", "has_voice"),
        "areas.adults",
        "blocks.area",
        *columns_of("households", "id", "block", "size"),
    ),
    writes=("residents.is_called",),
    levers=("party.branches", "party.open_membership"),
    assumptions=("party.reach", "party.branch_gain", "party.open_gain"),
    decisions=("call_neighbours.door",),
)
