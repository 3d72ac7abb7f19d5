"""What is wrong in the neighbourhood, and whom does it touch?

Claim: people take part when their own interest is touched (jinjiang.own-interest, jinjiang.low-relevance): a broken
light touches its courtyard, hardly the next street.
    new issues per block: Poisson, a few a year; severity uniform; cost lognormal about a mean
    an issue nobody works on fades (people put up with it) at a monthly rate; a finished one is gone
    stake of a block = severity in its courtyard + far x severity elsewhere in its area per courtyard, at most one
Left out: kinds of issue with seasons of their own; issues that cause one another.
"""

from __future__ import annotations

import numpy as np

from sim.base.calendar import MONTHS_PER_YEAR
from sim.draws import lognormal_quantiles, poisson, row_keys
from sim.mechanisms.contract import Context, Guard, Mechanism, columns_of


def run(c: Context) -> None:
    """Drop what is finished or faded, add what is new, and say what is at stake for every block."""
    issues = c.issues
    fades = (c.uniforms("arise_issues.fade", issues.id) < c.assume("issues.fade")) & (issues.paid == 0)
    # A place does not begin without problems: the first month brings what fading alone would have left standing.
    months = c.assume("issues.at_start") / c.assume("issues.fade") if issues.n == 0 else 1.0
    # Where nobody has a voice nothing is a public matter.
    voiced = c.by_block(c.residents.has_voice) > 0
    rate = c.assume("issues.per_block_year") / MONTHS_PER_YEAR * months * voiced
    count = poisson(c.uniforms("arise_issues.arrive", np.arange(c.blocks.n)), rate)
    block = np.repeat(np.arange(c.blocks.n), count)
    ordinal = np.arange(len(block)) - np.repeat(np.cumsum(count) - count, count)
    new = row_keys(c.key("arise_issues.id"), block * 64 + ordinal)
    issues.age[:] += 1
    fresh = c.renew("issues", ~fades & (issues.is_done == 0), len(new))
    issues = c.issues
    issues.id[fresh], issues.block[fresh], issues.area[fresh] = new, block, c.blocks.area[block]
    issues.severity[fresh] = 0.2 + 0.8 * c.uniforms("arise_issues.severity", new)
    issues.age[fresh] = np.floor(c.uniforms("arise_issues.age", new) * months)
    spread = lognormal_quantiles(c.uniforms("arise_issues.cost", new), c.assume("issues.cost_spread"))
    issues.cost[fresh] = np.round(c.assume("issues.cost") * spread)
    _stake(c, voiced)


def _stake(c: Context, voiced: np.ndarray) -> None:
    blocks, issues = c.blocks, c.issues
    real = issues.severity.astype(float)
    yards = int(blocks.courtyard.max()) + 1
    near = np.bincount(blocks.courtyard[issues.block], weights=real, minlength=yards)
    in_area = np.bincount(issues.area, weights=real, minlength=c.areas.n)
    yards_of_area = np.maximum(np.bincount(_areas_of_courtyards(blocks, voiced), minlength=c.areas.n), 1)
    far = c.assume("issues.far") * in_area / yards_of_area
    blocks.stake[:] = np.minimum(near[blocks.courtyard] + far[blocks.area], 1.0)
    c.areas.need[:] = in_area


def _areas_of_courtyards(blocks: Guard, voiced: np.ndarray) -> np.ndarray:
    """Return the area of every courtyard in which somebody has a voice."""
    rows = np.flatnonzero(voiced)
    _, first = np.unique(blocks.courtyard[rows], return_index=True)
    return blocks.area[rows[first]]


MECHANISM = Mechanism(
    name="arise_issues",
    question="What is wrong in the neighbourhood, and whom does it touch?",
    run=run,
    reads=(
        "residents.has_voice", *columns_of("blocks", "area", "courtyard"),
        *columns_of("issues", "is_done", "paid"),
    ),
    writes=(
        *columns_of("issues", "id", "block", "area", "severity", "cost", "age"), "blocks.stake", "areas.need",
    ),
    assumptions=tuple(
        f"issues.{n}" for n in ("per_block_year", "cost", "cost_spread", "fade", "far", "at_start")
    ),
    decisions=tuple(f"arise_issues.{d}" for d in ("arrive", "id", "severity", "cost", "fade", "age")),
)  # fmt: skip
