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
            console.print(table_of(section, console.width))


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


LEAST_ROOM, LEAST_WORDS, LONGEST_WORD, GAP = 30, 10, 10, 2


def table_of(section: Section, width: int) -> Any:
    """Return a section's table for the terminal: figures are not broken, spare columns go where there is no room."""
    from rich import box
    from rich.markup import escape
    from rich.table import Table

    from sim.base.text import pick

    heads, cells = [pick(c) for c in section.columns], [[pick(cell) for cell in row] for row in section.rows]
    figures = _figure_widths(cells)
    if sum(w + GAP for w in figures) + LEAST_ROOM * (0 in figures) > width:
        kept = [i for i in range(len(heads)) if i not in section.spare]
        heads, figures = [heads[i] for i in kept], [figures[i] for i in kept]
        cells = [[row[i] for i in kept] for row in cells]
    table = Table(box=box.SIMPLE, pad_edge=False, show_edge=False, collapse_padding=True)
    for head, n in zip(heads, _widths(heads, cells, figures, width), strict=True):
        table.add_column(escape(head), overflow="fold", width=n)
    for row in cells:
        table.add_row(*[escape(cell) for cell in row])
    return table


def _figure_widths(rows: list[list[str]]) -> list[int]:
    """Return per column the width of its figures, 0 where it holds words, which may be broken."""
    import re

    from rich.cells import cell_len

    word = re.compile(r"[^\W\d_]{3,}")
    columns = list(zip(*rows, strict=True))
    return [
        0 if any(word.search(c) for c in column) else max(cell_len(c) for c in column) for column in columns
    ]


def _widths(heads: list[str], rows: list[list[str]], figures: list[int], width: int) -> list[int]:
    """Return the width of every column: the widest of words gives way first, figures last of all."""
    from rich.cells import cell_len

    columns = list(zip(heads, *rows, strict=True))
    words = [max(cell_len(word) for word in head.split() or [""]) for head in heads]
    least = [max(n, min(word, LONGEST_WORD)) for n, word in zip(figures, words, strict=True)]
    found = [
        n if figure else max(cell_len(cell) for cell in column)
        for figure, n, column in zip(figures, least, columns, strict=True)
    ]
    room = max(width - GAP * (len(found) - 1), len(found))
    while sum(found) > room:
        wordy = [i for i, n in enumerate(figures) if n == 0 and found[i] > LEAST_WORDS]
        found[max(wordy or range(len(found)), key=lambda i: found[i])] -= 1
    return found


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
