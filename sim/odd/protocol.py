"""The ODD+D description of the model (headings of Müller et al. 2013) in one language, filled from the declarations."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sim.agents.kinds import BY_NAME
from sim.base.text import pick, translate
from sim.catalogue import (
    Assumption,
    IssueKind,
    assumptions,
    causes,
    duty_classes,
    groups,
    issue_kinds,
    kinds,
    levers,
    measures,
    unit_text,
)
from sim.mechanisms import (
    filing,
    participation_causes,
    participation_kernel,
    service_kernel,
    settle,
    window_kernel,
)
from sim.mechanisms.contract import Mechanism
from sim.odd.effects import span
from sim.odd.entities import ENTITIES, KINDS_OF_COLUMN
from sim.odd.gathered import ALL_TABLES, one_line, parts, told
from sim.odd.pages import number, render
from sim.rules.changes import value_text
from sim.rules.operations import OPERATIONS
from sim.rules.words import layer_text
from sim.scenario.describe import GRADES
from sim.scenario.documents import library_nodes
from sim.scenario.quantities import spoken
from sim.schedule import POPULATE_DECISIONS, SCHEDULE
from sim.world import moves
from sim.world.columns import TIES
from sim.world.world import DAYS_PER_MONTH, REFERENCE_HOUSEHOLDS

# What several mechanisms share, in the order in which a month comes to it.
SHARED = (moves, filing, service_kernel, window_kernel, participation_kernel, participation_causes, settle)
BY_STEP = {mechanism.name: step for step, mechanism in enumerate(SCHEDULE, 1)}


def odd_document(lang: str) -> str:
    """Return the whole description as Markdown in `en` or `zh`; a template that names what is gone fails."""
    return render(
        f"odd.{lang}.md.j2",
        **_looked_up(lang),
        **_catalogues(),
        steps=SCHEDULE,
        told=told,
        shared=[(module.__name__.rpartition(".")[2], parts(module)) for module in SHARED],
        entities=ENTITIES,
        column_kinds=KINDS_OF_COLUMN,
        tables=ALL_TABLES,
        classes={name: one_line([cls.__doc__ or ""]) for name, cls in BY_NAME.items()},
        populate_decisions=[name.partition(".")[2] for name in POPULATE_DECISIONS],
        n_ties=TIES,
        days_per_month=DAYS_PER_MONTH,
        reference_households=int(REFERENCE_HOUSEHOLDS),
    )


def _catalogues() -> dict[str, Any]:
    graded: dict[str, int] = {}
    for row in assumptions().values():
        graded[row.grade] = graded.get(row.grade, 0) + 1
    return {
        "levers": levers(),
        "measures": measures(),
        "duties": duty_classes(),
        "kinds": kinds(),
        "groups": groups(),
        "issue_kinds": issue_kinds(),
        "causes": causes(),
        "grades": GRADES,
        "assumptions": assumptions(),
        "operations": OPERATIONS,
        "graded": graded,
        "outside": [row for row in assumptions().values() if row.mechanism not in BY_STEP],
        "scenarios": _scenarios(),
        "own": lambda mechanism: [row for row in assumptions().values() if row.mechanism == mechanism.name],
    }


def _scenarios() -> list[dict[str, Any]]:
    """Return the library's scenarios as their files name them: title, place and reforms."""
    rows = [node.plain() for node in library_nodes("scenario")]
    return [
        {name: row.get(name, "") for name in ("id", "title", "extends", "place", "reforms")} for row in rows
    ]


def _looked_up(lang: str) -> dict[str, Callable[..., Any]]:
    """Return what a template names things with: each fails on a name that does not exist."""
    return {
        "say": lambda text: pick(text, lang),
        "tr": lambda sentence: translate(sentence, lang),
        "unit": lambda unit: pick(unit_text(unit), lang),
        "m": _step,
        "a": _assumption,
        "column": _column,
        "span": span,
        "source": lambda row: _source(row, lang),
        "grade": lambda row: pick(GRADES[row.grade], lang),
        "also": _also_reads,
        "layer": layer_text,
        "peak": _peak,
        "baseline": lambda row: pick(value_text(row, row.code(row.baseline)), lang),
        "listed": lambda row: "; ".join(f"`{value.id}` {pick(value.text, lang)}" for value in row.values),
        "bounds": lambda row: f"[{number(row.bounds[0])}, {number(row.bounds[1])}]",
    }


def _step(name: str) -> str:
    return f"[`{SCHEDULE[BY_STEP[name] - 1].name}`](#{name})"


def _assumption(name: str) -> str:
    row = assumptions()[name]
    return f"`{row.id}` = {number(row.value)} {span(row)}"


def _column(name: str) -> str:
    table, _, column = name.partition(".")
    return f"`{table}.{next(c.name for c in ALL_TABLES[table] if c.name == column)}`"


def _peak(row: IssueKind) -> str:
    """Return the three months in which most matters of a kind arise, in order; a dash where all months are alike."""
    if len(set(row.season)) == 1:
        return "-"
    most = sorted(range(12), key=lambda month: -row.season[month])[:3]
    return ", ".join(str(month + 1) for month in sorted(most))


def _source(row: Assumption, lang: str) -> str:
    return ", ".join([spoken(row.source).render(lang), *(f"`{entry}`" for entry in row.evidence)])


def _also_reads(mechanism: Mechanism) -> list[str]:
    """Return the assumptions a mechanism uses that stand under another one."""
    return [name for name in mechanism.assumptions if assumptions()[name].mechanism != mechanism.name]
