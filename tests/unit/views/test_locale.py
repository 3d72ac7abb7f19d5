"""Everything a user reads exists in Chinese, and the compiled catalogue is the one of the sources."""

from __future__ import annotations

import string
from collections.abc import Sequence
from itertools import pairwise

import pytest
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po

from sim.base.text import LOCALE_FOLDER
from sim.views.locale import COMPILED, TRANSLATED, merged, said, untranslated

FRAGMENTS = sorted((LOCALE_FOLDER / "zh").glob("*.po"))
# These translate sentences of data files and declarations, which are looked up as they are found, not in the code.
OF_DATA = ("library", "mechanisms", "columns", "claims")


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_sentence_of_the_code_is_translated(language):
    """No sentence of the program, its errors or its report is missing in any language."""
    assert untranslated(language) == []


@pytest.mark.parametrize("language", TRANSLATED)
def test_the_compiled_catalogue_is_fresh(language):
    """`python -m sim.views.locale` would change nothing: each sentence is compiled as written."""
    with (LOCALE_FOLDER / language / COMPILED).open("rb") as handle:
        have = {forms(m.id): forms(m.string) for m in read_mo(handle) if m.id}

    assert have == {forms(m.id): forms(m.string) for m in merged(language) if m.id and m.string}


@pytest.mark.parametrize("path", FRAGMENTS, ids=lambda path: path.stem)
def test_a_sentence_has_one_translation(path):
    """No sentence has two translations one below the other: which of them counts differs between releases of Babel."""
    lines = path.read_text(encoding="utf-8").splitlines()
    twice = [two for one, two in pairwise(lines) if one.startswith('msgstr "') and two.startswith('msgstr "')]
    assert twice == []


def forms(text: str | Sequence[str]) -> tuple[str, ...]:
    """Return a sentence, or those of one and many."""
    return (text,) if isinstance(text, str) else tuple(text)


def fields(text: str) -> set[str]:
    """Return the placeholders of a sentence."""
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


@pytest.mark.parametrize("language", TRANSLATED)
def test_translations_have_the_placeholders_of_their_sentence(language):
    """Each translation fills in exactly the values that the English sentence fills in."""
    wrong = [
        m.id
        for m in merged(language)
        if m.id
        and "{" in forms(m.id)[0]
        and len({frozenset(fields(s)) for s in forms(m.id) + forms(m.string)}) > 1
    ]

    assert wrong == []


@pytest.mark.parametrize("path", [p for p in FRAGMENTS if p.stem not in OF_DATA], ids=lambda p: p.stem)
def test_no_translation_outlives_its_sentence(path):
    """A fragment holds no sentence that the program no longer says."""
    known = said()
    with path.open("rb") as handle:
        stale = [m.id for m in read_po(handle, locale="zh") if m.id and forms(m.id) not in known]

    assert stale == []


def test_fragments_do_not_contradict_one_another():
    """A sentence that stands in two fragments has the same translation in both."""
    found: dict[tuple, set[tuple]] = {}
    for path in FRAGMENTS:
        with path.open("rb") as handle:
            for message in read_po(handle, locale="zh"):
                if message.id:
                    found.setdefault(forms(message.id), set()).add(forms(message.string))

    assert {k: v for k, v in found.items() if len(v) > 1} == {}
