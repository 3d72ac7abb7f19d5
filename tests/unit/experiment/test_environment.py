"""The compiler's cache follows the source, and its absence stops nothing."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from sim.experiment import environment

PREPARED = """
import os
from sim.experiment import environment
environment.prepare()
print(os.environ["NUMBA_CACHE_DIR"], environment.source_hash())
"""


def cache_folder(**variables: str) -> list[str]:
    """Return the cache folder that a fresh process chooses, and the hash of the source it saw."""
    clean = {
        k: v
        for k, v in os.environ.items()
        if k not in ("NUMBA_CACHE_DIR", "XDG_CACHE_HOME", "HOME", "TMPDIR")
    }
    run = subprocess.run(
        [sys.executable, "-c", PREPARED],
        env={**clean, **variables},
        capture_output=True,
        text=True,
        check=True,
        cwd=environment.PACKAGE.parent,
    )
    return run.stdout.split()


def test_the_cache_is_named_by_the_source(tmp_path):
    """The folder of compiled code carries the hash of the whole package."""
    folder, source = cache_folder(XDG_CACHE_HOME=str(tmp_path))

    assert Path(folder) == tmp_path / "shequ" / f"kernels-{source}"


def test_where_the_cache_cannot_be_written_another_place_is_found(tmp_path):
    """A cache home that is a file does not stop a run."""
    blocked = tmp_path / "file"
    blocked.write_text("")
    folder, _ = cache_folder(XDG_CACHE_HOME=str(blocked), TMPDIR=str(tmp_path))

    assert Path(folder).is_relative_to(tmp_path)
    assert Path(folder).is_dir()


def test_every_process_computes_with_one_thread(monkeypatch):
    """Two workers on two cores do not start four threads."""
    for name in environment.ONE_THREAD:
        monkeypatch.delenv(name, raising=False)
    environment.prepare()

    assert {os.environ[name] for name in environment.ONE_THREAD} == {"1"}
