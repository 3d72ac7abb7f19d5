"""A page as Markdown, in one language."""

from __future__ import annotations

from sim.base.text import pick
from sim.scenario.page import Page, Section


def markdown(page: Page, lang: str) -> list[str]:
    """Return a page as lines of Markdown."""
    lines = [f"\n# {pick(page.title, lang)}"]
    for section in page.sections:
        lines += section_lines(section, lang)
    return lines


def section_lines(section: Section, lang: str) -> list[str]:
    """Return a section as lines of Markdown; none where there is nothing in it."""
    if section.is_empty:
        return []
    lines = [f"\n## {pick(section.title, lang)}"] if section.title else []
    if section.lines:
        lines += ["", *(f"- {pick(line, lang)}" for line in section.lines)]
    if section.rows:
        lines += ["", _row([pick(c, lang) for c in section.columns]), "|" + "---|" * len(section.columns)]
        lines += [_row([pick(cell, lang) for cell in row]) for row in section.rows]
    return lines


def _row(cells: list[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "/") for cell in cells) + " |"
