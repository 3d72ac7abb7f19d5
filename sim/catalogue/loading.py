"""Reading the data files: one cached function per catalogue, rows in file order.

File order is index order: the extra axis of a lever `by: kind` runs over `kinds()` as written.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from itertools import product
from pathlib import Path
from typing import Any

from sim.base.errors import ContractError
from sim.catalogue.reading import read_yaml
from sim.catalogue.rows import (
    Assumption,
    Cause,
    Direct,
    DutyClass,
    Group,
    IssueKind,
    Kind,
    Lever,
    Measure,
    Row,
    Value,
)

# What a catalogue names as a reader that does not stand in the schedule.
NOT_MECHANISMS = frozenset({"world", "populate", "enact", "settle", "observe"})
# What one counts in, units and layers, and their English plurals.
COUNTABLE = {"body": "bodies", "city": "cities", "community": "communities"} | {
    one: f"{one}s"
    for one in (
        "assessment", "case", "delegate", "hand-off", "hour", "household", "item", "level", "meeting", "month",
        "organisation", "place", "plate", "post", "project", "proposal", "resident", "stage", "task", "trip", "visit",
        "working day",
    )
}  # fmt: skip
DATA_FOLDER = Path(__file__).resolve().parent / "data"


def _entries(name: str) -> list[dict[str, Any]]:
    """Return the raw list of one data file."""
    return read_yaml(DATA_FOLDER / name) or []


def _rows[SomeRow: Row](name: str, row_type: Callable[..., SomeRow]) -> dict[str, SomeRow]:
    """Return the checked rows of one data file by id."""
    rows: dict[str, SomeRow] = {}
    for entry in _entries(name):
        row = row_type(**entry)
        if row.id in rows:
            raise ContractError(f"{name}: {row.id} stands twice")
        rows[row.id] = row
    return rows


@lru_cache(maxsize=1)
def levers() -> dict[str, Lever]:
    """Every lever by id."""
    return _rows("levers.yaml", Lever)


@lru_cache(maxsize=1)
def assumptions() -> dict[str, Assumption]:
    """Every assumption by id."""
    return _rows("assumptions.yaml", Assumption)


@lru_cache(maxsize=1)
def measures() -> dict[str, Measure]:
    """Every measure by id."""
    return _rows("measures.yaml", Measure)


@lru_cache(maxsize=1)
def causes() -> dict[str, Cause]:
    """Every cause by id."""
    return _rows("causes.yaml", Cause)


@lru_cache(maxsize=1)
def acting_directly() -> dict[str, Direct]:
    """Every lever and operation that acts as written, by its id or verb, with the reason."""
    return _rows("direct.yaml", Direct)


@lru_cache(maxsize=1)
def duty_classes() -> dict[str, DutyClass]:
    """Every duty class by id."""
    return _rows("duties.yaml", DutyClass)


@lru_cache(maxsize=1)
def kinds() -> dict[str, Kind]:
    """Every kind of institution by id."""
    return _rows("kinds.yaml", Kind)


@lru_cache(maxsize=1)
def issue_kinds() -> dict[str, IssueKind]:
    """Every kind of public matter by id."""
    return _rows("issue_kinds.yaml", IssueKind)


@lru_cache(maxsize=1)
def groups() -> dict[str, Group]:
    """Every declared group of residents by id; the values of a crossing are made of those it crosses."""
    rows = _rows("groups.yaml", Group)
    return {
        name: _crossed(row, [rows[part] for part in row.of]) if row.of else row for name, row in rows.items()
    }


def _crossed(row: Group, parts: list[Group]) -> Group:
    pairs = product(*(part.values for part in parts))
    values = tuple(
        Value(
            id="_".join(v.id for v in pair),
            en=", ".join(v.en for v in pair),
            zh="、".join(v.zh for v in pair),
        )
        for pair in pairs
    )
    return row.model_copy(update={"values": values})


@lru_cache(maxsize=1)
def _units() -> dict[str, str]:
    return {str(en): str(zh) for en, zh in read_yaml(DATA_FOLDER / "units.yaml").items()}


def unit_text(unit: str) -> dict[str, str]:
    """Return a unit in both languages; one that is in no list reads as it is written."""
    return {"en": unit, "zh": _units().get(unit, unit)}


def plural(word: str) -> str:
    """Return the English plural of a unit or layer; one that is in no list takes an s."""
    return COUNTABLE.get(word, f"{word}s")


def counted_unit(unit: str, n: float) -> dict[str, str]:
    """Return the unit of so many in both languages: one item, two items; what cannot be counted stays as it is."""
    one = next((word for word in COUNTABLE if f"{unit} ".startswith(f"{word} ")), None)
    text = unit_text(unit)
    return text if n == 1 or one is None else text | {"en": COUNTABLE[one] + unit.removeprefix(one)}


def plural_unit(unit: str) -> dict[str, str]:
    """Return a measure's unit in both languages, as it stands behind a figure or at the head of a column."""
    return counted_unit(unit, 2)


def difference_unit(unit: str) -> dict[str, str]:
    """Return the unit of a difference in both languages: two shares differ by percentage points, never by percent."""
    return plural_unit("percentage points" if unit == "%" else unit)


def kind_index(kind: str) -> int:
    """Return the position of a kind on every axis that runs over kinds."""
    return list(kinds()).index(kind)


def duty_index(duty_class: str) -> int:
    """Return the position of a duty class on every axis that runs over duty classes."""
    return list(duty_classes()).index(duty_class)


@lru_cache(maxsize=1)
def mechanism_names() -> tuple[str, ...]:
    """The mechanisms that the catalogues name as readers, in the order of the alphabet."""
    readers = {row.mechanism for row in assumptions().values()}
    readers |= {name for row in levers().values() for name in row.read_by}
    return tuple(sorted(readers - NOT_MECHANISMS))
