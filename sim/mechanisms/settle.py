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


@njit(nogil=True, cache=True, error_model="numpy")
def apply_posts(stock: np.ndarray, gain: np.ndarray, loss: np.ndarray) -> None:
    """Move a stock in place."""
    for i in range(stock.shape[0]):
        s = stock[i]
        stock[i] = s + (ONE - s) * saturation(gain[i]) - s * saturation(loss[i])


@njit(nogil=True, cache=True, error_model="numpy")
def realised(
    stock: np.ndarray, gain: np.ndarray, loss: np.ndarray, rise: np.ndarray, fall: np.ndarray
) -> None:
    """Fill rise and fall with the change per unit of gain and of loss posted, before the stock has moved."""
    zero = np.float32(0.0)
    for i in range(stock.shape[0]):
        up, down = (ONE - stock[i]) * saturation(gain[i]), stock[i] * saturation(loss[i])
        rise[i] = up / gain[i] if gain[i] > zero else zero
        fall[i] = down / loss[i] if loss[i] > zero else zero


def settle(
    world: World, posts: Posts, cell: np.ndarray | None = None, shape: tuple[int, int] = (0, 0)
) -> list[tuple]:
    """Apply the month's posts; returns rows (stock, cause, gain, loss), the realised change of adults with a voice.

    cell: where each resident's change is booked, a place in the flattened `shape`; None keeps no accounts.
    """
    residents, rows = world.residents, []
    for stock in STOCKS:
        entries, column = posts.of(stock), getattr(residents, stock)
        gain, loss = (_total(entries, side, residents.n) for side in ("gain", "loss"))
        if cell is not None:
            rows += _accounts(stock, entries, (column, gain, loss), (residents.has_voice, cell, shape))
        apply_posts(column, gain, loss)
    if cell is not None:
        rows += [_level(entry, residents.has_voice, cell, shape) for entry in posts.levels]
    return rows


def _accounts(stock: str, entries: list, moved: tuple, booking: tuple) -> list[tuple]:
    """Return a stock's rows of the accounts: to each cause its part of the rise and of the fall."""
    column, gain, loss = moved
    rise, fall = np.empty_like(column), np.empty_like(column)
    realised(column, gain, loss, rise, fall)
    return [
        (stock, e.cause, _booked(e.gain, e.rows, rise, *booking), _booked(e.loss, e.rows, fall, *booking))
        for e in entries
    ]


def _level(entry: tuple, voice: np.ndarray, cell: np.ndarray, shape: tuple[int, int]) -> tuple:
    """Return the booked parts of a level as a row like those of stocks: what raised it and what lowered it."""
    measure, cause, values = entry
    up, down = np.maximum(values, 0), np.maximum(-values, 0)
    return measure, cause, *(_summed(side * voice, cell, shape) for side in (up, down))


def _total(entries: list, side: str, n: int) -> np.ndarray:
    total = np.zeros(n, np.float32)
    for entry in entries:
        posted = getattr(entry, side)
        if posted is not None and entry.rows is None:
            total += posted
        elif posted is not None:
            total[entry.rows] += posted
    return total


def _booked(
    posted: np.ndarray | None,
    rows: np.ndarray | None,
    per_unit: np.ndarray,
    voice: np.ndarray,
    cell: np.ndarray,
    shape: tuple[int, int],
) -> np.ndarray:
    if posted is None:
        return np.zeros(shape)
    who = slice(None) if rows is None else rows
    return _summed(posted.astype(np.float64) * per_unit[who] * voice[who], cell[who], shape)


def _summed(values: np.ndarray, cell: np.ndarray, shape: tuple[int, int]) -> np.ndarray:
    return np.bincount(cell, weights=values, minlength=shape[0] * shape[1]).reshape(shape)
