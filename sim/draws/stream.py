"""The door to randomness: decisions are named, declared, and drawn by (seed, decision, month, stable id, k).

Decisions called `populate.*` use the population seed, all others the history seed, so that one population can
live through many histories.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from functools import lru_cache
from hashlib import blake2b

import numpy as np
from numba import njit

from sim.base.errors import ContractError, nearest
from sim.base.text import say
from sim.draws.mixer import chain, gamma_scalar, log_spread, poisson_scalar, std_normal, u01, u24, u64

POPULATION = "populate."
WORD = (1 << 64) - 1
ZERO, ONE = np.uint64(0), np.uint64(1)


@lru_cache(maxsize=4096)
def decision_key(name: str) -> int:
    """Return the first 8 bytes of blake2b of a decision's name, as an unsigned integer (little-endian)."""
    return int.from_bytes(blake2b(name.encode()).digest()[:8], "little")


class Draws:
    """All random numbers of one run.

    population_seed, history_seed: any integers. decisions: the declared names; any other is refused.
    resalt: {decision: month}: these decisions draw different numbers from that absolute month on (a placebo:
    other luck, true effect zero).
    """

    def __init__(
        self,
        population_seed: int,
        history_seed: int,
        decisions: Iterable[str],
        resalt: Mapping[str, int] | None = None,
    ):
        self.population_seed, self.history_seed = int(population_seed), int(history_seed)
        self.decisions = frozenset(decisions)
        self.resalt = dict(resalt or {})
        self._roots: dict[str, np.uint64] = {}
        for name in self.resalt:
            self._declared(name)

    def resalted(self, resalt: Mapping[str, int]) -> Draws:
        """Return draws of the same seeds of which these decisions are other ones from these months on."""
        return Draws(self.population_seed, self.history_seed, self.decisions, {**self.resalt, **resalt})

    def key(self, decision: str, month: int) -> np.uint64:
        """Return the stream key of a declared decision in a month, for kernels that draw by themselves."""
        root = self._roots.get(decision)
        if root is None:
            root = self._roots[decision] = self._root(decision)
        salt = ONE if decision in self.resalt and month >= self.resalt[decision] else ZERO
        return np.uint64(_month_key(root, np.uint64(month & WORD), salt))

    def _root(self, decision: str) -> np.uint64:
        """Return the part of a decision's keys that is the same in every month."""
        self._declared(decision)
        seed = self.population_seed if decision.startswith(POPULATION) else self.history_seed
        return np.uint64(_root_key(np.uint64(seed & WORD), np.uint64(decision_key(decision))))

    def uniforms(self, decision: str, month: int, ids: np.ndarray, k: int | np.ndarray = 0) -> np.ndarray:
        """Return one float64 uniform in [0,1) per id, in the shape of ids."""
        if isinstance(k, int) and ids.ndim == 1:  # nearly always: no array of equal numbers is made for it
            return _fill_same(self.key(decision, month), ids.astype(np.uint64), np.uint64(k))
        who, k_of = _words(ids, k)
        return _fill_u01(self.key(decision, month), who.ravel(), k_of.ravel()).reshape(who.shape)

    def _declared(self, decision: str) -> None:
        if decision not in self.decisions:
            close = nearest(decision, self.decisions) or "-"
            raise ContractError(
                say(
                    "no decision {decision} is declared (nearest: {nearest})",
                    decision=decision,
                    nearest=close,
                )
            )


def row_keys(key: np.uint64, ids: np.ndarray) -> np.ndarray:
    """Return one 64-bit word per id under a stream key: names for things that come into being this month."""
    who = np.asarray(ids).astype(np.uint64)
    return _fill_u64(np.uint64(key), who.ravel(), ZERO).reshape(who.shape)


def float_uniforms(key: np.uint64, ids: np.ndarray, k: int | np.ndarray = 0) -> np.ndarray:
    """Return one float32 uniform in [0,1) per id under a stream key."""
    who, k_of = _words(ids, k)
    return _fill_u24(np.uint64(key), who.ravel(), k_of.ravel()).reshape(who.shape)


def poisson(u: np.ndarray, mean: np.ndarray | float) -> np.ndarray:
    """Return Poisson quantiles of uniforms, int64, in their shape."""
    shape = np.broadcast_shapes(np.shape(u), np.shape(mean))
    return _fill_poisson(_flat(u, shape), _flat(mean, shape)).reshape(shape)


def gamma_unit_mean(u: np.ndarray, shape: np.ndarray | float) -> np.ndarray:
    """Return quantiles of a gamma of mean one and variance 1/shape at uniforms, float64, in their shape."""
    whole = np.broadcast_shapes(np.shape(u), np.shape(shape))
    return _fill_gamma(_flat(u, whole), _flat(shape, whole)).reshape(whole)


def log_spreads(cv: np.ndarray | float) -> np.ndarray:
    """Return the spread of the logarithm for coefficients of variation, float64, in their shape."""
    cv = np.asarray(cv, np.float64)
    return _fill_log_spread(cv.ravel()).reshape(cv.shape)


def lognormal_quantiles(u: np.ndarray, sd: float) -> np.ndarray:
    """Return quantiles of a lognormal of median one whose logarithm has standard deviation sd, float64."""
    return _fill_lognormal(np.ravel(np.asarray(u, np.float64)), sd).reshape(np.shape(u))


def std_normals(u: np.ndarray) -> np.ndarray:
    """Return standard normal quantiles of uniforms, float64, in their shape."""
    return _fill_normal(np.ravel(np.asarray(u, np.float64))).reshape(np.shape(u))


def _flat(values: np.ndarray | float, shape: tuple[int, ...]) -> np.ndarray:
    """Return numbers in a shape as a float64 row of their own: numba takes no view of a broadcast array."""
    return np.broadcast_to(np.asarray(values, np.float64), shape).flatten()


def _words(ids: np.ndarray, k: int | np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return ids and k as unsigned words of one shape; negative numbers wrap.

    Raises ContractError where k is neither one number nor one for each id: a kernel would read past its end.
    """
    who = np.asarray(ids).astype(np.uint64, copy=False)
    # A full array: numpy's broadcast views may not be handed to a compiled function any more.
    k_of = np.full(who.shape, np.uint64(k)) if np.ndim(k) == 0 else np.asarray(k).astype(np.uint64)
    if k_of.shape != who.shape:
        raise ContractError(f"k has the shape {k_of.shape}, the ids have {who.shape}")
    return who, k_of


@njit(nogil=True, cache=True)
def _root_key(seed, decision):
    return chain(seed, decision)


@njit(nogil=True, cache=True)
def _month_key(root, month, salt):
    return chain(chain(root, month), salt)


@njit(nogil=True, cache=True)
def _fill_same(key, who, k):
    out = np.empty(who.shape[0], np.float64)
    for i in range(who.shape[0]):
        out[i] = u01(key, who[i], k)
    return out


@njit(nogil=True, cache=True)
def _fill_u01(key, who, k):
    out = np.empty(who.shape[0], np.float64)
    for i in range(who.shape[0]):
        out[i] = u01(key, who[i], k[i])
    return out


@njit(nogil=True, cache=True)
def _fill_u24(key, who, k):
    out = np.empty(who.shape[0], np.float32)
    for i in range(who.shape[0]):
        out[i] = u24(key, who[i], k[i])
    return out


@njit(nogil=True, cache=True)
def _fill_u64(key, who, k):
    out = np.empty(who.shape[0], np.uint64)
    for i in range(who.shape[0]):
        out[i] = u64(key, who[i], k)
    return out


@njit(nogil=True, cache=True)
def _fill_poisson(u, mean):
    out = np.empty(u.shape[0], np.int64)
    for i in range(u.shape[0]):
        out[i] = poisson_scalar(u[i], mean[i])
    return out


@njit(nogil=True, cache=True)
def _fill_gamma(u, shape):
    out = np.empty(u.shape[0], np.float64)
    for i in range(u.shape[0]):
        out[i] = gamma_scalar(u[i], shape[i])
    return out


@njit(nogil=True, cache=True)
def _fill_log_spread(cv: np.ndarray) -> np.ndarray:
    out = np.empty(cv.shape[0], np.float64)
    for i in range(cv.shape[0]):
        out[i] = log_spread(cv[i])
    return out


@njit(nogil=True, cache=True)
def _fill_lognormal(u, sd):
    out = np.empty(u.shape[0], np.float64)
    for i in range(u.shape[0]):
        out[i] = math.exp(sd * std_normal(u[i]))
    return out


@njit(nogil=True, cache=True)
def _fill_normal(u):
    out = np.empty(u.shape[0], np.float64)
    for i in range(u.shape[0]):
        out[i] = std_normal(u[i])
    return out
