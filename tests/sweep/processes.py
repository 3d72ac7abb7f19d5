"""Commands in processes of their own, and what became of those they started."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
import uuid
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SHEQU = [sys.executable, "-c", "from sim.cli import main; main()"]
DRIVEN = [sys.executable, "-m", "tests.sweep.driven"]
PATIENCE = 240


class Command:
    """A command that runs: everything it starts carries its mark, so that what it leaves behind is found."""

    def __init__(self, words: list[str], cwd: Path, root: Path | str = ROOT):
        self.mark = f"SWEEP_TEST={uuid.uuid4().hex}"
        name, _, value = self.mark.partition("=")
        environment = {**os.environ, "PYTHONPATH": str(root), "POLARS_MAX_THREADS": "1", name: value}
        self.process = subprocess.Popen(
            words, cwd=cwd, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            start_new_session=True,
        )  # fmt: skip

    def end(self) -> tuple[int, str]:
        """Wait for the end; returns the exit code and all that was said."""
        out, said = self.process.communicate(timeout=PATIENCE)
        return self.process.returncode, (out + said).decode(errors="replace")

    def alive(self) -> list[int]:
        """Return the processes of this command that still run."""
        found = []
        for entry in Path("/proc").glob("[0-9]*"):
            try:
                if self.mark.encode() in (entry / "environ").read_bytes():
                    found.append(int(entry.name))
            except OSError:
                continue
        return found

    def workers(self) -> list[int]:
        """Return the processes that it started to run chunks."""
        return [pid for pid in self.alive() if b"spawn_main" in _command_of(pid)]


def _command_of(pid: int) -> bytes:
    try:
        return (Path("/proc") / str(pid) / "cmdline").read_bytes()
    except OSError:
        return b""


def comes(true: Callable[[], object], patience: float = PATIENCE) -> bool:
    """Wait until something is true; returns whether it became so."""
    until = time.monotonic() + patience
    while time.monotonic() < until:
        if true():
            return True
        time.sleep(0.05)
    return False


def hung(place: Path) -> list[int]:
    """Return the processes that came to the run that never ends, of a sweep in this folder."""
    return [int(mark.name.partition("-")[2]) for mark in place.glob("hangs-*")]


def is_alive(pid: int) -> bool:
    """Return whether a process runs; one that only waits to be reaped does not."""
    try:
        return "State:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return False


def parts(out: Path) -> list[Path]:
    """Return the parts that are committed."""
    return sorted((out / "pairs").glob("pair-*.parquet"))


def sweep(cwd: Path, *more: str, words: list[str] = SHEQU, workers: int = 2) -> Command:
    """Start the tiny sweep of a folder into `out` beside it."""
    own = ["sweep", "design.yaml", "--out", "out", "--workers", str(workers), *more]
    return Command([*words, *own], cwd)


def other_version(folder: Path, package: str = "numba") -> str:
    """Return where to import from so that a package says it is of another version."""
    told = folder / f"{package}-0.0.1.dist-info"
    told.mkdir(parents=True)
    (told / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {package}\nVersion: 0.0.1\n")
    return f"{folder}{os.pathsep}{ROOT}"


def blind(folder: Path, store: Path) -> str:
    """Return where to import from so that a process finds nothing in the folder of a store."""
    folder.mkdir(parents=True)
    text = f"""
import pathlib
seen = pathlib.Path.is_file
pathlib.Path.is_file = lambda self: not str(self).startswith({str(store)!r}) and seen(self)
"""
    (folder / "sitecustomize.py").write_text(text, encoding="utf-8")
    return f"{folder}{os.pathsep}{ROOT}"


def other_code(folder: Path) -> Path:
    """Copy the project into a folder with one line more; returns the folder."""
    for name in ("sim", "scenarios"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", folder)
    changed = folder / "sim" / "mechanisms" / "__init__.py"
    changed.write_text(changed.read_text(encoding="utf-8") + "\n# changed\n", encoding="utf-8")
    return folder
