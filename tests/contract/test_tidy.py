"""Nothing in `sim/` lies dead, and nothing of length stands there twice."""

from __future__ import annotations

import ast
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
PACKAGE = REPOSITORY / "sim"
READERS = ("sim", "experiments", "notebooks", "docs/recipes")
WORD = re.compile(r"[A-Za-z_]\w*")
# Nobody in the repository but the tests calls these; each with what it is kept for.
FOR_OTHERS = {
    "untranslated": "the gate of both languages, asked by its test",
    "unique_id": "Mesa reads it of every agent",
    "list_": "the command `list`",
}
SHORTEST_COPY = 6  # lines of a function's body


def trees() -> Iterator[tuple[Path, ast.Module]]:
    """Yield every module of the package."""
    for path in sorted(PACKAGE.rglob("*.py")):
        yield path, ast.parse(path.read_text(encoding="utf-8"))


def functions(tree: ast.Module) -> Iterator[ast.FunctionDef]:
    """Yield every function and method of a module."""
    yield from (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))


def is_called_by_a_library(function: ast.FunctionDef) -> bool:
    """Return whether a decorator hands the function to a library: a command, a validator, an override."""
    words = " ".join(ast.unparse(d) for d in function.decorator_list)
    return re.search(r"command|callback|validator|override|component|route|njit|register", words) is not None


def test_every_function_is_used_somewhere():
    """A function's name stands somewhere beside its definition, in the program, a study, a notebook or a recipe."""
    pages = [p for folder in READERS for p in sorted((REPOSITORY / folder).rglob("*")) if p.is_file()]
    texts = [p.read_text(encoding="utf-8") for p in pages if p.suffix in (".py", ".ipynb", ".md", ".j2", ".vue")]
    named = Counter(word for text in texts for word in WORD.findall(text))
    dead = [
        f"{path.relative_to(REPOSITORY)}:{f.lineno}: {f.name}"
        for path, tree in trees()
        for f in functions(tree)
        if named[f.name] < 2 and not f.name.startswith("__")
        and f.name not in FOR_OTHERS and not is_called_by_a_library(f)
    ]  # fmt: skip
    assert dead == []


def body(function: ast.FunctionDef, lines: list[str]) -> list[tuple[int, str]]:
    """Return number and text of the lines of a function's body: no docstring, import, signature or lone bracket."""
    skipped: set[int] = set()
    for node in ast.walk(function):
        if isinstance(node, ast.Import | ast.ImportFrom | ast.Expr) and not isinstance(
            getattr(node, "value", None), ast.Call
        ):
            skipped |= set(range(node.lineno, (node.end_lineno or node.lineno) + 1))
        if isinstance(node, ast.FunctionDef):
            skipped |= set(range(node.lineno, node.body[0].lineno))
    inside = range(function.body[0].lineno, (function.end_lineno or 0) + 1)
    found = [(k, lines[k - 1].strip()) for k in inside if k not in skipped]
    return [(k, line) for k, line in found if len(line) > 2 and not line.startswith("#")]


def test_nothing_of_length_stands_twice():
    """No six lines of one function's body stand in another; compiled kernels, flat for speed, are left out."""
    seen: dict[tuple[str, ...], set[str]] = defaultdict(set)
    for path, tree in trees():
        lines = path.read_text(encoding="utf-8").splitlines()
        for function in functions(tree) if not path.stem.endswith("_kernel") else ():
            rows = body(function, lines)
            for k in range(len(rows) - SHORTEST_COPY + 1):
                window = rows[k : k + SHORTEST_COPY]
                where = f"{path.relative_to(REPOSITORY)}:{window[0][0]}"
                seen[tuple(line for _, line in window)].add(where)
    assert [sorted(where) for where in seen.values() if len(where) > 1] == []


def test_no_kernel_runs_on_several_threads():
    """No compiled function asks for threads, so that results cannot depend on how many there are."""
    asking = [
        f"{path.relative_to(REPOSITORY)}:{f.lineno}: {f.name}"
        for path, tree in trees()
        for f in functions(tree)
        if "parallel" in " ".join(ast.unparse(d) for d in f.decorator_list)
    ]
    assert asking == []
    assert [path for path in PACKAGE.rglob("*.py") if "prange" in path.read_text(encoding="utf-8")] == []
