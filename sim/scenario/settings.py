"""Lever values as a file writes them: `set: {admission.rule: refuse, pay.scale: {residents_committee: 1.3}}`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, override

from sim.base.errors import Place
from sim.base.text import Message, say
from sim.catalogue import Lever, duty_classes, kinds, levers
from sim.scenario.nodes import Node
from sim.scenario.numbers import QUANTITY_KEYS, Number
from sim.scenario.quantities import Quantity, Reading, spoken
from sim.scenario.shapes import BAD, Choice, Flag, Shape, did_you_mean, join, shown, span, unknown, wrong


@dataclass(frozen=True)
class Setting:
    """One number for one lever: key names the row of the extra axis or the layer of a hop, if one was written."""

    lever: str
    key: str | None
    number: float
    place: Place
    quantity: Quantity | None = None


def axis_of(row: Lever, layers: tuple[str, ...] = ()) -> tuple[str, ...]:
    """Return the names of a lever's extra axis: kinds, duty classes or, for hops, the layers passed."""
    if row.by == "kind":
        return tuple(kinds())
    if row.by == "duty_class":
        return tuple(duty_classes())
    return layers[:-1] if row.domain == "hop" else ()


def about(row: Lever) -> Message:
    """Return the line said beside a refused value: what the lever is, its bounds and where they come from."""
    values = ", ".join(row.choice_ids) if row.values else span(*row.bounds, row.unit)
    source = ", ".join(row.evidence) or spoken(row.assumed or "")
    return say("{what}: {values} ({source})", what=row.text, values=values, source=source)


@dataclass(frozen=True)
class Settings(Shape):
    """A mapping from levers to values. verb decides what a number may be."""

    verb: str = "set"

    @override
    def read(self, node: Node, path: str, reading: Reading) -> Any:
        if not node.is_map or not node.value:
            return wrong(node, path, reading, say("a block of `lever: value` lines"))
        found: list[Setting] = []
        for name, child in node.value.items():
            row = levers().get(name)
            if row is None:
                what = say("unknown lever `{name}`", name=name)
                reading.problem(node.keys[name], join(path, name), what, did_you_mean(name, levers()))
            else:
                found += self._one(row, child, node.keys[name], join(path, name), reading)
        return tuple(found)

    def _one(self, row: Lever, node: Node, place: Place, path: str, reading: Reading) -> list[Setting]:
        if self.verb == "grow" and node.is_map and not set(node.value) & set(QUANTITY_KEYS):
            return self._growth(row, node, place, path, reading)
        axis = axis_of(row)
        if node.is_map and node.value and "value" not in node.value and (axis or row.domain == "hop"):
            return self._by_axis(row, node, path, reading, axis)
        return self._scalar(row, None, node, place, path, reading)

    def _by_axis(
        self, row: Lever, node: Node, path: str, reading: Reading, axis: tuple[str, ...]
    ) -> list[Setting]:
        found: list[Setting] = []
        for key, child in node.value.items():
            if axis and key not in axis:
                unknown(key, node.keys[key], path, reading, axis)
            else:
                found += self._scalar(row, key, child, node.keys[key], join(path, key), reading)
        return found

    def _scalar(
        self, row: Lever, key: str | None, node: Node, place: Place, path: str, reading: Reading
    ) -> list[Setting]:
        value = self._shape(row).read(node, path, reading)
        if value is BAD or value is None:
            return []
        if isinstance(value, Quantity):
            return [Setting(row.id, key, float(value), place, value)]
        return [Setting(row.id, key, row.code(value), place)]

    def _shape(self, row: Lever) -> Shape:
        if self.verb == "scale":
            return Number("ratio", 0.0, 1000.0)
        if self.verb == "grow":
            return Number("share per year", -0.9, 10.0)
        if row.type == "choice":
            return _LeverChoice(row.choice_ids, row)
        if row.type == "flag":
            return Flag()
        if self.verb == "add":
            return Number(
                row.unit, row.bounds[0] - row.bounds[1], row.bounds[1] - row.bounds[0], about=about(row)
            )
        return Number(row.unit, *row.bounds, whole=row.type == "count", about=about(row))

    def _growth(self, row: Lever, node: Node, place: Place, path: str, reading: Reading) -> list[Setting]:
        for key in node.value:
            if key not in ("per_year", "base"):
                unknown(key, node.keys[key], path, reading, ("per_year", "base"))
        base, rate = node.get("base"), node.get("per_year")
        if rate is None:
            reading.problem(node.place, path, say("`{name}` is missing", name="per_year"))
            return []
        found: list[Setting] = []
        if base is not None:
            value = Number(row.unit, *row.bounds, about=about(row)).read(base, join(path, "base"), reading)
            found += [] if value is BAD else [Setting(row.id, "base", float(value), place, value)]
        return found + self._scalar(row, None, rate, place, join(path, "per_year"), reading)

    @override
    def json_schema(self) -> dict[str, Any]:
        properties = {}
        for row in levers().values():
            shape = self._shape(row).json_schema()
            by = {"type": "object", "properties": dict.fromkeys(axis_of(row), shape)} if row.by else {}
            schema = {"anyOf": [shape, by]} if by else dict(shape)
            if self.verb == "grow":
                schema = {"anyOf": [shape, {"type": "object", "properties": {"per_year": shape, "base": {}}}]}
            properties[row.id] = {**schema, "description": f"{row.en} / {row.zh}"}
        return {"type": "object", "properties": properties, "additionalProperties": False, "minProperties": 1}


@dataclass(frozen=True)
class _LeverChoice(Shape):
    """A choice lever's listed values; a refusal says what the lever is."""

    values: tuple[str, ...]
    row: Lever

    @override
    def read(self, node: Node, path: str, reading: Reading) -> Any:
        written = (
            {True: "on", False: "off"}.get(node.value, node.value)
            if isinstance(node.value, bool)
            else node.value
        )
        if isinstance(written, str) and written in self.values:
            return written
        expected = say("one of: {names}", names=", ".join(self.values))
        return wrong(node, path, reading, expected, did_you_mean(shown(node), self.values) or about(self.row))

    @override
    def json_schema(self) -> dict[str, Any]:
        return Choice(self.values).json_schema()


def verb_problem(row: Lever, verb: str) -> Message | None:
    """Return why a verb cannot act on a lever: words and flags can only be set."""
    if verb != "set" and row.type in ("choice", "flag"):
        return say(
            "`{verb}` needs a number; `{lever}` takes: {values}",
            verb=verb,
            lever=row.id,
            values=", ".join(row.choice_ids) or "true, false",
        )
    return None
