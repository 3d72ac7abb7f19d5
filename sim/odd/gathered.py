"""What the program declares about itself, gathered for a description: steps of the month, columns, causes.

A mechanism's docstring has a fixed shape (the contract test of mechanisms holds it): its first line is a question,
`Claim:` opens the social claim, indented lines are the rules, `Left out:` closes it.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from inspect import cleandoc
from itertools import groupby
from textwrap import dedent
from types import ModuleType

from sim.mechanisms.contract import Mechanism
from sim.schedule import SCHEDULE
from sim.world.cases import CASES
from sim.world.columns import STOCKS, TABLES
from sim.world.table import Column

ALL_TABLES: dict[str, tuple[Column, ...]] = {**TABLES, "cases": CASES}
# Who writes columns without standing in the schedule, in the order of a run.
OUTSIDE_THE_MONTH = ("populate", "enact", "settle", "caller")
LEFT_OUT = "Left out:"


@dataclass(frozen=True)
class Told:
    """A mechanism's docstring in its parts.

    claim: the sentences before the rules. body: runs of lines after it, each with whether they are rules (indented)
    or sentences about them. left_out: what the mechanism does not have.
    """

    claim: str
    body: tuple[tuple[bool, str], ...]
    left_out: str


def told(mechanism: Mechanism) -> Told:
    """Return the parts of a mechanism's docstring; sentences become one line, rules keep theirs."""
    _, runs = parts(sys.modules[mechanism.run.__module__])
    (_, claim), *body = runs
    *body, (_, last) = body
    before, _, left_out = last.partition(LEFT_OUT)
    kept = [*body, (False, before.strip())] if before.strip() else body
    return Told(claim.removeprefix("Claim:").strip(), tuple(kept), left_out.strip())


def parts(module: ModuleType) -> tuple[str, list[tuple[bool, str]]]:
    """Return a module's first line, and the rest of its docstring as runs of rules (indented) and of sentences."""
    title, _, rest = cleandoc(module.__doc__ or "").partition("\n\n")
    found = groupby((line for line in rest.splitlines() if line), lambda line: line.startswith(" "))
    texts = [(are_rules, list(lines)) for are_rules, lines in found]
    return one_line([title]), [
        (rules, dedent("\n".join(lines)) if rules else one_line(lines)) for rules, lines in texts
    ]


def one_line(lines: Iterable[str]) -> str:
    """Return several lines of prose as one."""
    return re.sub(r"\s+", " ", " ".join(lines)).strip()


def written_by() -> dict[str, list[tuple[str, Column]]]:
    """Return the columns of every writer as (table, column), writers in the order in which they write."""
    order = [*OUTSIDE_THE_MONTH[:2], *(m.name for m in SCHEDULE), *OUTSIDE_THE_MONTH[2:]]
    found: dict[str, list[tuple[str, Column]]] = {name: [] for name in order}
    for table, columns in ALL_TABLES.items():
        for column in columns:
            found[column.writer].append((table, column))
    return {name: columns for name, columns in found.items() if columns}


def stocks() -> list[Column]:
    """Return the stocks of residents in their order."""
    return [column for column in TABLES["residents"] if column.name in STOCKS]


def movers(stock: str) -> list[tuple[Mechanism, list[str]]]:
    """Return the mechanisms that post changes of a stock with the causes they name, in the order of the month."""
    found = [(m, [cause for posted, cause in m.posts if posted == stock]) for m in SCHEDULE]
    return [(m, names) for m, names in found if names]
