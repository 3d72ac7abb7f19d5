"""The pages under docs/ that the program writes about itself, by file name."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from sim.odd.effects import effects_document
from sim.odd.protocol import odd_document

DOCUMENTS: dict[str, Callable[[], str]] = {
    "odd.md": partial(odd_document, "en"),
    "odd.zh.md": partial(odd_document, "zh"),
    "effects.md": effects_document,
}


def write_documents(folder: Path) -> list[Path]:
    """Write every page into a folder and return their paths."""
    paths = []
    for name, document in DOCUMENTS.items():
        paths.append(folder / name)
        paths[-1].write_text(document(), encoding="utf-8")
    return paths
