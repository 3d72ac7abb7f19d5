"""The shipped evidence ledger, found in a clone and in a wheel."""

from __future__ import annotations

from sim.catalogue.evidence import Evidence, ledger
from sim.scenario.library import library_folder


def evidence() -> dict[str, Evidence]:
    """Return every entry of the shipped evidence ledger by id."""
    return ledger(library_folder() / "evidence.yaml")
