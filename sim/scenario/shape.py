"""Shapes: what a value may look like. Each reads a node, says every problem, and knows its JSON schema.

A shape never raises on bad input: it records a problem and returns BAD, so that one reading finds all errors.
"""

from __future__ import annotations

import math
import unicodedata
from typing import Any

from sim.base.errors import Place, nearest
from sim.base.text import Message, say
from sim.catalogue import unit_text
from sim.scenario.nodes import Node
from sim.scenario.quantities import Reading

MAX_HINT = 40


class _Bad:
    """The mark of a value that could not be read; its problem is already recorded."""

    def __repr__(self) -> str:
        return "BAD"

    def __bool__(self) -> bool:
        return False


BAD = _Bad()


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
    """Record `read X; expected Y` and return BAD. Full-width digits and signs are shown as they should be typed."""
    typed = unicodedata.normalize("NFKC", node.value) if isinstance(node.value, str) else None
    if typed not in (None, node.value) and len(str(typed)) <= MAX_HINT:
        hint = say("did you mean `{name}`?", name=typed)
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


def unknown(name: str, place: Place, path: str, reading: Reading, known: Any) -> None:
    """Record an unknown key with the nearest known one."""
    reading.problem(
        place, join(path, name), say("unknown key `{name}`", name=name), did_you_mean(name, known)
    )


def join(path: str, key: str) -> str:
    """Return the path one key further in."""
    return f"{path}.{key}" if path else key


def span(low: float, high: float, unit: str = "") -> dict[str, str]:
    """Return a range with its unit as messages write it: `[0, 1] share`."""
    ends = ", ".join("..." if math.isinf(x) or abs(x) >= 1e9 else f"{x:g}" for x in (low, high))
    names = unit_text(unit)
    return {code: f"[{ends}] {names[code]}".rstrip() for code in ("en", "zh")}
