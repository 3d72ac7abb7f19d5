"""Who knows whom: eight ties a person, nested in courtyard, area and district, each with how often the two talk.

A tie points at a *household* of the chosen circle and then at one of its members, so that one person more in
the place changes no tie of anybody else. Shares of the circles and of the frequencies of talk are assumptions;
the frequencies are those of a Shanghai survey (published.neighbour-chat-shanghai).
"""

from __future__ import annotations

import numpy as np

from sim.draws import Draws
from sim.world.columns import TIES
from sim.world.table import Table

# Weight of a tie by frequency of talk: daily, weekly, rarely, never (255 = every day).
TALK_WEIGHT = np.array([255, 140, 25, 0], np.uint8)
TALK_SHARES = (0.273, 0.294, 0.198, 0.235)


def make_ties(
    tables: dict[str, Table], draws: Draws, assume: dict[str, float]
) -> tuple[np.ndarray, np.ndarray]:
    """Return ties uint32 (n_residents, 8) and their weights uint8; the sentinel n_residents means no tie."""
    residents, households, blocks = tables["residents"], tables["households"], tables["blocks"]
    n = residents.n
    circles = _household_ranges(households, blocks, residents)
    ties = np.full((n, TIES), n, np.uint32)
    activity = np.zeros((n, TIES), np.uint8)
    in_courtyard, in_area = (
        assume["ties.share_courtyard"],
        assume["ties.share_courtyard"] + assume["ties.share_community"],
    )
    limits = np.cumsum(TALK_SHARES)[:-1]
    for slot in range(TIES):
        where = draws.uniforms("populate.tie_circle", 0, residents.id, slot)
        circle = np.searchsorted([in_courtyard, in_area], where, side="right")
        first, count = circles[circle, 0, np.arange(n)], circles[circle, 1, np.arange(n)]
        pick = first + (draws.uniforms("populate.tie_household", 0, residents.id, slot) * count).astype(
            np.int64
        )
        who = draws.uniforms("populate.tie_member", 0, residents.id, slot)
        target = households.first[pick] + (who * households.size[pick]).astype(np.int64)
        talk = np.searchsorted(
            limits, draws.uniforms("populate.tie_talk", 0, residents.id, slot), side="right"
        )
        valid = (
            (residents.is_tied == 1)
            & (target != np.arange(n))
            & (residents.adult == 1)
            & (residents.adult[target] == 1)
        )
        ties[valid, slot] = target[valid]
        activity[valid, slot] = TALK_WEIGHT[talk[valid]]
    return ties, activity


def _household_ranges(households: Table, blocks: Table, residents: Table) -> np.ndarray:
    """Return (circle, first or count, resident) household ranges of courtyard, area and district."""
    regular = residents.is_tied[households.first] == 1
    in_block = np.bincount(households.block[regular], minlength=blocks.n)
    counts = np.bincount(blocks.courtyard, weights=in_block).astype(np.int64)
    first = np.concatenate([[0], np.cumsum(counts)[:-1]])
    courtyard = blocks.courtyard[residents.block]
    n_areas = int(blocks.area.max()) + 1
    area_counts = np.bincount(blocks.area, weights=in_block, minlength=n_areas).astype(np.int64)
    area_first = np.concatenate([[0], np.cumsum(area_counts)[:-1]])
    ranges = np.empty((3, 2, residents.n), np.int64)
    ranges[0, 0], ranges[0, 1] = first[courtyard], counts[courtyard]
    ranges[1, 0], ranges[1, 1] = area_first[residents.area], area_counts[residents.area]
    ranges[2, 0], ranges[2, 1] = 0, int(in_block.sum())
    return ranges
