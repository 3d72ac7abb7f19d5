"""What can be chosen: the shipped library, and files that users opened here, kept by the hash of their content.

A kept file restores an address on this machine; on any other the file itself is what one shares.
"""

from __future__ import annotations

import hashlib
import os
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from sim.base.errors import Problem, ScenarioError
from sim.base.text import say
from sim.experiment.environment import cache_folder
from sim.scenario.documents import FOLDER_OF, Documents, cached_documents, library_ids
from sim.scenario.library import library_folder
from sim.scenario.load import find_scenario, word
from sim.scenario.nodes import MAX_BYTES, Node

OPEN, FIRST = "SHEQU_DASHBOARD_FILE", "tongling"
KEPT = re.compile(r"^file-[0-9a-f]{16}$")


@dataclass(frozen=True)
class Entry:
    """One thing to choose: its id and its title in both languages."""

    id: str
    title: dict[str, str]


def keep(text: str) -> str:
    """Keep a file's text and return the name it is found by; raises ScenarioError where it is too large."""
    raw = text.encode("utf-8", errors="replace")
    if len(raw) > MAX_BYTES:
        what = say("{n} bytes; a file may have {limit}", n=len(raw), limit=MAX_BYTES)
        raise ScenarioError([Problem(None, "", what)])
    name = "file-" + hashlib.sha256(raw).hexdigest()[:16]
    path = path_of(name)
    if not path.is_file():
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_suffix(".part")
        part.write_bytes(raw)
        part.replace(path)
    return name


def opened_with() -> str:
    """Return what the server was opened with: a file's kept name, or the library's scenario to begin with."""
    path = os.environ.get(OPEN, "")
    return keep(Path(path).read_text(encoding="utf-8")) if path else FIRST


def path_of(name: str) -> Path:
    """Return where a kept file lies."""
    return cache_folder() / "files" / f"{name}.yaml"


def scenario_source(source: str) -> str | Path:
    """Return what the loader takes for a source: a library id, or the path of a kept file."""
    return path_of(source) if KEPT.match(source) else source


def has_scenario(source: str) -> bool:
    """Return whether a source can be opened here."""
    return path_of(source).is_file() if KEPT.match(source) else source in library_ids("scenario")


def opened(source: str) -> tuple[Documents, Node]:
    """Return the documents and the scenario node of a source; raises ScenarioError."""
    return find_scenario(scenario_source(source))


def own_nodes(source: str, kind: str) -> dict[str, Node]:
    """Return the documents of a kind that a kept file brings along."""
    if not KEPT.match(source) or not path_of(source).is_file():
        return {}
    nodes = cached_documents(path_of(source)).documents
    return {str(word(n, "id")): n for n in nodes if word(n, "kind") == kind}


def has_place(name: str, source: str = "") -> bool:
    """Return whether a place can be chosen."""
    return name in library_ids("place") or name in own_nodes(source, "place")


def has_reform(name: str, source: str = "") -> bool:
    """Return whether a reform can be chosen."""
    return name in library_ids("reform") or name in own_nodes(source, "reform")


def place_of(source: str) -> str:
    """Return the place a scenario starts from."""
    return str(word(opened(source)[1], "place"))


def entries(kind: str, source: str = "") -> list[Entry]:
    """Return the places, reforms or scenarios to choose from: the file's own first, then the library's."""
    own = [Entry(name, _title(node)) for name, node in own_nodes(source, kind).items()]
    return own + [e for e in _library_entries(kind) if e.id not in {o.id for o in own}]


@lru_cache(maxsize=8)
def _library_entries(kind: str) -> tuple[Entry, ...]:
    return tuple(Entry(name, _title(library_node(kind, name))) for name in library_ids(kind))


def library_node(kind: str, name: str) -> Node:
    """Return a document of the library as written."""
    path = library_folder() / FOLDER_OF[kind] / f"{name}.yaml"
    for node in cached_documents(path).documents:
        if word(node, "kind") == kind and word(node, "id") == name:
            return node
    raise KeyError(name)


def _title(node: Node) -> dict[str, str]:
    title = node.get("title")
    plain = title.plain() if title is not None else None
    name = str(word(node, "id"))
    if isinstance(plain, dict):
        return {code: str(plain.get(code) or plain.get("en") or name) for code in ("en", "zh")}
    return {"en": str(plain or name), "zh": str(plain or name)}


def reform_node(name: str, source: str = "") -> Node:
    """Return a reform's document, the file's own before the library's."""
    return own_nodes(source, "reform").get(name) or library_node("reform", name)


def parameters_of(name: str, source: str = "") -> dict[str, dict[str, Any]]:
    """Return what a reform leaves to be filled in: default, unit and meaning by name."""
    node = reform_node(name, source).get("parameters")
    return node.plain() if node is not None and node.is_map else {}
