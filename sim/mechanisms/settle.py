"""Settle: apply a month's posts to the stocks, all at once.

Rule: with all gains G and losses L of a stock s in [0,1],
    s' = s + (1 - s) sat(G) - s sat(L),   sat(x) = 1 - 1 / (1 + x + x^2/2 + x^3/6).
sat is 1 - exp(-x) to within x^4/24, in +, *, / alone, so that float32 kernels and their twin agree to the bit.
It never leaves [0,1], needs no clipping and does not care for the order of posts. The realised rise is shared
among the causes in proportion to their gains, the fall in proportion to their losses: the accounts.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from sim.mechanisms.posts import Posts
from sim.world.columns import STOCKS
from sim.world.world import World

ONE, HALF, SIXTH = np.float32(1.0), np.float32(0.5), np.float32(1.0 / 6.0)


@njit(inline="always")
def saturation(x: np.float32) -> np.float32:
    """Return 1 - 1/(1 + x + x^2/2 + x^3/6), the bounded share of what could still change."""
    return ONE - ONE / (ONE + x * (ONE + x * (HALF + x * SIXTH)))


@njit(nogil=True, cache=True)
def apply_posts(
    stock: np.ndarray, gain: np.ndarray, loss: np.ndarray, rise: np.ndarray, fall: np.ndarray
) -> None:
    """Move a stock in place; rise and fall receive the realised change per unit of gain and of loss posted."""
    zero = np.float32(0.0)
    for i in range(stock.shape[0]):
        s = stock[i]
        up = (ONE - s) * saturation(gain[i])
        down = s * saturation(loss[i])
        stock[i] = s + up - down
        rise[i] = up / gain[i] if gain[i] > zero else zero
        fall[i] = down / loss[i] if loss[i] > zero else zero


def settle(
    world: World, posts: Posts, cell: np.ndarray | None = None, shape: tuple[int, int] = (0, 0)
) -> list[tuple]:
    """Apply the month's posts; returns rows (stock, cause, gain, loss), the realised change of adults with a voice.

    cell: where each resident's change is booked, a place in the flattened `shape`; None keeps no accounts.
    """
    residents, rows = world.residents, []
    rise, fall = np.empty(residents.n, np.float32), np.empty(residents.n, np.float32)
    for stock in STOCKS:
        entries = posts.of(stock)
        total = [_total(entries, side, residents.n) for side in ("gain", "loss")]
        apply_posts(getattr(residents, stock), total[0], total[1], rise, fall)
        if cell is not None:
            voice = residents.has_voice
            parts = [
                (_booked(e.gain, rise, voice, cell, shape), _booked(e.loss, fall, voice, cell, shape))
                for e in entries
            ]
            rows += [(stock, e.cause, *both) for e, both in zip(entries, parts, strict=True)]
    return rows + [_level(entry, residents.has_voice, cell, shape) for entry in posts.levels]


def _level(entry: tuple, voice: np.ndarray, cell: np.ndarray, shape: tuple[int, int]) -> tuple:
    """Return the booked parts of a level as a row like those of stocks: what raised it and what lowered it."""
    measure, cause, values = entry
    up, down = np.maximum(values, 0), np.maximum(-values, 0)
    return measure, cause, *(_summed(side * voice, cell, shape) for side in (up, down))


def _total(entries: list, side: str, n: int) -> np.ndarray:
    total = np.zeros(n, np.float32)
    for entry in entries:
        if getattr(entry, side) is not None:
            total += getattr(entry, side)
    return total


def _booked(
    posted: np.ndarray | None,
    per_unit: np.ndarray,
    voice: np.ndarray,
    cell: np.ndarray,
    shape: tuple[int, int],
) -> np.ndarray:
    if posted is None:
        return np.zeros(shape)
    return _summed(posted.astype(np.float64) * per_unit * voice, cell, shape)


def _summed(values: np.ndarray, cell: np.ndarray, shape: tuple[int, int]) -> np.ndarray:
    return np.bincount(cell, weights=values, minlength=shape[0] * shape[1]).reshape(shape)
