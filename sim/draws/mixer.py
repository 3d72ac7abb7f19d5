"""Random numbers by name: a counter-based mixer, and the few distributions the model draws from.

Published source: splitmix64 (Steele, Lea and Flood 2014) with Stafford's variant 13 as finaliser. The n-th
number of the sequence with seed s is `mix(s + (n + 1) * GAMMA)`, so any number can be had without the ones before
it. A draw chains two of them: the stream key at the id, then the result at k. Nothing here has a state.

Scalars compiled by numba; every one has a plain Python twin of the same name in `reference.py`. log and exp are
the C library's in both.
"""

from __future__ import annotations

import math

import numpy as np
from numba import njit

GAMMA = np.uint64(0x9E3779B97F4A7C15)
FIRST = np.uint64(0xBF58476D1CE4E5B9)
SECOND = np.uint64(0x94D049BB133111EB)
ONE, S30, S27, S31, S11, S40 = (np.uint64(n) for n in (1, 30, 27, 31, 11, 40))
TO_53 = 2.0**-53
TO_24 = np.float32(2.0**-24)
SMALLEST = 2.0**-54  # stands for a uniform of exactly 0 where a quantile would be infinite
LARGE_MEAN = 500.0  # above it exp(-mean) comes near the smallest float

scalar = njit(nogil=True, cache=True, error_model="numpy")


@scalar
def mix(x):
    """Return the finaliser of splitmix64: a bijection of 64-bit words."""
    x = np.uint64(x)
    x = (x ^ (x >> S30)) * FIRST
    x = (x ^ (x >> S27)) * SECOND
    return x ^ (x >> S31)


@scalar
def chain(key, n):
    """Return number n of the splitmix64 sequence with seed `key`."""
    return mix(np.uint64(key) + GAMMA * (np.uint64(n) + ONE))


@scalar
def u64(key, who, k):
    """Return the 64-bit word of (stream key, stable id, k)."""
    return chain(chain(key, who), k)


@scalar
def u01(key, who, k):
    """Return a float64 uniform in [0,1) with 53 random bits."""
    return np.float64(u64(key, who, k) >> S11) * TO_53


@scalar
def u24(key, who, k):
    """Return a float32 uniform in [0,1) with 24 random bits."""
    return np.float32(u64(key, who, k) >> S40) * TO_24


@scalar
def stream_key(seed, decision, month, salt):
    """Return the key of one decision in one month; month may be any integer, salt is 0 save in a placebo."""
    return chain(chain(chain(seed, decision), month), salt)


@scalar
def std_normal(u):
    """Return the standard normal quantile of u (Wichura 1988, AS241, routine PPND16; relative error 1e-16)."""
    # fmt: off
    q = u - 0.5
    if abs(q) <= 0.425:
        r = 0.180625 - q * q
        return q * (
            (((((((2509.0809287301226727 * r + 33430.575583588128105) * r + 67265.770927008700853) * r
                + 45921.953931549871457) * r + 13731.693765509461125) * r + 1971.5909503065514427) * r
                + 133.14166789178437745) * r + 3.387132872796366608)
            / (((((((5226.495278852545925 * r + 28729.085735721942674) * r + 39307.89580009271061) * r
                + 21213.794301586595867) * r + 5394.1960214247511077) * r + 687.1870074920579083) * r
                + 42.313330701600911252) * r + 1.0)
        )
    tail = u if q < 0.0 else 1.0 - u
    r = math.sqrt(-math.log(max(tail, SMALLEST)))
    if r <= 5.0:
        r -= 1.6
        z = (
            (((((((7.7454501427834140764e-4 * r + 0.0227238449892691845833) * r + 0.24178072517745061177) * r
                + 1.27045825245236838258) * r + 3.64784832476320460504) * r + 5.7694972214606914055) * r
                + 4.6303378461565452959) * r + 1.42343711074968357734)
            / (((((((1.05075007164441684324e-9 * r + 5.475938084995344946e-4) * r + 0.0151986665636164571966) * r
                + 0.14810397642748007459) * r + 0.68976733498510000455) * r + 1.6763848301838038494) * r
                + 2.05319162663775882187) * r + 1.0)
        )
    else:
        r -= 5.0
        z = (
            (((((((2.01033439929228813265e-7 * r + 2.71155556874348757815e-5) * r + 0.0012426609473880784386) * r
                + 0.026532189526576123093) * r + 0.29656057182850489123) * r + 1.7848265399172913358) * r
                + 5.4637849111641143699) * r + 6.6579046435011037772)
            / (((((((2.04426310338993978564e-15 * r + 1.4215117583164458887e-7) * r + 1.8463183175100546818e-5) * r
                + 7.868691311456132591e-4) * r + 0.0148753612908506148525) * r + 0.13692988092273580531) * r
                + 0.59983220655588793769) * r + 1.0)
        )
    # fmt: on
    return -z if q < 0.0 else z


# Quantiles at every 1024th, for those who need a normal fast and not to the last digit.
CELLS = 1024.0
EDGE = 1.0 / 64.0
NODES = np.array([std_normal(max(i / CELLS, SMALLEST)) for i in range(int(CELLS) + 1)])


@scalar
def quick_normal(u):
    """Return the standard normal quantile within 2e-4: a line between two nodes, exact in the outer 64ths."""
    if u < EDGE or u >= 1.0 - EDGE:
        return std_normal(u)
    x = u * CELLS
    i = np.uint64(x)
    return NODES[i] + (NODES[i + ONE] - NODES[i]) * (x - np.float64(i))


@scalar
def log_spread(cv):
    """Return the standard deviation of the logarithm of a lognormal with coefficient of variation cv."""
    return math.sqrt(math.log(1.0 + cv * cv))


@scalar
def lognormal_unit_mean(z, spread):
    """Return a lognormal of mean one whose logarithm has this spread, at the standard normal z."""
    return math.exp(spread * z - 0.5 * spread * spread)


@scalar
def poisson_scalar(u, mean):
    """Return the Poisson quantile of u: exact to a mean of 500, the Cornish-Fisher expansion above it.

    Rising in u and in the mean, so a higher rate adds events and takes none away.
    """
    if u < 1.0 - mean:  # exp(-m) >= 1 - m: none, without the exponential
        return 0
    if mean > LARGE_MEAN:
        z = std_normal(u)
        return int(max(math.floor(mean + math.sqrt(mean) * z + (z * z - 1.0) / 6.0 + 0.5), 0.0))
    p = math.exp(-mean)
    below = p
    n = 0
    while u >= below:
        n += 1
        p *= mean / n
        if n > mean and below + p == below:  # u lies beyond what float64 can resolve
            break
        below += p
    return n


@scalar
def gamma_below(shape, x):
    """Return the regularised lower incomplete gamma function P(shape, x): series below shape + 1, else fraction."""
    if x <= 0.0:
        return 0.0
    scale = math.exp(shape * math.log(x) - x - math.lgamma(shape))
    if x < shape + 1.0:
        term = 1.0 / shape
        total = term
        n = 0
        while term > total * 1e-17 and n < 1000:
            n += 1
            term *= x / (shape + n)
            total += term
        return total * scale
    tiny = 1e-300
    b = x + 1.0 - shape
    c = 1.0 / tiny
    d = 1.0 / b
    h = d
    for i in range(1, 1000):
        a = -i * (i - shape)
        b += 2.0
        d = a * d + b
        d = 1.0 / (d if abs(d) > tiny else tiny)
        c = b + a / c
        c = c if abs(c) > tiny else tiny
        h *= d * c
        if abs(d * c - 1.0) < 1e-16:
            break
    return 1.0 - scale * h


@scalar
def gamma_scalar(u, shape):
    """Return the quantile of a gamma with mean one and this shape (variance 1/shape): Newton inside a bracket."""
    if u <= 0.0:
        return 0.0
    third = 1.0 / (9.0 * shape)
    x = shape * max(1.0 - third + std_normal(u) * math.sqrt(third), 0.05) ** 3  # Wilson and Hilferty
    low, high = 0.0, shape + 60.0 + 20.0 * math.sqrt(shape)
    for _ in range(60):
        off = gamma_below(shape, x) - u
        if off > 0.0:
            high = x
        else:
            low = x
        slope = math.exp((shape - 1.0) * math.log(x) - x - math.lgamma(shape))
        step = x - off / slope if slope > 0.0 else 0.5 * (low + high)
        if not low < step < high:
            step = 0.5 * (low + high)
        if abs(step - x) <= 1e-13 * x:
            x = step
            break
        x = step
    return x / shape
