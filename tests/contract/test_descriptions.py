"""What the program says about itself in docs/ is what its declarations say now, in both languages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from sim.agents.kinds import CLASSES
from sim.base.text import LOCALE_FOLDER, translate
from sim.catalogue import assumptions, duty_classes, issue_kinds, kinds, levers, measures, unit_text
from sim.catalogue.evidence import evidence
from sim.cli import run
from sim.odd.documents import DOCUMENTS
from sim.odd.effects import effects_document
from sim.odd.entities import ENTITIES
from sim.odd.gathered import ALL_TABLES, one_line, parts, told
from sim.odd.protocol import SHARED, odd_document
from sim.rules.operations import OPERATIONS
from sim.schedule import SCHEDULE

DOCS = Path(__file__).resolve().parents[2] / "docs"
COMMANDS = {
    "odd.md": ["--lang", "en", "explain", "--odd"],
    "odd.zh.md": ["--lang", "zh", "explain", "--odd"],
    "effects.md": ["explain", "--effects"],
}
MEANINGS = {column.meaning for columns in ALL_TABLES.values() for column in columns}


def in_fragment(name: str) -> set[str]:
    """Return the sentences that a fragment of the Chinese catalogue translates."""
    with (LOCALE_FOLDER / "zh" / f"{name}.po").open("rb") as handle:
        return {message.id for message in read_po(handle, locale="zh") if message.id}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_generated_page_is_the_one_the_program_writes(name):
    """`make docs` would change nothing: the committed page equals the generated one."""
    assert (DOCS / name).read_text(encoding="utf-8") == DOCUMENTS[name](), "run `make docs`"


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_command_prints_the_page(name, capsys):
    """The command that shows a page prints exactly what `make docs` writes."""
    assert run(COMMANDS[name]) == 0
    assert capsys.readouterr().out == DOCUMENTS[name]()


def test_the_effects_page_has_every_assumption_about_a_rule_once():
    """Each assumption that says what a rule does stands in one row of the page, and no other does."""
    rows = [line.split("`")[1] for line in effects_document().splitlines() if line.startswith("| `")]
    about_rules = [name for name, row in assumptions().items() if row.effect_of]
    assert sorted(row for row in rows if "." in row) == sorted(about_rules)


def test_every_column_is_explained_in_chinese():
    """The meaning and the unit of every column have a translation, and no translation outlives its column."""
    assert sorted(m for m in MEANINGS if translate(m, "zh") == m) == []
    units = {column.unit for columns in ALL_TABLES.values() for column in columns}
    assert sorted(unit for unit in units if unit_text(unit)["zh"] == unit) == []
    assert sorted(in_fragment("columns") - MEANINGS) == []


def claims() -> set[str]:
    """Return every sentence of a docstring that the Chinese page says in Chinese."""
    told_by_mechanisms = {text for m in SCHEDULE for text in (told(m).claim, told(m).left_out)}
    of_bodies = {one_line([cls.__doc__]) for cls in CLASSES} | {parts(module)[0] for module in SHARED}
    return told_by_mechanisms | of_bodies | {op.__doc__.splitlines()[0] for op in OPERATIONS.values()}


def test_what_docstrings_claim_is_said_in_chinese():
    """Each claim of a docstring has its Chinese, so that a changed claim asks for a changed translation."""
    assert sorted(claim for claim in claims() if translate(claim, "zh") == claim) == []
    assert sorted(in_fragment("claims") - claims()) == []


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_description_leaves_nothing_out(lang):
    """Every mechanism, assumption, lever, measure, duty class, kind and column has its row in both languages."""
    firsts = re.findall(r"^\| (?:\[)?`([\w.]+)`", odd_document(lang), re.MULTILINE)
    listed = [*assumptions(), *levers(), *measures(), *duty_classes(), *issue_kinds(), *kinds(), *OPERATIONS]
    assert sorted(name for name in listed if name not in firsts) == []
    assert sorted(n for n in assumptions() if firsts.count(n) > 1 and n not in measures()) == []
    assert list(ENTITIES) == [table for table in firsts if table in ENTITIES][: len(ENTITIES)]
    assert set(ENTITIES) == set(ALL_TABLES)
    sections = re.findall(r'^<a id="(\w+)"></a>', odd_document(lang), re.MULTILINE)
    assert [name for name in sections if name in {m.name for m in SCHEDULE}] == [m.name for m in SCHEDULE]


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_every_inner_link_of_the_description_leads_somewhere(lang):
    """A link to a mechanism finds its section."""
    page = odd_document(lang)
    anchors = set(re.findall(r'<a id="(\w+)"></a>', page))
    assert set(re.findall(r"\]\(#([a-z_]+)\)", page)) - anchors == set()


EVIDENCE = re.compile(r"\b([a-z]+\.[a-z]+(?:-[a-z0-9]+)+)\b")


@pytest.mark.parametrize("mechanism", SCHEDULE, ids=lambda m: m.name)
def test_a_claim_names_evidence_of_the_ledger(mechanism):
    """What a mechanism's claim cites stands in the evidence ledger."""
    assert [entry for entry in EVIDENCE.findall(told(mechanism).claim) if entry not in evidence()] == []


def test_every_question_of_a_mechanism_is_asked_in_chinese():
    """The month reads in Chinese from its first line to its last, and asks nothing that no mechanism asks."""
    questions = {mechanism.question for mechanism in SCHEDULE}
    assert sorted(q for q in questions if translate(q, "zh") == q) == []
    assert sorted(in_fragment("mechanisms") - questions) == []


@pytest.mark.parametrize("mechanism", SCHEDULE, ids=lambda m: m.name)
def test_a_docstring_falls_into_its_parts(mechanism):
    """Every mechanism's docstring yields a claim, rules and what is left out, each without the others' marks."""
    parts = told(mechanism)
    assert parts.claim and parts.left_out
    assert any(are_rules for are_rules, _ in parts.body)
    said = [parts.claim, parts.left_out, *(text for _, text in parts.body)]
    assert not any(mark in text for mark in ("Left out:", "Claim:") for text in said)
