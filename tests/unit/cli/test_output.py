"""Tables on a terminal: nothing is cut off, figures stay whole."""

from __future__ import annotations

import io

import pytest

from sim.cli.output import table_of
from sim.scenario.page import Section

ROWS = [
    [
        "adults who voted in any meeting of the place (%)",
        "72.5 → 71.1",
        "2.00 (0.43)",
        "(too small to matter)",
    ],
    ["效能感（每千户每年居民提案）（0–100）", "7.49 → 52.8", "–", "（小到不重要）"],
]
HEADS = ["outcome", "baseline → reform", "worth (found from)", "verdict"]


def printed(width: int) -> str:
    """Return the table as a terminal of this width shows it."""
    from rich.console import Console

    stream = io.StringIO()
    section = Section(None, columns=HEADS, rows=ROWS, spare=(2,))
    Console(width=width, file=stream).print(table_of(section, width))
    return stream.getvalue()


def letters(text: str) -> list[str]:
    """Return all characters that are not blank or rule, sorted."""
    return sorted(c for c in text if c.strip() and c != "─")


@pytest.mark.parametrize("width", range(48, 130))
def test_no_character_is_cut_off_at_any_width(width):
    """Whatever the width, every character of every cell that has a column is printed."""
    shown = letters(printed(width))
    whole = [
        letters("".join("".join(row[i] for i in kept) for row in [HEADS, *ROWS]))
        for kept in ((0, 1, 2, 3), (0, 1, 3))
    ]

    assert shown in whole


@pytest.mark.parametrize("width", [60, 80, 100, 120])
def test_figures_stay_on_one_line(width):
    """A pair of figures is never broken over lines."""
    assert "72.5 → 71.1" in printed(width)
    assert all(len(line.rstrip()) <= width for line in printed(width).splitlines())


def test_spare_columns_go_where_there_is_no_room():
    """A narrow terminal leaves out what a wide one shows."""
    assert "2.00 (0.43)" in printed(100)
    assert "2.00 (0.43)" not in printed(50)
