"""A page as Markdown: for notebooks, and for whoever pastes a table into a document."""

from __future__ import annotations

from typing import Any

from sim.base.text import pick
from sim.scenario.page import Page, Section


def markdown(page: Page) -> str:
    """Return a page in the language in force: headings, one line a paragraph, tables."""
    parts = [f"### {pick(page.title)}"]
    for section in page.sections:
        if not section.is_empty:
            parts += _section(section)
    return "\n\n".join(parts) + "\n"


def _section(section: Section) -> list[str]:
    title = [] if section.title is None else [f"#### {pick(section.title)}"]
    lines = ["\n".join(f"- {pick(line)}" for line in section.lines)] if section.lines else []
    if not section.rows:
        return title + lines
    rows = [_row(section.columns), _row(["---"] * len(section.columns)), *map(_row, section.rows)]
    return [*title, *lines, "\n".join(rows)]


def _row(cells: list[Any]) -> str:
    return "| " + " | ".join(" ".join(pick(cell).split()).replace("|", "\\|") for cell in cells) + " |"
