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
TALK_LIMITS = np.cumsum(TALK_SHARES)[:-1]
FEW = 10_000  # residents


def make_ties(
    tables: dict[str, Table], draws: Draws, assume: dict[str, float], rows: np.ndarray | None = None
) -> tuple[np.ndarray, np.ndarray]:
    """Return ties uint32 (n, 8) of residents (rows; None: of all) and their weights uint8.

    A tie is the row of another resident; the sentinel n_residents means no tie.
    """
    residents = tables["residents"]
    mine = np.arange(residents.n) if rows is None else rows
    circles = _household_ranges(tables, mine)
    near = assume["ties.share_courtyard"]
    limits = np.array([near, near + assume["ties.share_community"]])
    ties = np.full((len(mine), TIES), residents.n, np.uint32)
    activity = np.zeros((len(mine), TIES), np.uint8)
    # All at once costs fewest calls, one after the other least memory.
    for slots in np.split(np.arange(TIES), 1 if len(mine) < FEW else TIES):
        target, talk = _draw_ties(tables, draws, mine, circles, limits, slots)
        ties[:, slots] = target
        activity[:, slots] = talk
    return ties, activity


def _draw_ties(
    tables: dict[str, Table],
    draws: Draws,
    mine: np.ndarray,
    circles: np.ndarray,
    limits: np.ndarray,
    slots: np.ndarray,
) -> tuple[np.ndarray, np.ndarray]:
    """Return whom these residents know in these slots and how often the two talk, (resident, slot)."""
    residents, households = tables["residents"], tables["households"]
    n, person = len(mine), np.arange(len(mine))[:, None]
    ids, k = np.repeat(residents.id[mine][:, None], len(slots), axis=1), np.tile(slots, (n, 1))
    where, which, who, how = (
        draws.uniforms(f"populate.tie_{name}", 0, ids, k)
        for name in ("circle", "household", "member", "talk")
    )
    circle = np.searchsorted(limits, where, side="right")
    pick = circles[circle, 0, person] + (which * circles[circle, 1, person]).astype(np.int64)
    target = households.first[pick] + (who * households.size[pick]).astype(np.int64)
    alone = (residents.is_tied[mine] == 0) | (residents.adult[mine] == 0)
    valid = ~alone[:, None] & (target != mine[:, None]) & (residents.adult[target] == 1)
    talk = TALK_WEIGHT[np.searchsorted(TALK_LIMITS, how, side="right")]
    return np.where(valid, target, residents.n), np.where(valid, talk, 0)


def _household_ranges(tables: dict[str, Table], mine: np.ndarray) -> np.ndarray:
    """Return (circle, first or count, resident) household ranges of courtyard, area and district of these residents."""
    residents, blocks = tables["residents"], tables["blocks"]
    counts = np.bincount(blocks.courtyard, weights=blocks.homes).astype(np.int64)
    first = np.cumsum(counts) - counts
    courtyard, area = blocks.courtyard[residents.block[mine]], residents.area[mine]
    area_counts = np.bincount(blocks.area, weights=blocks.homes).astype(np.int64)
    area_first = np.cumsum(area_counts) - area_counts
    ranges = np.empty((3, 2, len(mine)), np.int64)
    ranges[0, 0], ranges[0, 1] = first[courtyard], counts[courtyard]
    ranges[1, 0], ranges[1, 1] = area_first[area], area_counts[area]
    ranges[2, 0], ranges[2, 1] = 0, int(blocks.homes.sum())
    return ranges
