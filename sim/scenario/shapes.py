"""Shapes: what a value in a file may look like. Single values, and blocks of them."""

from __future__ import annotations

from sim.scenario.blocks import Either, Key, ListOf, MapOf, Record, Written
from sim.scenario.scalars import Choice, Count, Flag, Identifier, Known, Month, Span, Text, Title
from sim.scenario.shape import BAD, Entry, Shape, did_you_mean, join, shown, span, unknown, wrong

__all__ = [
    "BAD",
    "Choice",
    "Count",
    "Either",
    "Entry",
    "Flag",
    "Identifier",
    "Key",
    "Known",
    "ListOf",
    "MapOf",
    "Month",
    "Record",
    "Shape",
    "Span",
    "Text",
    "Title",
    "Written",
    "did_you_mean",
    "join",
    "shown",
    "span",
    "unknown",
    "wrong",
]
