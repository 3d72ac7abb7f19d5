"""A run folder: what was run, the parts that workers committed, and what was made of them.

    manifest.json            what, with which code, seeds and machine
    scenario.json            both arms as resolved: documents, reforms, every number
    pairs/pair-0003.parquet  one row per arm, measure and window: the commit record of a pair
    series/pair-0003.parquet one row per arm, measure and month
    areas/pair-0003.parquet  one row per arm, measure and area, last window; so are groups/ and posts/
    tables/<arm>/            every table of the first pair
    failures/pair-0003.txt   why a pair gave nothing, for a modeller
A part is written under another name, flushed to disk and renamed, so that a half-written one is never read.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import polars as pl

from sim.base.errors import ShequError
from sim.base.text import say

KINDS = ("pairs", "series", "areas", "groups", "posts")
MANIFEST = "manifest.json"
LOCK = ".lock"


class RunFolder:
    """One run on disk."""

    def __init__(self, path: Path):
        self.path = Path(path)

    @contextmanager
    def held(self) -> Iterator[None]:
        """Make the folder and keep every other command from writing to it meanwhile; raises ShequError."""
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            with (self.path / LOCK).open("w") as handle:
                fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                yield
        except BlockingIOError as error:
            raise ShequError(say("another command is writing to {folder}", folder=str(self.path))) from error
        except OSError as error:
            raise self._unwritable(error) from error

    def _unwritable(self, error: OSError) -> ShequError:
        why = error.strerror or str(error)
        return ShequError(say("cannot write to {folder}: {why}", folder=str(self.path), why=why))

    def begin(self, manifest: dict) -> None:
        """Say what is about to run; what an interrupted command left half-written goes."""
        try:
            for kind in KINDS:
                (self.path / kind).mkdir(parents=True, exist_ok=True)
            for stray in self.path.rglob("*.part"):
                stray.unlink()
            self.write_json(MANIFEST, manifest)
        except OSError as error:
            raise self._unwritable(error) from error

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
        """Return the parts of a kind of the finished pairs that the last command asked for, in their order."""
        done = [pair for pair in self.pairs_done() if pair < self.manifest()["pairs"]]
        if not done:
            raise ShequError(say("{folder} holds no finished pair", folder=str(self.path)))
        return pl.concat([pl.read_parquet(self.path / kind / f"pair-{pair:04d}.parquet") for pair in done])

    def has(self, kind: str) -> bool:
        """Return whether the finished pairs hold parts of a kind with anything in them."""
        return all(
            (self.path / kind / f"pair-{pair:04d}.parquet").exists() for pair in self.pairs_done()
        ) and bool(self.pairs_done() and self.read(kind).height)

    def pairs_done(self) -> list[int]:
        """Return the pairs whose commit record is there."""
        return sorted(int(p.stem.split("-")[1]) for p in (self.path / "pairs").glob("pair-*.parquet"))

    def note_failure(self, pair: int, account: str) -> None:
        """Keep the full account of why a pair gave nothing."""
        (self.path / "failures").mkdir(exist_ok=True)
        (self.path / "failures" / f"pair-{pair:04d}.txt").write_text(account, encoding="utf-8")

    def write_json(self, name: str, content: dict) -> None:
        """Write a small JSON file as a whole."""
        part = self.path / f"{name}.part"
        part.write_text(json.dumps(content, ensure_ascii=False, indent=1, default=_plain), encoding="utf-8")
        part.replace(self.path / name)

    def manifest(self) -> dict:
        """Return what was run; raises ShequError where this is no run folder."""
        try:
            return json.loads((self.path / MANIFEST).read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise ShequError(
                say("{folder} is not a run folder: no readable {name}", folder=str(self.path), name=MANIFEST)
            ) from error


def _plain(value: object) -> object:
    """Return a numpy number as a number, anything else as its text."""
    item = getattr(value, "item", None)
    return item() if callable(item) else str(value)
