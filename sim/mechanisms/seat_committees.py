"""What does an election leave behind?

Claim: who was chosen by many out of several looks to those who chose, and is trusted more; an election without a
choice leaves nothing (nanjing.chairs-hired, study.plan-elect).
    an election has a choice with probability contested x (1 by all voters, `delegated` by households or delegates)
    mandate = turnout of the last valid election with a choice; it fades by 1/term a month until the next
    residents who voted in it trust the committee more: gain = trust x turnout
Left out: candidates; who wins (where the chair comes from is a rule); by-elections.
"""

from __future__ import annotations

import numpy as np

from sim.mechanisms.contract import Context, Mechanism, columns_of

F = np.float32
ALL_VOTERS = 2


def run(c: Context) -> None:
    """Let mandates fade, and give new ones where an election was valid and had a choice."""
    offices, people = c.institutions, c.residents
    offices.mandate[:] -= offices.mandate / float(c.rule("election.term_months"))
    form = c.rule("election.form")[offices.seat]
    chance = c.assume("election.contested") * np.where(
        form == ALL_VOTERS, 1.0, c.assume("election.delegated")
    )
    open_choice = c.uniforms("seat_committees.choice", offices.id) < chance
    elected = (offices.is_election == 1) & (offices.quorum == 1)
    offices.mandate[elected] = np.where(open_choice, offices.turnout, 0.0)[elected]
    chosen = c.spread((elected & open_choice)[c.blocks.community])
    rows = np.flatnonzero(chosen & (people.voted == 1))
    turnout = offices.turnout.astype(F)[c.blocks.community[people.block[rows]]]
    c.post("trust_committee", "voting", F(c.assume("election.trust")) * turnout, rows=rows)


MECHANISM = Mechanism(
    name="seat_committees",
    question="What does an election leave behind?",
    run=run,
    reads=(
        *columns_of("institutions", "id", "seat", "is_election", "quorum", "turnout"),
        *columns_of("residents", "voted", "block"),
        "blocks.community",
    ),
    writes=("institutions.mandate",),
    posts=(("trust_committee", "voting"),),
    levers=("election.form", "election.term_months"),
    assumptions=("election.contested", "election.delegated", "election.trust"),
    decisions=("seat_committees.choice",),
)
