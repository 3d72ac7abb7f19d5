"""What came of running a folder again, as a page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sim.base import counts
from sim.base.text import Message, say
from sim.results.same import Difference
from sim.scenario.page import Page


def reproduction_page(
    folder: str, pairs: Sequence[int], made_by: Sequence[Message], difference: Difference | None
) -> Page:
    """Return whether every cell came out the same, or the first that did not."""
    page = Page(say("{folder}, run again", folder=folder))
    page.add(None, *made_by)
    if difference is None:
        page.add(None, say("{pairs}: every cell of every table is the same.", pairs=counts.pairs(len(pairs))))
        return page
    page.add(None, say("not the same; the first difference:"))
    rows: list[list[Any]] = [
        [say("table"), difference.where],
        *([name, str(value)] for name, value in difference.row.items()),
        [say("column"), difference.column],
        [say("in the folder"), str(difference.stored)],
        [say("run again"), str(difference.fresh)],
    ]
    page.table(None, ["", ""], rows)
    return page
