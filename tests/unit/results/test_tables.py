"""Tables keep their schemas, their content and their digest."""

from __future__ import annotations

from dataclasses import fields, replace

import polars as pl
import pytest

from sim.results.tables import SCHEMAS, RunTables

from .stand_in import pair_of_tables, tables_of


@pytest.fixture
def tables() -> RunTables:
    return pair_of_tables(1, 24000, 6)[0]


def test_tables_have_the_declared_columns_and_types(tables):
    """Every table of a run has exactly the columns and types of its schema, empty ones too."""
    for field in fields(tables):
        assert dict(getattr(tables, field.name).schema) == SCHEMAS[field.name], field.name


def test_written_tables_read_back_with_the_same_digest(tables, tmp_path):
    """Writing and reading a run changes no cell."""
    tables.write(tmp_path)

    assert RunTables.read(tmp_path).digest() == tables.digest()


@pytest.mark.parametrize("name", [n for n in SCHEMAS if n not in ("rules", "rules_in_use", "accounts")])
def test_the_digest_sees_a_missing_row_of_any_table(tables, name):
    """Two runs that differ in one row of one table have different digests."""
    frame: pl.DataFrame = getattr(tables, name)

    assert replace(tables, **{name: frame.head(len(frame) - 1)}).digest() != tables.digest()


def test_the_digest_sees_the_last_bit_of_a_number():
    """A difference in the last bit of one cell changes the digest."""
    one, other = (tables_of({"unmet_need": [100 * x]}, 24000) for x in (0.5, 0.5 + 2**-53))

    assert one.digest() != other.digest()
