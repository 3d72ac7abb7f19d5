"""The glossary keeps up with the catalogue, and whatever a user reads keeps to the glossary's words."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from sim.base.text import LOCALE_FOLDER
from sim.catalogue import assumptions, causes, duty_classes, issue_kinds, kinds, levers, measures

GLOSSARY = Path(__file__).resolve().parents[2] / "docs" / "glossary.md"
ENTRY = re.compile(r"^\| `(\w+)` \| ([^|]+) \| ([^|]+) \|", re.MULTILINE)
TERM = re.compile(r"^\| (?:`\w+` \| )?([a-z][^|`]*) \| ([^|]*[\u4e00-\u9fff][^|]*) \| ", re.MULTILINE)
SHORT = re.compile(r"^\| ([\u4e00-\u9fff]+) \| ([\u4e00-\u9fff]+) \|$", re.MULTILINE)
# English words of the glossary that everyday sentences use in other senses as well.
EVERYDAY = {
    "area", "block", "grid", "case", "chance", "draw", "filing", "issue", "measure", "registration", "sample",
    "counter transactions", "outcome", "community",
}  # fmt: skip


@pytest.fixture(scope="module")
def entries() -> dict[str, tuple[str, str]]:
    """English and Chinese name of every id that the glossary's tables explain."""
    return {name: (en, zh) for name, en, zh in ENTRY.findall(GLOSSARY.read_text(encoding="utf-8"))}


@pytest.mark.parametrize(
    "catalogue", [kinds, duty_classes, issue_kinds], ids=["institutions", "duties", "public matters"]
)
def test_catalogue_names_are_explained(catalogue, entries):
    """Institutions, duties and kinds of public matters stand in the glossary under the catalogue's own names."""
    named = {row.id: (row.en, row.zh) for row in catalogue().values()}
    assert {name: entries.get(name) for name in named} == named


def terms() -> dict[str, str]:
    """Return every English term of the glossary, one a word, with its Chinese."""
    found: dict[str, str] = {}
    for english, chinese in TERM.findall(GLOSSARY.read_text(encoding="utf-8")):
        several = english.split(";"), chinese.split("；")
        pairs = zip(*several, strict=True) if len(several[0]) == len(several[1]) else [(english, chinese)]
        found |= {en.strip(): zh.strip() for en, zh in pairs}
    return {en: zh for en, zh in found.items() if en not in EVERYDAY}


@cache
def said() -> list[tuple[str, str]]:
    """Return everything that is said in both languages: the interface's sentences and the catalogues' names."""
    texts = []
    for path in sorted((LOCALE_FOLDER / "zh").glob("*.po")):
        with path.open("rb") as handle:
            for m in read_po(handle, locale="zh"):
                one_and_many = m.id if m.pluralizable else (m.id,)
                said_so = m.string[0] if m.pluralizable else m.string
                texts += [(english, said_so) for english in one_and_many if english]
    for catalogue in (assumptions, causes, levers, measures):
        texts += [(row.en, row.zh) for row in catalogue().values()]
    return texts


@pytest.mark.parametrize("term", terms())
def test_one_word_means_one_thing(term):
    """Where a sentence or a name has a term of the glossary, its Chinese has the glossary's, full or short."""
    chinese = terms()[term]
    shorts = dict(SHORT.findall(GLOSSARY.read_text(encoding="utf-8")))
    forms = [re.sub(r"（.*?）", "", chinese), shorts.get(chinese, chinese)]
    spelt = re.compile(rf"(?<![\w.{{-]){re.escape(term)}(?:s|es)?(?![\w.}}=-])", re.IGNORECASE)
    other = [(en, zh) for en, zh in said() if spelt.search(en) and not any(form in zh for form in forms)]
    assert other == []


def test_the_terms_are_really_used():
    """The test above has sentences to look at: a good third of the glossary's terms is said somewhere."""
    used = [term for term in terms() if any(term in english for english, _ in said())]
    assert len(used) > len(terms()) / 3
