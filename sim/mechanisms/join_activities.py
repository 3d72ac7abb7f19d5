"""Who joins in when there is something on?

Claim: choirs, festivals and courses are where most people start, and there must be some to join
(nanan.activities-to-selfgov): places are what the committee's hours, the organisations and bought services provide.
    offset = supply x ln(places a adult / usual places a adult), at most a third of the usual and three times it
    who wishes to come comes (`participation_kernel`, mode `activity`) as long as there are places; where more wish than
    there are places, luck decides, the same luck in both arms
    who trusts organisations comes the sooner, who does not the later, as far as theirs are the places there are
    belonging and awareness gain for those who came, and trust in organisations as far as the places were theirs
Left out: what is on, and for whom it is made.
"""

from __future__ import annotations

import numpy as np

from sim.mechanisms.arithmetic import logarithms
from sim.mechanisms.contract import Context, Mechanism, columns_of
from sim.mechanisms.participation import assumptions_of, books_of, decide, decisions_of, keep_record, looks_at
from sim.world.blocks import flagged

F = np.float32
NAME, MODE = "join_activities", "activity"
MOST = 3.0


def run(c: Context) -> None:
    """Fill this month's places."""
    people, offices = c.residents, c.institutions
    places, theirs = _places(c)
    invited = people.has_voice * c.spread((places > 0)[c.blocks.community])
    ratio = places / np.maximum(offices.adults, 1) / c.assume("activity.usual_places")
    supply = c.assume("activity.supply") * logarithms(np.clip(ratio, 1 / MOST, MOST))
    decide(c, NAME, MODE, invited, people.joined, supply, _trusting(c, theirs), pushed_by="trust")
    people.joined[:] = people.joined * invited
    _turn_away(c, places)
    keep_record(c, MODE, invited, people.joined)
    c.areas.joined[:] = c.by_area(people.joined)
    rows = flagged(people.joined)
    for stock in ("belonging", "awareness"):
        c.post(stock, "activities", F(c.assume(f"activity.to_{stock}")), rows=rows)
    gain = F(c.assume("activity.to_trust")) * theirs.astype(F)[c.blocks.community[people.block[rows]]]
    c.post("trust_organisations", "activities", gain, rows=rows)


def _places(c: Context) -> tuple[np.ndarray, np.ndarray]:
    """Return places in the month's activities by office, and which part of them organisations of its areas offer."""
    areas, committee, offices = c.areas, c.serving_rows("residents_committee"), c.institutions
    there = committee >= 0
    others = (areas.organised_places + areas.contract_places)[there]
    theirs = np.round(np.bincount(committee[there], weights=others, minlength=offices.n))
    places = offices.activity_places + theirs
    return places, theirs / np.maximum(places, 1)


def _trusting(c: Context, theirs: np.ndarray) -> np.ndarray:
    """Return what trust in organisations, against the usual, adds to each person's wish to come."""
    weight = (c.assume("activity.trust_organisations") * theirs).astype(F)[c.blocks.community]
    return c.spread(weight) * (
        c.residents.trust_organisations - F(c.assume("stocks.norm_trust_organisations"))
    )


def _turn_away(c: Context, places: np.ndarray) -> None:
    """Where more wish to come than there are places, keep those of the smallest keyed luck."""
    people, community = c.residents, c.blocks.community
    wish = c.sums(people.joined, community, len(places))
    rows = np.flatnonzero((people.joined == 1) & c.spread((wish > places)[community]))
    luck = c.uniforms("join_activities.place", people.id[rows])
    office = community[people.block[rows]]
    order = np.lexsort((luck, office))
    sorted_office = office[order]
    rank = np.arange(len(rows)) - np.searchsorted(sorted_office, sorted_office)
    away = rows[order][rank >= places[sorted_office]]
    people.joined[away] = 0
    if c.keeps_accounts:
        missed = np.zeros(people.n)
        missed[away] = -1.0
        c.book(f"participation.{MODE}", "occasion", missed)


MECHANISM = Mechanism(
    name=NAME,
    question="Who joins in when there is something on?",
    run=run,
    reads=(
        *looks_at(MODE),
        "serving",
        *columns_of("residents", "block", "peers_activity", "trust_organisations"),
        "institutions.activity_places",
        *columns_of("areas", "organised_places", "contract_places"),
    ),
    writes=(*columns_of("residents", "habit_activity", "joined", "activity_history"), "areas.joined"),
    posts=tuple((stock, "activities") for stock in ("belonging", "awareness", "trust_organisations")),
    books=books_of(MODE),
    assumptions=(
        *assumptions_of(MODE),
        *(
            f"activity.{name}"
            for name in (
                "supply",
                "usual_places",
                "to_belonging",
                "to_awareness",
                "to_trust",
                "trust_organisations",
            )
        ),
        "stocks.norm_trust_organisations",
    ),
    decisions=(*decisions_of(NAME), "join_activities.place"),
)
