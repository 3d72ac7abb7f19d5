"""The glossary keeps up with the catalogue."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from sim.catalogue import duty_classes, kinds

GLOSSARY = Path(__file__).resolve().parents[2] / "docs" / "glossary.md"
ENTRY = re.compile(r"^\| `(\w+)` \| ([^|]+) \| ([^|]+) \|", re.MULTILINE)


@pytest.fixture(scope="module")
def entries() -> dict[str, tuple[str, str]]:
    """English and Chinese name of every id that the glossary's tables explain."""
    return {name: (en, zh) for name, en, zh in ENTRY.findall(GLOSSARY.read_text(encoding="utf-8"))}


@pytest.mark.parametrize("catalogue", [kinds, duty_classes], ids=["institutions", "duties"])
def test_catalogue_names_are_explained(catalogue, entries):
    """Every institution and every duty stands in the glossary under the catalogue's own names."""
    named = {row.id: (row.en, row.zh) for row in catalogue().values()}
    assert {name: entries.get(name) for name in named} == named
