"""Beginning a mechanism: its file as it passes the contract of all mechanisms, and the rows that register it.

A mechanism is more than its file: it stands in the month, its numbers stand in a catalogue, what it says is said in
Chinese. `steps` lists all of that, ready to paste; the contract tests name whatever is still missing.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sim.base.errors import Place, Problem, ScenarioError
from sim.base.library import PACKAGE
from sim.base.text import Message, say
from sim.catalogue import mechanism_names
from sim.scenario.templates import TEMPLATE_FOLDER, checked_name, write_once

STUB = TEMPLATE_FOLDER / "mechanism.txt"
MECHANISMS = Path("sim") / "mechanisms"
QUESTION = "Does something happen between people here that nobody has modelled yet?"


@dataclass(frozen=True)
class Step:
    """One thing to register. file: from the top of the repository. after: the line it stands below, "" at the end."""

    why: Message
    file: str
    block: str
    after: str = ""


def write_mechanism(name: str, folder: Path | None = None) -> Path:
    """Write the file of a new mechanism, into the package of a clone unless told otherwise; nothing is overwritten."""
    checked_name(name)
    if name in mechanism_names():
        what = say("`{name}` is a mechanism already", name=name)
        raise ScenarioError([Problem(Place(str(MECHANISMS / f"{name}.py")), "", what)])
    path = (PACKAGE / "mechanisms" if folder is None else folder) / f"{name}.py"
    return write_once(path, STUB.read_text(encoding="utf-8").replace("NAME", name))


def steps(name: str) -> list[Step]:
    """Return what registers a new mechanism, in the order in which it is best done."""
    return [
        Step(say("import it"), "sim/schedule.py", f"    {name},", "from sim.mechanisms import ("),
        Step(
            say("give it its place in the month: after whatever writes, this month, what it reads"),
            "sim/schedule.py",
            f"    {name}.MECHANISM,",
            "    recognise_contributors.MECHANISM,",
        ),
        Step(
            say("its numbers: unit, range and where they come from; let the range reach no effect"),
            "sim/catalogue/data/assumptions.yaml",
            _assumption(name),
        ),
        Step(
            say("the cause under which the accounts will name it"),
            "sim/catalogue/data/causes.yaml",
            f'- {{id: {name}, en: "{_words(name)}", zh: "新机制：{name}"}}',
        ),
        Step(
            say("its question in Chinese"),
            "sim/locale/zh/mechanisms.po",
            _translated(QUESTION, "这里有什么事尚未被模型写到？"),
        ),
        Step(
            say("its claim, and what it leaves out, in Chinese"),
            "sim/locale/zh/claims.po",
            "\n".join(_translated(english, chinese) for english, chinese in CLAIMS),
        ),
    ]


CLAIM = (
    "say what happens, to whom and why, and on which evidence (ids of `shequ list evidence`); a claim that nobody has "
    "documented says so."
)
CLAIMS = (
    (
        CLAIM,
        "写明发生什么、对谁、为何，依据哪条证据（`shequ list evidence` 的标识）；没有文献记载的主张要如实注明。",
    ),
    ("say what you leave out on purpose.", "写明有意不包括的内容。"),
)
COMMANDS = ("python -m sim.views.locale", "python -m sim.odd", "python -m pytest -q tests/contract")


def _words(name: str) -> str:
    return name.replace("_", " ")


def _assumption(name: str) -> str:
    return (
        f"- id: {name}.rate\n"
        f'  en: "what {_words(name)} adds to belonging in a month"\n'
        f'  zh: "{name} 每月对归属感的作用"\n'
        "  value: 0.0\n  range: [0, 0.01]\n"
        '  unit: "ratio"\n  grade: assumed\n  source: "reaches through no effect"\n'
        f"  mechanism: {name}"
    )


def _translated(english: str, chinese: str) -> str:
    return f'\nmsgid "{english}"\nmsgstr "{chinese}"'
