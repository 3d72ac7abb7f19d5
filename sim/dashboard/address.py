"""A what-if in the address of the page, and back. An address is untrusted: what cannot be read is said and left."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from urllib.parse import parse_qsl, urlencode

from sim.base.calendar import parse_month
from sim.base.text import LANGUAGES, Message, say
from sim.catalogue import assumptions, levers
from sim.dashboard import shelf
from sim.dashboard.whatif import MOST_MONTHS, WhatIf

PAGES = ("what-if", "outcome", "why", "compare", "evidence")
LONGEST = 8000
MOST_PAIRS = 400


RUN = re.compile(r"^file-[0-9a-f]{16}-\d{1,4}-[0-9a-f]{8}$")
MOST_PINNED = 3


def written(whatif: WhatIf, page: str, lang: str, run: str = "", pins: Sequence[str] = ()) -> str:
    """Return the query string of a state; what is as usual is left out. run, pins: names of run folders shown here."""
    rows = [("page", page if page != PAGES[0] else ""), ("lang", lang), ("from", whatif.source)]
    rows += [("place", whatif.place), ("reforms", ",".join(whatif.reforms))]
    rows += [("with", f"{r}.{p}:{v}") for r, p, v in whatif.parameters]
    rows += [("set", f"{name}={value}") for name, value in whatif.levers]
    rows += [("since", whatif.levers_from)]
    rows += [("assume", f"{name}={value:g}") for name, value in whatif.assumptions]
    rows += [("pairs", str(whatif.pairs or "")), ("months", str(whatif.months or ""))]
    rows += [("run", run), ("pins", ",".join(pins))]
    return urlencode([(key, value) for key, value in rows if value], safe=",:=.")


def runs(query: str) -> tuple[str, tuple[str, ...]]:
    """Return the run shown and those pinned that an address names; what cannot be a run's name is left out."""
    if len(query) > LONGEST:
        return "", ()
    rows = dict(parse_qsl(query.lstrip("?"))) if query.count("&") < 500 else {}
    pins = [name for name in rows.get("pins", "").split(",") if RUN.match(name)]
    run = rows.get("run", "")
    return (run if RUN.match(run) else ""), tuple(dict.fromkeys(pins))[:MOST_PINNED]


class _Reader:
    """Reads an address row by row and keeps what it could not use."""

    def __init__(self, rows: list[tuple[str, str]]):
        self.rows = rows
        self.notes: list[Message] = []

    def one(self, key: str) -> str:
        return next((value for name, value in self.rows if name == key), "")

    def every(self, key: str) -> list[str]:
        return [value for name, value in self.rows if name == key]

    def refuse(self, what: str) -> None:
        self.notes.append(
            say("the address held something this version does not know: {what}", what=what[:80])
        )

    def number(self, key: str, most: int) -> int:
        text = self.one(key)
        if not text:
            return 0
        if text.isascii() and text.isdigit() and len(text) < 6 and 0 < int(text) <= most:
            return int(text)
        self.refuse(f"{key}={text}")
        return 0


def _reader(query: str) -> _Reader:
    """Return what reads an address; one of too many parts is taken for none."""
    return _Reader(parse_qsl(query.lstrip("?"), max_num_fields=500) if query.count("&") < 500 else [])


def read(query: str) -> tuple[WhatIf | None, str, str | None, list[Message]]:
    """Return the what-if (None where the address names none), the page, the language and what was not understood."""
    if len(query) > LONGEST:
        return None, PAGES[0], None, [say("the address is too long to be one of ours")]
    reader = _reader(query)
    lang = reader.one("lang") or None
    if lang is not None and lang not in LANGUAGES:
        reader.refuse(f"lang={lang}")
        lang = None
    page = reader.one("page") or PAGES[0]
    if page not in PAGES:
        reader.refuse(f"page={page}")
        page = PAGES[0]
    named = reader.one("from") or reader.one("place")
    return (_whatif(reader) if named else None), page, lang, reader.notes


def moved(query: str, whatif: WhatIf) -> tuple[WhatIf, list[Message]]:
    """Return a what-if with the levers, assumptions, pairs and months of an address that names no scenario or place,
    and what of it was not understood.
    """
    if len(query) > LONGEST:
        return whatif, []
    reader = _reader(query)
    found = replace(
        whatif,
        levers=_levers(reader) or whatif.levers,
        levers_from=_month(reader) or whatif.levers_from,
        assumptions=_assumptions(reader) or whatif.assumptions,
        pairs=reader.number("pairs", MOST_PAIRS) or whatif.pairs,
        months=reader.number("months", MOST_MONTHS) or whatif.months,
    )
    for key in ("reforms", "with"):  # they belong to a place, and none is named
        for text in reader.every(key):
            reader.refuse(f"{key}={text}")
    return found, reader.notes


def _whatif(reader: _Reader) -> WhatIf | None:
    source, place = reader.one("from"), reader.one("place")
    if source and not shelf.has_scenario(source):
        reader.refuse(f"from={source}")
        source = ""
    place = place or (shelf.place_of(source) if source else "")
    if not shelf.has_place(place, source):
        reader.refuse(f"place={place}")
        return None
    reforms = [r for r in reader.one("reforms").split(",") if r]
    known = [r for r in dict.fromkeys(reforms) if shelf.has_reform(r, source)]
    for lost in set(reforms) - set(known):
        reader.refuse(f"reforms={lost}")
    return WhatIf(
        source=source,
        place=place,
        reforms=tuple(known),
        parameters=_parameters(reader, known),
        levers=_levers(reader),
        levers_from=_month(reader),
        assumptions=_assumptions(reader),
        pairs=reader.number("pairs", MOST_PAIRS),
        months=reader.number("months", MOST_MONTHS),
    )


def _parameters(reader: _Reader, reforms: list[str]) -> tuple[tuple[str, str, str], ...]:
    found = []
    for text in reader.every("with"):
        name, _, value = text.partition(":")
        reform, _, parameter = name.rpartition(".")
        if reform in reforms and parameter and value:
            found.append((reform, parameter, value))
        else:
            reader.refuse(f"with={text}")
    return tuple(sorted(found))


def _levers(reader: _Reader) -> tuple[tuple[str, str], ...]:
    found = {}
    for text in reader.every("set"):
        name, _, value = text.partition("=")
        if name.partition(":")[0] in levers() and value:
            found[name] = value
        else:
            reader.refuse(f"set={text}")
    return tuple(sorted(found.items()))


def _assumptions(reader: _Reader) -> tuple[tuple[str, float], ...]:
    found = {}
    for text in reader.every("assume"):
        name, _, value = text.partition("=")
        try:
            row, number = assumptions()[name], float(value)
        except (KeyError, ValueError):
            reader.refuse(f"assume={text}")
            continue
        if row.range[0] <= number <= row.range[1]:
            found[name] = number
        else:
            reader.refuse(f"assume={text}")
    return tuple(sorted(found.items()))


def _month(reader: _Reader) -> str:
    text = reader.one("since")
    try:
        return text if not text or parse_month(text) else ""
    except ValueError:
        reader.refuse(f"since={text}")
        return ""
