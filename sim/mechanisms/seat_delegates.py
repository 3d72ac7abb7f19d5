"""Who speaks for the residents where not all of them meet?

Claim: a residents' group sends two or three (law.organic-1989-quorum); standing delegates sit for a term
(jinjiang.wufuqiao-three-systems). Whoever chooses them chooses whom they resemble.
    when a term runs out, and where a block has none, every block's delegates are those of its adults whose keyed luck,
    eased by what the way of choosing looks for, is smallest
        asked by the committee:  luck x (1 - likes x trust in the committee)
        chosen by the group:     luck x (1 - likes) for leaders
        elected:                 the same, x (1 - likes x belonging)
    groups send `per_block` a block; a standing meeting of n is shared among blocks by adults, at least one a block
Delegates are renewed at every election too. A merged community keeps its delegates unless the merger has them chosen
anew. Left out: delegates who resign or are recalled.
"""

from __future__ import annotations

import numpy as np

from sim.mechanisms.contract import Context, Mechanism, columns_of

BY_COMMITTEE, BY_GROUPS, BY_ELECTION = range(3)
STANDING, LEADER = 3, 3


def run(c: Context) -> None:
    """Seat new delegates where terms have run out."""
    people, blocks, areas = c.residents, c.blocks, c.areas
    term = c.rule("assembly.term_months").astype(np.int64)
    due = (areas.months_to_delegates <= 0) | (areas.delegates_called == 1)
    areas.months_to_delegates[:] = np.where(due, term, areas.months_to_delegates) - 1
    seated = c.by_block(people.is_delegate)
    renewed = due[blocks.area] | (seated == 0) | (c.institutions.is_election[blocks.community] == 1)
    if renewed.any():
        _seat(c, renewed, _seats(c))


def _seats(c: Context) -> np.ndarray:
    """Return how many delegates each block sends under the form in force."""
    people, blocks, offices = c.residents, c.blocks, c.institutions
    adults = c.by_block(people.has_voice)
    wanted = c.rule("assembly.delegates_per_community")[offices.seat[blocks.community]]
    share = adults / np.maximum(offices.adults[blocks.community], 1)
    standing = np.maximum(np.floor(wanted * share + 0.5), 1)
    is_standing = c.rule("assembly.form")[offices.seat[blocks.community]] == STANDING
    return np.where(is_standing, standing, np.round(c.assume("delegates.per_block")))


def _seat(c: Context, renewed: np.ndarray, seats: np.ndarray) -> None:
    people, blocks = c.residents, c.blocks
    rows = np.flatnonzero(c.spread(renewed))
    block, voice, size = people.block[rows], people.has_voice[rows] == 1, blocks.size[renewed]
    luck = c.uniforms("seat_delegates.luck", people.id[rows]) * _ease(c, rows)
    order = np.lexsort((np.where(voice, luck, 2.0), block))
    rank = np.empty(len(rows), np.int64)
    rank[order] = np.arange(len(rows)) - np.repeat(np.cumsum(size) - size, size)
    people.is_delegate[rows] = (rank < seats[block]) & voice


def _ease(c: Context, rows: np.ndarray) -> np.ndarray:
    people, likes = c.residents, c.assume("delegates.likes")
    way = c.rule("assembly.delegates_chosen_by")[people.area[rows]]
    leading = np.where(people.cooperator[rows] == LEADER, 1 - likes, 1.0)
    belonging = np.where(way == BY_ELECTION, 1 - likes * people.belonging[rows], 1.0)
    return np.where(way == BY_COMMITTEE, 1 - likes * people.trust_committee[rows], leading * belonging)


MECHANISM = Mechanism(
    name="seat_delegates",
    question="Who speaks for the residents where not all of them meet?",
    run=run,
    reads=(
        *columns_of("residents", "id", "block", "area", "has_voice", "cooperator", "belonging", "trust_committee"),
        *columns_of("blocks", "area", "community", "size"),
        *columns_of("institutions", "seat", "adults", "is_election"),
        "areas.delegates_called",
    ),
    writes=("residents.is_delegate", "areas.months_to_delegates"),
    levers=(
        "assembly.form", "assembly.term_months", "assembly.delegates_per_community", "assembly.delegates_chosen_by",
    ),
    assumptions=("delegates.per_block", "delegates.likes"),
    decisions=("seat_delegates.luck",),
)  # fmt: skip
