"""Shapes that hold other shapes: lists, mappings, records, and either of two."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, override

from sim.base.text import Message, counted, say
from sim.scenario.nodes import Node
from sim.scenario.quantities import Reading
from sim.scenario.shape import BAD, Entry, Shape, join, unknown, wrong


@dataclass(frozen=True)
class ListOf(Shape):
    """A list of one shape; a single value stands for a list of one where `lone` says so.

    once: no value may stand in it twice.
    """

    item: Shape
    least: int = 0
    lone: bool = False
    most: int | None = None
    once: bool = False

    @override
    def read(self, node: Node, path: str, reading: Reading) -> Any:
        if self.lone and not node.is_list:
            value = self.item.read(node, path, reading)
            return BAD if value is BAD else (value,)
        if not node.is_list:
            return wrong(node, path, reading, say("a list"))
        if len(node.value) < self.least:
            return wrong(
                node,
                path,
                reading,
                counted("at least {n} entry", "at least {n} entries", n=self.least),
            )
        if self.most is not None and len(node.value) > self.most:
            return wrong(
                node,
                path,
                reading,
                counted("at most {n} entry", "at most {n} entries", n=self.most),
            )
        paths = _item_paths(path, node.value)
        read = [self.item.read(child, where, reading) for where, child in zip(paths, node.value, strict=True)]
        if self.once:
            self._twice(node, path, reading)
        return tuple(value for value in read if value is not BAD)

    def _twice(self, node: Node, path: str, reading: Reading) -> None:
        written = [child.value for child in node.value if isinstance(child.value, str)]
        for child in node.value:
            if written.count(child.value) > 1:
                reading.problem(child.place, path, say("`{name}` stands twice", name=child.value))
                return

    @override
    def json_schema(self) -> dict[str, Any]:
        many = {"type": "array", "items": self.item.json_schema(), "minItems": self.least}
        many |= {} if self.most is None else {"maxItems": self.most}
        many |= {"uniqueItems": True} if self.once else {}
        return {"anyOf": [self.item.json_schema(), many]} if self.lone else many


@dataclass(frozen=True)
class MapOf(Shape):
    """A mapping from known names to one shape."""

    value: Shape
    names: tuple[str, ...] = ()
    what: Message = field(default_factory=lambda: say("a known name"))

    @override
    def read(self, node: Node, path: str, reading: Reading) -> Any:
        if not node.is_map:
            return wrong(node, path, reading, say("a list of `name: value` lines"))
        found: dict[str, Any] = {}
        for key, child in node.value.items():
            if self.names and key not in self.names:
                unknown(key, node.keys[key], path, reading, self.names)
                continue
            value = self.value.read(child, join(path, key), reading)
            if value is not BAD:
                found[key] = value
        return Entry(found, node, path)

    @override
    def json_schema(self) -> dict[str, Any]:
        if self.names:
            return {
                "type": "object",
                "properties": dict.fromkeys(self.names, self.value.json_schema()),
                "additionalProperties": False,
            }
        return {"type": "object", "additionalProperties": self.value.json_schema()}


@dataclass(frozen=True)
class Key:
    """One key of a record."""

    shape: Shape
    required: bool = False
    default: Any = None
    about: str = ""


@dataclass(frozen=True)
class Record(Shape):
    """A mapping with declared keys; unknown keys are refused everywhere.

    lenient: still read where a required key is missing or bad (its value is None), so that the rest is checked too.
    """

    keys: dict[str, Key]
    lenient: bool = False

    @override
    def read(self, node: Node, path: str, reading: Reading) -> Any:
        if not node.is_map:
            return wrong(node, path, reading, say("a block with: {names}", names=", ".join(self.keys)))
        found: dict[str, Any] = {name: key.default for name, key in self.keys.items()}
        bad: set[str] = set()
        for name, child in node.value.items():
            if name in self.keys:
                value = self.keys[name].shape.read(child, join(path, name), reading)
                if value is BAD:
                    bad.add(name)
                else:
                    found[name] = value
            else:
                unknown(name, node.keys[name], path, reading, self.keys)
        for name, key in self.keys.items():
            if key.required and name not in node.value:
                reading.problem(node.place, path, say("`{name}` is missing", name=name))
                bad.add(name)
        if not self.lenient and any(self.keys[name].required for name in bad):
            return BAD
        return Entry(found, node, path)

    @override
    def json_schema(self) -> dict[str, Any]:
        properties = {}
        for name, key in self.keys.items():
            about = {"description": key.about} if key.about else {}
            properties[name] = {**key.shape.json_schema(), **about}
        required = [name for name, key in self.keys.items() if key.required]
        return {
            "type": "object",
            "properties": properties,
            "required": required,
            "additionalProperties": False,
        }


@dataclass(frozen=True)
class Written(Shape):
    """A block that says at least something: an empty one would mean everything, which nobody means by it."""

    block: Record

    @override
    def read(self, node: Node, path: str, reading: Reading) -> Any:
        if node.is_map and not node.value:
            return wrong(node, path, reading, say("a block with: {names}", names=", ".join(self.block.keys)))
        return self.block.read(node, path, reading)

    @override
    def json_schema(self) -> dict[str, Any]:
        return {**self.block.json_schema(), "minProperties": 1}


@dataclass(frozen=True)
class Either(Shape):
    """A scalar shape or a record, told apart by whether a block was written."""

    scalar: Shape
    block: Shape

    @override
    def read(self, node: Node, path: str, reading: Reading) -> Any:
        return (self.block if node.is_map else self.scalar).read(node, path, reading)

    @override
    def json_schema(self) -> dict[str, Any]:
        return {"anyOf": [self.scalar.json_schema(), self.block.json_schema()]}


def _item_paths(path: str, nodes: list[Node]) -> list[str]:
    """Return a path for each entry: by its `id` where that is said once, else by its number."""
    named = [n.value if (n := node.get("id")) and isinstance(n.value, str) else "" for node in nodes]
    return [
        f"{path}.{name}" if name and named.count(name) == 1 else f"{path}[{i}]"
        for i, name in enumerate(named)
    ]
