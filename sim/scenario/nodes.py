"""YAML text to a tree whose every key and value knows its line and column.

Built from parser events, never from ruamel's constructors: nothing in a file can make an object of ours, and size,
depth, repeated keys and multiplying anchors are refused while reading, before anything is built from them.
"""

from __future__ import annotations

import math
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.base.errors import Place, Problem, ScenarioError
from sim.base.text import Message, say

if TYPE_CHECKING:
    from ruamel.yaml.error import YAMLError

MAX_BYTES = 400_000
MAX_DEPTH = 24
MAX_NODES = 20_000
MAX_DOCUMENTS = 200
_INTEGER = re.compile(r"^[-+]?[0-9]+$")
_FLOAT = re.compile(r"^[-+]?([0-9]+\.?[0-9]*|\.[0-9]+)([eE][-+]?[0-9]+)?$")
_SPECIAL = re.compile(r"^([-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN))$")
_INVISIBLE = re.compile("[\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")


@dataclass(frozen=True)
class Node:
    """A value as written: a dict or list of nodes or a scalar, with its spot and the spots of its keys."""

    value: Any
    place: Place
    keys: dict[str, Place] = field(default_factory=dict)

    @property
    def is_map(self) -> bool:
        """Return whether this is a mapping."""
        return isinstance(self.value, dict)

    @property
    def is_list(self) -> bool:
        """Return whether this is a sequence."""
        return isinstance(self.value, list)

    def get(self, key: str) -> Node | None:
        """Return the node under a key of a mapping, or None."""
        return self.value.get(key) if self.is_map else None

    def plain(self) -> Any:
        """Return the tree as ordinary Python values."""
        if self.is_map:
            return {key: child.plain() for key, child in self.value.items()}
        return [child.plain() for child in self.value] if self.is_list else self.value


def stop(place: Place, what: Message, hint: Message | None = None) -> ScenarioError:
    """Make the error of a file that cannot be read any further."""
    return ScenarioError([Problem(place, "", what, hint)])


def read_text(path: Path) -> str:
    """Return a file's text, or raise where it is missing, too large, not UTF-8 or holds control characters."""
    name = str(path)
    try:
        with path.open("rb") as handle:
            raw = handle.read(MAX_BYTES + 1)
            n = max(len(raw), os.fstat(handle.fileno()).st_size)
    except OSError as error:
        raise stop(Place(name), say("cannot be read: {why}", why=error.strerror or str(error))) from error
    if n > MAX_BYTES:
        raise stop(Place(name), say("{n} bytes; a file may have {limit}", n=n, limit=MAX_BYTES))
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise stop(Place(name, line), say("not UTF-8 text"), say("save the file as UTF-8")) from error
    return text


@dataclass(frozen=True)
class ParsedFile:
    """The documents of a file, and what is wrong that did not stop the reading: keys that stand twice."""

    documents: tuple[Node, ...]
    problems: tuple[Problem, ...] = ()


def parse(text: str, name: str) -> ParsedFile:
    """Return the documents of a text; raises ScenarioError where it cannot be read to its end."""
    from ruamel.yaml import YAML  # not at the head: what the library holds is seldom parsed
    from ruamel.yaml.error import YAMLError

    bad = _CONTROL.search(text)
    if bad:
        raise stop(_spot(text, bad.start(), name), say("a control character"))
    hidden = _INVISIBLE.search(text)
    if hidden:
        what = say("an invisible character, U+{code}", code=f"{ord(hidden[0]):04X}")
        raise stop(_spot(text, hidden.start(), name), what, say("delete it and type the word anew"))
    builder = _Builder(name)
    try:
        documents = list(builder.documents(YAML(typ="safe", pure=True).parse(text)))
    except YAMLError as error:
        raise _yaml_problem(error, name) from error
    except (RecursionError, ValueError, OverflowError) as error:
        raise stop(Place(name), say("not readable YAML")) from error
    return ParsedFile(tuple(documents), tuple(builder.problems))


def node_of(content: Any, name: str) -> Node:
    """Return ordinary Python values as a document of that name, as if they had been written in one line."""
    place = Place(name, 1, 1)
    if isinstance(content, dict):
        children = {str(key): node_of(value, name) for key, value in content.items()}
        return Node(children, place, dict.fromkeys(children, place))
    if isinstance(content, list | tuple):
        return Node([node_of(value, name) for value in content], place)
    return Node(content, place)


def read_documents(path: Path, shown: str | None = None) -> ParsedFile:
    """Return the documents of a file; `shown` is the name printed in messages."""
    return parse(read_text(path), shown or str(path))


def _spot(text: str, offset: int, name: str) -> Place:
    before = text[:offset]
    return Place(name, before.count("\n") + 1, offset - before.rfind("\n"))


def _yaml_problem(error: YAMLError, name: str) -> ScenarioError:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    place = Place(name, mark.line + 1, mark.column + 1) if mark else Place(name)
    why = getattr(error, "problem", None) or str(error).splitlines()[0]
    return stop(place, say("not readable YAML: {why}", why=why))


class _Builder:
    """Builds nodes from parser events with an explicit depth, so that nesting cannot exhaust the stack."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.problems: list[Problem] = []
        self.anchors: dict[str, Node | None] = {}
        self.sizes: dict[int, int] = {}
        self.read = 0

    def documents(self, events: Any) -> Iterator[Node]:
        """Yield one node a document; empty documents are left out."""
        stream = iter(events)
        found = 0
        for event in stream:
            if type(event).__name__ == "DocumentStartEvent":
                found += 1
                if found > MAX_DOCUMENTS:
                    raise stop(self._place(event), say("more than {limit} documents", limit=MAX_DOCUMENTS))
                self.anchors.clear()
                node = self._node(next(stream), stream, 1)
                if node.value is not None:
                    yield node

    def _node(self, event: Any, stream: Any, depth: int) -> Node:
        place = self._place(event)
        kind = type(event).__name__
        self.read += 1
        self._bounded(place, self.read)
        if depth > MAX_DEPTH:
            raise stop(place, say("nested deeper than {limit} levels", limit=MAX_DEPTH))
        if kind == "AliasEvent":
            return self._alias(event, place)
        if event.anchor:
            self.anchors[event.anchor] = None
        self._refuse_tag(event, place)
        if kind == "MappingStartEvent":
            node = self._mapping(stream, place, depth)
        elif kind == "SequenceStartEvent":
            node = self._sequence(stream, place, depth)
        else:
            node = self._sized(Node(_scalar(event), place), 1)
        if event.anchor:
            self.anchors[event.anchor] = node
        return node

    def _alias(self, event: Any, place: Place) -> Node:
        node = self.anchors.get(event.anchor)
        if node is None:
            raise stop(place, say("`*{name}` points to nothing complete", name=event.anchor))
        return node

    def _mapping(self, stream: Any, place: Place, depth: int) -> Node:
        children: dict[str, Node] = {}
        keys: dict[str, Place] = {}
        for event in stream:
            if type(event).__name__ == "MappingEndEvent":
                break
            spot = self._place(event)
            if type(event).__name__ != "ScalarEvent":
                raise stop(spot, say("a key must be a word"))
            child = self._node(next(stream), stream, depth + 1)
            if event.value in children:
                first = keys[event.value].line
                self.problems.append(
                    Problem(spot, event.value, say("this key stands twice; first in line {line}", line=first))
                )
                continue
            children[event.value], keys[event.value] = child, spot
        return self._sized(Node(children, place, keys), 1 + sum(self.sizes[id(c)] for c in children.values()))

    def _sequence(self, stream: Any, place: Place, depth: int) -> Node:
        children: list[Node] = []
        for event in stream:
            if type(event).__name__ == "SequenceEndEvent":
                break
            children.append(self._node(event, stream, depth + 1))
        return self._sized(Node(children, place), 1 + sum(self.sizes[id(c)] for c in children))

    def _sized(self, node: Node, size: int) -> Node:
        self._bounded(node.place, size)
        self.sizes[id(node)] = size
        return node

    def _bounded(self, place: Place, n: int) -> None:
        if n > MAX_NODES:
            what = say("more than {limit} values, anchors counted as often as used", limit=MAX_NODES)
            raise stop(place, what)

    def _refuse_tag(self, event: Any, place: Place) -> None:
        tag = getattr(event, "tag", None)
        if tag is not None and str(tag) not in ("!", "None"):
            raise stop(place, say("`{tag}`: tags are not allowed", tag=str(tag)))

    def _place(self, event: Any) -> Place:
        mark = event.start_mark
        return Place(self.name, mark.line + 1, mark.column + 1)


def _scalar(event: Any) -> Any:
    """Return a scalar by the YAML 1.2 core rules: quoted is text, `on` and `yes` are words."""
    text = event.value
    if event.style is not None:
        return text
    if text in ("", "~", "null", "Null", "NULL"):
        return None
    if text in ("true", "True", "TRUE", "false", "False", "FALSE"):
        return text.lower() == "true"
    if _INTEGER.match(text):
        return int(text) if len(text) < 20 else math.inf
    if _FLOAT.match(text):
        return float(text)
    return math.nan if _SPECIAL.match(text) else text
