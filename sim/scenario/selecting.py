"""Groups and selectors: which original communities a change touches.

Resolved once on the place frame. Random picks depend on names alone, so `fixed_by: place` means the same
communities in every run; `fixed_by: replication` mixes the replication number into the names.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from sim.base.errors import Place
from sim.base.text import say
from sim.rules.words import layer_text
from sim.scenario.frame import Indices, PlaceFrame, stable_hash
from sim.scenario.quantities import Reading
from sim.scenario.shapes import Entry, did_you_mean
from sim.scenario.written import Condition

EVERYWHERE = "all"


@dataclass
class Selectors:
    """The groups a file declared and the frame they are resolved on."""

    frame: PlaceFrame
    reading: Reading
    groups: dict[str, Any] = field(default_factory=dict)
    replication: int | None = None
    varies: bool = False
    _resolved: dict[str, Indices | None] = field(default_factory=dict)
    _open: set[str] = field(default_factory=set)

    def areas(self, selector: Any, place: Place, path: str) -> Indices | None:
        """Return the areas a selector means; None for everywhere. Problems are recorded and give no area."""
        if selector is None or selector == EVERYWHERE:
            return None
        if isinstance(selector, str):
            return self._group(selector, place, path)
        return self._block(selector, path, path)

    def look_at_unused(self, groups: dict[str, Any] | None) -> None:
        """Find what is wrong with groups that no change names; this decides nothing."""
        varies = self.varies
        written = groups if isinstance(groups, Entry) else None
        for name in written or ():
            self._group(name, written.spot(name) if written else Place("?"), f"groups.{name}")
        self.varies = varies

    def _group(self, name: str, place: Place, path: str) -> Indices | None:
        if name in self._open:
            self.reading.problem(place, path, say("the group `{name}` is made of itself", name=name))
            return _none()
        if name in self._resolved:
            return self._resolved[name]
        if name not in self.groups:
            known = [*self.groups, EVERYWHERE]
            self.reading.problem(
                place, path, say("unknown group `{name}`", name=name), did_you_mean(name, known)
            )
            return _none()
        self._open.add(name)
        self._resolved[name] = self._pick_group(name, place, path)
        self._open.discard(name)
        return self._resolved[name]

    def _pick_group(self, name: str, place: Place, path: str) -> Indices | None:
        selector = self.groups[name]
        if isinstance(selector, str):
            return self.areas(selector, place, path)
        return self._block(selector, f"groups.{name}", name)

    def _block(self, block: Entry, path: str, salt: str) -> Indices | None:
        layer = block["kind"] or self.frame.layers[-1]
        if layer not in self.frame.n_units:
            what = say("`{name}` is not a layer of this place", name=layer)
            self.reading.problem(
                block.spot("kind"), f"{path}.kind", what, did_you_mean(layer, self.frame.layers)
            )
            return _none()
        units = self._named(block, layer, path)
        units = self._inside(block, layer, units, path)
        return self.frame.areas_of(layer, self._picked(block, layer, units, salt))

    def _named(self, block: Entry, layer: str, path: str) -> Indices:
        ids = self.frame.unit_ids[layer]
        if not block["ids"]:
            return np.arange(len(ids), dtype=np.int64)
        for name in block["ids"]:
            if name not in ids:
                what = say("no {layer} is called `{name}`", layer=layer_text(layer), name=name)
                self.reading.problem(block.spot("ids"), f"{path}.ids", what, did_you_mean(name, ids))
        return np.array([ids.index(name) for name in block["ids"] if name in ids], dtype=np.int64)

    def _inside(self, block: Entry, layer: str, units: Indices, path: str) -> Indices:
        for key, keep in (("in", True), ("not_in", False)):
            fence = block[key]
            if fence is None:
                continue
            areas = self._fence(fence, block.spot(key), f"{path}.{key}")
            held = self.frame.units_of(layer, areas) if areas is None or len(areas) else _none()
            units = units[np.isin(units, held) == keep]
        return units

    def _fence(self, fence: Any, place: Place, path: str) -> Indices | None:
        if isinstance(fence, str):
            return self.areas(fence, place, path)
        areas = np.arange(self.frame.n_areas, dtype=np.int64)
        for layer, names in fence.items():
            if layer not in self.frame.n_units:
                what = say("`{name}` is not a layer of this place", name=layer)
                self.reading.problem(fence.spot(layer), path, what, did_you_mean(layer, self.frame.layers))
                return _none()
            ids = self.frame.unit_ids[layer]
            for name in names:
                if name not in ids:
                    what = say("no {layer} is called `{name}`", layer=layer_text(layer), name=name)
                    self.reading.problem(fence.spot(layer), path, what, did_you_mean(name, ids))
            units = np.array([ids.index(name) for name in names if name in ids], dtype=np.int64)
            areas = np.intersect1d(areas, self.frame.areas_of(layer, units))
        return areas

    def _picked(self, block: Entry, layer: str, units: Indices, salt: str) -> Indices:
        n = len(units)
        if block["pick"] is not None:
            n = min(n, int(block["pick"].value))
        elif block["share"] is not None:
            n = min(n, round(float(block["share"]) * len(units)))
        if n == len(units):
            return units
        return np.sort(self.ordered(layer, units, block["by"], salt, block["fixed_by"])[:n])

    def ordered(self, layer: str, units: Indices, by: str, salt: str, fixed_by: str = "place") -> Indices:
        """Return units in the order they are picked or follow one another."""
        if by == "first":
            return units
        if by in ("largest", "smallest"):
            size = self.frame.size_of(layer, "residents")[units]
            return units[np.argsort(-size if by == "largest" else size, kind="stable")]
        if fixed_by == "replication":
            self.varies = True
            salt = f"{salt}/{self.replication}"
        ids = self.frame.unit_ids[layer]
        keys = [stable_hash(f"{self.frame.place}/{salt}/{ids[u]}") for u in units]
        return units[np.argsort(np.array(keys, dtype=np.uint64), kind="stable")]

    def meeting(self, areas: Indices | None, conditions: tuple[Condition, ...], layer: str) -> Indices | None:
        """Return those areas whose unit of a layer passes every condition."""
        for condition in conditions:
            size = self.frame.size_of(layer, condition.quantity)[self.frame.parent[layer]]
            passed = (size >= (condition.low if condition.low is not None else -np.inf)) & (
                size <= (condition.high if condition.high is not None else np.inf)
            )
            areas = both(areas, np.flatnonzero(passed).astype(np.int64))
        return areas

    def text(self, selector: Any, areas: Indices | None) -> Any:
        """Return what a selector means, in words; empty for everywhere."""
        if areas is None:
            return ""
        n, total = len(areas), self.frame.n_areas
        counted = {"en": f"{n} of {total} communities", "zh": f"{total}个社区中的{n}个"}
        if isinstance(selector, str):
            return {"en": f"{selector}, {counted['en']}", "zh": f"{selector}，{counted['zh']}"}
        return counted


def both(some: Indices | None, others: Indices | None) -> Indices | None:
    """Return the areas in both selections; None means everywhere."""
    if some is None:
        return others
    return some if others is None else np.intersect1d(some, others)


def _none() -> Indices:
    return np.empty(0, dtype=np.int64)
