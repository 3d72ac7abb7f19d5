"""Numbers as a file writes them: a scalar, or a block that says range, unit, source and the document's own hedge."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, override

from sim.base.text import Message, say
from sim.scenario.nodes import Node
from sim.scenario.quantities import Quantity, Reading, grade_of
from sim.scenario.shapes import (
    BAD,
    Choice,
    ListOf,
    Shape,
    Text,
    did_you_mean,
    join,
    shown,
    span,
    unknown,
    wrong,
)

QUANTITY_KEYS = (
    "value", "range", "unit", "of", "per", "evidence", "assumed", "derived", "said", "note", "parameter",
)  # fmt: skip


@dataclass(frozen=True)
class Evidence(Shape):
    """Ids of the evidence ledger."""

    @override
    def read(self, node: Node, path: str, reading: Reading) -> Any:
        ids = ListOf(Text(), lone=True).read(node, path, reading)
        if ids is BAD:
            return ()
        known = reading.known_evidence
        children = node.value if node.is_list else [node]
        for child in children:
            if known and str(child.value) not in known:
                what = say("`{id}` is not in the evidence ledger", id=shown(child))
                reading.problem(child.place, path, what, did_you_mean(str(child.value), known))
        return ids

    @override
    def json_schema(self) -> dict[str, Any]:
        return ListOf(Text(), lone=True).json_schema()


@dataclass(frozen=True)
class Number(Shape):
    """A number of the world, within bounds, with a unit. Reads to a `Quantity`.

    about: what the number means and where its bounds come from, said beside an error.
    """

    unit: str = ""
    low: float = 0.0
    high: float = math.inf
    whole: bool = False
    about: Message | None = None

    @override
    def read(self, node: Node, path: str, reading: Reading) -> Any:
        if not node.is_map:
            value = self._value(node, path, reading)
            return BAD if value is BAD else reading.record(path, Quantity(value, unit=self.unit))
        for key in node.value:
            if key not in QUANTITY_KEYS:
                unknown(key, node.keys[key], path, reading, QUANTITY_KEYS)
        if "value" not in node.value:
            return wrong(node, path, reading, say("a block with `value`"))
        value = self._value(node.value["value"], join(path, "value"), reading)
        quantity = self._quantity(node, path, reading, value)
        return BAD if value is BAD or quantity is BAD else reading.record(path, quantity)

    def _quantity(self, node: Node, path: str, reading: Reading, value: Any) -> Any:
        evidence = self._part(node, "evidence", Evidence(), path, reading) or ()
        texts = {
            k: self._part(node, k, Text(), path, reading) or ""
            for k in ("assumed", "derived", "said", "note", "per")
        }
        of = self._part(node, "of", Choice(("all", "each")), path, reading) or ""
        low, high = self._range(node, path, reading, value)
        if not self._unit_fits(node, path, reading) or value is BAD:
            return BAD
        grade = grade_of(evidence, derived=bool(texts["derived"]), assumed=bool(texts["assumed"]))
        source = texts["assumed"] or texts["derived"] or texts["note"]
        return Quantity(value, low, high, self.unit, grade, evidence, texts["said"], source, of, texts["per"])

    def _part(self, node: Node, key: str, shape: Shape, path: str, reading: Reading) -> Any:
        child = node.get(key)
        return None if child is None else (shape.read(child, join(path, key), reading) or None)

    def _value(self, node: Node, path: str, reading: Reading) -> Any:
        value = node.value
        if isinstance(value, bool) or not isinstance(value, int | float):
            return wrong(node, path, reading, say("a number in {range}", range=self._span()), self.about)
        if not math.isfinite(value):
            return wrong(
                node, path, reading, say("a finite number in {range}", range=self._span()), self.about
            )
        if not self.low <= value <= self.high or (self.whole and value != int(value)):
            kind = (
                say("a whole number in {range}", range=self._span())
                if self.whole
                else say("a number in {range}", range=self._span())
            )
            return wrong(node, path, reading, kind, self.about)
        return int(value) if self.whole else float(value)

    def _range(
        self, node: Node, path: str, reading: Reading, value: Any
    ) -> tuple[float | None, float | None]:
        child = node.get("range")
        if child is None:
            return None, None
        where = join(path, "range")
        if not child.is_list or len(child.value) != 2:
            wrong(child, where, reading, say("two numbers [low, high]"))
            return None, None
        ends = [self._value(end, where, reading) for end in child.value]
        if BAD in ends:
            return None, None
        if ends[0] > ends[1] or (value is not BAD and not ends[0] <= value <= ends[1]):
            read = [end.value for end in child.value]
            reading.problem(
                child.place, where, say("the value must lie in its range; read {range}", range=read)
            )
            return None, None
        return float(ends[0]), float(ends[1])

    def _unit_fits(self, node: Node, path: str, reading: Reading) -> bool:
        child = node.get("unit")
        if child is None or not self.unit or _same_unit(str(child.value), self.unit):
            return True
        wrong(child, join(path, "unit"), reading, say("the unit `{unit}`", unit=self.unit))
        return False

    def _span(self) -> dict[str, str]:
        return span(self.low, self.high, self.unit)

    @override
    def json_schema(self) -> dict[str, Any]:
        number: dict[str, Any] = {"type": "integer" if self.whole else "number", "minimum": self.low}
        if math.isfinite(self.high):
            number["maximum"] = self.high
        about = {"description": f"unit: {self.unit}"} if self.unit else {}
        return {"anyOf": [number, {"$ref": "#/$defs/quantity"}], **about}


def quantity_schema() -> dict[str, Any]:
    """Return the JSON schema of a number written as a block; bounds stand beside each use."""
    return {
        "type": "object",
        "required": ["value"],
        "additionalProperties": False,
        "properties": {
            "value": {"type": "number"},
            "range": {"type": "array", "items": {"type": "number"}, "minItems": 2, "maxItems": 2},
            **{key: {"type": "string"} for key in ("unit", "assumed", "derived", "said", "note", "per")},
            "of": {"enum": ["all", "each"]},
            "evidence": {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]},
        },
    }


def _same_unit(written: str, expected: str) -> bool:
    """Return whether two units are the same word, number aside: `months` is `month`, `people` is `person`."""
    return _bare(written) == _bare(expected)


def _bare(unit: str) -> str:
    words = (
        unit.lower().replace("people", "person").replace("communities", "community").replace("-", " ").split()
    )
    words = [word for word in words if word not in ("a", "per")]
    return " ".join(word[:-1] if word.endswith("s") and len(word) > 3 else word for word in words)
