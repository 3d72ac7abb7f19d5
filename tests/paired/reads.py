"""Which columns and assumptions any code reads: by attribute of a table and key of the assumptions, not by a word."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import sim
from sim.odd.gathered import ALL_TABLES
from sim.schedule import SCHEDULE

PACKAGE = Path(sim.__file__).parent
NAMES = {table: {column.name for column in columns} for table, columns in ALL_TABLES.items()}


def columns_read() -> set[str]:
    """Return `table.column` of every column a mechanism declares that it reads, or that code reads as an attribute."""
    found = {name for mechanism in SCHEDULE for name in mechanism.reads}
    for path in PACKAGE.rglob("*.py"):
        found |= set(_read_in(ast.parse(path.read_text(encoding="utf-8"))))
    return found


def _read_in(tree: ast.Module) -> Iterator[str]:
    constants = (node.value for node in ast.walk(tree) if isinstance(node, ast.Constant))
    yield from _named(tree, {word for word in constants if isinstance(word, str)})
    for function in (n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef | ast.Lambda)):
        alias, written = _aliases(function), _only_written(function)
        for node in ast.walk(function):
            if isinstance(node, ast.Attribute) and node not in written and isinstance(node.ctx, ast.Load):
                table = _table(node.value, alias)
                if table and node.attr in NAMES[table]:
                    yield f"{table}.{node.attr}"


def _table(node: ast.expr, alias: dict[str, str]) -> str | None:
    """Return the table an expression stands for: `world.areas`, or a local name given to it."""
    if isinstance(node, ast.Attribute) and node.attr in NAMES:
        return node.attr
    return alias.get(node.id) if isinstance(node, ast.Name) else None


def _aliases(function: ast.AST) -> dict[str, str]:
    """Return local names that stand for tables, by assignment or by the name of a parameter or variable itself."""
    found = {name: name for name in NAMES}
    for node in (n for n in ast.walk(function) if isinstance(n, ast.Assign)):
        for target in node.targets:
            both = isinstance(target, ast.Tuple) and isinstance(node.value, ast.Tuple)
            pairs = zip(target.elts, node.value.elts, strict=False) if both else [(target, node.value)]
            for name, value in pairs:
                if isinstance(name, ast.Name) and (table := _table(value, found)):
                    found[name.id] = table
    return found


def _only_written(function: ast.AST) -> set[ast.AST]:
    """Return the attributes that are only filled: `areas.x[:] = ...` and `areas.x[rows] += ...`."""
    stores = (n for n in ast.walk(function) if isinstance(n, ast.Subscript) and isinstance(n.ctx, ast.Store))
    return {node.value for node in stores}


def _named(tree: ast.Module, words: set[str]) -> Iterator[str]:
    """Yield the columns that a file reads by name: `getattr(offices, name)` for names that stand in the same file."""
    calls = (n for n in ast.walk(tree) if isinstance(n, ast.Call) and getattr(n.func, "id", "") == "getattr")
    for call in calls:
        if table := _table(call.args[0], _aliases(tree)):
            yield from (f"{table}.{name}" for name in words & NAMES[table])


def assumptions_read(names: set[str]) -> set[str]:
    """Return which of these assumptions code outside the declarations asks for: `assume["a.b"]`, or by a pattern."""
    asked = {pattern for path in PACKAGE.rglob("*.py") for pattern in _asked(ast.parse(path.read_text("utf-8")))}
    return {name for name in names if any(re.fullmatch(pattern, name) for pattern in asked)}


def _asked(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Subscript) and _is_assume(node.value):
            yield from _pattern(node.slice)
        elif isinstance(node, ast.Call) and _is_assume(node.func) and node.args:
            yield from _pattern(node.args[0])


def _is_assume(node: ast.expr) -> bool:
    return (node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")) == "assume"


def _pattern(node: ast.expr) -> Iterator[str]:
    """Yield a written name as a regular expression, with any word where the code puts one in."""
    parts = node.values if isinstance(node, ast.JoinedStr) else [node]
    if all(isinstance(part, ast.Constant | ast.FormattedValue) for part in parts):
        yield "".join(re.escape(str(p.value)) if isinstance(p, ast.Constant) else r"[a-z_]+" for p in parts)
