"""A run folder: what was run, the parts that workers committed, and what was made of them.

    manifest.json            what, with which code, seeds and machine
    pairs/pair-0003.parquet  one row per arm, measure and window: the commit record of a pair
    series/pair-0003.parquet one row per arm, measure and month
    areas/pair-0003.parquet  one row per arm, measure and area, last window
    tables/<arm>/            every table of the first pair
A part is written under another name, flushed to disk and renamed, so that a half-written one is never read.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

import polars as pl

from sim.base.errors import ShequError
from sim.base.text import say

KINDS = ("pairs", "series", "areas")
MANIFEST = "manifest.json"


class RunFolder:
    """One run on disk."""

    def __init__(self, path: Path):
        self.path = Path(path)

    def begin(self, manifest: dict) -> None:
        """Make the folder and say what is about to run."""
        try:
            for kind in KINDS:
                (self.path / kind).mkdir(parents=True, exist_ok=True)
            for stray in self.path.rglob("*.part"):
                stray.unlink()
            self.write_json(MANIFEST, manifest)
        except OSError as error:
            raise ShequError(
                say(
                    "cannot write to {folder}: {why}", folder=str(self.path), why=error.strerror or str(error)
                )
            ) from error

    def commit(self, kind: str, pair: int, frame: pl.DataFrame) -> None:
        """Write one part so that it is there as a whole or not at all."""
        target = self.path / kind / f"pair-{pair:04d}.parquet"
        part = target.with_suffix(f".{os.getpid()}.part")
        with part.open("wb") as handle:
            frame.write_parquet(handle)
            handle.flush()
            os.fsync(handle.fileno())
        part.replace(target)

    def read(self, kind: str) -> pl.DataFrame:
        """Return all committed parts of a kind, in order of pairs."""
        parts = sorted((self.path / kind).glob("pair-*.parquet"))
        if not parts:
            raise ShequError(say("{folder} holds no finished pair", folder=str(self.path)))
        return pl.concat([pl.read_parquet(part) for part in parts])

    def pairs_done(self) -> list[int]:
        """Return the pairs whose commit record is there."""
        return sorted(int(p.stem.split("-")[1]) for p in (self.path / "pairs").glob("pair-*.parquet"))

    def write_json(self, name: str, content: dict) -> None:
        """Write a small JSON file as a whole."""
        part = self.path / f"{name}.part"
        part.write_text(json.dumps(content, ensure_ascii=False, indent=1, default=str), encoding="utf-8")
        part.replace(self.path / name)

    def manifest(self) -> dict:
        """Return what was run; raises ShequError where this is no run folder."""
        try:
            return json.loads((self.path / MANIFEST).read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise ShequError(
                say("{folder} is not a run folder: no readable {name}", folder=str(self.path), name=MANIFEST)
            ) from error
