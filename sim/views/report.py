"""The report of a comparison: one self-contained page in the reader's language, printable, nothing fetched."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl
from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from sim.base import counts
from sim.base.calendar import format_month
from sim.base.text import LANGUAGES, language, pick, say, translate, use_language
from sim.catalogue import measures
from sim.results.alignment import read_alignment
from sim.results.bars import read_bars
from sim.results.grouped import group_verdicts
from sim.results.refused import refusals
from sim.results.resting import read_resting
from sim.results.store import RunFolder
from sim.results.verdicts import Comparison, read_comparison
from sim.views import bars, figures, grouped, pairing, refused, resting, thresholds
from sim.views.cited import References
from sim.views.kept import kept
from sim.views.narrative import sentences
from sim.views.pages import (
    columns,
    detectable_words,
    glance_columns,
    glance_row,
    method_columns,
    method_rows,
    primary_words,
    verdict_row,
)
from sim.views.wording import SIDES, asked_words, comparison_limits, figure, window_words

YEAR = 12


def write_report(comparison: Comparison) -> Path:
    """Write report.html (English) or report.zh.html into the run folder and return its path."""
    path = comparison.folder.path / report_name(language())
    part = path.with_name(path.name + ".part")
    part.write_text(render(comparison), encoding="utf-8")
    part.replace(path)
    return path


def write_again(folder: RunFolder) -> list[Path]:
    """Write those reports of a run again that are there already, each in its language, and return their paths."""
    own, found = language(), []
    for code in LANGUAGES:
        if (folder.path / report_name(code)).exists():
            use_language(code)
            found.append(write_report(read_comparison(folder)))
    use_language(own)
    return found


def report_name(code: str) -> str:
    """Return the name of the report in a language."""
    return "report.html" if code == "en" else f"report.{code}.html"


def render(comparison: Comparison) -> str:
    """Return the page as text."""
    environment = Environment(
        loader=PackageLoader("sim.views"),
        autoescape=select_autoescape(("html", "j2")),
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
    environment.globals["_"] = translate
    return environment.get_template("report.html.j2").render(**content(comparison))


def content(comparison: Comparison) -> dict[str, Any]:
    """Return everything the template shows, in the language in force."""
    manifest, found_bars = comparison.folder.manifest(), read_bars(comparison.folder)
    found_resting = read_resting(comparison.folder)
    # What comes first on the page is cited first, so that the numbers of references rise.
    references = References()
    limits = [references.cite(line) for line in comparison_limits(comparison)]
    not_claimed = [[references.cite(cell) for cell in row] for row in refused.rows(refusals(comparison))]
    return {
        "lang": language(),
        "manifest": manifest,
        "title": pick(manifest["title"]),
        "place": pick(manifest["place"]),
        "size": pick(say("{months}, {pairs} under the same luck", months=counts.months(manifest["months"]),
                         pairs=counts.pairs(comparison.pairs))),
        "asked": [pick(line) for line in asked_words(manifest)],
        "limits": limits,
        "failed": comparison.failed,
        "windows": [_window(comparison, manifest, window, references) for window in manifest["windows"]],
        "glance_columns": [pick(c) for c in glance_columns()],
        "refused": not_claimed,
        "refused_columns": [pick(c) for c in refused.columns()],
        "columns": [pick(c) for c in columns()],
        "method_columns": [pick(c) for c in method_columns()],
        "methods": [[pick(cell) for cell in row] for row in method_rows(comparison)],
        "notes": [pick(primary_words()), pick(detectable_words())],
        "sizes": figures.sizes(comparison),
        "paths": figures.paths(comparison),
        "legend": figures.legend(manifest),
        "paths_data": yearly_values(comparison, manifest),
        "groups": _groups(comparison.folder, "groups", references),
        "others": _groups(comparison.folder, "groups", references, others=True),
        "posts": _groups(comparison.folder, "posts", references),
        "bars": [[pick(cell) for cell in row] for row in bars.rows(found_bars)],
        "bar_columns": [pick(c) for c in bars.columns()],
        "bar_note": references.cite(bars.note() if found_bars else bars.not_measured(manifest)),
        "grade_columns": [pick(c) for c in resting.grade_columns()],
        "grade_rows": [[pick(cell) for cell in row] for row in resting.grade_rows(manifest)],
        "resting_note": references.cite(resting.note(manifest, found_resting)),
        "resting_columns": [pick(c) for c in resting.columns()],
        "resting": [[pick(cell) for cell in row] for row in resting.rows(found_resting)],
        "resting_grades": [pick(line) for line in resting.by_grade(found_resting)],
        "pairing": _pairing(comparison),
        "group_note": pick(grouped.note()),
        "events": _events(comparison.folder),
        "kept": kept(comparison.folder),
        "thresholds": [[pick(words), value] for words, value in thresholds.listed()],
        "threshold_columns": [pick(say("rule of claiming")), pick(say("value"))],
        "sources": references.listed(),
    }


def _window(comparison: Comparison, manifest: dict, window: str, references: References) -> dict[str, Any]:
    blocks = [
        {
            "title": pick(title),
            "glance": [[pick(c) for c in glance_row(v)] for v in comparison.of(window, side) if v.primary],
            "rows": [[pick(cell) for cell in verdict_row(v)] for v in comparison.of(window, side)],
        }
        for side, title in SIDES.items()
    ]
    told = [references.cite(line) for line in sentences(comparison, window)]
    return {"title": pick(window_words(manifest, window)), "sentences": told, "blocks": blocks}


def _groups(folder: RunFolder, kind: str, references: References, *, others: bool = False) -> dict[str, Any]:
    """Return who gains and loses, where the run recorded it."""
    verdicts = group_verdicts(folder, kind, others=others) if folder.has(kind) else []
    primary = folder.manifest()["primary"] if kind == "groups" and not others else []
    return {
        "columns": [pick(c) for c in grouped.columns()],
        "worst": [references.cite(line) for line in grouped.worst_off(verdicts)],
        "few": references.cite(grouped.too_few(verdicts)),
        "missing": pick(grouped.not_by_group(primary, verdicts)),
        "blocks": [
            {"title": pick(title), "rows": [[pick(cell) for cell in row] for row in rows]}
            for title, rows in grouped.blocks(verdicts, claimed=not others)
        ],
    }


def _pairing(comparison: Comparison) -> dict[str, Any]:
    """Return how good the pairing was, by outcome and by decision."""
    table = read_alignment(comparison.folder)
    decisions = pairing.decision_rows(table) if table is not None else []
    years = len(decisions[0]) - 2 if decisions else 0
    return {
        "note": pick(pairing.note()),
        "columns": [pick(c) for c in pairing.outcome_columns()],
        "rows": [[pick(cell) for cell in row] for row in pairing.outcome_rows(comparison)],
        "decision_columns": [pick(c) for c in pairing.decision_columns(years)],
        "decisions": [[pick(cell) for cell in row] for row in decisions],
        "months": figures.alignment(table, pairing.DECISIONS) if table is not None and decisions else [],
    }


def _events(folder: RunFolder) -> list[tuple[str, str]]:
    """Return what the reform did, by month, in the reader's language."""
    path = folder.path / "tables" / "reform" / "events.parquet"
    if not path.exists():
        return []
    events = folder.table("tables/reform/events.parquet")
    texts = events[f"text_{language()}"]
    return [(format_month(month), text) for month, text in zip(events["month"], texts, strict=True)]


def yearly_values(comparison: Comparison, manifest: dict) -> dict[str, Any]:
    """Return the data behind the paths: per primary outcome and arm, the mean over pairs and months of each year."""
    known = comparison.folder.read("series").filter(pl.col("value").is_not_nan())
    by_year = (
        known.with_columns(((pl.col("month") - manifest["start"]) // YEAR).alias("year"))
        .group_by("measure", "arm", "year")
        .agg(pl.col("value").mean())
    )
    means = {(measure, arm, year): value for measure, arm, year, value in by_year.rows()}
    years = range(-(-manifest["months"] // YEAR))
    rows = [
        [
            pick(measures()[name].text),
            pick(word),
            *(figure(means.get((name, arm, y), float("nan"))) for y in years),
        ]
        for name in manifest["primary"]
        for arm, word in (("baseline", say("baseline")), ("reform", say("reform")))
    ]
    heads = [pick(say("outcome")), pick(say("arm")), *(pick(say("year {n}", n=y + 1)) for y in years)]
    return {"columns": heads, "rows": rows}
