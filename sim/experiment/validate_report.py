"""The table of facts and of contradictions: shipped as files, shown as a page, written as a document."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import polars as pl

from sim import MODEL_VERSION
from sim.base.library import library_folder
from sim.base.plain import plain
from sim.base.text import LANGUAGES, Message, pick, say
from sim.catalogue import assumptions, measures
from sim.catalogue.facts import Contradiction, Fact
from sim.experiment.facts import facts
from sim.experiment.validate import Validation
from sim.experiment.validate_kept import FOLDER, made_on
from sim.experiment.validate_regions import FEWEST as FEWEST_TO_DIVIDE
from sim.experiment.validate_regions import REPRODUCED, region_rows
from sim.experiment.validate_table import FEWEST, Values
from sim.results import expected
from sim.results.shipped import read_outcomes
from sim.scenario import load_scenario
from sim.scenario.calibrated_set import catalogue_hash
from sim.scenario.documents import library_ids
from sim.scenario.markdown import markdown
from sim.scenario.page import Page

CLASSES = {
    "arithmetic": say("arithmetic"),
    "assumed": say("assumed"),
    "calibrated": say("calibrated"),
    "emergent": say("emergent"),
}
KEPT = (
    "shequ",
    "model_version",
    "git",
    "python",
    "libraries",
    "hashes",
    "seed",
    "pairs",
    "source",
    "seconds",
    "failed",
)


def record(found: Validation) -> dict[str, Any]:
    """Return everything of a validation that is shipped."""
    made = {key: found.manifest.get(key) for key in KEPT} | {"catalogue": catalogue_hash()}
    made |= made_on(found.set, len(found.samples), found.manifest["seed"])
    regions = region_rows(Values(found.figures), found.samples)
    return {"set": found.set, "made": made, "facts": found.facts, "contradictions": regions}


def write_table(found: Validation, folder: Path) -> Path:
    """Write the table as JSON and every figure behind it as Parquet; returns the JSON's path."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"facts-{found.set}.json"
    path.write_text(json.dumps(_plain(record(found)), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    small = found.figures.with_columns(
        *(pl.col(c).cast(pl.Categorical) for c in ("variant", "arm", "measure", "window")),
    )
    small.sort("pair").write_parquet(
        folder / f"facts-{found.set}.parquet", compression="zstd", compression_level=19
    )
    return path


def _plain(value: Any) -> Any:
    """Return a value as JSON has it: no nan or infinity, floats short."""
    if isinstance(value, dict):
        return {k: _plain(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(v) for v in value]
    if isinstance(value, float):
        return float(f"{value:.5g}") if math.isfinite(value) else None
    return value


def shipped() -> list[dict[str, Any]]:
    """Return every shipped table, by name of its set."""
    return [
        json.loads(path.read_text(encoding="utf-8"))
        for path in sorted((library_folder() / FOLDER).glob("facts-*.json"))
    ]


def validation_page(tables: list[dict[str, Any]], *, contradictions: bool = False) -> Page:
    """Return the tables as a page; contradictions: those instead of the facts."""
    page = Page(
        say("The documents' contradictions") if contradictions else say("The documents' claims, tested")
    )
    for table in tables:
        _add_made(page, table)
        if contradictions:
            _add_contradictions(page, table)
        else:
            _add_facts(page, table)
    if not contradictions:
        _add_ground(page)
        untested = [[row.id, row.text, row.why] for row in facts().untested]
        page.table(say("Not testable in this version"), [say("fact"), say("claim"), say("why")], untested)
        _add_counted(page)
    return page


def _add_made(page: Page, table: dict[str, Any]) -> None:
    made = table["made"]
    page.add(
        say("Assumptions: {set}", set=table["set"]),
        say("samples, one pair of arms each: {n}; model version {version}, code {source}",
            n=made["pairs"], version=made["model_version"], source=made["source"]),
        *([] if made["model_version"] == MODEL_VERSION and made["catalogue"] == catalogue_hash() else [STALE]),
    )  # fmt: skip


STALE = say("the model or its catalogue has changed since: run `shequ validate` again")
READ = (
    say(
        "Only emergent facts are evidence for the model; the others were written in, and show where their sign turns."
    ),
    say(
        "A share counts samples in which every test of the fact holds, with its 95 % interval; size does not count."
    ),
)


def _add_facts(page: Page, table: dict[str, Any]) -> None:
    rows = {fact.id: fact for fact in facts().facts}
    page.add(None, *READ)
    columns = [say("fact"), say("claim"), say("written in"), say("holds"), say("issuers fixed"),
               say("where it turns")]  # fmt: skip
    body = [_fact_row(rows[one["fact"]], one) for one in table["facts"] if one["fact"] in rows]
    page.table(say("Facts"), columns, body)
    details = [
        [one["fact"], *_test_row(test)]
        for one in table["facts"]
        if one["fact"] in rows
        for test in one["tests"]
    ]
    page.table(
        say("Tests"),
        [say("fact"), say("outcome"), say("arm"), say("sign"), say("holds"), say("effect: median [90 %]")],
        details,
    )  # fmt: skip


def share_text(one: dict[str, Any], prefix: str = "") -> str:
    """Return a share with its interval, in percent."""
    if not one.get(f"{prefix}n"):
        return ""
    share = one[f"{prefix}holds"] / one[f"{prefix}n"]
    return f"{share:.0%} [{one[f'{prefix}low']:.0%}, {one[f'{prefix}high']:.0%}]"


def _fact_row(fact: Fact, one: dict[str, Any]) -> list[Any]:
    how: Any = CLASSES[fact.cls]
    return [fact.id, fact.text, how, share_text(one), share_text(one, "fixed_"), turning_text(fact, one)]


def turning_text(fact: Fact, one: dict[str, Any]) -> Any:
    """Return where an assumed fact's sign turns, in words."""
    if fact.cls != "assumed":
        return ""
    name = assumptions()[fact.parameter].text
    low, high = one["widened"]
    if one["widened_n"] < FEWEST:
        return say(
            "{name} ({id}): too few samples to say, {n}", name=name, id=fact.parameter, n=one["widened_n"]
        )
    if one.get("turns_at") is not None:
        return say("{name} ({id}): at {at} of [{low}, {high}]", name=name, id=fact.parameter,
                   at=plain(one["turns_at"], 2), low=plain(low), high=plain(high))  # fmt: skip
    return say("{name} ({id}): nowhere in [{low}, {high}], holds {share}", name=name, id=fact.parameter, low=plain(low),
               high=plain(high), share=share_text(one, "widened_"))  # fmt: skip


def _test_row(test: dict[str, Any]) -> list[Any]:
    low, middle, high = test["effect"]
    row = measures().get(test["measure"])
    name = row.text if row else test["measure"].split(":", 1)[1]
    shown = "" if middle is None else f"{plain(middle)} [{plain(low)}, {plain(high)}]"
    arms = {arm.id: arm.text for arm in facts().arms}
    return [name, arms[test["arm"]], SIGNS[test["sign"]], share_text(test), shown]


SIGNS = {
    "up": say("rises"),
    "down": say("falls"),
    "not_up": say("does not rise by what is worth acting on"),
    "not_down": say("does not fall by what is worth acting on"),
    "above_zero": say("is there"),
    "climbs": say("climbs again"),
    "shrinks": say("fades"),
    "less_regained": say("less of it comes back"),
    "ordering": say("gains more than self-governance"),
    "joint": say("together more than the best alone"),
}


def _add_contradictions(page: Page, table: dict[str, Any]) -> None:
    by_id = {row.id: row for row in facts().contradictions}
    for one in table["contradictions"]:
        row = by_id.get(one["contradiction"])
        if row is not None and one["n"]:  # with --only the others were not run
            page.add(_headline(row), *_sides(row, one))


def _add_ground(page: Page) -> None:
    """Add how each fact stands in the documents, and the entries of the ledger it rests on."""
    rows: list[list[Any]] = [[row.id, row.claim, ", ".join(row.evidence)] for row in facts().facts]
    rows += [[row.id, say("not tested"), ", ".join(row.evidence)] for row in facts().untested]
    page.table(say("What the facts rest on"), [say("fact"), say("what the documents give"), say("ledger")], rows)


def _headline(row: Contradiction) -> Message:
    return say("{n}. {question}", n=row.id, question=row.text)


def _sides(row: Contradiction, one: dict[str, Any]) -> list[Any]:
    lines: list[Any] = [
        say("{side}: {share} of samples", side=row.side_a, share=share_text(one)),
        say("{side}: the rest", side=row.side_b),
    ]
    lines += region_words(one, row.side_a, row.side_b)
    lines.append(say("what would tell them apart: {observe}", observe=row.observe))
    lines.append(say("ledger: {first}; against: {second}", first=", ".join(row.evidence_a),
                     second=", ".join(row.evidence_b)))  # fmt: skip
    lines.append(say("run it: `{command}`", command=row.command))
    return lines + [say("on a place of the library: `{command}`", command=p.command) for p in row.pairs]


def region_words(one: dict[str, Any], side_a: Any, side_b: Any) -> list[Message]:
    """Return on which assumptions either side holds, or why that cannot be said."""
    if one["n"] < FEWEST_TO_DIVIDE:
        return [say("too few samples to say which assumption divides them: {n}", n=one["n"])]
    if not one["first"]:
        return [say("one side holds nearly everywhere: no assumption divides the samples")]
    name, share = assumptions()[one["first"]].text, f"{one['reproduced']:.0%}"
    if one["reproduced"] < REPRODUCED:
        return [say("no assumption divides the samples reliably; the best guess, {name}, comes up again in {share} of "
                    "resampled trees", name=name, share=share)]  # fmt: skip
    sides = ((side_a, one["boxes"]), (side_b, one.get("other", ())))
    return _alike(one) + [
        say("{side}, where {box} (coverage {coverage}, density {density}; comes up again in {share})",
            side=side, box=_box(box["limits"]), coverage=f"{box['coverage']:.0%}", density=f"{box['density']:.0%}",
            share=share)
        for side, found in sides for box in found
    ]  # fmt: skip


def _alike(one: dict[str, Any]) -> list[Message]:
    """Return which assumptions the samples cannot tell from the one that divides them."""
    alike = [assumptions()[name].text for name in one.get("alike", ())]
    if not alike:
        return []
    names = {lang: "; ".join(pick(text, lang) for text in alike) for lang in LANGUAGES}
    return [
        say("in these samples {name} cannot be told apart from: {names}; more samples part them",
            name=assumptions()[one["first"]].text, names=names)
    ]  # fmt: skip


def _box(limits: list[list[Any]]) -> dict[str, str]:
    return {lang: "; ".join(_limit(lang, *limit) for limit in limits) for lang in LANGUAGES}


def _limit(lang: str, name: str, low: float | None, high: float | None) -> str:
    """Return one limit; an open end is None, or infinite."""
    words = pick(assumptions()[name].text, lang)
    least, most = (None if end is None or not math.isfinite(end) else plain(end) for end in (low, high))
    if least is None:
        return f"{words} ≤ {most}"
    return f"{words} > {least}" if most is None else f"{least} < {words} ≤ {most}"


def _add_counted(page: Page) -> None:
    """Add every figure that a document counts, of whichever scenario, beside the model's value."""
    scenarios = [load_scenario(name) for name in library_ids("scenario")]
    outcomes = read_outcomes()
    rows = [[one.id, *row] for one in scenarios for row in expected.rows(one, outcomes)]
    title = say("Beside the facts: quantities that documents count")
    page.table(title, [say("scenario"), *expected.columns()], rows, spare=(5,))


def write_document(path: Path) -> None:
    """Write the shipped tables as a document in both languages."""
    parts = []
    for lang in ("en", "zh"):
        for flag in (False, True):
            parts += markdown(validation_page(shipped(), contradictions=flag), lang)
    head = "<!-- Written by `shequ validate --write-docs`; edit scenarios/facts.yaml instead. -->\n"
    path.write_text(head + "\n".join(parts) + "\n", encoding="utf-8")
