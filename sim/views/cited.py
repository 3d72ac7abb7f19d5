"""Numbers in sentences that know the table cell they come from.

A `Cited` number reads like any other text. Inside `citing` it leaves a mark where it is put into a sentence, so that a
page can show for every number which table, row and column it was taken from, and a test can derive it again.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from html import escape
from typing import Any, Self

from sim.base.text import pick

OPEN, INSIDE, CLOSE = "\ue000", "\ue001", "\ue002"
CODE = re.compile(r"`([^`]+)`")  # how a sentence names something of a file
MARKED = re.compile(f"{OPEN}(\\d+){INSIDE}(.*?){CLOSE}", re.DOTALL)
_notes: ContextVar[list[Cited] | None] = ContextVar("notes", default=None)


@dataclass(frozen=True)
class Source:
    """Where a number stands. table: part of the run folder, or a catalogue; row: what names its rows; column.

    statistic: what is made of the column over those rows, `cell` where it is one cell as it is.
    """

    table: str
    row: dict[str, Any] = field(default_factory=dict)
    column: str = "value"
    statistic: str = "cell"


class Cited(str):
    """A number as shown, its full value, and where it comes from."""

    __slots__ = ("source", "value")
    value: float
    source: Source

    def __new__(cls, text: str, value: float, source: Source) -> Self:
        """Return a text that is a number of a table."""
        made = super().__new__(cls, text)
        made.value, made.source = float(value), source
        return made

    def __format__(self, spec: str) -> str:
        notes = _notes.get()
        text = format(str(self), spec)
        if notes is None:
            return text
        notes.append(self)
        return f"{OPEN}{len(notes) - 1}{INSIDE}{text}{CLOSE}"


@contextmanager
def citing() -> Iterator[list[Cited]]:
    """Let numbers leave marks while sentences are rendered; gives the numbers met so far."""
    notes: list[Cited] = []
    token = _notes.set(notes)
    try:
        yield notes
    finally:
        _notes.reset(token)


def as_html(text: str) -> str:
    """Return a text as HTML: everything escaped, and what stands between backticks as code."""
    return CODE.sub(r"<code>\1</code>", escape(text))


def html(sentence: Any) -> tuple[str, list[Source]]:
    """Return a sentence as HTML whose numbers carry their source, and the sources in order, each once."""
    with citing() as notes:
        text = pick(sentence)
    sources = list({json.dumps(_plain(n.source)): n.source for n in notes}.values())
    return MARKED.sub(lambda m: _element(notes[int(m[1])], m[2]), as_html(text)), sources


def _plain(source: Source) -> dict[str, Any]:
    return {"table": source.table, "row": source.row, "column": source.column, "statistic": source.statistic}


def _element(number: Cited, text: str) -> str:
    s = number.source
    row = escape(json.dumps(s.row, ensure_ascii=False))
    where = escape(place_of(s))
    return (
        f'<data value="{number.value!r}" data-table="{escape(s.table)}" data-row="{row}" '
        f'data-column="{escape(s.column)}" data-statistic="{escape(s.statistic)}" title="{where}">{text}</data>'
    )


def place_of(source: Source) -> str:
    """Return a source as one line for people: table, row, column, statistic."""
    row = ", ".join(f"{name}={value}" for name, value in source.row.items())
    return " · ".join(part for part in (source.table, row, source.column, source.statistic) if part)


@dataclass
class References:
    """The numbered list of rows that a page's sentences take their numbers from."""

    rows: list[tuple[str, dict[str, Any], str]] = field(default_factory=list)

    def cite(self, sentence: Any) -> str:
        """Return a sentence as HTML, escaped, with the numbers of its references behind it."""
        text, sources = html(sentence)
        found = dict.fromkeys(self._place(source) for source in sources)
        links = ", ".join(f'<a href="#source-{k}">{k}</a>' for k in found)
        return f'{text}<sup class="refs">{links}</sup>' if links else text

    def _place(self, source: Source) -> int:
        named = {name: value for name, value in source.row.items() if name != "arm"}
        row = (source.table, named, source.column)
        if row not in self.rows:
            self.rows.append(row)
        return self.rows.index(row) + 1

    def listed(self) -> list[tuple[int, str, str, str]]:
        """Return the references in order: number, table, row, column."""
        return [
            (k, table, ", ".join(f"{name}={value}" for name, value in row.items()), column)
            for k, (table, row, column) in enumerate(self.rows, 1)
        ]
