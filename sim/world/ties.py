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
    tables: dict[str, Table], draws: Draws, assume: dict[str, float], rows: np.ndarray | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """Return ties uint32 (n, 8) of residents (rows; None: of all) and their weights uint8.

    A tie is the row of another resident; the sentinel n_residents means no tie.
    """
    residents, households = tables["residents"], tables["households"]
    mine = np.arange(residents.n) if rows is None else rows
    ids, n = residents.id[mine], len(mine)
    circles = _household_ranges(households, tables["blocks"], residents, mine)
    ties = np.full((n, TIES), residents.n, np.uint32)
    activity = np.zeros((n, TIES), np.uint8)
    near = assume["ties.share_courtyard"]
    circle_limits = [near, near + assume["ties.share_community"]]
    limits = np.cumsum(TALK_SHARES)[:-1]
    alone = (residents.is_tied[mine] == 0) | (residents.adult[mine] == 0)
    for slot in range(TIES):
        where, which, who, how = (
            draws.uniforms(f"populate.tie_{name}", 0, ids, slot)
            for name in ("circle", "household", "member", "talk")
        )
        circle = np.searchsorted(circle_limits, where, side="right")
        first, count = circles[circle, 0, np.arange(n)], circles[circle, 1, np.arange(n)]
        pick = first + (which * count).astype(np.int64)
        target = households.first[pick] + (who * households.size[pick]).astype(np.int64)
        valid = ~alone & (target != mine) & (residents.adult[target] == 1)
        ties[valid, slot] = target[valid]
        activity[valid, slot] = TALK_WEIGHT[np.searchsorted(limits, how, side="right")[valid]]
    return ties, activity


def _household_ranges(households: Table, blocks: Table, residents: Table, mine: np.ndarray) -> np.ndarray:
    """Return (circle, first or count, resident) household ranges of courtyard, area and district of these residents."""
    regular = residents.is_tied[households.first] == 1
    in_block = np.bincount(households.block[regular], minlength=blocks.n)
    counts = np.bincount(blocks.courtyard, weights=in_block).astype(np.int64)
    first = np.concatenate([[0], np.cumsum(counts)[:-1]])
    courtyard, area = blocks.courtyard[residents.block[mine]], residents.area[mine]
    n_areas = int(blocks.area.max()) + 1
    area_counts = np.bincount(blocks.area, weights=in_block, minlength=n_areas).astype(np.int64)
    area_first = np.concatenate([[0], np.cumsum(area_counts)[:-1]])
    ranges = np.empty((3, 2, len(mine)), np.int64)
    ranges[0, 0], ranges[0, 1] = first[courtyard], counts[courtyard]
    ranges[1, 0], ranges[1, 1] = area_first[area], area_counts[area]
    ranges[2, 0], ranges[2, 1] = 0, int(in_block.sum())
    return ranges
