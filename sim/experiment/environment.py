"""What a process needs before numba is imported: one thread, and a compiler cache that cannot be stale.

numba keys its cache by the file of the compiled function alone; a change in a function it calls elsewhere goes
unnoticed. So the folder is named by the content of the whole package, and lies outside it: a package that cannot be
written works. A machine without home and disk has its folder in memory; one that has nothing to write to is refused.
"""

from __future__ import annotations

import hashlib
import os
import sys
import tempfile
from functools import lru_cache
from pathlib import Path

from sim.base.errors import ShequError
from sim.base.kept import cache_of
from sim.base.text import say
from sim.base.text import translate as _

KERNELS = "kernels"
# The cache's folder if nothing was in it when this process began and nobody has been told.
_COLD: list[Path] = []
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
        folder = cache_of(f"{KERNELS}-{source_hash()}")
        if folder is None:
            raise ShequError(
                say("no folder can be written for compiled code; name one by the variable NUMBA_CACHE_DIR")
            )
        os.environ["NUMBA_CACHE_DIR"] = str(folder)
        _COLD.extend([folder] * (not any(folder.glob("*/*.nbi"))))


def tell_if_cold() -> None:
    """Say on standard error, once a version and cache, that this run compiles first and takes longer for it."""
    if _COLD:
        _COLD.clear()
        text = _("The first run of this version compiles the model, which takes about a minute; later ones do not.")
        sys.stderr.write(text + "\n")


@lru_cache(maxsize=1)
def cache_folder() -> Path:
    """Return a folder that keeps what the dashboard was given to open; one that goes with the machine if it must."""
    return cache_of("dashboard") or Path(tempfile.mkdtemp(prefix="shequ-"))
