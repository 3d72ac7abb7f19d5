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
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

import polars as pl

from sim.base.errors import InputError, ShequError, StoreError
from sim.base.text import say

KINDS = ("pairs", "series", "areas", "groups", "posts")
MANIFEST = "manifest.json"
LOCK = ".lock"
MISFITS = (KeyError, TypeError, ValueError, IndexError, AttributeError, OSError, pl.exceptions.PolarsError)
PART = re.compile(r"pair-(\d{4,18})\.parquet")
# Far above anything written here: a folder may come from a stranger.
MAX_MANIFEST, MAX_TABLE, MAX_ROWS = 50_000_000, 1_000_000_000, 200_000_000


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

    def _unwritable(self, error: OSError) -> StoreError:
        why = error.strerror or str(error)
        return StoreError(say("cannot write to {folder}: {why}", folder=str(self.path), why=why))

    @contextmanager
    def as_found(self) -> Iterator[None]:
        """Read what may be another version's or a stranger's: what does not fit together is refused in a sentence."""
        try:
            yield
        except MISFITS as error:
            why = f"{type(error).__name__}: {error}"
            what = say("{folder} does not hold together: {why}", folder=str(self.path), why=why)
            raise ShequError(what) from error

    def begin(self, manifest: dict) -> None:
        """Say what is about to run; what an interrupted command left half-written goes."""
        try:
            for kind in KINDS:
                (self.path / kind).mkdir(parents=True, exist_ok=True)
            for stray in [
                *self.path.glob("*.json.part"),
                *self.path.glob("*.parquet.part"),
                *(p for k in KINDS for p in (self.path / k).glob("*.part")),
            ]:
                stray.unlink()
            self.write_json(MANIFEST, manifest)
        except OSError as error:
            raise self._unwritable(error) from error

    def commit(self, kind: str, pair: int, frame: pl.DataFrame) -> None:
        """Write one part so that it is there as a whole or not at all; raises StoreError where it cannot be."""
        target = self.path / kind / f"pair-{pair:04d}.parquet"
        part = target.with_suffix(f".{os.getpid()}.part")
        try:
            with part.open("wb") as handle:
                frame.write_parquet(handle)
                handle.flush()
                os.fsync(handle.fileno())
            part.replace(target)
        except OSError as error:
            with suppress(OSError):
                part.unlink(missing_ok=True)
            raise self._unwritable(error) from error

    def set_damaged_aside(self, schema: Mapping[str, object]) -> list[str]:
        """Rename commit records that are no whole table of these columns, so that their runs are done again.

        Returns their names. Ours are whole by the way they are written; a disk or a copy may have cut one short.
        """
        aside = []
        for pair in self.pairs_done():
            path = self.path / "pairs" / f"pair-{pair:04d}.parquet"
            try:
                fits = dict(pl.read_parquet_schema(path)) == dict(schema)
            except (OSError, pl.exceptions.PolarsError, pl.exceptions.PanicException):
                fits = False
            if not fits:
                path.rename(path.with_suffix(".damaged"))
                aside.append(path.name)
        return aside

    def read(self, kind: str) -> pl.DataFrame:
        """Return the parts of a kind of the finished pairs that the last command asked for, in their order."""
        done = [pair for pair in self.pairs_done() if pair < self.manifest()["pairs"]]
        if not done:
            raise ShequError(say("{folder} holds no finished pair", folder=str(self.path)))
        parts = [self.table(f"{kind}/pair-{pair:04d}.parquet") for pair in done]
        try:
            return pl.concat(parts)
        except pl.exceptions.PolarsError as error:
            raise self._damaged(kind) from error

    def table(self, name: str) -> pl.DataFrame:
        """Return a table of the folder, which may come from a stranger; raises ShequError where it cannot be trusted.

        A file that lies elsewhere (a link), is larger than any of ours, or is no whole table is refused.
        """
        path = self._inside(name, MAX_TABLE)
        try:
            if pl.scan_parquet(path).select(pl.len()).collect().item() > MAX_ROWS:
                raise self._damaged(name)
            return pl.read_parquet(path)
        except ShequError:
            raise
        except (OSError, ValueError, pl.exceptions.PolarsError, pl.exceptions.PanicException) as error:
            raise self._damaged(name) from error

    def _inside(self, name: str, most: int) -> Path:
        """Return the path of a file that lies in this folder itself and is not too large; raises ShequError."""
        path = self.path / name
        try:
            here, size = path.resolve(strict=True), path.stat().st_size
        except OSError as error:
            raise self._damaged(name) from error
        if not here.is_relative_to(self.path.resolve()) or not here.is_file() or size > most:
            raise self._damaged(name)
        return path

    def _damaged(self, name: str) -> ShequError:
        return ShequError(
            say("{folder}: `{name}` is damaged or not of a run", folder=str(self.path), name=name)
        )

    def has(self, kind: str) -> bool:
        """Return whether the finished pairs hold parts of a kind with anything in them.

        Raises ShequError where some pairs have one and others have lost theirs: half of it is no result.
        """
        done = self.pairs_done()
        lost = [
            name
            for name in (f"{kind}/pair-{pair:04d}.parquet" for pair in done)
            if not (self.path / name).exists()
        ]
        if lost and len(lost) < len(done):
            raise self._damaged(lost[0])
        return bool(done) and not lost and self.read(kind).height > 0

    def pairs_done(self) -> list[int]:
        """Return the pairs whose commit record is there."""
        named = (PART.fullmatch(p.name) for p in (self.path / "pairs").glob("pair-*.parquet"))
        return sorted(int(match[1]) for match in named if match)

    @property
    def address(self) -> str:
        """Where cells are to commit their parts, wherever they run."""
        return str(self.path.resolve())

    def note_failure(self, name: str, account: str) -> None:
        """Keep the full account of why something named gave nothing."""
        try:
            (self.path / "failures").mkdir(exist_ok=True)
            (self.path / "failures" / f"{name}.txt").write_text(account, encoding="utf-8")
        except OSError as error:
            raise self._unwritable(error) from error

    def write_json(self, name: str, content: dict) -> None:
        """Write a small JSON file as a whole; raises StoreError where it cannot be."""
        part = self.path / f"{name}.part"
        text = json.dumps(content, ensure_ascii=False, indent=1, default=_plain)
        try:
            part.write_text(text, encoding="utf-8")
            part.replace(self.path / name)
        except OSError as error:
            raise self._unwritable(error) from error

    def write_table(self, name: str, frame: pl.DataFrame) -> None:
        """Write a table beside the parts as a whole; raises StoreError where it cannot be."""
        part = self.path / f"{name}.part"
        try:
            frame.write_parquet(part)
            part.replace(self.path / name)
        except OSError as error:
            raise self._unwritable(error) from error

    def manifest(self) -> dict:
        """Return what was run; raises InputError where this is no run folder."""
        try:
            content = json.loads(self._inside(MANIFEST, MAX_MANIFEST).read_text(encoding="utf-8"))
            if not (isinstance(content, dict) and isinstance(content.get("pairs"), int)):
                raise self._damaged(MANIFEST)
        except (ShequError, OSError, ValueError, RecursionError) as error:
            raise InputError(
                say("{folder} is not a run folder: no readable {name}", folder=str(self.path), name=MANIFEST)
            ) from error
        return content


def _plain(value: object) -> object:
    """Return a numpy number as a number, anything else as its text."""
    item = getattr(value, "item", None)
    return item() if callable(item) else str(value)
