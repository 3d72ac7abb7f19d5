"""Of those who took a decision in either world of a pair, how many took it in both: by decision and month.

Beside it stands what would be expected if the two worlds shared nothing but how often it happens: where the two are
close, pairing gains nothing from that decision.
"""

from __future__ import annotations

from dataclasses import dataclass

import polars as pl

from sim.results.store import RunFolder

AlignmentRow = tuple[int, str, int, int, int, int]
ALIGNMENT = "tables/alignment.parquet"
SCHEMA = {
    "month": pl.Int32,
    "decision": pl.String,
    "people": pl.Int64,
    "baseline": pl.Int64,
    "reform": pl.Int64,
    "both": pl.Int64,
}


@dataclass(frozen=True)
class Aligned:
    """How alike a decision is over some months of one pair. cases: taken in either world, over all months.

    share: of those, taken in both; by_chance: what that share would be if the worlds shared nothing. nan without cases.
    """

    decision: str
    cases: int
    share: float
    by_chance: float


def alignment_table(rows: list[AlignmentRow]) -> pl.DataFrame:
    """Return counts by month and decision as a table. rows: month, decision, residents, baseline, reform, both."""
    return pl.DataFrame(rows, schema=SCHEMA, orient="row").sort("month", "decision")


def read_alignment(folder: RunFolder) -> pl.DataFrame | None:
    """Return the counts of the first pair by month with the two shares; None where the run kept none."""
    if not (folder.path / ALIGNMENT).exists():
        return None
    table = folder.table(ALIGNMENT)
    expected = pl.col("baseline") * pl.col("reform") / pl.col("people")
    return table.with_columns(
        either=pl.col("baseline") + pl.col("reform") - pl.col("both"),
        expected=expected,
        expected_either=pl.col("baseline") + pl.col("reform") - expected,
    ).with_columns(
        share=pl.col("both") / pl.col("either"), by_chance=pl.col("expected") / pl.col("expected_either")
    )


def aligned(table: pl.DataFrame) -> list[Aligned]:
    """Return each decision over the months of a table of `read_alignment`, pooled, in order of name."""
    pooled = table.group_by("decision").agg(
        pl.col("either").sum(),
        pl.col("both").sum(),
        pl.col("expected").sum(),
        pl.col("expected_either").sum(),
    )
    nan = float("nan")
    return [
        Aligned(name, cases, both / cases if cases else nan, met / out_of if out_of else nan)
        for name, cases, both, met, out_of in pooled.sort("decision").rows()
    ]
