"""Who comes to a residents' meeting?

Claim: people come to talk matters over when something of theirs is on the table and when those around them come;
meetings that are held bring people, but less than in proportion (`participation_kernel`, mode `deliberate`).
    offset = supply x ln(meetings held); push = expected x is delegate
    who came is heard: efficacy and belonging gain; and learns who does what: awareness gains,
    more with longer schooling: x (1 + effect x (-1 primary, 0 secondary, 1 tertiary))
Left out: what is said, who dominates the talk.
"""

from __future__ import annotations

import numpy as np

from sim.mechanisms.arithmetic import logarithms
from sim.mechanisms.contract import Context, Mechanism, columns_of
from sim.mechanisms.participation import assumptions_of, books_of, decide, decisions_of, keep_record, looks_at
from sim.world.blocks import flagged

F = np.float32
NAME, MODE = "attend_meetings", "deliberate"


def run(c: Context) -> None:
    """Hold this month's meetings."""
    people, offices = c.residents, c.institutions
    invited = people.has_voice * c.spread((offices.meetings > 0)[c.blocks.community])
    supply = c.assume("deliberate.supply") * logarithms(np.maximum(offices.meetings, 1).astype(float))
    expected = F(c.assume("deliberate.delegate")) * people.is_delegate.astype(F)
    decide(c, NAME, MODE, invited, people.deliberated, supply, expected)
    keep_record(c, MODE, invited, people.deliberated)
    came = invited * people.deliberated
    c.areas.invited[:], c.areas.attended[:] = c.by_area(invited), c.by_area(came)
    rows = flagged(came)
    for stock in ("efficacy", "belonging"):
        c.post(stock, "meetings", F(c.assume(f"participation.{stock}")), rows=rows)
    learns = F(1) + F(c.assume("education.awareness")) * (people.education[rows].astype(F) - F(1))
    c.post("awareness", "meetings", F(c.assume("participation.awareness")) * learns, rows=rows)


MECHANISM = Mechanism(
    name=NAME,
    question="Who comes to a residents' meeting?",
    run=run,
    reads=(
        *looks_at(MODE),
        *columns_of("residents", "is_delegate", "peers_deliberate"),
        "institutions.meetings",
    ),
    writes=(
        *columns_of("residents", "habit_deliberate", "deliberated", "deliberate_history"),
        *columns_of("areas", "invited", "attended"),
    ),
    posts=(("efficacy", "meetings"), ("belonging", "meetings"), ("awareness", "meetings")),
    books=books_of(MODE),
    assumptions=(
        *assumptions_of(MODE),
        "deliberate.supply",
        "deliberate.delegate",
        "education.awareness",
        *(f"participation.{stock}" for stock in ("efficacy", "belonging", "awareness")),
    ),
    decisions=decisions_of(NAME),
)
