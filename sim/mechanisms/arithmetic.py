"""Arithmetic that kernels, their twins and other machines agree on to the bit.

The logit of float32 kernels is plain arithmetic:

logistic(z) = (1 + tanh(z/2)) / 2, and tanh(x) = x (135135 + 17325 x^2 + 378 x^4 + x^6) /
(135135 + 62370 x^2 + 3150 x^4 + 28 x^6), the [7/6] continued fraction, within 1e-5 for |x| <= 4; beyond 4.97 it
is taken as 1. No libm call, no table. Powers and logarithms of offices are float64, one scalar at a time: numpy's
vector forms differ between processors. Kernels that divide are compiled with numba's numpy error model: a division that
could raise keeps the compiler from doing many people at a time (ten times as long for `settle`).
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit

F = np.float32
LIMIT = F(4.97)
P0, P1, P2 = F(135135.0), F(17325.0), F(378.0)
Q1, Q2, Q3 = F(62370.0), F(3150.0), F(28.0)
HALF, ONE = F(0.5), F(1.0)


@njit(inline="always")
def logistic(z: np.float32) -> np.float32:
    """Return 1/(1+exp(-z)) in float32 arithmetic."""
    x = min(max(HALF * z, -LIMIT), LIMIT)
    s = x * x
    t = x * (P0 + s * (P1 + s * (P2 + s))) / (P0 + s * (Q1 + s * (Q2 + s * Q3)))
    return HALF + HALF * min(max(t, -ONE), ONE)


@njit(nogil=True, cache=True)
def powers(base: np.ndarray, exponent: float) -> np.ndarray:
    """Return base ** exponent, float64, element by element."""
    out = np.empty(base.shape[0])
    for i in range(base.shape[0]):
        out[i] = math.pow(base[i], exponent)
    return out


@njit(nogil=True, cache=True)
def logistics(z: np.ndarray) -> np.ndarray:
    """Return 1/(1+exp(-z)), float64, element by element: for probabilities of a few hundred rows."""
    out = np.empty(z.shape[0])
    for i in range(z.shape[0]):
        out[i] = 1.0 / (1.0 + math.exp(-z[i]))
    return out


@njit(nogil=True, cache=True)
def logarithms(x: np.ndarray) -> np.ndarray:
    """Return the natural logarithm, float64, element by element."""
    out = np.empty(x.shape[0])
    for i in range(x.shape[0]):
        out[i] = math.log(x[i])
    return out
