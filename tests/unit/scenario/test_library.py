"""The shipped library: every number says where it comes from, every document has both languages."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.base.text import translate
from sim.catalogue import assumptions, duty_classes, kinds, levers, measures, unit_text
from sim.rules.operations import OPERATIONS
from sim.scenario import load_scenario
from sim.scenario.checking import check
from sim.scenario.documents import cached_documents, ledger_ids, library_ids
from sim.scenario.library import library_folder
from sim.scenario.nodes import Node

TABLES = (
    "evidence.yaml",
    "facts.yaml",
    "targets.yaml",
)  # read and checked by the catalogue, not by the language
FILES = [p for p in sorted(library_folder().rglob("*.yaml")) if p.name not in TABLES]
SOURCES = ("evidence", "assumed", "derived")
NOT_OF_THE_WORLD = ("run", "law_version", "with")


def unsourced(node: Node, covered: bool, path: str = "") -> list[str]:
    """Return the paths of numbers that neither say where they come from nor stand in something that does."""
    if node.is_map:
        here = covered or any(key in node.value for key in SOURCES)
        children = [(k, v) for k, v in node.value.items() if k not in (*SOURCES, *NOT_OF_THE_WORLD)]
        return [bad for k, v in children for bad in unsourced(v, here, f"{path}.{k}")]
    if node.is_list:
        return [bad for i, v in enumerate(node.value) for bad in unsourced(v, covered, f"{path}[{i}]")]
    is_number = isinstance(node.value, int | float) and not isinstance(node.value, bool)
    return [path] if is_number and not covered else []


def assumed_without_range(node: Node, path: str = "") -> list[str]:
    """Return the paths of numbers that are assumed without a range."""
    if node.is_map:
        alone = "value" in node.value and "assumed" in node.value and "range" not in node.value
        bad = [path] if alone and isinstance(node.value["value"].value, int | float) else []
        return bad + [x for k, v in node.value.items() for x in assumed_without_range(v, f"{path}.{k}")]
    return (
        [x for i, v in enumerate(node.value) for x in assumed_without_range(v, f"{path}[{i}]")]
        if node.is_list
        else []
    )


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.stem)
def test_every_number_says_where_it_comes_from(path):
    """Each number of the library carries evidence, a derivation, or `assumed` with a range."""
    for node in cached_documents(path).documents:
        assert unsourced(node, covered=False) == []
        assert assumed_without_range(node) == []


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.stem)
def test_every_document_passes_check_and_is_named_like_its_file(path):
    """Each file of the library passes the check, is named like its id and has a title in both languages."""
    assert not check(str(path)).errors
    node = cached_documents(path).documents[0]
    assert node.value["id"].value == path.stem
    assert set(node.value["title"].value) == {"en", "zh"}


def test_every_quantity_of_a_shipped_scenario_has_a_grade_or_an_evidenced_change():
    """Quantities of shipped scenarios are graded, and graded as seed only with a document's id."""
    for name in library_ids("scenario"):
        for quantity in load_scenario(name).quantities.values():
            if quantity.grade == "seed":
                assert quantity.evidence
            if quantity.grade == "assumed" and quantity.unit != "month index":
                assert quantity.low is not None


def test_catalogue_evidence_stands_in_the_ledger():
    """Each evidence id of a lever, duty class or assumption is in the ledger."""
    if not ledger_ids():
        pytest.skip("the ledger is not written yet")
    cited = {e for row in (*levers().values(), *duty_classes().values()) for e in row.evidence}
    assert cited <= ledger_ids()


def test_units_read_in_chinese():
    """Each unit of a catalogue or an operation's argument has a Chinese reading."""
    used = {row.unit for row in (*levers().values(), *measures().values())}
    used |= {a.unit for op in OPERATIONS.values() for a in op.arguments().values() if a.unit}
    same = {unit for unit in used if unit_text(unit)["zh"] == unit}
    assert same <= {"%", "logit"}


def test_kinds_are_unique_names_in_both_languages():
    """No two kinds share a name in either language."""
    for code in ("en", "zh"):
        names = [kind.text[code] for kind in kinds().values()]
        assert len(names) == len(set(names))


def test_topics_belong_to_one_class():
    """A topic points to one duty class, so that a document's list can be read."""
    topics = [t for row in duty_classes().values() for t in row.topics]
    assert len(topics) == len(set(topics))
    assert not set(topics) & set(duty_classes())


def test_the_library_is_found_beside_the_code():
    """The library folder holds the scenarios that `list` names."""
    assert Path(library_folder() / "tongling.yaml").is_file()
    assert "tongling" in library_ids("scenario")


def reasons(node: Node) -> set[str]:
    """Return every reason that a document gives for its numbers."""
    if node.is_map:
        here = {
            v.value
            for k, v in node.value.items()
            if k in ("assumed", "derived", "said") and isinstance(v.value, str)
        }
        return here.union(*[reasons(v) for v in node.value.values()])
    return set().union(*[reasons(v) for v in node.value]) if node.is_list else set()


def test_reasons_of_the_library_read_in_chinese():
    """Each `assumed`, `derived` and `source` of the shipped library and catalogues has a Chinese reading."""
    used = set().union(*[reasons(node) for path in FILES for node in cached_documents(path).documents])
    used |= {row.source for row in (*assumptions().values(), *duty_classes().values())}
    used |= {row.assumed for row in levers().values() if row.assumed}
    silent = {reason for reason in used if reason and translate(reason, "zh") == reason}
    assert {reason for reason in silent if " " in reason} == set()
