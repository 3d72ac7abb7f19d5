"""The evidence ledger: every entry can be looked up, says things in our own words, and adds up.

Where the source documents are at hand (a folder `shared/seeds` beside the clone, or the one that the variable
SHEQU_SEEDS names) every locator and every figure is looked up in them.
"""

from __future__ import annotations

import ast
import math
import operator
import os
import re
import time
from decimal import Decimal
from pathlib import Path

import pytest

from sim.base.errors import ContractError
from sim.base.library import library_folder
from sim.catalogue import assumptions, duty_classes, levers
from sim.catalogue.evidence import LONGEST_LOCATOR, Evidence, Figure, Unused, evidence, ledger

REPOSITORY = Path(__file__).resolve().parents[2]
LEDGER = library_folder() / "evidence.yaml"
LONGEST_LOAD = 1.0  # seconds
# How far from its locator a figure may stand in the source document, in characters.
NEAR = 200
# The longest run of characters that a paraphrase may share with a source document, punctuation aside. Dates are long.
LONGEST_RUN = 12
# The documents repeat these passages themselves, so that no twelve characters are unique.
REPEATED = {"baibuting.title", "tongling.principle", "tongling.distortion-layers", "tongling.one-hall"}
NOT_TEXT = re.compile(r"[^\w]|_")


def seeds_folder() -> Path:
    """Return the folder of the source documents, or skip the test with the reason."""
    folder = Path(os.environ.get("SHEQU_SEEDS", REPOSITORY.parent / "shared" / "seeds"))
    if not folder.is_dir():
        pytest.skip(
            f"the source documents are not at hand: {folder} is no folder (SHEQU_SEEDS names another)"
        )
    return folder


@pytest.fixture(scope="module")
def seeds() -> dict[str, str]:
    """Text of every source document by file name."""
    return {path.name: path.read_text(encoding="utf-8") for path in sorted(seeds_folder().glob("*.txt"))}


def quoted() -> list[Evidence]:
    """Return the entries that point into a source document."""
    return [entry for entry in evidence().values() if entry.grade == "seed"]


def digits(value: float) -> str:
    """Return a number as plain digits, without a trailing zero."""
    return f"{value:g}" if abs(value) < 1e6 else f"{value:.0f}"


def neighbourhoods(entry: Evidence, text: str) -> str:
    """Return what stands around every occurrence of an entry's locator."""
    places = [match.start() for match in re.finditer(re.escape(entry.locator or ""), text)]
    return " ".join(text[max(0, place - NEAR) : place + NEAR] for place in places)


def longest_shared_run(text: str, source: str) -> str:
    """Return the longest piece of a text that stands in the source."""
    best = ""
    for start in range(len(text)):
        while start + len(best) < len(text) and text[start : start + len(best) + 1] in source:
            best = text[start : start + len(best) + 1]
    return best


OPERATIONS = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: operator.pow,
}
FUNCTIONS = {"log": math.log, "exp": math.exp}


def compute(node: ast.expr) -> float:
    """Return the value of plain arithmetic: numbers, + - * / **, log and exp."""
    match node:
        case ast.Constant(value=int() | float() as value):
            return float(value)
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return -compute(operand)
        case ast.BinOp(left=left, op=op, right=right) if type(op) in OPERATIONS:
            return OPERATIONS[type(op)](compute(left), compute(right))
        case ast.Call(func=ast.Name(id=name), args=[argument]) if name in FUNCTIONS:
            return FUNCTIONS[name](compute(argument))
    raise ValueError(f"no plain arithmetic: {ast.unparse(node)}")


def does_not_add_up(line: str, figure: Figure) -> str | None:
    """Return what is wrong with one line `arithmetic = result`, or None; the result may be rounded as written."""
    formula, _, result = line.rpartition(" = ")
    half_a_digit = 0.5001 * 10.0 ** int(Decimal(result).as_tuple().exponent)
    value = compute(ast.parse(formula, mode="eval").body)
    if abs(value - float(result)) > half_a_digit:
        return f"{line} (it is {value:g})"
    return None if math.isclose(float(result), figure.value) else f"{line} (the value says {figure.value:g})"


def test_loads_quickly():
    """The ledger loads in less than a second of processor time."""
    ledger.cache_clear()
    start = time.process_time()
    assert len(ledger(LEDGER)) > 400
    assert time.process_time() - start < LONGEST_LOAD


def test_ids_are_unique(tmp_path):
    """An id that stands twice is refused, so the shipped ledger has none."""
    entry = LEDGER.read_text(encoding="utf-8").split("\n\n- id: ")[1]
    double = tmp_path / "evidence.yaml"
    double.write_text(f"- id: {entry}\n\n- id: {entry}\n", encoding="utf-8")
    with pytest.raises(ContractError, match="stands twice"):
        ledger(double)


def test_arithmetic_starts_from_entries(tmp_path):
    """An entry of ours that starts from an unknown entry is refused."""
    text = "- {id: derived.x, en: x, zh: 某, grade: derived, reliability: C, system: s, kind: outcome, of: [no.such]}\n"
    lost = tmp_path / "evidence.yaml"
    lost.write_text(text, encoding="utf-8")
    with pytest.raises(ContractError, match=r"no\.such"):
        ledger(lost)


def test_each_language_is_itself():
    """Every entry has an English sentence without Chinese and a Chinese sentence that is Chinese."""
    han = re.compile(r"[\u4e00-\u9fff]")
    assert [entry.id for entry in evidence().values() if han.search(entry.en)] == []
    assert [entry.id for entry in evidence().values() if len(han.findall(entry.zh)) < 4] == []


def test_locators_are_short():
    """No locator is longer than a pointer may be."""
    assert [entry.id for entry in quoted() if len(entry.locator or "") > LONGEST_LOCATOR] == []


def test_derived_figures_add_up():
    """Every line of arithmetic yields the figure it stands beside."""
    wrong = [
        f"{entry.id}.{name}: {problem}"
        for entry in evidence().values()
        for name, figure in entry.numbers.items()
        for line in figure.derived
        if (problem := does_not_add_up(line, figure))
    ]
    assert wrong == []


def test_catalogues_cite_entries():
    """Every id that a lever, a duty class or an assumption cites is in the ledger."""
    rows = [*levers().values(), *duty_classes().values(), *assumptions().values()]
    lost = {f"{row.id}: {name}" for row in rows for name in row.evidence if name not in evidence()}
    assert lost == set()


def test_library_cites_entries():
    """Every id that a shipped place, reform or scenario cites is in the ledger."""
    cited = re.compile(r"evidence: \[([^\]]*)\]")
    lost = [
        f"{path.relative_to(LEDGER.parent)}: {name}"
        for path in sorted(LEDGER.parent.rglob("*.yaml"))
        if path != LEDGER
        for names in cited.findall(path.read_text(encoding="utf-8"))
        for name in filter(None, re.split(r"[,\s]+", names))
        if name not in evidence()
    ]
    assert lost == []


def test_locators_are_found(seeds):
    """Every locator stands in its source document, and only once unless the document repeats itself."""
    counts = {entry.id: seeds[entry.seed or ""].count(entry.locator or "") for entry in quoted()}
    assert [name for name, count in counts.items() if count == 0] == []
    assert {name for name, count in counts.items() if count > 1} <= REPEATED


def test_figures_stand_in_the_source(seeds):
    """Every figure of a source document stands there, near its locator."""
    lost = [
        f"{entry.id}.{name}: {figure.written or digits(figure.value)}"
        for entry in quoted()
        for name, figure in entry.numbers.items()
        if (figure.written or digits(figure.value)) not in neighbourhoods(entry, seeds[entry.seed or ""])
    ]
    assert lost == []


def test_paraphrases_are_ours(seeds):
    """No Chinese paraphrase repeats a long run of a source document's characters."""
    sources = {name: NOT_TEXT.sub("", text) for name, text in seeds.items()}
    runs = {
        entry.id: longest_shared_run(NOT_TEXT.sub("", entry.zh), sources[entry.seed or ""])
        for entry in quoted()
    }
    assert {name: run for name, run in runs.items() if len(run) > LONGEST_RUN} == {}


def cited() -> set[str]:
    """Return the entries that the program, its catalogues, the library or our own arithmetic name."""
    files = [path for folder in ("sim", "scenarios") for path in (REPOSITORY / folder).rglob("*")]
    pages = [path for path in files if path.suffix in (".py", ".yaml")]
    texts = [p.read_text(encoding="utf-8") for p in pages if p != LEDGER]
    named = {word for text in texts for word in re.findall(r"[a-z]+\.[a-z0-9]+(?:-[a-z0-9]+)*(?![\w-])", text)}
    return (named | {origin for entry in evidence().values() for origin in entry.of}) & set(evidence())


def test_every_entry_is_cited_or_says_why_not():
    """What rests on nothing here says why, and what is cited has no such excuse."""
    excused = {name for name, entry in evidence().items() if entry.unused}

    assert sorted(set(evidence()) - cited() - excused) == []
    assert sorted(excused & cited()) == []


def test_why_nothing_rests_on_an_entry_is_said_in_both_languages():
    """What the model has not is named in both languages, and only where that is the reason."""
    thing = {"en": "a thing", "zh": "某物"}
    for wrong in ({"why": "missing"}, {"why": "missing", "en": "a thing"}, {"why": "aim"} | thing):
        with pytest.raises(ValueError, match="both languages"):
            Unused(**wrong)
    assert Unused(why="missing", **thing).text["zh"].endswith("某物")
