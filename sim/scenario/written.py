"""One change as written: an operation or a rule change, with when, where and why beside it."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, override

from sim.base.errors import Place
from sim.base.text import say
from sim.rules.changes import VERBS
from sim.scenario.arguments import layer_shape, operation_shapes
from sim.scenario.nodes import Node
from sim.scenario.numbers import Evidence, Number
from sim.scenario.quantities import Reading
from sim.scenario.settings import Settings
from sim.scenario.shapes import (
    BAD,
    Choice,
    Count,
    Either,
    Entry,
    Identifier,
    Key,
    ListOf,
    MapOf,
    Month,
    Record,
    Shape,
    Span,
    Text,
    Title,
    Written,
    join,
    unknown,
    wrong,
)

CONDITION_QUANTITIES = ("residents", "households", "communities")


@dataclass(frozen=True)
class WrittenChange:
    """A change before it meets a place: names are checked, selectors and dates are not yet resolved."""

    verb: str
    what: Any
    id: str
    place: Place
    path: str
    beside: Entry

    @property
    def evidence(self) -> tuple[str, ...]:
        """Return the evidence ids given beside the change."""
        return self.beside.get("evidence") or ()


@dataclass(frozen=True)
class Condition:
    """One test of an `if`: a closed list of quantities of the original units."""

    quantity: str
    low: float | None
    high: float | None
    place: Place


def date_shape() -> Shape:
    """Return the shape of a date: a month, or a window where the source gives none."""
    window = Record(
        {
            "not_before": Key(Month(), required=True),
            "not_after": Key(Month(), required=True),
            "assumed": Key(Text(), required=True),
        }
    )
    return Either(Month(), window)


def until_shape() -> Shape:
    """Return the shape of an end: a month, a length of time, or a hazard of being reversed from above."""
    hazard = Record(
        {
            "hazard_per_year": Key(Number("per year", 0, 5), required=True),
            "assumed": Key(Text(), required=True),
        }
    )
    return Either(_MonthOrSpan(), hazard)


@dataclass(frozen=True)
class _MonthOrSpan(Shape):
    """`2012-12` or `18 months`."""

    @override
    def read(self, node: Node, path: str, reading: Reading) -> Any:
        if isinstance(node.value, str) and "-" in node.value:
            return Month().read(node, path, reading)
        months = Span().read(node, path, reading)
        return BAD if months is BAD else ("span", months)

    @override
    def json_schema(self) -> dict[str, Any]:
        return {"anyOf": [Month().json_schema(), Span().json_schema()]}


def selector_shape() -> Shape:
    """Return the shape of a selector: a group's name, or a block that picks units of a layer."""
    inside = Either(Identifier(), MapOf(ListOf(Identifier(), lone=True)))
    block = Record(
        {
            "kind": Key(layer_shape(), about="the layer whose units are picked"),
            "ids": Key(ListOf(Identifier(), least=1, lone=True)),
            "in": Key(inside),
            "not_in": Key(inside),
            "pick": Key(Number("unit", 1, 100000, whole=True)),
            "share": Key(Number("share", 0, 1)),
            "by": Key(Choice(("random", "largest", "smallest", "first")), default="random"),
            "fixed_by": Key(Choice(("place", "replication")), default="place"),
            "evidence": Key(Evidence()),
            "assumed": Key(Text()),
        }
    )
    return Either(Identifier(), Written(block))


@dataclass(frozen=True)
class _Conditions(Shape):
    """`if:` a list of quantity tests, all of which must hold."""

    @override
    def read(self, node: Node, path: str, reading: Reading) -> Any:
        if not node.is_list:
            return wrong(node, path, reading, say("a list of conditions"))
        tests = Record({name: Key(Number(high=1e9)) for name in ("min", "max", "is")})
        found: list[Condition] = []
        for i, child in enumerate(node.value):
            entry = MapOf(tests, CONDITION_QUANTITIES).read(child, f"{path}[{i}]", reading)
            found += [] if entry is BAD else [_condition(q, t, child.place) for q, t in entry.items()]
        return tuple(found)

    @override
    def json_schema(self) -> dict[str, Any]:
        test = {
            "type": "object",
            "properties": {"min": {}, "max": {}, "is": {}},
            "additionalProperties": False,
        }
        item = {
            "type": "object",
            "properties": dict.fromkeys(CONDITION_QUANTITIES, test),
            "additionalProperties": False,
        }
        return {"type": "array", "items": item}


def _condition(quantity: str, tests: Entry, place: Place) -> Condition:
    exact = tests.get("is")
    low, high = (exact, exact) if exact is not None else (tests.get("min"), tests.get("max"))
    return Condition(
        quantity, None if low is None else float(low), None if high is None else float(high), place
    )


def _rollout_shape() -> Shape:
    return Record(
        {
            "start": Key(Month(), required=True),
            "end": Key(Month(), required=True),
            "by": Key(layer_shape()),
            "order": Key(Choice(("random", "largest", "smallest", "first")), default="first"),
            "first": Key(Identifier(), about="a group that goes before the rest"),
            "waves": Key(Count(1, 240, "wave")),
            "assumed": Key(Text()),
        }
    )


def _coverage_shape() -> Shape:
    step = Record(
        {
            "share": Key(Number("share", 0, 1), required=True),
            "of": Key(Identifier(), default="all"),
            "by": Key(Month(), required=True),
        }
    )
    return ListOf(step, least=1)


@lru_cache(maxsize=1)
def beside_shape() -> Record:
    """Return the record of what stands beside an operation."""
    return Record(
        {
            "id": Key(
                Identifier(), about="name of the clause, for `needs`, `after`, `--only` and `--without`"
            ),
            "title": Key(Title()),
            "at": Key(date_shape(), about="month it happens; default: the reform's `from`"),
            "after": Key(Identifier(), about="happens in the month after that clause is complete"),
            "until": Key(until_shape(), about="then the earlier value or state returns"),
            "over": Key(Span(1, 240), default=1, about="numbers ramp, units follow one another"),
            "where": Key(selector_shape()),
            "if": Key(_Conditions(), default=()),
            "needs": Key(ListOf(Identifier(), lone=True), default=()),
            "rollout": Key(_rollout_shape()),
            "coverage": Key(_coverage_shape()),
            "evidence": Key(Evidence(), default=()),
            "assumed": Key(Text(), default=""),
            "derived": Key(Text(), default=""),
            "note": Key(Text(), default=""),
        }
    )


@dataclass(frozen=True)
class Change(Shape):
    """A change: exactly one operation, and what stands beside it."""

    beside: Record = field(default_factory=beside_shape)

    @override
    def read(self, node: Node, path: str, reading: Reading) -> Any:
        if not node.is_map:
            return wrong(node, path, reading, say("a change: an operation with its date beside it"))
        shapes = self._verbs()
        verbs = [key for key in node.value if key in shapes]
        known = (*shapes, *self.beside.keys)
        for key in node.value:
            if key not in known:
                unknown(key, node.keys[key], path, reading, known)
        if len(verbs) != 1:
            what = say("one change holds one operation; read: {verbs}", verbs=", ".join(verbs) or "-")
            reading.problem(node.place, path, what, say("operations: {names}", names=", ".join(shapes)))
            return BAD
        return self._read(node, path, reading, verbs[0], shapes[verbs[0]])

    def _read(self, node: Node, path: str, reading: Reading, verb: str, shape: Shape) -> Any:
        beside = Node({k: v for k, v in node.value.items() if k in self.beside.keys}, node.place, node.keys)
        entry = self.beside.read(beside, path, reading)
        what = shape.read(node.value[verb], join(path, verb), reading)
        if what is BAD:
            return BAD
        return WrittenChange(verb, what, entry.get("id") or "", node.keys[verb], path, entry)

    def _verbs(self) -> dict[str, Shape]:
        rules: dict[str, Shape] = {verb: Settings(verb) for verb in VERBS}
        return rules | operation_shapes()

    @override
    def json_schema(self) -> dict[str, Any]:
        return {"$ref": "#/$defs/change"}

    def full_schema(self) -> dict[str, Any]:
        """Return the JSON schema of a change; it stands once, under `$defs`."""
        schema = self.beside.json_schema()
        shapes = self._verbs()
        schema["properties"] |= {verb: shape.json_schema() for verb, shape in shapes.items()}
        schema["oneOf"] = [{"required": [verb]} for verb in shapes]
        return schema
