"""Shapes of single values: text, names, choices, flags, counts, months, spans."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, override

from sim.base.calendar import parse_month, span_months
from sim.base.errors import nearest
from sim.base.text import LANGUAGES, Message, say
from sim.scenario.nodes import Node
from sim.scenario.quantities import Reading
from sim.scenario.shape import BAD, Shape, did_you_mean, join, shown, span, unknown, wrong

FIRST_YEAR, LAST_YEAR = 1949, 2100


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
        if not node.is_map or not node.value:
            return wrong(node, path, reading, say("a text, or {{en: ..., zh: ...}}"))
        read = {
            language: self._one(language, child, node, path, reading)
            for language, child in node.value.items()
        }
        return BAD if BAD in read.values() else read

    def _one(self, language: str, child: Node, node: Node, path: str, reading: Reading) -> Any:
        if language not in LANGUAGES:
            unknown(language, node.keys[language], path, reading, LANGUAGES)
            return BAD
        if not isinstance(child.value, str) or not child.value.strip():
            return wrong(child, join(path, language), reading, say("text"))
        return child.value

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
            month = parse_month(node.value if str(node.value).isascii() else "")
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
