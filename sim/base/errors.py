"""Errors a user can act on: what, where, what was expected, and the nearest right thing."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass

from sim.base.text import Message, counted, say


@dataclass(frozen=True, order=True)
class Place:
    """A spot in a file the user wrote; line and column count from 1."""

    file: str
    line: int = 1
    column: int = 1

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True)
class Problem:
    """One thing wrong with one spot of a user's input.

    path is the key path inside the file (`run.pairs`); hint says the nearest right thing.
    """

    place: Place | None
    path: str
    what: Message
    hint: Message | None = None
    severity: str = "error"

    def render(self, lang: str | None = None) -> str:
        """Return the one or two lines a user reads."""
        head = f"{self.place}: " if self.place else ""
        path = f"{self.path}: " if self.path else ""
        tail = f"\n    {self.hint.render(lang)}" if self.hint else ""
        return f"{head}{path}{self.what.render(lang)}{tail}"


class ShequError(Exception):
    """Anything that ends a command with a sentence instead of a traceback."""

    exit_code = 1

    def __init__(self, message: Message | str):
        super().__init__(message)
        self.message = message if isinstance(message, Message) else say(message)

    def __str__(self) -> str:
        return self.message.render()


class ScenarioError(ShequError):
    """The input cannot be run; carries every problem found, in file order."""

    exit_code = 2

    def __init__(self, problems: Iterable[Problem]):
        self.problems = sorted(problems, key=lambda p: (p.place is None, p.place or Place("")))
        super().__init__(counted("{n} problem found", "{n} problems found", n=len(self.problems)))

    def __str__(self) -> str:
        return "\n".join(p.render() for p in self.problems)


class InputError(ShequError):
    """A file or folder that a command was given is not what it has to be."""

    exit_code = 2


class RunError(ShequError):
    """A run stopped: an invariant broke, a disk was full, a worker died."""


class StoreError(RunError):
    """Results cannot be written: every further run would be lost as well."""


class ContractError(ShequError):
    """A declaration in the code is broken; a modeller's mistake, not a user's."""


def nearest(name: str, known: Iterable[str], cutoff: float = 0.6) -> str | None:
    """Return the known name closest to a mistyped one, or None when none is as close as the cut-off."""
    close = difflib.get_close_matches(str(name), [str(k) for k in known], n=1, cutoff=cutoff)
    return close[0] if close else None
