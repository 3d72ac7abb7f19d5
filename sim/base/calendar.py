"""Months as integers: year * 12 + month - 1. The only place where per-year becomes per-month."""

from __future__ import annotations

import re

MONTHS_PER_YEAR = 12
_MONTH = re.compile(r"^(\d{4})-(0[1-9]|1[0-2])$")
_SPAN = re.compile(r"^(\d+)\s*(months?|years?|个月|月|年)?$")


def parse_month(text: str) -> int:
    """Return the month index of `YYYY-MM`; raises ValueError for anything else."""
    match = _MONTH.match(str(text).strip())
    if not match:
        raise ValueError(text)
    return int(match[1]) * MONTHS_PER_YEAR + int(match[2]) - 1


def format_month(index: int) -> str:
    """Return `YYYY-MM` of a month index."""
    return f"{index // MONTHS_PER_YEAR:04d}-{index % MONTHS_PER_YEAR + 1:02d}"


def span_months(text: str | int) -> int:
    """Return a length of time in months: `36 months`, `3 years`, `18` or an integer."""
    match = _SPAN.match(str(text).strip())
    if not match:
        raise ValueError(text)
    unit = match[2] or "months"
    return int(match[1]) * (MONTHS_PER_YEAR if unit.startswith("year") or unit == "年" else 1)
