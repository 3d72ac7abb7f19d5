"""Two run folders held against each other, cell by cell: equal, or where they first differ."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl

from sim.results.store import KINDS, RunFolder

# What names a row, in the order in which a person would look for it.
NAMES = (
    "pair",
    "arm",
    "month",
    "window",
    "measure",
    "level",
    "unit",
    "area",
    "group",
    "lever",
    "stock",
    "cause",
    "rule",
)


@dataclass(frozen=True)
class Difference:
    """The first cell that differs. where: the table; row: what names the row; stored, fresh: both values."""

    where: str
    row: dict[str, Any]
    column: str
    stored: Any
    fresh: Any


def first_difference(stored: RunFolder, fresh: RunFolder, pairs: list[int]) -> Difference | None:
    """Return the first difference between two runs in the order pair, table, row, column; None where there is none."""
    for name, one, other in _tables(stored, fresh, pairs):
        found = _compare(name, one, other)
        if found is not None:
            return found
    return None


def _tables(
    stored: RunFolder, fresh: RunFolder, pairs: list[int]
) -> Iterator[tuple[str, pl.DataFrame, pl.DataFrame]]:
    for pair in pairs:
        for kind in KINDS:
            part = f"{kind}/pair-{pair:04d}.parquet"
            yield part, stored.table(part), fresh.table(part)
    for path in sorted((stored.path / "tables").rglob("*.parquet")):
        part = str(path.relative_to(stored.path))
        yield part, stored.table(part), fresh.table(part)


def _compare(where: str, one: pl.DataFrame, other: pl.DataFrame) -> Difference | None:
    if one.schema != other.schema:
        changed = sorted(set(one.schema.items()) ^ set(other.schema.items()), key=str)
        return Difference(
            where, {}, changed[0][0], *(frame.schema.get(changed[0][0]) for frame in (one, other))
        )
    if one.height != other.height:
        return Difference(where, {}, "rows", one.height, other.height)
    rows = {name: int(bad[0]) for name in one.columns if len(bad := _unequal(one[name], other[name]))}
    if not rows:
        return None
    column = min(rows, key=lambda name: (rows[name], one.columns.index(name)))
    row = one.row(rows[column], named=True)
    named = {name: row[name] for name in NAMES if name in row and name != column}
    return Difference(where, named, column, row[column], other.row(rows[column], named=True)[column])


def _unequal(one: pl.Series, other: pl.Series) -> np.ndarray:
    """Return the rows in which two columns differ; a missing value equals a missing value."""
    same = one.eq_missing(other)
    if one.dtype.is_float():
        same = same | (one.is_nan() & other.is_nan()).fill_null(value=False)
    return np.flatnonzero(~same.to_numpy())
