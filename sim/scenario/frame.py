"""The place frame: which unit lies in which, and how many households each community is planned to have.

Computed from the place alone, without a random draw: the same file gives the same frame in every run, so that a
selector means the same communities wherever it is resolved.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from hashlib import blake2b
from statistics import NormalDist

import numpy as np
from numpy.typing import NDArray

from sim.rules.words import layer_text

Indices = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class PlaceFrame:
    """Units of every layer and the households planned for each area.

    unit_ids: names of the units, by layer. parent: for each layer, the unit that each area lies in.
    households_of_area, residents_of_area: planned numbers; they sum to the place's.
    """

    place: str
    layers: tuple[str, ...]
    unit_ids: dict[str, tuple[str, ...]]
    parent: dict[str, Indices]
    households_of_area: Indices
    residents_of_area: Indices

    @property
    def n_areas(self) -> int:
        """Return the number of original communities."""
        return len(self.households_of_area)

    @property
    def n_hops(self) -> int:
        """Return the number of passings between layers."""
        return max(1, len(self.layers) - 1)

    @property
    def area_ids(self) -> tuple[str, ...]:
        """Return the names of the areas."""
        return self.unit_ids[self.layers[-1]]

    @cached_property
    def n_units(self) -> dict[str, int]:
        """Return the number of units, by layer."""
        return {layer: len(ids) for layer, ids in self.unit_ids.items()}

    def units_of(self, layer: str, areas: Indices | None = None) -> Indices:
        """Return the units of a layer that hold any of the areas."""
        parents = self.parent[layer]
        return np.unique(parents if areas is None else parents[areas])

    def areas_of(self, layer: str, units: Indices) -> Indices:
        """Return the areas that lie in the units of a layer, in order."""
        return np.flatnonzero(np.isin(self.parent[layer], units)).astype(np.int64)

    def size_of(self, layer: str, quantity: str) -> NDArray[np.int64]:
        """Return residents, households or communities of each unit of a layer."""
        weights = {
            "residents": self.residents_of_area,
            "households": self.households_of_area,
            "communities": np.ones(self.n_areas, dtype=np.int64),
        }[quantity]
        return np.bincount(self.parent[layer], weights=weights, minlength=self.n_units[layer]).astype(
            np.int64
        )


def unit_title(layer: str, unit: str) -> dict[str, str]:
    """Return a readable name for a unit: `street_03` is `street 3` and `街道3`."""
    stem, _, number = unit.rpartition("_")
    if stem == layer and number.isdigit():
        names = layer_text(layer)
        return {"en": f"{names['en']} {int(number)}", "zh": f"{names['zh']}{int(number)}"}
    return {"en": unit, "zh": unit}


def unit_names(layer: str, n: int) -> tuple[str, ...]:
    """Return numbered names for the units of a layer."""
    width = max(2, len(str(n)))
    return tuple(f"{layer}_{i + 1:0{width}d}" for i in range(n))


def nested(counts: Mapping[str, tuple[int, ...]], layers: tuple[str, ...]) -> dict[str, Indices]:
    """Return each area's unit at every layer, given how many units each unit above holds."""
    above = np.arange(1, dtype=np.int64)
    chain: dict[str, Indices] = {}
    for layer in layers:
        children = np.asarray(counts[layer], dtype=np.int64)
        of_parent = np.repeat(above, children)
        chain = {upper: np.repeat(units, children) for upper, units in chain.items()}
        chain[layer] = np.arange(len(of_parent), dtype=np.int64)
        above = chain[layer]
    return chain


def share_out(total: int, weights: NDArray[np.float64]) -> Indices:
    """Return whole numbers that sum to total, in proportion to weights (largest remainders, first wins ties)."""
    exact = total * weights / weights.sum()
    shares = np.floor(exact).astype(np.int64)
    rest = np.argsort(-(exact - shares), kind="stable")[: total - int(shares.sum())]
    shares[rest] += 1
    return shares


def spread_weights(place: str, units: tuple[str, ...], cv: float) -> NDArray[np.float64]:
    """Return unequal weights: lognormal quantiles with the given coefficient of variation, dealt out by name."""
    if cv <= 0 or len(units) == 1:
        return np.ones(len(units))
    order = sorted(range(len(units)), key=lambda i: stable_hash(f"{place}/{units[i]}"))
    sigma = math.sqrt(math.log(1.0 + cv * cv))
    normal = NormalDist()
    weights = np.empty(len(units))
    for rank, i in enumerate(order):
        weights[i] = math.exp(sigma * normal.inv_cdf((rank + 0.5) / len(units)))
    return weights


def stable_hash(text: str) -> int:
    """Return a number that depends on a text alone: the same on every machine and in every run."""
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "big")
