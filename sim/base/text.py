"""Text that a user will read, kept untranslated until the edge.

Deep rooms know neither the user's language nor a catalogue file: they make a `Message` (an English
sentence with named placeholders), and the command line, the report or the dashboard renders it. The
language is a context variable, so two dashboard users may read different languages at the same time.
"""

from __future__ import annotations

import gettext
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

LANGUAGES = ("en", "zh")
LOCALE_FOLDER = Path(__file__).resolve().parent.parent / "locale"
_language: ContextVar[str] = ContextVar("language", default="en")


def N_(msgid: str) -> str:  # noqa: N802 - the name every gettext extractor knows
    """Mark a sentence for translation without translating it."""
    return msgid


def use_language(code: str) -> None:
    """Choose the language of everything rendered from here on in this context."""
    _language.set(code if code in LANGUAGES else "en")


def language() -> str:
    """Return the language in force, `en` or `zh`."""
    return _language.get()


@lru_cache(maxsize=4)
def _translation(code: str) -> gettext.NullTranslations:
    return gettext.translation("shequ", LOCALE_FOLDER, languages=[code], fallback=True)


def translate(msgid: str, lang: str | None = None) -> str:
    """Return the sentence in `lang` (default: the language in force), the English one where none exists."""
    code = lang or language()
    return msgid if code == "en" else _translation(code).gettext(msgid)


def in_number(one: str, many: str, n: Any, lang: str | None = None) -> str:
    """Return the sentence for one or that for many, whichever a number as shown calls for in `lang`."""
    shown = str(n).replace(",", "")
    code = lang or language()
    found = gettext.NullTranslations() if code == "en" else _translation(code)
    return found.ngettext(one, many, int(shown) if shown.isdecimal() else 2)  # a part of one is told as many


def pick(text: Any, lang: str | None = None) -> str:
    """Return one language of library content: `{en, zh}`, a `Message`, or a plain string as it is."""
    if isinstance(text, Message):
        return text.render(lang)
    if isinstance(text, dict):
        return text.get(lang or language()) or text.get("en") or text.get("zh") or ""
    return "" if text is None else str(text)


@dataclass(frozen=True)
class Message:
    """An English sentence with `{placeholders}` and their values, rendered late.

    A placeholder's value may itself be a `Message` or an `{en, zh}` text. many: the sentence where the first value is
    not one; empty where there is only one sentence.
    """

    msgid: str
    args: dict[str, Any] = field(default_factory=dict)
    many: str = ""

    def render(self, lang: str | None = None) -> str:
        """Return the sentence in `lang` with its values filled in."""
        code = lang or language()
        filled = {k: pick(v, code) if isinstance(v, Message | dict) else v for k, v in self.args.items()}
        if self.many:
            return in_number(self.msgid, self.many, next(iter(filled.values())), code).format(**filled)
        return translate(self.msgid, code).format(**filled)

    def __str__(self) -> str:
        return self.render()


def say(msgid: str, **args: Any) -> Message:
    """Make a `Message`; the short form used wherever a sentence is raised or recorded."""
    return Message(msgid, args)


def counted(one: str, many: str, /, **args: Any) -> Message:
    """Make a `Message` of two sentences: `one` is said where the first value is one, `many` where it is not."""
    return Message(one, args, many)
