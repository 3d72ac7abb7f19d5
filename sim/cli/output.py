"""Printing: pages as text and tables on stdout, problems on stderr, or JSON for machines."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from sim.base.errors import Problem, ShequError
    from sim.scenario.page import Page, Section


def print_page(page: Page) -> None:
    """Print a page in the language in force; wide tables wrap, never cut."""
    from rich.console import Console
    from rich.markup import escape

    from sim.base.text import pick

    console = Console(highlight=False, soft_wrap=False)
    console.print(f"[bold]{escape(pick(page.title))}[/bold]")
    for section in page.sections:
        if section.is_empty:
            continue
        if section.title is not None:
            console.print(f"\n[bold]{escape(pick(section.title))}[/bold]")
        for line in section.lines:
            console.print(escape(wrapped(pick(line), console.width)))
        if section.rows:
            console.print(table_of(section))


NOT_FIRST = "，。；：、）】！？》’”,.;:)]"


def wrapped(text: str, width: int) -> str:
    """Return a line broken at spaces and between Chinese characters, with a hanging indent."""
    from rich.cells import cell_len

    lines, line = [], "  "
    for piece in _pieces(text):
        if cell_len(line + piece.rstrip()) > width - 3 and line.strip() and piece[0] not in NOT_FIRST:
            lines.append(line.rstrip())
            line = "    "
        line += piece if line.strip() else piece.lstrip()
    return "\n".join([*lines, line.rstrip()])


def _pieces(text: str) -> list[str]:
    """Return words with their spaces, and Chinese characters one by one."""
    import re

    return re.findall(r"[\u2e80-\u9fff\uff00-\uffef]|[^\s\u2e80-\u9fff\uff00-\uffef]+ *| +", text)


def table_of(section: Section) -> Any:
    """Return a section's table for the terminal."""
    from rich import box
    from rich.markup import escape
    from rich.table import Table

    from sim.base.text import pick

    table = Table(box=box.SIMPLE, pad_edge=False, show_edge=False)
    for column in section.columns:
        table.add_column(escape(pick(column)), overflow="fold")
    for row in section.rows:
        table.add_row(*[escape(pick(cell)) for cell in row])
    return table


def print_json(content: Any) -> None:
    """Print machine-readable output."""
    json.dump(content, sys.stdout, ensure_ascii=False, indent=2, default=str)
    sys.stdout.write("\n")


def report_problems(problems: Iterable[Problem]) -> None:
    """Print problems on stderr, each with its place."""
    for problem in problems:
        print(problem.render(), file=sys.stderr)


def report_error(error: ShequError) -> None:
    """Print what ended a command, as sentences."""
    from sim.base.errors import ScenarioError
    from sim.base.text import translate

    if isinstance(error, ScenarioError):
        report_problems(error.problems)
        print(
            translate("Problems found: {n}. Nothing was run.").format(n=len(error.problems)), file=sys.stderr
        )
    else:
        print(str(error), file=sys.stderr)
