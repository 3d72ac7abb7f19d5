"""What one browser tab holds: the what-if, its history, the run behind the result, and what is pinned.

Every variable is reactive per kernel, that is per tab: two users never share one.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import wraps
from pathlib import Path
from typing import Any

import solara

from sim.base.text import use_language
from sim.dashboard.whatif import WhatIf
from sim.results.verdicts import Comparison

LANG: solara.Reactive[str] = solara.reactive("en")  # per tab, as every reactive of Solara's is
MOST_PINNED = 3


def component(draw: Callable) -> Callable:
    """Return a component that is drawn, and drawn again, in the tab's language."""

    @wraps(draw)
    def drawn(*args: Any, **more: Any) -> Any:
        use_language(LANG.value)
        return draw(*args, **more)

    return solara.component(drawn)


@dataclass(frozen=True)
class Result:
    """A comparison as far as it is finished, and the what-if that made it.

    narrowing: for every number of pairs looked at, the smallest difference found, by measure and window.
    """

    whatif: WhatIf
    folder: Path
    file: Path
    comparison: Comparison
    asked: int
    narrowing: tuple[tuple[int, dict[tuple[str, str], float]], ...] = ()

    @property
    def name(self) -> str:
        """The name its folder is found by."""
        return self.folder.name

    @property
    def title(self) -> dict:
        """What was compared."""
        return self.comparison.folder.manifest()["title"]


@dataclass
class Tab:
    """The state of one tab."""

    name: str = field(default_factory=lambda: secrets.token_hex(4))  # its runs have folders of their own
    whatif: solara.Reactive = field(default_factory=lambda: solara.reactive(WhatIf()))
    past: solara.Reactive = field(default_factory=lambda: solara.reactive(()))
    future: solara.Reactive = field(default_factory=lambda: solara.reactive(()))
    page: solara.Reactive = field(default_factory=lambda: solara.reactive("what-if"))
    notes: solara.Reactive = field(default_factory=lambda: solara.reactive(()))
    result: solara.Reactive = field(default_factory=lambda: solara.reactive(None))
    pinned: solara.Reactive = field(default_factory=lambda: solara.reactive(()))
    glance: solara.Reactive = field(default_factory=lambda: solara.reactive(None))
    jobs: solara.Reactive = field(default_factory=lambda: solara.reactive({}))
    place: solara.Reactive = field(default_factory=lambda: solara.reactive(0))
    running: solara.Reactive = field(default_factory=lambda: solara.reactive(None))
    done: solara.Reactive = field(default_factory=lambda: solara.reactive(0))
    complaint: solara.Reactive = field(default_factory=lambda: solara.reactive(""))
    pushed: str = ""  # the address this tab wrote last

    def change(self, whatif: WhatIf) -> None:
        """Take a new what-if; the old one can be had back."""
        if whatif != self.whatif.value:
            self.past.value = (*self.past.value, self.whatif.value)[-100:]
            self.future.value = ()
            self.notes.value = ()  # what was said of the address is of what was before
            self.whatif.value = whatif

    def begin(self, whatif: WhatIf) -> None:
        """Take the first what-if: there is nothing to go back to."""
        self.whatif.value, self.past.value, self.future.value = whatif, (), ()

    def undo(self) -> None:
        """Go back one change."""
        if self.past.value:
            self.future.value = (self.whatif.value, *self.future.value)
            self.whatif.value, self.past.value = self.past.value[-1], self.past.value[:-1]

    def redo(self) -> None:
        """Go forward again."""
        if self.future.value:
            self.past.value = (*self.past.value, self.whatif.value)
            self.whatif.value, self.future.value = self.future.value[0], self.future.value[1:]

    def pin(self) -> None:
        """Keep the present result for the page that compares runs."""
        result = self.result.value
        if result is not None and result.folder not in [one.folder for one in self.pinned.value]:
            self.pinned.value = (*self.pinned.value, result)[-MOST_PINNED:]

    @property
    def is_stale(self) -> bool:
        """Whether the result shown is of another what-if than the one set up."""
        return self.result.value is not None and self.result.value.whatif != self.whatif.value
