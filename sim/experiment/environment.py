"""What a process needs before numba is imported: one thread, and a compiler cache that cannot be stale.

numba keys its cache by the file of the compiled function alone; a change in a function it calls elsewhere goes
unnoticed. So the folder is named by the content of the whole package. Where no folder can be written, compiled
code lives as long as the process.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from functools import lru_cache
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent.parent
ONE_THREAD = (
    "OMP_NUM_THREADS",
    "OPENBLAS_NUM_THREADS",
    "MKL_NUM_THREADS",
    "NUMBA_NUM_THREADS",
    "POLARS_MAX_THREADS",
)


@lru_cache(maxsize=1)
def source_hash() -> str:
    """Return a hash of every source and data file of the package."""
    total = hashlib.sha256()
    for path in sorted(p for p in PACKAGE.rglob("*") if p.suffix in (".py", ".yaml")):
        total.update(str(path.relative_to(PACKAGE)).encode() + b"\0" + path.read_bytes())
    return total.hexdigest()[:16]


def prepare() -> None:
    """Set thread counts and the compiler cache for this process and those it starts; call before importing numba."""
    for name in ONE_THREAD:
        os.environ.setdefault(name, "1")
    if "NUMBA_CACHE_DIR" not in os.environ:
        folder = _writable(f"kernels-{source_hash()}")
        if folder is not None:
            os.environ["NUMBA_CACHE_DIR"] = str(folder)


def _writable(name: str) -> Path | None:
    """Return the first folder of this name that can be made and written, None where there is none."""
    home = os.environ.get("XDG_CACHE_HOME") or (Path.home() / ".cache" if "HOME" in os.environ else None)
    for base in (home and Path(home) / "shequ", Path(tempfile.gettempdir()) / f"shequ-{os.getuid()}"):
        if base is None:
            continue
        try:
            (base / name).mkdir(parents=True, exist_ok=True)
            probe = base / name / f".probe-{os.getpid()}"
            probe.touch()
            probe.unlink()
        except OSError:
            continue
        return base / name
    return None


@lru_cache(maxsize=1)
def cache_folder() -> Path:
    """Return a folder that keeps what the dashboard was given to open; one that goes with the machine if it must."""
    return _writable("dashboard") or Path(tempfile.mkdtemp(prefix="shequ-"))
