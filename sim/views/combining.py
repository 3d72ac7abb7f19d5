"""With which other reforms of the library a scenario can be combined, and where two clauses would clash."""

from __future__ import annotations

from typing import Any

from sim.base.errors import ScenarioError
from sim.base.text import Message, say
from sim.scenario import load_scenario
from sim.scenario.documents import library_ids
from sim.scenario.page import Section
from sim.scenario.resolved import ResolvedScenario

TITLE = say("Combined with other reforms")


def combining(source: str, scenario: ResolvedScenario) -> Section:
    """Return which reforms of the library load with a scenario, and for each other one why it is refused.

    source: what it is loaded by, a name of the library or a file.
    """
    fits, rows = [], []
    for name in library_ids("reform"):
        if name in scenario.reforms:
            continue
        refused = clash(source, name)
        if refused is None:
            fits.append(name)
        else:
            rows.append([f"`{name}`", *refused])
    columns = [say("reform"), say("refused because"), say("where"), say("what to do")]
    return Section(TITLE, [_together(source, fits)], columns, rows)


def clash(source: str, reform: str) -> list[Any] | None:
    """Return why a reform cannot be added: the first problem, its spot and the way out; None where it can."""
    try:
        load_scenario(source, with_=[reform])
    except ScenarioError as refused:
        first = refused.problems[0]
        others = len(refused.problems) - 1
        what = say("{what} (and {n} more)", what=first.what, n=others) if others else first.what
        return [what, f"`{first.place.file}:{first.place.line}`" if first.place else "–", first.hint or "–"]
    return None


def _together(source: str, fits: list[str]) -> Message:
    if not fits:
        return say("no other reform of the library loads with it as it stands")
    names = ", ".join(f"`{name}`" for name in fits)
    return say(
        "these load with it, by `shequ compare {scenario} --with NAME`: {names}", scenario=source, names=names
    )
