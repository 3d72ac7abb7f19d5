"""The tables of a run: their schemas, their digest, and how they are written and read.

A value is never stored formed: rates keep numerator and denominator, waits are histograms over log bins. Everything
that reads a run (summaries, comparison, report, dashboard) reads these tables and nothing else.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, fields
from pathlib import Path

import numpy as np
import polars as pl

# Edges of the wait bins in working days: one for waits under a minute and a half, then 59 of equal ratio.
WAIT_EDGES = np.concatenate([[0.0], np.geomspace(0.002, 400.0, 60)])
LEVELS = ("place", "area", "group", "office_kind", "duty_class", "post")
# In tables with an area and a group: the row that is about all areas, and the one about everybody.
WHOLE_PLACE, EVERYONE = -1, -1

SCHEMAS: dict[str, dict[str, pl.DataType | type[pl.DataType]]] = {
    "outcomes": {
        "month": pl.Int32,
        "measure": pl.String,
        "level": pl.String,
        "unit": pl.Int32,
        "numerator": pl.Float64,
        "denominator": pl.Float64,
    },
    # Areas by group: group is the position among all values of all groups in catalogue order.
    "people": {
        "month": pl.Int32,
        "measure": pl.String,
        "area": pl.Int32,
        "group": pl.Int32,
        "numerator": pl.Float64,
        "denominator": pl.Float64,
    },
    "histograms": {
        "month": pl.Int32,
        "measure": pl.String,
        "level": pl.String,
        "unit": pl.Int32,
        "bin": pl.Int32,
        "count": pl.Int64,
    },
    "events": {
        "month": pl.Int32,
        "kind": pl.String,
        "reform": pl.String,
        "clause": pl.String,
        "text_en": pl.String,
        "text_zh": pl.String,
    },
    "rules": {
        "month": pl.Int32,
        "lever": pl.String,
        "index": pl.Int32,
        "area": pl.Int32,
        "value": pl.Float64,
    },
    "rules_in_use": {"month": pl.Int32, "rule": pl.String, "area": pl.Int32, "value": pl.Float64},
    "accounts": {
        "month": pl.Int32,
        "stock": pl.String,
        "cause": pl.String,
        "area": pl.Int32,
        "group": pl.Int32,
        "gain": pl.Float64,
        "loss": pl.Float64,
    },
    "geography": {
        "area": pl.Int32,
        "name": pl.String,
        "x": pl.Float64,
        "y": pl.Float64,
        "households": pl.Int64,
        "residents": pl.Int64,
    },
    "area_ties": {"a": pl.Int32, "b": pl.Int32, "weight": pl.Float64},
    "checks": {
        "month": pl.Int32,
        "what": pl.String,
        "left": pl.Float64,
        "right": pl.Float64,
        "ok": pl.Boolean,
    },
}


@dataclass(frozen=True)
class RunTables:
    """All tables of one arm of one replication, as polars frames of the declared schemas."""

    outcomes: pl.DataFrame
    people: pl.DataFrame
    histograms: pl.DataFrame
    events: pl.DataFrame
    rules: pl.DataFrame
    rules_in_use: pl.DataFrame
    accounts: pl.DataFrame
    geography: pl.DataFrame
    area_ties: pl.DataFrame
    checks: pl.DataFrame

    def digest(self) -> str:
        """Return a sha256 over every cell of every table; equal runs have equal digests."""
        total = hashlib.sha256()
        for field in fields(self):
            frame: pl.DataFrame = getattr(self, field.name)
            for column in frame.columns:
                total.update(f"{field.name}.{column}".encode())
                total.update(_bytes(frame[column]))
        return total.hexdigest()

    def write(self, folder: Path) -> None:
        """Write every table as a Parquet file of its name."""
        folder.mkdir(parents=True, exist_ok=True)
        for field in fields(self):
            getattr(self, field.name).write_parquet(folder / f"{field.name}.parquet")

    @classmethod
    def read(cls, folder: Path) -> RunTables:
        """Read tables written by `write`."""
        return cls(**{field.name: pl.read_parquet(folder / f"{field.name}.parquet") for field in fields(cls)})


def _bytes(series: pl.Series) -> bytes:
    if series.dtype == pl.String:
        return "\x00".join(value or "" for value in series.to_list()).encode()
    return series.to_numpy().tobytes()


def build_tables(
    outcomes: list,
    people: list,
    histograms: list,
    events: list,
    rules: list,
    rules_in_use: list,
    accounts: list,
    geography: dict,
    area_ties: dict,
    checks: list,
) -> RunTables:
    """Return the tables of what a recorder took down.

    outcomes: (month, measure, level, units, numerators, denominators); people: (month, measure, areas, groups,
    numerators, denominators); histograms: (month, measure, level, unit, counts by bin); events: dicts; rules: (month,
    lever, indices, areas, values); rules_in_use: (month, rule, areas, values); accounts: (month, stock, cause, areas,
    groups, gains, losses); checks: rows; geography and area_ties: columns.
    """
    return RunTables(
        outcomes=_blocks("outcomes", outcomes, 3),
        people=_blocks("people", people, 2),
        histograms=_bins(histograms),
        events=_rows("events", [tuple(e[c] for c in SCHEMAS["events"]) for e in events]),
        rules=_blocks("rules", rules, 2),
        rules_in_use=_blocks("rules_in_use", rules_in_use, 2),
        accounts=_blocks("accounts", accounts, 3),
        geography=pl.DataFrame(geography, schema_overrides=SCHEMAS["geography"]),
        area_ties=pl.DataFrame(area_ties, schema=SCHEMAS["area_ties"]),
        checks=_rows("checks", checks),
    )


def _rows(table: str, rows: list[tuple]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=SCHEMAS[table], orient="row")


def _blocks(table: str, blocks: list[tuple], n_keys: int) -> pl.DataFrame:
    """Return a frame from blocks whose first `n_keys` entries hold for all rows of the block's arrays."""
    schema = SCHEMAS[table]
    if not blocks:
        return pl.DataFrame(schema=schema)
    sizes = [len(block[n_keys]) for block in blocks]
    names = list(schema)
    data = {
        name: np.repeat(
            np.array([b[i] for b in blocks], dtype=object if schema[name] == pl.String else None), sizes
        )
        for i, name in enumerate(names[:n_keys])
    }
    data |= {
        name: np.concatenate([np.asarray(b[i]) for b in blocks])
        for i, name in enumerate(names[n_keys:], n_keys)
    }
    return pl.DataFrame(
        {
            name: pl.Series(name, values.tolist() if values.dtype == object else values).cast(schema[name])
            for name, values in data.items()
        }
    )


def _bins(histograms: list[tuple]) -> pl.DataFrame:
    """Return the histogram table, empty bins left out."""
    rows = []
    for month, measure, level, unit, counts in histograms:
        filled = np.flatnonzero(counts)
        rows += [(month, measure, level, int(unit), int(b), int(counts[b])) for b in filled]
    return _rows("histograms", rows)
