"""A page of text and tables, made here and printed, drawn or serialised elsewhere."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from sim.base.text import Message, pick


@dataclass
class Section:
    """A heading with lines, or with a table of columns and rows. Texts are lazy until the edge.

    spare: positions of columns that a narrow page may leave out.
    """

    title: Message | None
    lines: list[Any] = field(default_factory=list)
    columns: list[Any] = field(default_factory=list)
    rows: list[list[Any]] = field(default_factory=list)
    spare: tuple[int, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Return whether there is nothing to show."""
        return not self.lines and not self.rows


@dataclass
class Page:
    """A title and its sections."""

    title: Any
    sections: list[Section] = field(default_factory=list)

    def add(self, title: Message | None, *lines: Any) -> Section:
        """Add a section of lines and return it."""
        section = Section(title, list(lines))
        self.sections.append(section)
        return section

    def table(
        self, title: Message | None, columns: list[Any], rows: list[list[Any]], spare: tuple[int, ...] = ()
    ) -> Section:
        """Add a section with a table and return it."""
        section = Section(title, columns=columns, rows=rows, spare=spare)
        self.sections.append(section)
        return section

    def plain(self, lang: str | None = None) -> dict[str, Any]:
        """Return the page as plain texts in one language, for `--json`."""
        return {
            "title": pick(self.title, lang),
            "sections": [
                {
                    "title": pick(s.title, lang),
                    "lines": [pick(line, lang) for line in s.lines],
                    "columns": [pick(c, lang) for c in s.columns],
                    "rows": [[pick(cell, lang) for cell in row] for row in s.rows],
                }
                for s in self.sections
                if not s.is_empty
            ],
        }
