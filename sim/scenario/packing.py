"""Documents of the library as plain lists and back: a file that has not changed is parsed once for all processes.

A node is [line, column, value]; a mapping's value holds, under each key, [line, column, node] of it.
"""

from __future__ import annotations

from functools import lru_cache, partial
from importlib.metadata import version
from pathlib import Path
from typing import Any

from sim.base.errors import Place
from sim.base.kept import kept
from sim.scenario import nodes
from sim.scenario.nodes import Node, ParsedFile, parse, read_text


def library_documents(path: Path, shown: str) -> ParsedFile:
    """Return the documents of a file of the library as `read_documents` does, parsed before or now."""
    text = read_text(path)
    return kept(
        path, _reader(), text.encode(), lambda: parse(text, shown), _packed, partial(_unpacked, shown)
    )


@lru_cache(maxsize=1)
def _reader() -> bytes:
    """Return what documents follow from beside their text: the parser, and how nodes are built and packed."""
    own = b"".join(Path(str(file)).read_bytes() for file in (nodes.__file__, __file__))
    return version("ruamel.yaml").encode() + b"\0" + own


def _packed(made: ParsedFile) -> list[Any]:
    """Return documents as lists; raises ValueError where something is wrong with them, which is said afresh."""
    if made.problems:
        raise ValueError
    return [_row(node) for node in made.documents]


def _row(node: Node) -> list[Any]:
    value = node.value
    if node.is_map:
        value = {k: [node.keys[k].line, node.keys[k].column, _row(child)] for k, child in value.items()}
    elif node.is_list:
        value = [_row(child) for child in value]
    return [node.place.line, node.place.column, value]


def _unpacked(name: str, rows: list[Any]) -> ParsedFile:
    return ParsedFile(tuple(_node(row, name) for row in rows))


def _node(row: list[Any], name: str) -> Node:
    line, column, value = row
    place = Place(name, line, column)
    if isinstance(value, dict):
        keys = {key: Place(name, at, across) for key, (at, across, _) in value.items()}
        return Node({key: _node(child, name) for key, (_, _, child) in value.items()}, place, keys)
    return Node([_node(child, name) for child in value] if isinstance(value, list) else value, place)
