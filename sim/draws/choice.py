"""One of several, drawn by a logit, for many choosers at once."""

from __future__ import annotations

import math

import numpy as np
from numba import njit


@njit(nogil=True, cache=True)
def choose_by_logit(utility: np.ndarray, available: np.ndarray, luck: np.ndarray) -> np.ndarray:
    """Return the column each row chooses: probability proportional to exp(utility) over what is available.

    utility float64 and available bool are (n, options); luck float64 (n,) uniforms. Inverse of the cumulated
    shares in column order, so a small change of utility moves only the rows whose luck lies between the old and
    the new share. A row with nothing available gets column 0.
    """
    n, options = utility.shape
    chosen = np.zeros(n, np.int64)
    for i in range(n):
        top = -np.inf
        for j in range(options):
            if available[i, j] and utility[i, j] > top:
                top = utility[i, j]
        total = 0.0
        for j in range(options):
            if available[i, j]:
                total += math.exp(utility[i, j] - top)
        below, target = 0.0, luck[i] * total
        for j in range(options):
            if available[i, j]:
                below += math.exp(utility[i, j] - top)
                chosen[i] = j
                if target < below:
                    break
    return chosen
