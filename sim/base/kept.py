"""The user's cache folder, and what was read from a file before: kept there so that the next process need not parse.

An entry is named by its file and marked by a digest of how it is read, the file's content and what was made of it: one
that is stale, cut short or damaged is made anew. A cache that cannot be read or written costs time, never an error.
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Callable
from contextlib import suppress
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import Any

MEMORY, READ = "/dev/shm", "read"  # noqa: S108 - a folder of the user's own is made in it


def cache_of(name: str) -> Path | None:
    """Return the first folder of this name that can be made and written, None where there is none."""
    home = os.environ.get("XDG_CACHE_HOME") or (Path.home() / ".cache" if "HOME" in os.environ else None)
    own = f"shequ-{os.getuid()}"
    bases = [Path(home) / "shequ"] if home else []
    for base in (*bases, *(Path(memory) / own for memory in (_temporary(), MEMORY) if memory)):
        try:
            (base / name).mkdir(parents=True, exist_ok=True)
            probe = base / name / f".probe-{os.getpid()}"
            probe.touch()
            probe.unlink()
        except OSError:
            continue
        return base / name
    return None


def _temporary() -> str:
    """Return where temporary files go, nothing where they can go nowhere."""
    try:
        return tempfile.gettempdir()
    except OSError:
        return ""


def _as_it_is(made: Any) -> Any:
    return made


def kept[Made](
    path: Path, reader: bytes, source: bytes, make: Callable[[], Made],
    pack: Callable[[Made], Any] = _as_it_is, unpack: Callable[[Any], Made] = _as_it_is,
) -> Made:  # fmt: skip
    """Return what `make` makes of a file's content, from the cache where it was made before.

    reader: what else the result follows from, such as the version of a parser. pack, unpack: to values that JSON can
    hold and back; what does not come back equal is not kept.
    """
    folder = _read_folder()
    if folder is None:
        return make()
    entry = folder / f"{path.stem}-{sha256(str(path).encode()).hexdigest()[:12]}.json"
    key = sha256(reader + b"\0" + source).digest()
    body = _body(entry, key)
    if body is not None:
        return unpack(json.loads(body))
    made = make()
    with suppress(TypeError, ValueError, OSError):
        text = json.dumps(pack(made), ensure_ascii=False)
        if unpack(json.loads(text)) == made:
            _write(entry, key, text.encode())
    return made


@lru_cache(maxsize=1)
def _read_folder() -> Path | None:
    """Return the folder of entries if it is this user's own: nobody else's word is taken for what a file says."""
    folder = cache_of(READ)
    with suppress(OSError):
        return folder if folder is not None and folder.stat().st_uid == os.getuid() else None
    return None


def _mark(key: bytes, body: bytes) -> bytes:
    return sha256(key + body).hexdigest().encode()


def _body(entry: Path, key: bytes) -> bytes | None:
    """Return what an entry holds, None where there is none that is whole and of this content."""
    try:
        mark, _, body = entry.read_bytes().partition(b"\n")
    except OSError:
        return None
    return body if mark == _mark(key, body) else None


def _write(entry: Path, key: bytes, body: bytes) -> None:
    part = entry.with_suffix(f".{os.getpid()}.part")
    try:
        part.write_bytes(_mark(key, body) + b"\n" + body)
        part.replace(entry)
    except OSError:
        with suppress(OSError):
            part.unlink(missing_ok=True)
