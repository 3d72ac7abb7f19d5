"""What is known of a what-if before anything runs: whether it can, in three lines, and what the institutions say."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from sim.base.calendar import format_month
from sim.base.errors import Problem, ScenarioError, ShequError
from sim.base.text import Message, pick, say
from sim.dashboard import document, shelf
from sim.dashboard.whatif import WhatIf
from sim.scenario import load_scenario
from sim.scenario.describe import checked_page, institution_words, place_words
from sim.scenario.page import Section
from sim.scenario.resolved import ResolvedScenario

LONGEST_LINE = {"en": 230, "zh": 110}
STOPS = {"en": "; ", "zh": "；"}


@dataclass(frozen=True)
class Checked:
    """A what-if as a file and what the loader made of it; scenario is None where it cannot run."""

    text: str
    path: Path
    scenario: ResolvedScenario | None
    problems: tuple[Problem, ...] = ()

    @property
    def is_runnable(self) -> bool:
        """Return whether a comparison can start: it can be read and does something."""
        return self.scenario is not None and bool(self.scenario.reforms)


def check(whatif: WhatIf) -> Checked:
    """Return what the loader says of a what-if."""
    try:
        text = document.text_of(whatif)
        path = shelf.path_of(shelf.keep(text))
    except ScenarioError as error:
        return Checked("", Path(), None, tuple(error.problems))
    try:
        scenario = load_scenario(path)
    except ScenarioError as error:
        return Checked(text, path, None, tuple(error.problems))
    except ShequError as error:
        return Checked(text, path, None, (Problem(None, "", error.message),))
    return Checked(text, path, scenario, tuple(p for p in scenario.notices if p.severity == "error"))


def problem_words(problem: Problem, lang: str, name: str = "") -> str:
    """Return a problem without the path of a kept file: the file as the user calls it, line, what, nearest thing."""
    spot = problem.place
    where = "" if spot is None else f"{name or Path(spot.file).name}:{spot.line}:{spot.column}: "
    if spot is not None and Path(spot.file).name.startswith("file-") and not name:
        where = pick(say("line {line}: ", line=spot.line), lang)
    path = f"{problem.path}: " if problem.path else ""
    hint = f" ({pick(problem.hint, lang)})" if problem.hint else ""
    return f"{where}{path}{pick(problem.what, lang)}{hint}"


def three_lines(scenario: ResolvedScenario, lang: str) -> list[str]:
    """Return the reform in three lines: what changes, under which rules, when and with whose staff."""
    timeline = scenario.timeline
    if timeline.is_empty:
        return [pick(say("Nothing changes: the place goes on under its own rules."), lang)]
    stop = STOPS[lang]
    done = dict.fromkeys(
        op.op.words().render(lang).split(stop)[0].rstrip(".。") for op in timeline.operations
    )
    rules = dict.fromkeys(
        pick(words, lang) for month in timeline.months() for words in timeline.rule_words(month)
    )
    lines = [pick(say("Structure: {what}", what=_some(list(done), stop, lang)), lang)] if done else []
    lines += [pick(say("Rules: {what}", what=_some(list(rules), stop, lang)), lang)] if rules else []
    return [*lines, pick(_when(scenario), lang)]


def _when(scenario: ResolvedScenario) -> Message:
    months = scenario.timeline.months()
    first, last = format_month(months[0]), format_month(months[-1])
    before, after = (scenario.history[k].table.people() for k in (0, -1))
    return say(
        "When: {first} to {last}; staff {before} before, {after} after",
        first=first,
        last=last,
        before=f"{before:,.0f}",
        after=f"{after:,.0f}",
    )


def _some(items: list[str], stop: str, lang: str) -> str:
    """Return as many items as a line holds, none cut in two, and how many more there are."""
    ends = np.cumsum([len(item) + len(stop) for item in items])
    shown = max(int((ends <= LONGEST_LINE[lang]).sum()), 1)
    more = [pick(say("and {n} more", n=len(items) - shown), lang)] if shown < len(items) else []
    return stop.join(items[:shown] + more)


def institution_lines(scenario: ResolvedScenario) -> list[Message]:
    """Return what the institutional check found."""
    return institution_words(scenario)


def place_line(scenario: ResolvedScenario) -> Message:
    """Return the place's size in one line."""
    return place_words(scenario)


def notes(scenario: ResolvedScenario) -> Section:
    """Return what is to be noted before running: products of reforms, levers nobody reads."""
    return checked_page(scenario).sections[-1]
