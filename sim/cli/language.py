"""Which language a user reads: `--lang` anywhere on the line, else SHEQU_LANG, else the locale."""

from __future__ import annotations

import os
from collections.abc import Sequence

from sim.base.text import LANGUAGES, use_language


def choose_language(arguments: Sequence[str]) -> list[str]:
    """Set the language and return the arguments without `--lang`, so that it may stand after the command too."""
    rest: list[str] = []
    chosen = ""
    waiting = False
    for argument in arguments:
        if waiting:
            chosen, waiting = argument, False
        elif argument == "--lang":
            waiting = True
        elif argument.startswith("--lang="):
            chosen = argument.partition("=")[2]
        else:
            rest.append(argument)
    use_language(chosen if chosen in LANGUAGES else from_environment())
    return rest


def from_environment() -> str:
    """Return the language of the environment: Chinese where the locale says so, else English."""
    for name in ("SHEQU_LANG", "LC_ALL", "LC_MESSAGES", "LANG"):
        value = os.environ.get(name, "")
        if value:
            return "zh" if value.lower().startswith("zh") else "en"
    return "en"
