"""A what-if as the scenario file that runs: the same file is shown, checked, run, shared and reproduced."""

from __future__ import annotations

import re
from typing import Any

from sim.base.calendar import format_month, parse_month
from sim.catalogue import levers
from sim.dashboard import shelf
from sim.dashboard.whatif import WhatIf
from sim.scenario.documents import Documents, library_ids, with_parameters
from sim.scenario.nodes import Node
from sim.scenario.quantities import Reading
from sim.scenario.writing import as_yaml

NAME, CLAUSE = "what_if", "moved_levers"
EDITS = ("reforms", "parameters", "levers", "assumptions", "months")
YEAR = 12
DEFAULT_RUN = {"start": "2012-01", "spin_up": "36 months", "months": 60, "pairs": 20}


def is_as_shipped(whatif: WhatIf) -> bool:
    """Return whether the what-if is a scenario as it stands."""
    return bool(whatif.source) and whatif == start_from(whatif.source, whatif.pairs)


def start_from(source: str, pairs: int = 0) -> WhatIf:
    """Return the what-if that is a scenario as it stands; raises ScenarioError where it cannot be opened."""
    _, node = shelf.opened(source)
    return WhatIf(
        source, str(node.value["place"].plain()), tuple(_use_name(u) for u in _uses(node)), pairs=pairs
    )


def text_of(whatif: WhatIf) -> str:
    """Return the file; it carries along every document that the shipped library does not hold."""
    documents, node = shelf.opened(whatif.source) if whatif.source else (_alone(), None)
    base = node.plain() if node is not None else _bare(whatif)
    if not is_as_shipped(whatif):
        base = _edited(base, whatif, documents)
    if whatif.pairs:
        base["run"] = {**base["run"], "pairs": whatif.pairs}
    return as_yaml([base, *_brought_along(base, documents)])


def _alone() -> Documents:
    return Documents([], None, Reading())


def _bare(whatif: WhatIf) -> dict[str, Any]:
    """Return the scenario of a place alone, run like the library's own scenarios of that place."""
    run = dict(DEFAULT_RUN)
    for name in library_ids("scenario"):
        plain = shelf.opened(name)[1].plain()
        if plain.get("place") == whatif.place:
            run = {k: v for k, v in plain["run"].items() if k != "windows"}
            break
    first = _first_known(whatif)
    if first is not None:
        run["start"] = format_month(first)
    return {"kind": "scenario", "place": whatif.place, "assumptions": "prior", "run": run}


def _first_known(whatif: WhatIf) -> int | None:
    """Return the month in which the first of the reforms is announced, or begins."""
    months = [m for name in whatif.reforms for m in months_of(name, whatif)]
    return min(months, default=None)


def months_of(reform: str, whatif: WhatIf) -> list[int]:
    """Return the months a reform is announced and begins, parameters filled in; those it leaves open left out."""
    given = _given(reform, whatif)
    node = with_parameters(shelf.reform_node(reform, whatif.source), given, Reading())
    written = [node.get("announced"), node.get("from")]
    found = []
    for child in written:
        plain = child.plain() if child is not None else None
        plain = plain.get("not_before") if isinstance(plain, dict) else plain
        try:
            found.append(parse_month(str(plain)))
        except ValueError:
            continue
    return found


def _given(reform: str, whatif: WhatIf) -> dict[str, Node]:
    """Return a reform's parameters as the scenario fills them, the user's over them."""
    block = shelf.opened(whatif.source)[1].get("with") if whatif.source else None
    own = block.get(reform) if block is not None else None
    given = dict(own.value) if own is not None and own.is_map else {}
    return given | {p: Node(_value(v), _nowhere()) for r, p, v in whatif.parameters if r == reform}


def _nowhere() -> Any:
    from sim.base.errors import Place

    return Place("what_if")


def _edited(base: dict[str, Any], whatif: WhatIf, documents: Documents) -> dict[str, Any]:
    """Return the scenario with everything the user chose written into it."""
    title = _title(whatif)
    uses = {_plain_name(u): u for u in base.get("reforms") or ()}
    document = {"kind": "scenario", "id": NAME, "title": title} | {
        k: v for k, v in base.items() if k not in ("kind", "id", "title", "expect")
    }
    document["place"] = whatif.place
    document["reforms"] = [uses.get(name, name) for name in whatif.reforms]
    document["with"] = _with(base.get("with") or {}, whatif)
    document["run"] = dict(document["run"])
    if whatif.months:
        document["run"].pop("windows", None)
        document["run"]["months"] = whatif.months
    if whatif.levers:
        document["changes"] = [*(base.get("changes") or ()), _change(whatif, document)]
        document["resolve"] = [*(base.get("resolve") or ()), *_wins(whatif)]
    if whatif.assumptions:
        document["assumptions"] = _assumptions(base.get("assumptions"), documents) | dict(whatif.assumptions)
    return {k: v for k, v in document.items() if v not in ([], {}, None)}


def _title(whatif: WhatIf) -> dict[str, str]:
    """Return what the what-if is called: the place and what is done there."""
    titles = {e.id: e.title for e in shelf.entries("place", whatif.source)}
    reforms = {e.id: e.title for e in shelf.entries("reform", whatif.source)}
    place = titles.get(whatif.place, {"en": whatif.place, "zh": whatif.place})
    done = [reforms.get(r, {"en": r, "zh": r}) for r in whatif.reforms]
    if whatif.levers:
        n = len(whatif.levers)
        done.append({"en": f"{n} lever{'s' if n > 1 else ''} moved", "zh": f"另调整{n}项杠杆"})
    said = {"en": "; ".join(d["en"] for d in done), "zh": "；".join(d["zh"] for d in done)}
    return {
        "en": f"{place['en']}: {said['en'] or 'as it is'}",
        "zh": f"{place['zh']}：{said['zh'] or '维持现状'}",
    }


def _with(given: dict[str, Any], whatif: WhatIf) -> dict[str, Any]:
    found = {name: dict(block) for name, block in given.items() if name in whatif.reforms}
    for reform, parameter, value in whatif.parameters:
        if reform in whatif.reforms:
            found.setdefault(reform, {})[parameter] = _value(value)
    return found


def _value(text: str) -> Any:
    """Return a value as YAML reads it."""
    if re.fullmatch(r"[-+]?\d+", text):
        return int(text)
    return float(text) if re.fullmatch(r"[-+]?\d*\.\d+", text) else text


def _change(whatif: WhatIf, document: dict[str, Any]) -> dict[str, Any]:
    moved: dict[str, Any] = {}
    for address, value in whatif.levers:
        name, _, row = address.partition(":")
        written = lever_value(name, value)
        if row:
            block = moved.setdefault(name, {})
            block[row] = written
        else:
            moved[name] = written
    return {"id": CLAUSE, "set": moved, "at": whatif.levers_from or since(whatif, document)}


def since(whatif: WhatIf, document: dict[str, Any] | None = None) -> str:
    """Return the month moved levers act from unless the user says: that of the first reform, or one year in."""
    begun = [max(months) for name in whatif.reforms if (months := months_of(name, whatif))]
    base = shelf.opened(whatif.source)[1].plain() if whatif.source else _bare(whatif)
    start = parse_month(str((document or base)["run"]["start"]))
    return format_month(max(start, min(begun)) if begun else start + YEAR)


def lever_value(name: str, value: str) -> Any:
    """Return a lever's value as the file writes it."""
    row = levers()[name]
    if row.type == "flag":
        return value in ("on", "true", "1")
    return value if row.type == "choice" else _value(value)


def _wins(whatif: WhatIf) -> list[dict[str, str]]:
    """Return that moved levers prevail over what reforms set."""
    names = dict.fromkeys(address.partition(":")[0] for address, _ in whatif.levers)
    return [{"lever": name, "winner": CLAUSE} for name in names]


def _assumptions(base: Any, documents: Documents) -> dict[str, Any]:
    """Return the values of the set the scenario names, so that single ones can be written over them."""
    if isinstance(base, dict):
        return dict(base)
    node = documents.find("assumptions", str(base or "prior"), _nowhere(), "assumptions")
    values = node.get("values") if node is not None else None
    return dict(values.plain()) if values is not None and values.is_map else {}


def _brought_along(document: dict[str, Any], documents: Documents) -> list[dict[str, Any]]:
    """Return the documents a scenario needs and the library does not hold, inheritance written out."""
    wanted = [("place", str(document.get("place")))]
    wanted += [("reform", _plain_name(use)) for use in document.get("reforms") or ()]
    if isinstance(document.get("assumptions"), str):
        wanted.append(("assumptions", document["assumptions"]))
    found = []
    for kind, name in wanted:
        if name in library_ids(kind):
            continue
        node = documents.find(kind, name, _nowhere(), kind)
        if node is not None:
            found.append(node.plain())
        profile = (
            (found[-1].get("residents") or {}).get("profile")
            if node is not None and kind == "place"
            else None
        )
        if profile:
            wanted.append(("profile", str(profile)))
    return found


def _uses(node: Node) -> list[Node]:
    reforms = node.get("reforms")
    return list(reforms.value) if reforms is not None and reforms.is_list else []


def _use_name(use: Node) -> str:
    return _plain_name(use.plain())


def _plain_name(use: Any) -> str:
    return str(use["reform"]) if isinstance(use, dict) else str(use)
