"""What is wrong in the neighbourhood, and whom does it touch?

Claim: people take part when their own interest is touched (jinjiang.own-interest, jinjiang.low-relevance): parking
touches who has a car, a broken light its courtyard and hardly the next street.
    new issues per block: Poisson, a few a year, by kind: share of the kind x its season (a mean of one over the year);
    severity uniform; cost lognormal about what the kind costs
    an issue nobody works on fades (people put up with it) at a monthly rate; a finished one is gone
    stake of a resident = sum over kinds of touch x (severity in the courtyard + far x mean severity of the area's
    courtyards, one's own among them), at most one
    touch = 1 + strength x (what the kind means to such a home / its mean here - 1)
Left out: issues that cause one another.
"""

from __future__ import annotations

import numpy as np

from sim.base.calendar import MONTHS_PER_YEAR
from sim.catalogue import issue_kinds
from sim.draws import lognormal_quantiles, poisson, row_keys
from sim.mechanisms.contract import Context, Mechanism, columns_of
from sim.mechanisms.guard import Guard
from sim.world.interests import N_CODES, touched

F = np.float32
KINDS = tuple(issue_kinds().values())
SHARE, COST_RATIO, SEASON = (
    np.array([getattr(k, a) for k in KINDS]) for a in ("share", "cost_ratio", "season")
)
TOUCHED = touched()


def run(c: Context) -> None:
    """Drop what is finished or faded, add what is new, and say what is at stake for everybody."""
    issues = c.issues
    fades = (c.uniforms("arise_issues.fade", issues.id) < c.assume("issues.fade")) & (issues.paid == 0)
    # A place does not begin without problems: the first month brings what fading alone would have left standing.
    first = bool((c.areas.need_by_kind < 0).all())
    months = c.assume("issues.at_start") / c.assume("issues.fade") if first else 1.0
    # Where nobody has a voice nothing is a public matter.
    voiced = c.by_block(c.residents.has_voice) > 0
    likely = SHARE if first else _in_season(c)
    rate = c.assume("issues.per_block_year") / MONTHS_PER_YEAR * months * likely.sum() * voiced
    count = poisson(c.uniforms("arise_issues.arrive", np.arange(c.blocks.n)), rate)
    block = np.repeat(np.arange(c.blocks.n), count)
    ordinal = np.arange(len(block)) - np.repeat(np.cumsum(count) - count, count)
    new = row_keys(c.key("arise_issues.id"), block * 64 + ordinal)
    issues.age[:] += 1
    fresh = c.renew("issues", ~fades & (issues.is_done == 0), len(new))
    _describe(c, fresh, new, block, likely, months)
    _stake(c, voiced)


def _in_season(c: Context) -> np.ndarray:
    """Return how likely each kind is this month, against a usual month of all kinds together."""
    return SHARE * (1 + c.assume("issues.season") * (SEASON[:, c.season] - 1))


def _describe(
    c: Context, fresh: slice, new: np.ndarray, block: np.ndarray, likely: np.ndarray, months: float
) -> None:
    """Give the new issues their place, kind, severity, age and cost."""
    issues = c.issues
    issues.id[fresh], issues.block[fresh], issues.area[fresh] = new, block, c.blocks.area[block]
    issues.severity[fresh] = 0.2 + 0.8 * c.uniforms("arise_issues.severity", new)
    issues.age[fresh] = np.floor(c.uniforms("arise_issues.age", new) * months)
    upto = np.cumsum(likely)[:-1] / max(likely.sum(), 1e-9)
    kind = np.searchsorted(upto, c.uniforms("arise_issues.kind", new), side="right")
    spread = lognormal_quantiles(c.uniforms("arise_issues.cost", new), c.assume("issues.cost_spread"))
    issues.kind[fresh] = kind
    issues.cost[fresh] = np.round(c.assume("issues.cost") * COST_RATIO[kind] * spread)


def _stake(c: Context, voiced: np.ndarray) -> None:
    blocks, issues, people = c.blocks, c.issues, c.residents
    yards, real = int(blocks.courtyard.max()) + 1, issues.severity.astype(float)
    near = _by_kind(blocks.courtyard[issues.block], issues.kind, real, yards)
    in_area = _by_kind(issues.area, issues.kind, real, c.areas.n)
    yards_of_area = np.maximum(np.bincount(_areas_of_courtyards(blocks, voiced), minlength=c.areas.n), 1)
    far = c.assume("issues.far") * in_area / yards_of_area[:, None]
    # One row a block, one column a sort of home: everybody looks up theirs.
    stakes = np.minimum((near[blocks.courtyard] + far[blocks.area]) @ _touch(c), 1.0).astype(F)
    people.stake[:] = stakes.ravel()[people.block * N_CODES + people.interests]
    c.areas.need[:], c.areas.need_by_kind[:] = in_area.sum(axis=1), in_area


def _by_kind(unit: np.ndarray, kind: np.ndarray, real: np.ndarray, n: int) -> np.ndarray:
    """Return summed severity by unit and kind."""
    cell = unit.astype(np.int64) * len(KINDS) + kind
    return np.bincount(cell, weights=real, minlength=n * len(KINDS)).reshape(n, len(KINDS))


def _touch(c: Context) -> np.ndarray:
    """Return what a kind means to a sort of home, (kinds, codes): one on the mean of those with a voice here."""
    people = c.residents
    here = np.bincount(people.interests, weights=people.has_voice, minlength=N_CODES)
    mean = TOUCHED @ here / max(here.sum(), 1.0)
    relative = TOUCHED / np.where(mean > 0, mean, 1.0)[:, None]
    return 1 + c.assume("issues.touch") * (relative - 1)


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
        *columns_of("residents", "has_voice", "block", "interests"), *columns_of("blocks", "area", "courtyard"),
        *columns_of("issues", "is_done", "paid"),
    ),
    writes=(
        *columns_of("issues", "id", "block", "area", "kind", "severity", "cost", "age"),
        "residents.stake", "areas.need", "areas.need_by_kind",
    ),
    assumptions=tuple(
        f"issues.{n}"
        for n in ("per_block_year", "cost", "cost_spread", "fade", "far", "at_start", "season", "touch")
    ),
    decisions=tuple(
        f"arise_issues.{d}" for d in ("arrive", "id", "severity", "cost", "fade", "age", "kind")
    ),
)  # fmt: skip
