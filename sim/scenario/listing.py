"""What there is: places, reforms, scenarios of the library, and the rows of every catalogue, in words."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sim.base.errors import ScenarioError, nearest
from sim.base.text import Message, say
from sim.catalogue import assumptions, duty_classes, groups, issue_kinds, kinds, levers, measures, unit_text
from sim.rules.changes import value_text
from sim.rules.operations import OPERATIONS
from sim.scenario.documents import library_nodes
from sim.scenario.page import Page
from sim.scenario.quantities import spoken
from sim.scenario.shapes import span

DOCUMENTS = {
    "places": "place",
    "profiles": "profile",
    "reforms": "reform",
    "scenarios": "scenario",
    "designs": "design",
}


def listing(what: str | None = None) -> Page:
    """Return one list, or an overview of all of them."""
    if what is None:
        return _overview()
    if what in DOCUMENTS:
        return _documents(what)
    if what not in CATALOGUES:
        from sim.base.errors import Problem

        known = [*DOCUMENTS, *CATALOGUES]
        close = nearest(what, known)
        hint = (
            say("did you mean `{name}`?", name=close)
            if close
            else say("one of: {names}", names=", ".join(known))
        )
        raise ScenarioError([Problem(None, "", say("nothing is listed under `{name}`", name=what), hint)])
    return CATALOGUES[what]()


def _overview() -> Page:
    page = Page(say("What there is"))
    for name in ("scenarios", "places", "reforms"):
        page.sections += _documents(name).sections
    counts = [
        ["levers", str(len(levers()))], ["measures", str(len(measures()))], ["duties", str(len(duty_classes()))],
        ["assumptions", str(len(assumptions()))], ["kinds", str(len(kinds()))], ["operations", str(len(OPERATIONS))],
    ]  # fmt: skip
    page.table(say("Catalogues: `shequ list NAME`"), [say("name"), say("entries")], counts)
    return page


TITLES: dict[str, Message] = {
    "places": say("Places"),
    "profiles": say("Population profiles"),
    "reforms": say("Reforms"),
    "scenarios": say("Scenarios"),
    "designs": say("Designs"),
}


def _documents(what: str) -> Page:
    plain = [node.plain() for node in library_nodes(DOCUMENTS[what])]
    page = Page(TITLES[what])
    rows = [[str(one["id"]), one.get("title", "")] for one in plain]
    page.table(TITLES[what], [say("name"), say("title")], rows)
    return page


def _levers() -> Page:
    page = Page(say("Levers"))
    rows = []
    for row in levers().values():
        allowed = ", ".join(row.choice_ids) if row.values else span(*row.bounds, row.unit)
        base = row.baseline if isinstance(row.baseline, dict) else value_text(row, row.code(row.baseline))
        readers = ", ".join(row.read_by) or say("no mechanism yet")
        rows.append(
            [
                row.id,
                row.text,
                allowed,
                base if not isinstance(base, dict) or "en" in base else str(base),
                _domain(row),
                say("gradually") if row.practised else say("at once"),
                readers,
            ]
        )
    columns = [
        say("name"),
        say("meaning"),
        say("allowed"),
        say("baseline"),
        say("one value for"),
        say("practised"),
        say("read by"),
    ]
    page.table(None, columns, rows)
    return page


def _domain(row: Any) -> Message:
    each = {
        "place": say("the place"),
        "area": say("each community"),
        "hop": say("each passing between layers"),
    }[row.domain]
    by = {
        "kind": say("{each} and kind of institution", each=each),
        "duty_class": say("{each} and duty class", each=each),
    }
    return by.get(row.by, each)


def _measures() -> Page:
    page = Page(say("Measures"))
    side = {"participation": say("participation"), "service_load": say("service load"), "other": say("other")}
    better = {"up": say("more is better"), "down": say("less is better"), "none": say("neither")}
    rows = [
        [m.id, m.text, unit_text(m.unit), side[m.side], better[m.better], f"{m.worth:g}"]
        for m in measures().values()
    ]
    page.table(
        None,
        [say("name"), say("meaning"), say("unit"), say("side"), say("direction"), say("worth acting on")],
        rows,
    )
    return page


def _duties() -> Page:
    page = Page(say("Duty classes"))
    origin = {
        "assigned": say("assigned from above"),
        "resident": say("from residents"),
        "own": say("its own"),
    }
    rows = [
        [
            d.id,
            d.text,
            origin[d.origin],
            f"{d.per_committee_year:g}",
            f"{d.hours:g}",
            f"{d.organ_share:g}",
            ", ".join(d.topics),
        ]
        for d in duty_classes().values()
    ]
    columns = [
        say("name"),
        say("meaning"),
        say("origin"),
        say("items a year"),
        say("hours each"),
        say("organ share"),
        say("topics"),
    ]
    page.table(None, columns, rows)
    return page


def _assumptions() -> Page:
    page = Page(say("Assumptions"))
    rows = [
        [a.id, a.text, f"{a.value:g}", span(*a.range, a.unit), a.grade, spoken(a.source)]
        for a in assumptions().values()
    ]
    page.table(
        None, [say("name"), say("meaning"), say("value"), say("range"), say("grade"), say("source")], rows
    )
    return page


def _kinds() -> Page:
    page = Page(say("Kinds of institution"))
    rows = [[k.id, k.text, k.level or "", say("yes") if k.performs else say("no")] for k in kinds().values()]
    page.table(None, [say("name"), say("meaning"), say("level"), say("performs duties")], rows)
    return page


def _groups() -> Page:
    page = Page(say("Groups of residents"))
    rows = [[g.id, g.text, ", ".join(v.id for v in g.values)] for g in groups().values()]
    page.table(None, [say("name"), say("meaning"), say("values")], rows)
    return page


def _issue_kinds() -> Page:
    page = Page(say("Kinds of public matters"))
    rows = [
        [k.id, k.text, f"{k.share:g}", f"{k.cost_ratio:g}", k.touches, f"{k.others:g}", f"{k.shows:g}"]
        for k in issue_kinds().values()
    ]
    columns = [
        say("name"), say("meaning"), say("share of all"), say("cost against the middle one"), say("touches"),
        say("means to others there"), say("shows"),
    ]  # fmt: skip
    page.table(None, columns, rows)
    return page


def _operations() -> Page:
    page = Page(say("Operations"))
    rows = []
    for verb, operation in OPERATIONS.items():
        needed = ", ".join(a.key for a in operation.arguments().values() if a.required)
        free = ", ".join(a.key for a in operation.arguments().values() if not a.required)
        rows.append([verb, spoken((operation.__doc__ or "").splitlines()[0]), needed, free])
    page.table(None, [say("name"), say("meaning"), say("must say"), say("may say")], rows)
    return page


def _evidence() -> Page:
    from sim.catalogue.evidence import evidence

    page = Page(say("Evidence"))
    rows = [[e.id, e.grade, {"en": e.en, "zh": e.zh}, e.unused.text if e.unused else ""] for e in evidence().values()]
    page.table(None, [say("name"), say("grade"), say("statement"), say("why nothing rests on it")], rows)
    return page


CATALOGUES: dict[str, Callable[[], Page]] = {
    "levers": _levers,
    "measures": _measures,
    "duties": _duties,
    "assumptions": _assumptions,
    "evidence": _evidence,
    "kinds": _kinds,
    "groups": _groups,
    "issue_kinds": _issue_kinds,
    "operations": _operations,
}
