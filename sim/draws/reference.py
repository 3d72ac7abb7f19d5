"""The mixer and the distributions again, in plain Python integers and `math`: to be read, and to test against.

Every function has the name and the result, bit for bit, of its compiled twin in `mixer.py`.
"""

from __future__ import annotations

import math

import numpy as np

WORD = (1 << 64) - 1
GAMMA = 0x9E3779B97F4A7C15
# fmt: off
# Coefficients of AS241, highest power first: numerator and denominator near the middle, in the tail, far out.
MIDDLE = (
    (2509.0809287301226727, 33430.575583588128105, 67265.770927008700853, 45921.953931549871457,
     13731.693765509461125, 1971.5909503065514427, 133.14166789178437745, 3.387132872796366608),
    (5226.495278852545925, 28729.085735721942674, 39307.89580009271061, 21213.794301586595867,
     5394.1960214247511077, 687.1870074920579083, 42.313330701600911252, 1.0),
)
TAIL = (
    (7.7454501427834140764e-4, 0.0227238449892691845833, 0.24178072517745061177, 1.27045825245236838258,
     3.64784832476320460504, 5.7694972214606914055, 4.6303378461565452959, 1.42343711074968357734),
    (1.05075007164441684324e-9, 5.475938084995344946e-4, 0.0151986665636164571966, 0.14810397642748007459,
     0.68976733498510000455, 1.6763848301838038494, 2.05319162663775882187, 1.0),
)
FAR_TAIL = (
    (2.01033439929228813265e-7, 2.71155556874348757815e-5, 0.0012426609473880784386, 0.026532189526576123093,
     0.29656057182850489123, 1.7848265399172913358, 5.4637849111641143699, 6.6579046435011037772),
    (2.04426310338993978564e-15, 1.4215117583164458887e-7, 1.8463183175100546818e-5, 7.868691311456132591e-4,
     0.0148753612908506148525, 0.13692988092273580531, 0.59983220655588793769, 1.0),
)
# fmt: on


def mix(x: int) -> int:
    """Return the finaliser of splitmix64 (Stafford's variant 13)."""
    x = ((x ^ (x >> 30)) * 0xBF58476D1CE4E5B9) & WORD
    x = ((x ^ (x >> 27)) * 0x94D049BB133111EB) & WORD
    return x ^ (x >> 31)


def chain(key: int, n: int) -> int:
    """Return number n of the splitmix64 sequence with seed `key`."""
    return mix((int(key) + GAMMA * (int(n) + 1)) & WORD)


def u64(key: int, who: int, k: int) -> int:
    """Return the word of (stream key, stable id, k)."""
    return chain(chain(key, who), k)


def u01(key: int, who: int, k: int) -> float:
    """Return a uniform in [0,1) with 53 bits."""
    return (u64(key, who, k) >> 11) * 2.0**-53


def u24(key: int, who: int, k: int) -> np.float32:
    """Return a float32 uniform in [0,1) with 24 bits."""
    return np.float32(u64(key, who, k) >> 40) * np.float32(2.0**-24)


def stream_key(seed: int, decision: int, month: int, salt: int) -> int:
    """Return the key of one decision in one month."""
    return chain(chain(chain(seed, decision), month), salt)


def _ratio(coefficients: tuple[tuple[float, ...], tuple[float, ...]], r: float) -> float:
    values = []
    for row in coefficients:
        total = row[0]
        for c in row[1:]:
            total = total * r + c
        values.append(total)
    return values[0] / values[1]


def std_normal(u: float) -> float:
    """Return the standard normal quantile of u."""
    q = u - 0.5
    if abs(q) <= 0.425:
        r = 0.180625 - q * q
        return q * _ratio(MIDDLE, r)
    r = math.sqrt(-math.log(max(u if q < 0.0 else 1.0 - u, 2.0**-54)))
    z = _ratio(TAIL, r - 1.6) if r <= 5.0 else _ratio(FAR_TAIL, r - 5.0)
    return -z if q < 0.0 else z


def quick_normal(u: float) -> float:
    """Return the standard normal quantile by a line between two of 1024 nodes, exact in the outer 64ths."""
    if u < 1 / 64 or u >= 63 / 64:
        return std_normal(u)
    i = math.floor(u * 1024.0)
    low, high = std_normal(i / 1024.0), std_normal((i + 1) / 1024.0)
    return low + (high - low) * (u * 1024.0 - i)


def log_spread(cv: float) -> float:
    """Return the standard deviation of the logarithm of a lognormal with coefficient of variation cv."""
    return math.sqrt(math.log(1.0 + cv * cv))


def lognormal_unit_mean(z: float, spread: float) -> float:
    """Return a lognormal of mean one whose logarithm has this spread, at the standard normal z."""
    return math.exp(spread * z - 0.5 * spread * spread)


def poisson_scalar(u: float, mean: float) -> int:
    """Return the Poisson quantile of u."""
    if mean > 500.0:
        z = std_normal(u)
        return max(math.floor(mean + math.sqrt(mean) * z + (z * z - 1.0) / 6.0 + 0.5), 0)
    p = below = math.exp(-mean)
    n = 0
    while u >= below:
        n += 1
        p *= mean / n
        if n > mean and below + p == below:
            break
        below += p
    return n
