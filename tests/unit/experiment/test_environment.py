"""The compiler's cache follows the source, and its absence stops nothing."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from sim.base.errors import ShequError
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


def test_a_package_that_cannot_be_written_keeps_compiled_code_elsewhere(tmp_path):
    """Nothing is written beside the source: a read-only install compiles into the user's cache and says so once."""
    made = (
        f"{PREPARED}from numba import config; from sim.draws import poisson; import numpy as np\n"
        "environment.tell_if_cold(); poisson(np.array([.5]), 1.0); environment.tell_if_cold()\n"
        "print(config.CACHE_DIR)"
    )
    env = {k: v for k, v in os.environ.items() if k != "NUMBA_CACHE_DIR"}
    run = subprocess.run(
        [sys.executable, "-c", made], env=env | {"XDG_CACHE_HOME": str(tmp_path)}, capture_output=True, text=True,
        check=True, cwd=environment.PACKAGE.parent,
    )  # fmt: skip

    assert len(list((tmp_path / "shequ").rglob("*.nbi"))) > 0
    assert Path(run.stdout.split()[-1]).is_relative_to(tmp_path)
    assert run.stderr.count("first run of this version") == 1


def test_a_machine_without_a_place_to_write_is_told(monkeypatch):
    """Where neither home nor temporary files nor memory can be written, the command says what to name."""
    monkeypatch.delenv("NUMBA_CACHE_DIR", raising=False)
    monkeypatch.setattr(environment, "cache_of", lambda name: None)
    with pytest.raises(ShequError, match="NUMBA_CACHE_DIR"):
        environment.prepare()


def test_every_process_computes_with_one_thread(monkeypatch):
    """Two workers on two cores do not start four threads."""
    for name in environment.ONE_THREAD:
        monkeypatch.delenv(name, raising=False)
    environment.prepare()

    assert {os.environ[name] for name in environment.ONE_THREAD} == {"1"}
