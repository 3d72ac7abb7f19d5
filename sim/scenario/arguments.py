"""From an operation's declared arguments to the shapes that read them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, override

from sim.base.errors import nearest
from sim.base.text import say
from sim.catalogue import duty_classes, kinds
from sim.rules.arguments import Arg
from sim.rules.operations import OPERATIONS, Operation
from sim.scenario.nodes import Node
from sim.scenario.numbers import Number
from sim.scenario.quantities import Reading
from sim.scenario.shapes import (
    BAD,
    Choice,
    Flag,
    Identifier,
    Key,
    Known,
    ListOf,
    MapOf,
    Month,
    Record,
    Shape,
    Text,
    wrong,
)

LAYERS = ("state", "province", "city", "district", "street", "community", "courtyard", "block")
PROCEDURE_BODIES = ("deliberation_council", "supervision_committee", "residents")


def layer_shape() -> Shape:
    """Return the shape of a layer's name; whether the place has it is checked when place and reform meet."""
    return Identifier()


@dataclass(frozen=True)
class NewLayer(Identifier):
    """A layer as a place declares it: any name, unless it is one of the usual ones misspelt."""

    @override
    def read(self, node: Node, path: str, reading: Reading) -> Any:
        name = super().read(node, path, reading)
        meant = nearest(str(name), LAYERS, 0.7) if name is not BAD and name not in LAYERS else None
        if meant is None:
            return name
        return wrong(node, path, reading, say("a layer"), say("did you mean `{name}`?", name=meant))


def kind_shape(*also: str) -> Known:
    """Return the shape of a kind of institution."""
    return Known(tuple(kinds()), say("a kind of institution"), also)


def class_shape() -> Known:
    """Return the shape of a duty class or one of the topics a document speaks of."""
    topics = tuple(topic for row in duty_classes().values() for topic in row.topics)
    return Known(
        tuple(duty_classes()), say("a duty class or topic"), (*topics, "assigned", "resident", "own")
    )


def classes_of(names: tuple[str, ...]) -> tuple[str, ...]:
    """Return the duty classes meant by classes, topics and origins, in catalogue order, each once."""
    chosen = set(names)
    return tuple(
        row.id
        for row in duty_classes().values()
        if row.id in chosen or row.origin in chosen or chosen & set(row.topics)
    )


class BroadClasses(tuple[str, ...]):
    """Classes meant by their origin (`assigned`): those of them that the giver has at that date."""

    __slots__ = ()


@dataclass(frozen=True)
class _Classes(Shape):
    """Duty classes by id, topic or origin."""

    @override
    def read(self, node: Node, path: str, reading: Reading) -> Any:
        names = ListOf(class_shape(), least=1, lone=True).read(node, path, reading)
        if names is BAD:
            return BAD
        broad = any(name in ("assigned", "resident", "own") for name in names)
        return BroadClasses(classes_of(names)) if broad else classes_of(names)

    @override
    def json_schema(self) -> dict[str, Any]:
        return ListOf(class_shape(), least=1, lone=True).json_schema()


@dataclass(frozen=True)
class _DutyMap(Shape):
    """Who takes over which duties: `{economy: department, assigned: residents_committee}`; a class beats an origin."""

    @override
    def read(self, node: Node, path: str, reading: Reading) -> Any:
        names = (*class_shape().names, *class_shape().also)
        written = MapOf(kind_shape(), names, say("a duty class")).read(node, path, reading)
        if written is BAD:
            return BAD
        broad = [key for key in written if key not in duty_classes()]
        found = {c: written[key] for key in broad for c in classes_of((key,))}
        return found | {key: written[key] for key in written if key in duty_classes()}

    @override
    def json_schema(self) -> dict[str, Any]:
        return {"type": "object", "additionalProperties": kind_shape().json_schema()}


@dataclass(frozen=True)
class _KindShares(Shape):
    """One kind, or several with their shares: `{service_station: 0.6, residents_committee: 0.4}`."""

    @override
    def read(self, node: Node, path: str, reading: Reading) -> Any:
        if not node.is_map:
            return kind_shape().read(node, path, reading)
        return MapOf(Number("share", 0, 1), tuple(kinds()), say("a kind of institution")).read(
            node, path, reading
        )

    @override
    def json_schema(self) -> dict[str, Any]:
        shares = {"type": "object", "additionalProperties": Number("share", 0, 1).json_schema()}
        return {"anyOf": [kind_shape().json_schema(), shares]}


def _stage_shape() -> Shape:
    bodies = Known(tuple(kinds()), say("a body"), PROCEDURE_BODIES)
    return ListOf(
        Record(
            {
                "stage": Key(Text(), required=True),
                "body": Key(bodies, required=True),
                "pass": Key(Number("share", 0, 1)),
                "days": Key(Number("working day", 0, 250)),
                "may_return": Key(Flag(), default=True),
            }
        ),
        least=1,
    )


SHAPES: dict[str, Callable[[Arg], Shape]] = {
    "quantity": lambda a: Number(a.unit, *a.bounds),
    "count": lambda a: Number(a.unit, *a.bounds, whole=True),
    "kind": lambda a: kind_shape("pool"),
    "kinds": lambda a: ListOf(kind_shape(), least=2),
    "kind_shares": lambda a: _KindShares(),
    "kind_or_layer": lambda a: kind_shape(*LAYERS, "treasury"),
    "classes": lambda a: _Classes(),
    "duty_map": lambda a: _DutyMap(),
    "layer": lambda a: layer_shape(),
    "choice": lambda a: Choice(a.values),
    "flag": lambda a: Flag(),
    "text": lambda a: Identifier(),
    "texts": lambda a: ListOf(Choice(a.values) if a.values else Text(), lone=True),
    "share_map": lambda a: MapOf(Number("share", 0, 1)),
    "unit_groups": lambda a: ListOf(ListOf(Text(), least=1), least=1),
    "stages": lambda a: _stage_shape(),
    "month": lambda a: Month(),
}


def operation_shape(operation: type[Operation]) -> Record:
    """Return the record that reads one operation's arguments."""
    keys = {}
    for spec in operation.arguments().values():
        shape = SHAPES[spec.shape](spec)
        keys[spec.key] = Key(shape, required=spec.required)
    if operation.verb == "hire":
        keys["to"] = Key(_KindShares(), required=True)
    return Record(keys)


@lru_cache(maxsize=1)
def operation_shapes() -> dict[str, Record]:
    """Return the record of every operation by verb."""
    return {verb: operation_shape(operation) for verb, operation in OPERATIONS.items()}
