"""Run every benchmark and write docs/benchmarks.md: figures with the machine and the versions they were taken on.

python experiments/benchmarks/run_all.py
"""

from __future__ import annotations

import os
import platform
import subprocess
import sys
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

HERE = Path(__file__).resolve().parent
PAGE = HERE.parent.parent / "docs" / "benchmarks.md"
SCRIPTS = ("residents_and_mesa.py", "whole_model.py", "service_loop.py", "interactive.py", "dashboard.py")
HEAD = """\
# Benchmarks

Made by `make bench` on {day}: {cpu}, {cores} cores; Python {python}, {versions}. Times on a shared machine move by a
third; ratios, taken side by side in one run, hardly. None of them is ever asserted in a test.
"""


def cpu() -> str:
    """Return the processor's name."""
    info = Path("/proc/cpuinfo")
    lines = info.read_text(encoding="utf-8").splitlines() if info.exists() else []
    return next(
        (line.split(":")[1].strip() for line in lines if line.startswith("model name")), platform.processor()
    )


def section(script: str) -> str:
    """Run one benchmark; returns what it printed, tables of plain text as a block of code, or why there is nothing."""
    done = subprocess.run([sys.executable, str(HERE / script)], capture_output=True, text=True, check=False)
    text = done.stdout.strip()
    if done.returncode:
        why = (done.stderr.strip().splitlines() or ["no word"])[-1]
        return f"### {script}\n\nNot measured in this run: {why}"
    return text if text.startswith("#") else f"### {script}\n\n```\n{text}\n```"


def main() -> None:
    """Write the page."""
    names = ("mesa", "numba", "numpy", "polars")
    head = HEAD.format(
        day=datetime.now(UTC).date().isoformat(), cpu=cpu(), cores=os.cpu_count(),
        python=platform.python_version(), versions=", ".join(f"{name} {version(name)}" for name in names),
    )  # fmt: skip
    parts = [head]
    for script in SCRIPTS:
        print(f"== {script}", flush=True)
        parts.append(section(script))
    PAGE.write_text("\n\n".join(parts) + "\n", encoding="utf-8")
    print(PAGE)


if __name__ == "__main__":
    main()
