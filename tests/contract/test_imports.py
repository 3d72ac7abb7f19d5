"""Which room may open onto which: the house's table as data, and tests that read every import in `sim/`.

An import counts wherever it stands: at the top, inside a function, or under TYPE_CHECKING. A room that is not
in the table may not exist. numpy, the standard library and `sim/__init__.py` (the version) are open to all.
"""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import networkx as nx
import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
PACKAGE = REPOSITORY / "sim"

# room: (rooms it may import, third-party packages it may import beyond numpy)
ROOMS: dict[str, tuple[str, str]] = {
    "base": ("", ""),
    "catalogue": ("base", "pydantic ruamel"),
    "rules": ("base catalogue", ""),
    "scenario": ("base catalogue rules", "pydantic ruamel"),
    "results": ("base catalogue rules scenario", "polars pyarrow scipy"),
    "draws": ("base", "numba"),
    "world": ("base catalogue rules scenario draws", "numba"),
    "agents": ("base catalogue draws world", "mesa"),  # what an institution chooses is drawn
    "mechanisms": ("base catalogue draws world agents", "numba scipy"),
    "observe": ("base catalogue world results", "numba polars"),
    "enact": ("base catalogue rules world agents", ""),
    "schedule": ("base mechanisms observe enact", ""),
    # What the program says about itself: it reads declarations, so it sees where they stand.
    "odd": ("base catalogue rules scenario world agents mechanisms schedule", "jinja2"),
    "model": (
        "base catalogue rules scenario results draws world agents mechanisms observe enact schedule",
        "mesa",
    ),
    "experiment": (
        "base catalogue scenario results model",
        "dask distributed polars scipy SALib sklearn ema_workbench pandas",
    ),
    "views": ("base catalogue scenario results", "matplotlib jinja2 babel polars pylopdf_fonts_zh_cn"),
    "dashboard": (
        "base catalogue scenario results views experiment",
        "solara reacton ipyvue ipyvuetify uvicorn",
    ),
    "cli": (
        "base catalogue rules scenario results schedule odd model experiment views dashboard",
        "typer click rich polars",
    ),
}
# In mechanisms/ no file imports another, save what all share and the registry that lists them all.
SHARED_BY_MECHANISMS = {
    "contract",  # what a mechanism declares and receives
    "guard",  # one table as a mechanism may see it
    "posts",  # posting gains and losses
    "arithmetic",  # the rational logit and its like: no model in it
    "participation",  # the one form behind the four ways of taking part: assembles the kernel's columns
    "participation_causes",  # the same form, divided among its causes
    "assessment",  # which work may be assessed: the part of `serve` and of `orient_committees` that is one rule
    "announcement",  # how near an announced rule is: what every mechanism that looks ahead would say alike
    "cross_holding",  # how far posts are cross-held: the part of `serve` and of `orient_committees` that is one number
    "standing",  # from a count to the pace that would have led there: arithmetic, no model in it
    "filing",  # how work becomes cases: the part of `serve` that a reader meets first
}
LISTS_ALL_MECHANISMS = {"registry"}
KERNEL_SUFFIX = "_kernel"  # a mechanism may keep its compiled kernel in a file beside it

# These rooms open without the simulator: nothing of it is loaded by importing any of their modules.
LIGHT_ROOMS = ("base", "catalogue", "rules", "scenario", "results", "views")
HEAVY_PACKAGES = ("mesa", "numba", "dask", "distributed")

Import = tuple[str, int]  # dotted name of what is imported, line


def modules() -> dict[str, Path]:
    """Return dotted name -> file of every module of the package."""
    names = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        parts = path.relative_to(REPOSITORY).with_suffix("").parts
        names[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return names


MODULES = modules()


def imports_of(name: str) -> list[Import]:
    """Return everything a module imports, relative imports made absolute."""
    path = MODULES[name]
    package = name if path.name == "__init__.py" else name.rpartition(".")[0]
    found: list[Import] = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found += [(alias.name, node.lineno) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            up = package.split(".")[: len(package.split(".")) - node.level + 1] if node.level else []
            base = ".".join([*up, *([node.module] if node.module else [])])
            found += [(deepest(base, alias.name), node.lineno) for alias in node.names]
    return found


def deepest(base: str, name: str) -> str:
    """Return `base.name` where that is a module of ours, else `base`."""
    return f"{base}.{name}" if f"{base}.{name}" in MODULES else base


def room_of(name: str) -> str | None:
    """Return the room of one of our modules; None for `sim` itself."""
    parts = name.split(".")
    return parts[1] if len(parts) > 1 else None


def where(name: str, line: int) -> str:
    return f"{MODULES[name].relative_to(REPOSITORY)}:{line}"


def broken_doors(name: str) -> list[str]:
    """Return one line for each import of a module that its room does not allow."""
    room = room_of(name)
    rooms, packages = (set(part.split()) for part in ROOMS.get(room or "", ("", "")))
    broken = []
    for target, line in imports_of(name):
        top = target.split(".")[0]
        if top == "sim":
            other = room_of(target)
            if other not in {None, room, *rooms}:
                broken.append(f"{where(name, line)}: {room or 'sim'} imports {other}")
        elif top not in sys.stdlib_module_names and top not in {"numpy", *packages}:
            broken.append(f"{where(name, line)}: {room or 'sim'} imports the package {top}")
    return broken


def test_every_room_is_in_the_table():
    """Every module lies in a room that the table knows."""
    assert {room_of(name) for name in MODULES} - {None} <= set(ROOMS)


def test_the_table_has_no_circle():
    """The allowed doors between rooms form no circle."""
    graph = nx.DiGraph((room, other) for room, (rooms, _) in ROOMS.items() for other in rooms.split())
    assert nx.is_directed_acyclic_graph(graph)


def test_every_import_uses_an_open_door():
    """No module imports a room or a package that its room may not import, lazily or for types included."""
    assert [line for name in MODULES for line in broken_doors(name)] == []


def may_import_mechanism(name: str, other: str) -> bool:
    return (
        name == other
        or name in LISTS_ALL_MECHANISMS
        or other in SHARED_BY_MECHANISMS
        or other.endswith(KERNEL_SUFFIX)
    )


def test_mechanisms_do_not_know_one_another():
    """No mechanism imports another mechanism."""
    broken = []
    for name in MODULES:
        if room_of(name) != "mechanisms" or name.count(".") < 2:
            continue
        for target, line in imports_of(name):
            if room_of(target) != "mechanisms" or not target.startswith("sim."):
                continue
            own, other = name.split(".")[2], (*target.split("."), "")[2]
            if not may_import_mechanism(own, other):
                broken.append(f"{where(name, line)}: {own} imports {other or 'the whole room'}")
    assert broken == []


def test_no_modules_import_in_a_circle():
    """No two modules need each other, not even through others or inside functions."""
    graph = nx.DiGraph()
    for name in MODULES:
        graph.add_edges_from((name, target) for target, _ in imports_of(name) if target in MODULES)
    graph.remove_nodes_from(["sim"])
    circles = [sorted(c) for c in nx.strongly_connected_components(graph) if len(c) > 1]
    assert circles + [[n] for n in nx.nodes_with_selfloops(graph)] == []


@pytest.mark.parametrize("room", LIGHT_ROOMS)
def test_results_open_without_the_simulator(room):
    """Importing every module of a light room loads neither Mesa nor numba nor Dask."""
    names = [name for name in MODULES if room_of(name) == room]
    program = (
        f"import importlib, sys\nfor name in {names!r}: importlib.import_module(name)\n"
        f"print([p for p in {HEAVY_PACKAGES!r} if p in sys.modules])"
    )
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=False)
    assert (done.stdout.strip(), done.stderr) == ("[]", "")
