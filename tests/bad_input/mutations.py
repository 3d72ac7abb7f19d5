"""Mistakes planted one at a time in files that are right: each knows its line and what would mend it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from ruamel.yaml import YAML
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from sim.catalogue import measures

ROOT = Path(__file__).resolve().parents[2]
FIXTURES = ROOT / "tests" / "fixtures" / "language"
LIBRARY = ROOT / "scenarios"


@dataclass(frozen=True)
class Spot:
    """A key with its value, or an entry of a list: the path inside its document and where both stand."""

    document: str
    path: tuple[str, ...]
    key: Node | None
    value: Node

    @property
    def line(self) -> int:
        """Return the line of the key, or of the value where there is no key; lines count from 1."""
        return (self.key or self.value).start_mark.line + 1

    @property
    def name(self) -> str:
        """Return the path as one text."""
        return ".".join((self.document, *self.path))


@dataclass(frozen=True)
class Mistake:
    """A file with one mistake: its text, the lines that may be named, and the name that would mend it.

    declares: whether the misspelt word is where a name is given, so that the lines that use the name are at fault.
    """

    kind: str
    name: str
    text: str
    lines: frozenset[int]
    right: str = ""
    declares: bool = False


@lru_cache(maxsize=64)
def spots(path: Path) -> tuple[Spot, ...]:
    """Return every key and list entry of a file, in its order."""
    found: list[Spot] = []
    for root in YAML(typ="safe", pure=True).compose_all(path.read_text("utf-8")):
        kind = next(v.value for k, v in root.value if k.value == "kind")
        found += _below(root, str(kind), ())
    return tuple(found)


def _below(node: Node, document: str, path: tuple[str, ...]) -> Iterator[Spot]:
    if isinstance(node, MappingNode):
        for key, value in node.value:
            yield Spot(document, (*path, key.value), key, value)
            yield from _below(value, document, (*path, key.value))
    elif isinstance(node, SequenceNode):
        for i, value in enumerate(node.value):
            yield Spot(document, (*path, str(i)), None, value)
            yield from _below(value, document, (*path, str(i)))


def replaced(text: str, node: Node, new: str) -> str:
    """Return the text with a node written anew."""
    return text[: node.start_mark.index] + new + text[node.end_mark.index :]


def misspelt(word: str) -> str:
    """Return a word as a hurried person types it: two inner letters swapped, or the last one doubled."""
    for i in range(1, len(word) - 2):
        swapped = word[:i] + word[i + 1] + word[i] + word[i + 2 :]
        if swapped not in (word, "form", "from") and word[i : i + 2].isalpha():
            return swapped
    return word + word[-1]


def typing_errors(path: Path) -> Iterator[Mistake]:
    """Yield the file once for each key, with that key misspelt."""
    text = path.read_text("utf-8")
    for spot in spots(path):
        if spot.key is not None:
            new = replaced(text, spot.key, misspelt(spot.key.value))
            declares = len(spot.path) == 2 and spot.path[0] in ("groups", "parameters")
            lines = frozenset({spot.line})
            yield Mistake("misspelt key", spot.name, new, lines, spot.key.value, declares)


WRONG_FOR = {
    "number": ("[1, 2, 3, {a: b}]", "a lot", "true", "{}", "null"),
    "flag": ("perhaps", "7", "[true]"),
    "word": ("{a: {b: c}}", "[[x]]", "[]", "{}"),
    "list": ("12", "{zz: 1}"),
    "block": ("[12, 13]", "[]", "true"),
}


def kind_of(node: Node) -> str:
    """Return what sort of value a node is."""
    if isinstance(node, MappingNode):
        return "block"
    if isinstance(node, SequenceNode):
        return "list"
    try:
        float(node.value)
    except ValueError:
        return "flag" if node.value in ("true", "false") else "word"
    return "word" if node.style else "number"


def wrong_types(path: Path) -> Iterator[Mistake]:
    """Yield the file once for each value and each sort of value it is not."""
    text = path.read_text("utf-8")
    for spot in spots(path):
        written = text[spot.value.start_mark.index : spot.value.end_mark.index]
        for wrong in WRONG_FOR[kind_of(spot.value)]:
            lines = range(spot.line, spot.value.end_mark.line + 2)
            new = replaced(text, spot.value, wrong + ("\n" if "\n" in written else ""))
            yield Mistake(
                f"{wrong or 'nothing'} for a {kind_of(spot.value)}", spot.name, new, frozenset(lines)
            )


OUTSIDE = ("-1e9", "1e300", ".nan", ".inf", "-.inf", "99999999999999999999999")


def out_of_range(path: Path) -> Iterator[Mistake]:
    """Yield the file once for each number and each number that cannot be meant."""
    text = path.read_text("utf-8")
    for spot in spots(path):
        if kind_of(spot.value) == "number":
            for wrong in OUTSIDE:
                new = replaced(text, spot.value, wrong)
                lines = range(spot.line - 1, spot.line + 2)
                yield Mistake(f"{wrong} for a number", spot.name, new, frozenset(lines))


def repeated_keys(path: Path) -> Iterator[Mistake]:
    """Yield the file once for each key, written twice with its value."""
    text = path.read_text("utf-8")
    for spot in spots(path):
        if spot.key is None or spot.key.start_mark.line != spot.value.end_mark.line:
            continue
        a, b = spot.key.start_mark, spot.value.end_mark
        whole = text[a.index : b.index]
        indent = " " * a.column
        between = ", " if _in_flow(text, a.index) else "\n" + indent
        new = text[: b.index] + between + whole + text[b.index :]
        yield Mistake("key twice", spot.name, new, frozenset({spot.line, spot.line + 1}), spot.key.value)


def _in_flow(text: str, index: int) -> bool:
    line = text[text.rfind("\n", 0, index) + 1 : index]
    return line.count("{") > line.count("}")


FREE_TEXT = frozenset(
    {
        "assumed",
        "said",
        "note",
        "derived",
        "about",
        "id",
        "stage",
        "title",
        "en",
        "zh",
        "unit",
        "per",
        "only_for",
    }
)


def misspelt_names(path: Path) -> Iterator[Mistake]:
    """Yield the file once for each word that names something else, with that word misspelt."""
    text = path.read_text("utf-8")
    for spot in spots(path):
        word = spot.value.value
        counted = spot.path[0] == "expect" and str(word) not in measures()
        if kind_of(spot.value) != "word" or counted or not set(spot.path).isdisjoint(FREE_TEXT):
            continue
        if re.fullmatch(r"[a-z][a-z0-9_.\-]{3,}", word):
            new = replaced(text, spot.value, misspelt(word))
            lines = frozenset({spot.value.start_mark.line + 1})
            yield Mistake("misspelt name", spot.name, new, lines, word, "ids" in spot.path)


WRONG_MONTHS = ("2010-13", "2010-00", "2010", "07/2010", "2010-07-15", "1066-01", "2010-7", "soon", "9999-12")


def wrong_months(path: Path) -> Iterator[Mistake]:
    """Yield the file once for each month and each way not to write one."""
    text = path.read_text("utf-8")
    for spot in spots(path):
        if isinstance(spot.value, ScalarNode) and re.fullmatch(r"\d{4}-\d\d", spot.value.value):
            for wrong in WRONG_MONTHS:
                new = replaced(text, spot.value, wrong)
                yield Mistake(
                    "no month", f"{spot.name} {wrong}", new, frozenset({spot.value.start_mark.line + 1})
                )


GENERATORS: tuple[Callable[[Path], Iterator[Mistake]], ...] = (
    typing_errors,
    misspelt_names,
    wrong_types,
    out_of_range,
    repeated_keys,
    wrong_months,
)
