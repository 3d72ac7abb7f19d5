"""Residents stand block by block: a block is a slice, and every larger unit a list of blocks.

So a number of a block reaches its residents by repetition, and residents are summed by runs, in the order in which they
stand; a gather or a count by scattered rows takes ten times as long.
"""

from __future__ import annotations

import numpy as np
from numba import njit


def block_sums(values: np.ndarray, first: np.ndarray, size: np.ndarray) -> np.ndarray:
    """Return the sum over each block's residents in block order, float64; sums of whole numbers are exact."""
    whole = values.dtype.kind in "bui"
    return _counted(values, first, size).astype(np.float64) if whole else _summed(values, first, size)


def flagged(flags: np.ndarray) -> np.ndarray:
    """Return the rows of a column of flags (uint8, 0 or 1) that are set: ten times as quick as for any whole number."""
    return np.flatnonzero(flags.view(np.bool_))


@njit(nogil=True, cache=True)
def _counted(values: np.ndarray, first: np.ndarray, size: np.ndarray) -> np.ndarray:
    out = np.empty(first.shape[0], np.int64)
    for row in range(first.shape[0]):
        own = values[first[row] : first[row] + size[row]]
        total = np.int64(0)
        for i in range(own.shape[0]):
            total += np.int64(own[i])
        out[row] = total
    return out


@njit(nogil=True, cache=True)
def _summed(values: np.ndarray, first: np.ndarray, size: np.ndarray) -> np.ndarray:
    out = np.empty(first.shape[0], np.float64)
    for row in range(first.shape[0]):
        total = 0.0
        for i in range(first[row], first[row] + size[row]):
            total += values[i]
        out[row] = total
    return out
