"""What was found out about a run after it: pages kept in its folder in every language, shown in its report."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from sim.base.text import LANGUAGES, language, use_language
from sim.results.store import RunFolder
from sim.scenario.page import Page

TRACE, ATTRIBUTION = "trace", "attribution"
ORDER = (ATTRIBUTION, TRACE)
FOLDER = "kept"
LONGEST_FIGURE = 20  # characters of an interval; a longer last cell is a sentence


def keep(folder: RunFolder, name: str, make: Callable[[], Page]) -> Page:
    """Keep a page of a run in every language and return it in the language in force."""
    own = language()
    pages = {code: _made_in(code, make) for code in LANGUAGES}
    use_language(own)
    (folder.path / FOLDER).mkdir(exist_ok=True)
    folder.write_json(f"{FOLDER}/{name}.json", {code: page.plain(code) for code, page in pages.items()})
    return pages[own]


def _made_in(code: str, make: Callable[[], Page]) -> Page:
    use_language(code)
    return make()


def kept(folder: RunFolder) -> list[dict[str, Any]]:
    """Return the pages kept with a run in the language in force; none of what does not read as such a page."""
    found = []
    for name in ORDER:
        path = folder.path / FOLDER / f"{name}.json"
        try:
            page = json.loads(path.read_text(encoding="utf-8"))[language()]
            found.append({"title": str(page["title"]), "sections": [_section(s) for s in page["sections"]]})
        except (OSError, ValueError, KeyError, TypeError, IndexError):
            continue
    return found


def _section(section: dict[str, Any]) -> dict[str, Any]:
    """Return a section of texts and nothing else: a folder may come from a stranger."""
    rows = [[str(cell) for cell in row] for row in section["rows"]]
    return {
        "figures": all(len(row[-1]) <= LONGEST_FIGURE for row in rows),
        "title": str(section["title"]),
        "lines": [str(line) for line in section["lines"]],
        "columns": [str(column) for column in section["columns"]],
        "rows": rows,
    }
