"""What does an election leave behind?

Claim: who was chosen by many out of several looks to those who chose, and is trusted more; an election without a
choice leaves nothing (nanjing.chairs-hired, study.plan-elect).
    an election has a choice with probability contested x (1 by all voters, `delegated` by households or delegates)
        x (`opened` where anyone may stand)
    the chair comes from where the rule says; where residents choose among candidates, a resident takes the chair after
        a valid election with a choice, with a probability of its own where candidates are put forward from above and
        where anyone may stand, and holds it until an election without one, or until the rule names the chair again
    mandate = turnout of the last valid election with a choice; it fades by 1/term a month until the next
    residents who voted in it trust the committee more: gain = trust x turnout
Left out: candidates as persons; by-elections.
"""

from __future__ import annotations

import numpy as np

from sim.mechanisms.contract import Context, Mechanism, columns_of

F = np.float32
ALL_VOTERS = 2
NAMED, NOMINATED, OPEN = range(3)
RESIDENT = 0


def run(c: Context) -> None:
    """Let mandates fade, give new ones where an election was valid and had a choice, and seat the chairs."""
    offices, people = c.institutions, c.residents
    offices.mandate[:] -= offices.mandate / float(c.rule("election.term_months"))
    open_choice = c.uniforms("seat_committees.choice", offices.id) < _chance(c)
    elected = (offices.is_election == 1) & (offices.quorum == 1)
    offices.mandate[elected] = np.where(open_choice, offices.turnout, 0.0)[elected]
    _seat(c, elected, open_choice)
    chosen = c.spread((elected & open_choice)[c.blocks.community])
    rows = np.flatnonzero(chosen & (people.voted == 1))
    turnout = offices.turnout.astype(F)[c.blocks.community[people.block[rows]]]
    c.post("trust_committee", "voting", F(c.assume("election.trust")) * turnout, rows=rows)


def _chance(c: Context) -> np.ndarray:
    """Return, per office, how likely an election has a choice."""
    seat = c.institutions.seat
    form, stand = c.rule("election.form")[seat], c.rule("election.candidates")[seat]
    chance = np.where(form == ALL_VOTERS, 1.0, c.assume("election.delegated"))
    chance = chance * np.where(stand == OPEN, c.assume("election.opened"), 1.0)
    return np.minimum(c.assume("election.contested") * chance, 1.0)


def _seat(c: Context, elected: np.ndarray, open_choice: np.ndarray) -> None:
    """Set where each chair comes from: the rule's origin, or what the last election made of it."""
    offices = c.institutions
    named, stand = c.rule("committee.chair_origin")[offices.seat], c.rule("election.candidates")[offices.seat]
    wins = np.where(
        stand == OPEN,
        c.assume("election.wins_open"),
        np.where(stand == NOMINATED, c.assume("election.wins"), 0.0),
    )
    won = elected & open_choice & (c.uniforms("seat_committees.chair", offices.id) < wins)
    offices.chosen[elected | (stand == NAMED)] = 0
    offices.chosen[won] = 1
    offices.chair[:] = np.where(offices.chosen == 1, RESIDENT, named)


MECHANISM = Mechanism(
    name="seat_committees",
    question="What does an election leave behind?",
    run=run,
    reads=(
        *columns_of("institutions", "id", "seat", "is_election", "quorum", "turnout"),
        *columns_of("residents", "voted", "block"),
        "blocks.community",
    ),
    writes=columns_of("institutions", "mandate", "chosen", "chair"),
    posts=(("trust_committee", "voting"),),
    levers=("election.form", "election.term_months", "election.candidates", "committee.chair_origin"),
    assumptions=tuple(
        f"election.{name}" for name in ("contested", "delegated", "opened", "wins", "wins_open", "trust")
    ),
    decisions=("seat_committees.choice", "seat_committees.chair"),
)
