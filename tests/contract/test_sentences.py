"""Every test says in one sentence what it holds true; read together, these sentences describe the project."""

from __future__ import annotations

import ast
import re
from pathlib import Path

TESTS = Path(__file__).resolve().parents[1]
SECOND_SENTENCE = re.compile(r"[.!?]\s+[A-Z]")


def test_functions(path: Path) -> list[ast.FunctionDef]:
    """Return every test function of a file, inside classes too."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    functions = [n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)]
    return [f for f in functions if f.name.startswith("test_")]


test_functions.__test__ = False  # it collects tests; it is none


def complaint(docstring: str | None) -> str | None:
    """Return what is wrong with a test's docstring, or None."""
    text = " ".join((docstring or "").split())
    if not text:
        return "has no sentence"
    if not text.endswith("."):
        return "does not end in a full stop"
    return "says more than one sentence" if SECOND_SENTENCE.search(text) else None


def test_every_test_has_one_sentence():
    """Every test function has a docstring of exactly one sentence."""
    complaints = [
        f"{path.relative_to(TESTS.parent)}:{function.lineno}: {function.name} {problem}"
        for path in sorted(TESTS.rglob("test_*.py"))
        for function in test_functions(path)
        if (problem := complaint(ast.get_docstring(function)))
    ]
    assert complaints == []
