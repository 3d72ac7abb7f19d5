"""Finding documents by id, inheriting (`extends`) and filling parameters, before anything is checked.

A name is looked for in the file that uses it, then beside it, then in the shipped library; the file is named
like the id, which is also how a person finds it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from sim.base.errors import Place, Problem, ScenarioError, nearest
from sim.base.text import say
from sim.scenario.library import library_folder
from sim.scenario.nodes import Node, ParsedFile, read_documents
from sim.scenario.packing import library_documents
from sim.scenario.quantities import Reading
from sim.scenario.shapes import did_you_mean, unknown

FOLDER_OF = {
    "place": "places",
    "profile": "profiles",
    "reform": "reforms",
    "assumptions": "assumptions",
    "scenario": "",
    "design": "designs",
}
MAX_CHAIN = 8
_LEDGER_ID = re.compile(r"^- (?:\{)?id: ([a-z0-9_.\-]+)", re.MULTILINE)


@dataclass
class Documents:
    """Every document one scenario needs, as nodes; `own` are those of the user's file."""

    own: list[Node] = field(default_factory=list)
    folder: Path | None = None
    reading: Reading = field(default_factory=Reading)

    def afresh(self) -> Documents:
        """Return the same documents with nothing found wrong yet but what reading the file found."""
        return Documents(self.own, self.folder, Reading(problems=list(self.reading.problems)))

    def find(self, kind: str, name: str, place: Place, path: str) -> Node | None:
        """Return the inherited document of a kind by id, or None after recording that there is none."""
        node = self._lookup(kind, name)
        if node is None:
            what = say("no {kind} is called `{name}`", kind=kind, name=name)
            self.reading.problem(place, path, what, did_you_mean(name, self.known(kind)))
            return None
        return self.inherited(node, kind)

    def known(self, kind: str) -> list[str]:
        """Return the ids of a kind that could be meant."""
        here = [str(_scalar(n, "id")) for n in self.own if _scalar(n, "kind") == kind]
        return sorted({*here, *library_ids(kind)})

    def inherited(self, node: Node, kind: str) -> Node:
        """Return a document with everything it inherits by `extends`; a ring is refused."""
        chain, seen = [node], [_scalar(node, "id")]
        while (parent_id := _scalar(chain[-1], "extends")) is not None:
            place = chain[-1].keys["extends"]
            if parent_id in seen or len(chain) > MAX_CHAIN:
                ring = " -> ".join(str(s) for s in [*seen, parent_id])
                raise ScenarioError(
                    [Problem(place, "extends", say("inherits from itself: {ring}", ring=ring))]
                )
            parent = self._lookup(kind, str(parent_id))
            if parent is None:
                what = say("no {kind} is called `{name}`", kind=kind, name=parent_id)
                raise ScenarioError(
                    [Problem(place, "extends", what, did_you_mean(str(parent_id), self.known(kind)))]
                )
            chain.append(parent)
            seen.append(parent_id)
        merged = chain.pop()
        while chain:
            merged = overlay(merged, chain.pop(), self.reading, "")
        return merged

    def _lookup(self, kind: str, name: str) -> Node | None:
        for node in self.own:
            if _scalar(node, "kind") == kind and _scalar(node, "id") == name:
                return node
        for root in [self.folder, library_folder()]:
            found = _from_folder(root, kind, name) if root else None
            if found is not None:
                self.reading.problems += [p for p in found[1] if p not in self.reading.problems]
                return found[0]
        return None


def _from_folder(root: Path, kind: str, name: str) -> tuple[Node, tuple[Problem, ...]] | None:
    if not re.fullmatch(r"[a-z][a-z0-9_.]*", name):
        return None
    for path in (root / FOLDER_OF[kind] / f"{name}.yaml", root / f"{name}.yaml"):
        if path.is_file():
            for node in cached_documents(path).documents:
                if _scalar(node, "kind") == kind and _scalar(node, "id") == name:
                    return node, cached_documents(path).problems
    return None


def cached_documents(path: Path) -> ParsedFile:
    """Return the documents of a file, read once while it does not change."""
    stat = path.stat()
    return _cached(path, stat.st_mtime_ns, stat.st_size)


@lru_cache(maxsize=256)
def _cached(path: Path, _changed: int, _size: int) -> ParsedFile:
    read = library_documents if path.is_relative_to(library_folder()) else read_documents
    return read(path, _shown(path))


def _shown(path: Path) -> str:
    """Return a file's name as a message prints it: from the library folder on, else as given."""
    library = library_folder()
    return str(Path("scenarios") / path.relative_to(library)) if path.is_relative_to(library) else str(path)


@lru_cache(maxsize=8)
def library_ids(kind: str) -> tuple[str, ...]:
    """Return the ids of a kind in the shipped library; a file is named like its id."""
    folder = library_folder() / FOLDER_OF[kind]
    names = sorted(path.stem for path in folder.glob("*.yaml")) if folder.is_dir() else []
    return tuple(name for name in names if name not in ("evidence", "facts"))


def library_nodes(kind: str) -> list[Node]:
    """Return the documents of a kind in the shipped library, by id; what is inherited is not filled in."""
    paths = [library_folder() / FOLDER_OF[kind] / f"{name}.yaml" for name in library_ids(kind)]
    return [
        node for path in paths for node in cached_documents(path).documents if _scalar(node, "kind") == kind
    ]


@lru_cache(maxsize=1)
def ledger_ids() -> frozenset[str]:
    """Return the ids of the evidence ledger without reading the rest of it."""
    path = library_folder() / "evidence.yaml"
    return frozenset(_LEDGER_ID.findall(path.read_text(encoding="utf-8"))) if path.is_file() else frozenset()


def _scalar(node: Node, key: str) -> Any:
    child = node.get(key)
    return None if child is None or child.is_map or child.is_list else child.value


def overlay(below: Node, above: Node, reading: Reading, path: str) -> Node:
    """Return `below` with `above` written over it.

    Blocks merge, lists and values replace, `add`/`remove` edit lists.
    """
    if below.is_list and above.is_map and _is_edit(above, reading, path):
        return _edited(below, above, reading, path)
    if not (below.is_map and above.is_map) or "value" in above.value or "value" in below.value:
        return above
    values, keys = dict(below.value), dict(below.keys)
    for key, child in above.value.items():
        if key == "extends":
            continue
        values[key] = overlay(values[key], child, reading, f"{path}.{key}") if key in values else child
        keys[key] = above.keys[key]
    values.pop("extends", None)
    return Node(values, above.place, keys)


def _is_edit(above: Node, reading: Reading, path: str) -> bool:
    """Return whether a block edits the list below it; a misspelt `add` or `remove` is said."""
    edits = ("add", "remove")
    for key in above.value:
        if key not in edits and (nearest(key, edits) or set(above.value) & set(edits)):
            unknown(key, above.keys[key], path.strip("."), reading, edits)
            return True
    return bool(above.value) and set(above.value) <= set(edits)


def _edited(below: Node, edit: Node, reading: Reading, path: str) -> Node:
    entries = list(below.value)
    removed = edit.get("remove")
    for child in removed.value if removed and removed.is_list else []:
        kept = [entry for entry in entries if _name_of(entry) != child.value]
        if len(kept) == len(entries):
            names = [str(_name_of(entry)) for entry in entries]
            what = say("nothing to remove is called `{name}`", name=child.value)
            reading.problem(child.place, path.strip("."), what, did_you_mean(str(child.value), names))
        entries = kept
    added = edit.get("add")
    return Node(entries + (list(added.value) if added and added.is_list else []), edit.place)


def _name_of(node: Node) -> Any:
    if node.is_map:
        named = node.get("id") or node.get("reform")
        return named.value if named else None
    return node.value


def filled(node: Node, values: dict[str, Node], reading: Reading, path: str = "") -> Node:
    """Return a tree with every `{parameter: name}` replaced by its value."""
    if node.is_map:
        node = _as_parameter(node, path, reading)
    if node.is_map and set(node.value) == {"parameter"}:
        name = str(node.value["parameter"].value)
        if name in values:
            return values[name]
        reading.problem(
            node.place, path, say("unknown parameter `{name}`", name=name), did_you_mean(name, values)
        )
        return Node(None, node.place)
    if node.is_map:
        children = {k: filled(v, values, reading, f"{path}.{k}".strip(".")) for k, v in node.value.items()}
        return Node(children, node.place, node.keys)
    if node.is_list:
        return Node(
            [filled(v, values, reading, f"{path}[{i}]") for i, v in enumerate(node.value)], node.place
        )
    return node


def _as_parameter(node: Node, path: str, reading: Reading) -> Node:
    """Return a lone `praameter: x` as it was meant, after saying so; any other block as it is."""
    key = next(iter(node.value)) if len(node.value) == 1 else "parameter"
    if key == "parameter" or not nearest(key, ["parameter"], 0.8):
        return node
    unknown(key, node.keys[key], path, reading, ["parameter"])
    return Node({"parameter": node.value[key]}, node.place, {"parameter": node.keys[key]})


def with_parameters(reform: Node, given: dict[str, Node], reading: Reading) -> Node:
    """Return a reform with its parameters filled: what the scenario gives, else the declared default."""
    declared = reform.get("parameters")
    blocks: dict[str, Node] = declared.value if declared and declared.is_map else {}
    for name, node in given.items():
        if name not in blocks:
            reading.problem(
                node.place,
                f"with.{name}",
                say("unknown parameter `{name}`", name=name),
                did_you_mean(name, blocks),
            )
    values: dict[str, Node] = {}
    for name, block in blocks.items():
        default = block.get("default")
        if name in given:
            values[name] = given[name]
        elif default is None:
            reading.problem(
                block.place, f"parameters.{name}", say("`{name}` has no default and is not given", name=name)
            )
        else:
            values[name] = _with_source(default, block)
    body = {k: v if k == "parameters" else filled(v, values, reading, k) for k, v in reform.value.items()}
    return Node(body, reform.place, reform.keys)


def _with_source(default: Node, block: Node) -> Node:
    """Return a numeric default together with the range and source its parameter declares."""
    if isinstance(default.value, bool) or not isinstance(default.value, int | float):
        return default
    kept = {k: block.value[k] for k in ("range", "evidence", "assumed") if k in block.value}
    if not kept:
        return default
    keys = {"value": default.place} | {k: block.keys.get(k, default.place) for k in kept}
    return Node({"value": default, **kept}, default.place, keys)
