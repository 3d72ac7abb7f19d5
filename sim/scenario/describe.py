"""A scenario in words: timeline, rules before and after, who does what, where each number comes from."""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np

from sim.base import counts
from sim.base.calendar import format_month
from sim.base.errors import Problem
from sim.base.text import Message, counted, say
from sim.catalogue import assumptions, duty_classes, kinds, levers, measures, unit_text
from sim.rules.changes import value_text
from sim.rules.timeline import DatedOperation, Timeline, full_baseline
from sim.rules.words import figure, kind_text, listed, share, units_text
from sim.scenario.page import Page
from sim.scenario.quantities import Quantity, spoken
from sim.scenario.resolved import ResolvedScenario

GRADES = {
    "seed": {"en": "a document states it", "zh": "文献载明"},
    "law": {"en": "law", "zh": "法律"},
    "published": {"en": "published", "zh": "已发表"},
    "derived": {"en": "our arithmetic", "zh": "推算"},
    "assumed": {"en": "assumed", "zh": "假设"},
    "": {"en": "not said", "zh": "未注明"},
}


MONTH_UNIT = "month index"


def checked_page(scenario: ResolvedScenario) -> Page:
    """Return what `check` prints of a scenario that passed: place, timeline, defaults, run."""
    page = Page(scenario.title)
    page.add(say("Place"), place_words(scenario))
    if scenario.timeline.is_empty:
        page.add(say("Timeline"), say("nothing changes: the place goes on under its own rules"))
    else:
        page.add(say("Timeline"), *timeline_words(scenario.timeline))
    page.add(say("Institutional check"), *institution_words(scenario))
    page.add(say("Run"), *run_words(scenario))
    page.add(say("To note"), *notices(scenario))
    return page


def notices(scenario: ResolvedScenario) -> list[Message]:
    """Return what a reader should know of a scenario that passed."""
    found = [p for p in scenario.notices if p.severity == "notice"]
    return [*(_notice(p) for p in found), *_not_acted_on(scenario)]


def _not_acted_on(scenario: ResolvedScenario) -> list[Message]:
    """Return, in one line, the operations and arguments that nothing in this version acts on."""
    names = sorted({name for dated in scenario.timeline.operations for name in dated.op.not_acted_on()})
    if not names:
        return []
    return [
        say("said by these reforms, acted on by nothing in this version: {names}", names=", ".join(names))
    ]


def _notice(problem: Problem) -> Message:
    return (
        say("{place}: {what}", place=str(problem.place), what=problem.what) if problem.place else problem.what
    )


def place_words(scenario: ResolvedScenario) -> Message:
    """Return a place's size in one line."""
    frame, place = scenario.frame, scenario.place
    units = [units_text(layer, n) for layer, n in frame.n_units.items()]
    return say(
        "{title}: {residents} residents, {households} households; {units}",
        title=place.title, residents=f"{place.residents:,}", households=f"{place.households:,}", units=listed(units),
    )  # fmt: skip


def timeline_words(timeline: Timeline) -> list[Message]:
    """Return the timeline, one sentence a clause and month; instalments of one clause are told together."""
    lines: list[tuple[int, int, Message]] = []
    if timeline.announced is not None and timeline.announced != timeline.first_change:
        known = say("{month}  announced", month=format_month(timeline.announced))
        lines.append((timeline.announced, 0, known))
    series: dict[tuple[Any, ...], list[DatedOperation]] = {}
    for month in timeline.months():
        for op in timeline.structural(month):
            if op.part:
                series.setdefault((op.reform, op.clause, op.op.verb), []).append(op)
            else:
                lines.append((month, 1, say("{month}  {what}", month=format_month(month), what=op.words())))
        lines += [
            (month, 2, say("{month}  {what}", month=format_month(month), what=w))
            for w in timeline.rule_words(month)
        ]
    lines += [(parts[0].month, 1, _series_words(parts)) for parts in series.values()]
    return [message for _, _, message in sorted(lines, key=lambda line: line[:2])]


def _series_words(parts: list[DatedOperation]) -> Message:
    first, last = parts[0], parts[-1]
    return counted(
        "{first} to {last}, in {n} step: {what}", "{first} to {last}, in {n} steps; each: {what}", n=len(parts),
        first=format_month(first.month), last=format_month(last.month), what=first.op.words(),
    )  # fmt: skip


def institution_words(scenario: ResolvedScenario) -> list[Message]:
    """Return that the check passed and what the place's institutions look like at each date."""
    dates = [format_month(s.month) for s in scenario.history]
    shown = ", ".join(dates[:6]) + (" ..." if len(dates) > 6 else "")
    when = counted("{n} date", "{n} dates", n=len(dates))
    said = [
        say("passed at {when} ({dates}): every duty has an owner, people to do it and a living approver",
            when=when, dates=shown),
    ]  # fmt: skip
    first, last = scenario.history[0].table, scenario.history[-1].table
    if len(scenario.history) > 1:
        before, after = first.people(), last.people()
        moved = say("staff: {before} before, {after} after ({hired} hired, {gone} let go, {pool} in the pool)",
                    before=figure(before), after=figure(after), hired=figure(last.hired),
                    gone=figure(last.released), pool=figure(last.pool))  # fmt: skip
        said.append(moved)
    return said


def run_words(scenario: ResolvedScenario) -> list[Message]:
    """Return the run block with what was left open filled in."""
    run = scenario.run
    names = listed(measures()[m].text for m in run.primary)
    windows = [
        say(
            "{name}: {first} to {last}",
            name=_window_name(name),
            first=format_month(run.start + a),
            last=format_month(run.start + b - 1),
        )
        for name, (a, b) in run.windows.items()
    ]
    return [
        say("{first} to {last}: {months}, {pairs}", first=format_month(run.start), last=format_month(run.end - 1),
            months=counts.months(run.months), pairs=counts.pairs(run.pairs)),
        say("before it {n} under the place's own rules, not reported", n=counts.months(run.spin_up)),
        *windows,
        say("primary outcomes: {names}", names=names),
        say("law of {year}", year=scenario.law_version),
    ]  # fmt: skip


def _window_name(name: str) -> dict[str, str]:
    return {"early": {"en": "early", "zh": "前期"}, "late": {"en": "late", "zh": "后期"}}.get(
        name, {"en": name, "zh": name}
    )


def explained_page(scenario: ResolvedScenario) -> Page:
    """Return what `explain` prints: rules before and after, who does what, numbers and their sources."""
    page = checked_page(scenario)
    page.title = scenario.title
    add_rules(page, scenario)
    page.table(say("Where the numbers come from"), [say("grade"), say("numbers")], _grade_rows(scenario))
    ranged = [q for q in scenario.quantities.values() if q.low is not None]
    page.add(say("Numbers with a range"), *[_quantity_words(q) for q in ranged])
    return page


def add_rules(page: Page, scenario: ResolvedScenario) -> None:
    """Add rules, owners of duties and staff, before and after."""
    rules = [row for lever in _touched(scenario) for row in _lever_rows(scenario, lever)]
    page.table(
        say("Rules"),
        [say("rule"), say("before"), say("after"), say("last change"), say("read by")],
        rows=rules,
    )
    page.table(say("Who does what"), [say("duty"), say("before"), say("after")], _duty_rows(scenario))
    page.table(say("Staff"), [say("institution"), say("before"), say("after")], _staff_rows(scenario))


def _touched(scenario: ResolvedScenario) -> list[str]:
    return sorted({c.lever for c in scenario.timeline.changes})


def _lever_rows(scenario: ResolvedScenario, lever: str) -> list[list[Any]]:
    row, timeline = levers()[lever], scenario.timeline
    before = timeline.baseline.get(lever)
    if before is None:
        before = full_baseline(row, timeline.n_areas, timeline.n_hops)
    after = timeline.rule_values(lever, scenario.run.end - 1)
    last = max((c.month for c in timeline.changes if c.lever == lever), default=scenario.run.start)
    readers = ", ".join(row.read_by) if row.read_by else say("no mechanism yet")
    if not row.by:
        return [[row.text, _spread(row, before), _spread(row, after), format_month(last), readers]]
    axis = list(kinds() if row.by == "kind" else duty_classes())
    moved = [i for i in range(len(axis)) if not np.array_equal(before[i], after[i])] or [0]
    names = [kind_text(a) if row.by == "kind" else duty_classes()[a].text for a in axis]
    when = format_month(last)
    rows: list[list[Any]] = []
    for i in moved:
        what = say("{what} ({which})", what=row.text, which=names[i])
        rows.append([what, _spread(row, before[i]), _spread(row, after[i]), when, readers])
    return rows


def _spread(row: Any, values: Any) -> Any:
    """Return one value, or the several values that different communities have."""
    distinct, counts = np.unique(np.ravel(values), return_counts=True)
    if len(distinct) == 1:
        return value_text(row, float(distinct[0]))
    texts = [value_text(row, float(v)) for v in distinct[:3]]
    pairs = [{code: f"{t[code]} x {n}" for code in ("en", "zh")} for t, n in zip(texts, counts, strict=False)]
    return listed(pairs)


def _duty_rows(scenario: ResolvedScenario) -> list[list[Any]]:
    first, last = scenario.history[0].table, scenario.history[-1].table
    return [
        [row.text, _owners(first.owners(name)), _owners(last.owners(name))]
        for name, row in duty_classes().items()
    ]


def _owners(owners: dict[str, float]) -> dict[str, str]:
    if len(owners) == 1:
        return kind_text(next(iter(owners)))
    parts = [{code: f"{kind_text(k)[code]} {share(s)}" for code in ("en", "zh")} for k, s in owners.items()]
    return listed(parts)


def _staff_rows(scenario: ResolvedScenario) -> list[list[Any]]:
    first, last = scenario.history[0].table, scenario.history[-1].table
    rows: list[list[Any]] = [
        [kind_text(kind), figure(round(first.posts[kind], 1)), figure(round(last.posts[kind], 1))]
        for kind in kinds()
        if first.posts[kind] or last.posts[kind]
    ]
    return [*rows, [kind_text("pool"), figure(round(first.pool, 1)), figure(round(last.pool, 1))]]


def _grade_rows(scenario: ResolvedScenario) -> list[list[Any]]:
    counts = Counter(q.grade for q in scenario.quantities.values())
    rows: list[list[Any]] = [[GRADES[grade], str(n)] for grade, n in counts.most_common()]
    graded = Counter(row.grade for row in assumptions().values())
    return rows + [
        [say("assumptions of the model: {grade}", grade=GRADES[g]), str(n)] for g, n in graded.most_common()
    ]


def _quantity_words(q: Quantity) -> Message:
    value, low, high = quantity_texts(q)
    source = ", ".join(q.evidence) or spoken(q.source)
    return say(
        "{address}: {value} [{low}, {high}]; {grade}; {source}",
        address=q.address,
        value=value,
        low=low,
        high=high,
        grade=GRADES[q.grade],
        source=source,
    )


def quantity_texts(q: Quantity) -> tuple[dict[str, str], str, str]:
    """Return a number with its unit, and the ends of its range; a month is written as one."""
    ends = (q.low or 0.0, q.high or 0.0)
    if q.unit == MONTH_UNIT:
        month = format_month(int(q.value))
        return {"en": month, "zh": month}, format_month(int(ends[0])), format_month(int(ends[1]))
    unit = unit_text(q.unit)
    value = {"en": f"{figure(q.value)} {unit['en']}".strip(), "zh": f"{figure(q.value)}{unit['zh']}"}
    return value, figure(ends[0]), figure(ends[1])


def assumed_share(scenario: ResolvedScenario) -> tuple[int, int]:
    """Return how many of a scenario's numbers are assumed, and how many there are."""
    graded = [q.grade for q in scenario.quantities.values()] + [row.grade for row in assumptions().values()]
    return sum(grade == "assumed" for grade in graded), len(graded)


def documented_share(scenario: ResolvedScenario) -> tuple[int, int]:
    """Return how many of a scenario's own numbers rest on a document, a law or a published figure, and all of them.

    A number rests on evidence of its own or on that of the clause it stands in.
    """
    timeline = scenario.timeline
    beside = {f"{c.reform}:changes.{c.clause}." for c in timeline.operations if c.evidence}
    beside |= {f"{c.reform}:changes.{c.clause}." for c in timeline.changes if c.evidence}
    found = [
        q.grade not in ("assumed", "") or (not q.grade and any(q.address.startswith(spot) for spot in beside))
        for q in scenario.quantities.values()
    ]
    return sum(found), len(found)
