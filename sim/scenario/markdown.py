"""A page as Markdown, in one language: for pages in a repository, notebooks, and whoever pastes a table into a text."""

from __future__ import annotations

from typing import Any

from sim.base.text import pick
from sim.scenario.page import Page, Section


def as_markdown(page: Page) -> str:
    """Return a page in the language in force, its title a heading of the third level: what a notebook shows."""
    return "\n".join(markdown(page, level=3)).lstrip("\n") + "\n"


def markdown(page: Page, lang: str | None = None, level: int = 1) -> list[str]:
    """Return a page as lines of Markdown, its title a heading of that level."""
    lines = [f"\n{'#' * level} {pick(page.title, lang)}"]
    for section in page.sections:
        lines += section_lines(section, lang, level + 1)
    return lines


def section_lines(section: Section, lang: str | None = None, level: int = 2) -> list[str]:
    """Return a section as lines of Markdown; none where there is nothing in it."""
    if section.is_empty:
        return []
    lines = [f"\n{'#' * level} {pick(section.title, lang)}"] if section.title else []
    if section.lines:
        lines += ["", *(f"- {pick(line, lang)}" for line in section.lines)]
    if section.rows:
        lines += ["", _row(section.columns, lang), "|" + "---|" * len(section.columns)]
        lines += [_row(row, lang) for row in section.rows]
    return lines


def _row(cells: list[Any], lang: str | None) -> str:
    return "| " + " | ".join(" ".join(pick(cell, lang).split()).replace("|", "\\|") for cell in cells) + " |"
