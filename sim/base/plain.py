"""Numbers that are read, not computed with: few digits and a true minus."""

from __future__ import annotations

MINUS = "−"


def plain(value: float, digits: int = 3) -> str:
    """Return a number with so many significant digits."""
    return f"{value:.{digits}g}".replace("-", MINUS)
