"""Shapes: what a value may look like. Each reads a node, says every problem, and knows its JSON schema.

A shape never raises on bad input: it records a problem and returns BAD, so that one reading finds all errors.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any, override

from sim.base.calendar import parse_month, span_months
from sim.base.errors import Place, nearest
from sim.base.text import Message, say
from sim.scenario.nodes import Node
from sim.scenario.quantities import Reading


class _Bad:
    """The mark of a value that could not be read; its problem is already recorded."""

    def __repr__(self) -> str:
        return "BAD"

    def __bool__(self) -> bool:
        return False


BAD = _Bad()
FIRST_YEAR, LAST_YEAR = 1949, 2100


class Entry(dict[str, Any]):
    """A mapping as read, which remembers where it and its keys stand."""

    def __init__(self, values: dict[str, Any], node: Node, path: str) -> None:
        super().__init__(values)
        self.node = node
        self.path = path

    def spot(self, key: str | None = None) -> Place:
        """Return where a key stands, or where the mapping begins."""
        return self.node.keys.get(key or "", self.node.place)


class Shape:
    """The interface of every shape."""

    def read(self, node: Node, path: str, reading: Reading) -> Any:
        """Return the value, or BAD after recording why."""
        raise NotImplementedError

    def json_schema(self) -> dict[str, Any]:
        """Return the shape as JSON schema, for editors that complete and check while typing."""
        return {}


def shown(node: Node) -> str:
    """Return what was read, short enough for a message."""
    if node.is_map:
        return "{" + ", ".join(list(node.value)[:3]) + (", ..." if len(node.value) > 3 else "") + "}"
    if node.is_list:
        return f"[{len(node.value)}]"
    text = "null" if node.value is None else str(node.value)
    return text if len(text) <= 40 else text[:37] + "..."


def wrong(node: Node, path: str, reading: Reading, expected: Message, hint: Message | None = None) -> _Bad:
    """Record `read X; expected Y` and return BAD."""
    reading.problem(
        node.place, path, say("read `{read}`; expected {expected}", read=shown(node), expected=expected), hint
    )
    return BAD


def did_you_mean(name: str, known: Any) -> Message | None:
    """Return the hint with the nearest known name, or with all of them where there are few."""
    close = nearest(name, known)
    if close:
        return say("did you mean `{name}`?", name=close)
    names = [str(k) for k in known]
    return say("one of: {names}", names=", ".join(names)) if 0 < len(names) <= 16 else None


@dataclass(frozen=True)
class Text(Shape):
    """Any text."""

    @override
    def read(self, node: Node, path: str, reading: Reading) -> Any:
        if isinstance(node.value, str | int | float) and not isinstance(node.value, bool):
            return str(node.value)
        return wrong(node, path, reading, say("text"))

    @override
    def json_schema(self) -> dict[str, Any]:
        return {"type": "string"}


@dataclass(frozen=True)
class Identifier(Shape):
    """A name other lines can point to: lower-case letters, digits, `_` and `.`."""

    @override
    def read(self, node: Node, path: str, reading: Reading) -> Any:
        text = node.value if isinstance(node.value, str) else ""
        if (
            text
            and text[0].isalpha()
            and all(c.isalnum() or c in "_." for c in text)
            and text == text.lower()
            and len(text) <= 60
        ):
            return text
        return wrong(node, path, reading, say("a short name of lower-case letters, digits and `_`"))

    @override
    def json_schema(self) -> dict[str, Any]:
        return {"type": "string", "pattern": "^[a-z][a-z0-9_.]*$"}


@dataclass(frozen=True)
class Title(Shape):
    """A text in one or both languages: `{en: ..., zh: ...}` or plain text."""

    @override
    def read(self, node: Node, path: str, reading: Reading) -> Any:
        if isinstance(node.value, str) and node.value:
            return {"en": node.value, "zh": node.value}
        if node.is_map and node.value and set(node.value) <= {"en", "zh"}:
            return {k: str(v.value) for k, v in node.value.items()}
        return wrong(node, path, reading, say("a text, or {{en: ..., zh: ...}}"))

    @override
    def json_schema(self) -> dict[str, Any]:
        both = {
            "type": "object",
            "properties": {"en": {"type": "string"}, "zh": {"type": "string"}},
            "additionalProperties": False,
        }
        return {"anyOf": [{"type": "string"}, both]}


@dataclass(frozen=True)
class Choice(Shape):
    """One of a few words."""

    values: tuple[str, ...]

    @override
    def read(self, node: Node, path: str, reading: Reading) -> Any:
        if not node.is_map and not node.is_list and str(node.value) in self.values:
            return str(node.value)
        expected = say("one of: {names}", names=", ".join(self.values))
        close = nearest(shown(node), self.values)
        return wrong(
            node, path, reading, expected, say("did you mean `{name}`?", name=close) if close else None
        )

    @override
    def json_schema(self) -> dict[str, Any]:
        return {"enum": list(self.values)}


@dataclass(frozen=True)
class Known(Shape):
    """A name out of a catalogue; `also` are words with a meaning of their own (`pool`)."""

    names: tuple[str, ...]
    what: Message
    also: tuple[str, ...] = ()

    @override
    def read(self, node: Node, path: str, reading: Reading) -> Any:
        if isinstance(node.value, str) and node.value in (*self.names, *self.also):
            return node.value
        return wrong(node, path, reading, self.what, did_you_mean(shown(node), (*self.names, *self.also)))

    @override
    def json_schema(self) -> dict[str, Any]:
        return {"enum": [*self.names, *self.also]}


@dataclass(frozen=True)
class Flag(Shape):
    """true or false; `on` and `off` are read as well."""

    @override
    def read(self, node: Node, path: str, reading: Reading) -> Any:
        if isinstance(node.value, bool):
            return node.value
        if node.value in ("on", "off"):
            return node.value == "on"
        return wrong(node, path, reading, say("true or false"))

    @override
    def json_schema(self) -> dict[str, Any]:
        return {"enum": [True, False, "on", "off"]}


@dataclass(frozen=True)
class Count(Shape):
    """A whole number within bounds, of the run rather than of the world (no provenance asked)."""

    low: int = 0
    high: int = 10**9
    unit: str = ""

    @override
    def read(self, node: Node, path: str, reading: Reading) -> Any:
        value = node.value
        if isinstance(value, int) and not isinstance(value, bool) and self.low <= value <= self.high:
            return value
        return wrong(
            node, path, reading, say("a whole number in {range}", range=span(self.low, self.high, self.unit))
        )

    @override
    def json_schema(self) -> dict[str, Any]:
        return {"type": "integer", "minimum": self.low, "maximum": self.high}


@dataclass(frozen=True)
class Month(Shape):
    """A month, `YYYY-MM`; read as a month index."""

    @override
    def read(self, node: Node, path: str, reading: Reading) -> Any:
        try:
            month = parse_month(node.value)
        except (ValueError, TypeError):
            return wrong(node, path, reading, say("a month, YYYY-MM"))
        if not FIRST_YEAR <= month // 12 <= LAST_YEAR:
            return wrong(
                node, path, reading, say("a month from {first} to {last}", first=FIRST_YEAR, last=LAST_YEAR)
            )
        return month

    @override
    def json_schema(self) -> dict[str, Any]:
        return {"type": "string", "pattern": r"^\d{4}-(0[1-9]|1[0-2])$"}


@dataclass(frozen=True)
class Span(Shape):
    """A length of time: `36 months`, `3 years` or a number of months."""

    low: int = 1
    high: int = 1200

    @override
    def read(self, node: Node, path: str, reading: Reading) -> Any:
        try:
            months = span_months(node.value if isinstance(node.value, str) else int(str(node.value)))
        except (ValueError, TypeError):
            return wrong(node, path, reading, say("a length of time such as `36 months`"))
        if not self.low <= months <= self.high:
            return wrong(
                node,
                path,
                reading,
                say("a length of time in {range}", range=span(self.low, self.high, "month")),
            )
        return months

    @override
    def json_schema(self) -> dict[str, Any]:
        return {"type": ["string", "integer"], "pattern": r"^\d+\s*(months?|years?|个月|月|年)?$"}


@dataclass(frozen=True)
class ListOf(Shape):
    """A list of one shape; a single value stands for a list of one where `lone` says so."""

    item: Shape
    least: int = 0
    lone: bool = False

    @override
    def read(self, node: Node, path: str, reading: Reading) -> Any:
        if self.lone and not node.is_list:
            value = self.item.read(node, path, reading)
            return BAD if value is BAD else (value,)
        if not node.is_list:
            return wrong(node, path, reading, say("a list"))
        if len(node.value) < self.least:
            return wrong(node, path, reading, say("at least {n} entries", n=self.least))
        paths = _item_paths(path, node.value)
        read = [self.item.read(child, where, reading) for where, child in zip(paths, node.value, strict=True)]
        return tuple(value for value in read if value is not BAD)

    @override
    def json_schema(self) -> dict[str, Any]:
        many = {"type": "array", "items": self.item.json_schema(), "minItems": self.least}
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
    """A mapping with declared keys; unknown keys are refused everywhere."""

    keys: dict[str, Key]
    closed: bool = True

    @override
    def read(self, node: Node, path: str, reading: Reading) -> Any:
        if not node.is_map:
            return wrong(node, path, reading, say("a block with: {names}", names=", ".join(self.keys)))
        found: dict[str, Any] = {name: key.default for name, key in self.keys.items()}
        for name, child in node.value.items():
            if name in self.keys:
                value = self.keys[name].shape.read(child, join(path, name), reading)
                found[name] = self.keys[name].default if value is BAD else value
            elif self.closed:
                unknown(name, node.keys[name], path, reading, self.keys)
        for name, key in self.keys.items():
            if key.required and name not in node.value:
                reading.problem(node.place, path, say("`{name}` is missing", name=name))
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
            "additionalProperties": not self.closed,
        }


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


def unknown(name: str, place: Place, path: str, reading: Reading, known: Any) -> None:
    """Record an unknown key with the nearest known one."""
    reading.problem(
        place, join(path, name), say("unknown key `{name}`", name=name), did_you_mean(name, known)
    )


def join(path: str, key: str) -> str:
    """Return the path one key further in."""
    return f"{path}.{key}" if path else key


def span(low: float, high: float, unit: str = "") -> str:
    """Return a range as messages write it: `[0, 1] share`."""
    ends = ", ".join("..." if math.isinf(x) or abs(x) >= 1e9 else f"{x:g}" for x in (low, high))
    return f"[{ends}] {unit}".rstrip()


def _item_paths(path: str, nodes: list[Node]) -> list[str]:
    """Return a path for each entry: by its `id` where that is said once, else by its number."""
    named = [n.value if (n := node.get("id")) and isinstance(n.value, str) else "" for node in nodes]
    return [
        f"{path}.{name}" if name and named.count(name) == 1 else f"{path}[{i}]"
        for i, name in enumerate(named)
    ]
