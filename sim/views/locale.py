"""Interface sentences in the languages of the project: fragments by room, merged and compiled for gettext.

Sentences stand in the code in English (`say`, `N_`, `_`); `sim/locale/zh/*.po` hold the Chinese, one file a room.
`python -m sim.views.locale` compiles them; a test fails where a sentence has no Chinese or the compiled file is old.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from sim.base.text import LOCALE_FOLDER

PACKAGE = LOCALE_FOLDER.parent
KEYWORDS = {"say": None, "N_": None, "_": None, "translate": None, "gettext": None, "counted": (1, 2)}
COMPILED = Path("LC_MESSAGES") / "shequ.mo"
TRANSLATED = ("zh",)
# The same sentences compile to the same bytes, whenever that is.
ALWAYS = datetime(2026, 1, 1, tzinfo=UTC)


def merged(language: str) -> Catalog:
    """Return all fragments of a language as one catalogue, files in name order; the first translation wins."""
    whole = Catalog(locale=language, domain="shequ", creation_date=ALWAYS, revision_date=ALWAYS)
    for path in sorted((LOCALE_FOLDER / language).glob("*.po")):
        with path.open("rb") as handle:
            for message in read_po(handle, locale=language):
                if message.id and not whole.get(message.id):
                    whole.add(message.id, message.string)
    return whole


def compiled(language: str) -> bytes:
    """Return the compiled catalogue of a language."""
    buffer = io.BytesIO()
    write_mo(buffer, merged(language))
    return buffer.getvalue()


def compile_all() -> None:
    """Write the compiled catalogue of every language."""
    for language in TRANSLATED:
        target = LOCALE_FOLDER / language / COMPILED
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(compiled(language))


def said() -> set[tuple[str, ...]]:
    """Return every sentence of the code and the templates that a user may read: alone, or as that for one and many."""
    methods = [("**.py", "python"), ("**.j2", "jinja2.ext.babel_extract")]
    found = extract_from_dir(str(PACKAGE), method_map=methods, keywords=KEYWORDS)
    return {_forms(message) for _, _, message, _, _ in found if message}


def sentences() -> set[str]:
    """Return them by what they are looked up by: the sentence, or that for one."""
    return {forms[0] for forms in said()}


def untranslated(language: str) -> list[str]:
    """Return the sentences that have no translation yet, in order; what agrees with a number needs both forms."""
    have = {_forms(message.id) for message in merged(language) if message.string}
    return sorted(forms[0] for forms in said() - have)


def _forms(message: str | Sequence[str]) -> tuple[str, ...]:
    return (message,) if isinstance(message, str) else tuple(message)


if __name__ == "__main__":
    compile_all()
