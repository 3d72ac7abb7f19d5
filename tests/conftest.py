"""What every test session needs: a compiler cache that cannot be stale, steady hypothesis, English as the start.

numba keys its cache by the file of the compiled function alone: a change in a function it calls from another file goes
unnoticed. So the cache folder is named by the content of every file that uses numba, before numba is imported.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from pathlib import Path

import hypothesis
import pytest

REPOSITORY = Path(__file__).resolve().parents[1]


def compiled_sources_hash() -> str:
    """Return a hash of all files of the package that mention numba."""
    digest = hashlib.sha256()
    for path in sorted((REPOSITORY / "sim").rglob("*.py")):
        content = path.read_bytes()
        if b"numba" in content or b"njit" in content:
            digest.update(str(path.relative_to(REPOSITORY)).encode() + b"\0" + content)
    return digest.hexdigest()[:16]


os.environ.setdefault(
    "NUMBA_CACHE_DIR", str(Path(tempfile.gettempdir()) / f"shequ-numba-{compiled_sources_hash()}")
)

# A kernel's first call compiles, so no deadline; the same examples every time, so a red test stays red.
hypothesis.settings.register_profile("steady", deadline=None, derandomize=True, print_blob=True)
hypothesis.settings.load_profile("steady")


@pytest.fixture(autouse=True)
def _english():
    """Every test starts in English, whatever the one before it chose."""
    from sim.base.text import use_language

    use_language("en")


# Each of these runs whole districts or starts processes in nearly every test: `make check` leaves them to `make test`.
SLOW = (
    "behaviour",
    "unit/cli/test_run_commands.py",
    "faults",
    "unit/experiment",
    "unit/results/test_paired.py",
    "unit/results/test_store.py",
    "unit/views/test_report.py",
)


def pytest_collection_modifyitems(items):
    """Mark the tests of slow files and folders, so that the quick round stays quick."""
    for item in items:
        path = item.path.relative_to(REPOSITORY / "tests").as_posix()
        if path.startswith(SLOW):
            item.add_marker(pytest.mark.slow)
