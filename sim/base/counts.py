"""How many of something, in words: the noun agrees with its number in every language."""

from __future__ import annotations

from typing import Any

from sim.base.text import Message, counted


def pairs(n: Any) -> Message:
    """Return a number of pairs."""
    return counted("{n} pair", "{n} pairs", n=n)


def samples(n: Any) -> Message:
    """Return a number of samples of the assumptions."""
    return counted("{n} sample", "{n} samples", n=n)


def replications(n: Any) -> Message:
    """Return a number of replications."""
    return counted("{n} replication", "{n} replications", n=n)


def runs(n: Any) -> Message:
    """Return a number of runs."""
    return counted("{n} run", "{n} runs", n=n)


def rows(n: Any) -> Message:
    """Return a number of rows."""
    return counted("{n} row", "{n} rows", n=n)


def months(n: Any) -> Message:
    """Return a number of months."""
    return counted("{n} month", "{n} months", n=n)


def working_days(n: Any) -> Message:
    """Return a number of working days."""
    return counted("{n} working day", "{n} working days", n=n)


def hours(n: Any) -> Message:
    """Return a number of hours."""
    return counted("{n} hour", "{n} hours", n=n)


def minutes(n: Any) -> Message:
    """Return a number of minutes."""
    return counted("{n} minute", "{n} minutes", n=n)


def communities(n: Any) -> Message:
    """Return a number of communities."""
    return counted("{n} community", "{n} communities", n=n)


def residents(n: Any) -> Message:
    """Return a number of residents."""
    return counted("{n} resident", "{n} residents", n=n)
