"""Who gives time, how much, and who stops?

Claim: volunteers start as people take part in everything else, and stop unless satisfied and recognised: about one in
three within a year (published.volunteers-leave).
    who does not volunteer starts with the probability of the shared form (`participation_kernel`, mode `volunteer`)
    points push everybody but those whom they crowd out, whom they push away as much
    leaves with p = exit x (1 + dissatisfied x (1 - 2 satisfaction)) x (1 - recognised x stay), in [0, 1]
    hours a month = lognormal, drawn in float64; summed by community and offered to its committee for next month
    belonging gains
Left out: what volunteers are good at, insurance, who is matched with whom.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from sim.draws import lognormal_quantiles, u24
from sim.mechanisms.contract import Context, Mechanism, columns_of
from sim.mechanisms.participation import assumptions_of, books_of, decide, decisions_of, keep_record, looks_at
from sim.world.blocks import flagged

F = np.float32
NAME, MODE = "volunteer", "volunteer"
ZERO, ONE, TWO = F(0.0), F(1.0), F(2.0)


@njit(nogil=True, cache=True)
def stay(ids, volunteers, satisfaction, recognised, key, exit_rate, dissatisfied, keeps):
    """Let those who give time stop or go on, in place: volunteers uint8; rates float32."""
    for i in range(ids.shape[0]):
        if volunteers[i] == 1:
            p = exit_rate * (ONE + dissatisfied * (ONE - TWO * satisfaction[i]))
            p = min(max(p * (ONE - keeps * F(recognised[i])), ZERO), ONE)
            volunteers[i] = 0 if u24(key, ids[i], 0) < p else 1


def run(c: Context) -> None:
    """Let volunteers stop or start, and offer their hours."""
    people, offices = c.residents, c.institutions
    stay(
        people.id, people.volunteers, people.satisfaction, people.is_recognised, c.key("volunteer.exit"),
        F(c.assume("volunteer.exit")), F(c.assume("volunteer.dissatisfied")), F(c.assume("volunteer.recognised_stay")),
    )  # fmt: skip
    if c.keeps_accounts:
        c.book(f"participation.{MODE}", "habit", (people.volunteers * people.has_voice).astype(float))
    free = people.has_voice * (1 - people.volunteers)
    decide(c, NAME, MODE, free, people.volunteers, push=_points(c), worth=c.assume("volunteer.exit"))
    keep_record(c, MODE, people.has_voice, people.volunteers)
    rows = flagged(people.volunteers)
    hours = c.assume("volunteer.hours") * lognormal_quantiles(
        c.uniforms("volunteer.hours", people.id[rows]), c.assume("volunteer.hours_spread")
    )
    # Hours are rounded to minutes so that their sum does not depend on the order of people.
    minutes = np.round(np.minimum(hours, c.assume("volunteer.hours_cap")) * 60)
    office = c.blocks.community[people.block[rows]]
    offices.volunteer_hours[:] = np.bincount(office, weights=minutes, minlength=offices.n) / 60
    c.areas.volunteer_hours[:] = np.bincount(people.area[rows], weights=minutes, minlength=c.areas.n) / 60
    c.post("belonging", "volunteering", F(c.assume("volunteer.to_belonging")), rows=rows)


def _points(c: Context) -> np.ndarray:
    """Return what points do to each person's wish to start: a push, away for those whom they crowd out."""
    by_block = (c.assume("volunteer.points") * c.rule("points")[c.blocks.area]).astype(F)
    push = c.spread(by_block)
    rewarded = np.flatnonzero(c.spread(by_block != 0))
    luck = c.lasting_uniforms("volunteer.crowded", c.residents.id[rewarded])
    crowded = rewarded[luck < c.assume("volunteer.crowding_out")]
    push[crowded] = -push[crowded]
    return push


MECHANISM = Mechanism(
    name=NAME,
    question="Who gives time, how much, and who stops?",
    run=run,
    reads=(
        *looks_at(MODE),
        *columns_of("residents", "area", "block", "peers_volunteer", "satisfaction", "is_recognised"),
    ),
    writes=(
        *columns_of("residents", "habit_volunteer", "volunteers", "volunteer_history"),
        "institutions.volunteer_hours",
        "areas.volunteer_hours",
    ),
    posts=(("belonging", "volunteering"),),
    books=books_of(MODE),
    levers=("points",),
    assumptions=(
        *assumptions_of(MODE),
        *(
            f"volunteer.{name}"
            for name in (
                "exit", "dissatisfied", "recognised_stay", "hours", "hours_spread", "hours_cap", "points",
                "crowding_out", "to_belonging",
            )
        ),
    ),
    decisions=(*decisions_of(NAME), *(f"volunteer.{name}" for name in ("exit", "hours", "crowded"))),
)  # fmt: skip
