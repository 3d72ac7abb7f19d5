"""What every structural operation has: a verb, a phase within the month, written arguments, and words."""

from __future__ import annotations

from dataclasses import MISSING, dataclass, fields
from typing import ClassVar

from sim.base.text import Message, say
from sim.rules.arguments import Arg, OperationError, written_form

CLOSE, MERGE, OPEN, DUTIES, STAFF, MONEY, OTHER = range(7)
SPLITS = ("residents", "households", "equal", "cases")
BACKLOGS = ("new_owner", "expire")
BUILDINGS = ("keep", "sell")
BACKLOG_WORDS = {
    "new_owner": say("unfinished cases go on with their age"),
    "expire": say("unfinished cases expire"),
}
SPLIT_WORDS = {
    "residents": say("shared out by residents"),
    "households": say("shared out by households"),
    "equal": say("shared out equally"),
    "cases": say("shared out by last year's cases"),
}


@dataclass(frozen=True)
class Operation:
    """What every operation has: a verb, a phase within the month, and words."""

    verb: ClassVar[str]
    phase: ClassVar[int]
    undo: ClassVar[bool] = False
    # Arguments that are said by `check` and acted on by nothing in this version; `check` owns up to it.
    unread: ClassVar[tuple[str, ...]] = ()

    def not_acted_on(self) -> list[str]:
        """Return what of this operation nothing in this version acts on, as `verb.argument`."""
        empty = {f.name: f.default if f.default is not MISSING else {} for f in fields(self)}
        return [f"{self.verb}.{name}" for name in self.unread if getattr(self, name) != empty[name]]

    @classmethod
    def arguments(cls) -> dict[str, Arg]:
        """Return the written form of every argument by attribute name."""
        return {f.name: written_form(f) for f in fields(cls) if f.metadata}

    def words(self) -> Message:
        """Return what the operation does, defaults included."""
        raise NotImplementedError

    def reversed(self) -> Operation:
        """Return the operation that restores the earlier state at `until`."""
        raise OperationError(
            say("`{verb}` cannot be taken back by `until`; write the opposite change", verb=self.verb)
        )
