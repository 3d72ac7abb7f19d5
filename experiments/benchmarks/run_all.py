"""Run every benchmark and write docs/benchmarks.md: figures with the machine and the versions they were taken on.

    python experiments/benchmarks/run_all.py [--only NAME ...] [--short]

What was measured is kept a file each under runs/benchmarks; --only measures these anew and takes the others from there.
--short leaves out ten million residents and how often previews agree (an hour of two cores between them).
"""

from __future__ import annotations

import argparse
import os
import platform
import subprocess
import sys
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

HERE = Path(__file__).resolve().parent
PAGE = HERE.parent.parent / "docs" / "benchmarks.md"
KEPT = Path("runs") / "benchmarks"
SCRIPTS: dict[str, tuple[str, ...]] = {
    "residents_and_mesa": (),
    "whole_model": ("--most", "10000000", "--months", "60"),
    "service_loop": (),
    "interactive": (),
    "dashboard": (),
    "preview_agreement": (),
}
SHORT = {"whole_model": ("--most", "1000000", "--months", "60"), "preview_agreement": None}
HEAD = """\
# Benchmarks

Made by `make bench` on {day}: {cpu}, {cores} cores, load {load:.0f}; Python {python}, {versions}.

A load above the number of cores means that others worked on the machine: times are then longer by as much, ratios taken
side by side in one run hardly differ. None of them is ever asserted in a test.
"""


def cpu() -> str:
    """Return the processor's name."""
    info = Path("/proc/cpuinfo")
    lines = info.read_text(encoding="utf-8").splitlines() if info.exists() else []
    return next(
        (line.split(":")[1].strip() for line in lines if line.startswith("model name")), platform.processor()
    )


def section(script: str, arguments: tuple[str, ...]) -> str:
    """Run one benchmark; returns what it printed, tables of plain text as a block of code, or why there is nothing."""
    command = [sys.executable, str(HERE / f"{script}.py"), *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    text = done.stdout.strip()
    if done.returncode:
        why = (done.stderr.strip().splitlines() or ["no word"])[-1]
        return f"### {script}\n\nNot measured in this run: {why}"
    return text if text.startswith("#") else f"### {script}\n\n```\n{text}\n```"


def main() -> None:
    """Measure what is asked for and write the page of all that is known."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--only", nargs="*", default=list(SCRIPTS), choices=list(SCRIPTS))
    parser.add_argument("--short", action="store_true")
    asked = parser.parse_args()
    KEPT.mkdir(parents=True, exist_ok=True)
    names = ("mesa", "numba", "numpy", "polars")
    head = HEAD.format(
        load=os.getloadavg()[0], day=datetime.now(UTC).date().isoformat(), cpu=cpu(), cores=os.cpu_count(),
        python=platform.python_version(), versions=", ".join(f"{name} {version(name)}" for name in names),
    )  # fmt: skip
    for script in asked.only:
        arguments = (SCRIPTS | SHORT if asked.short else SCRIPTS)[script]
        if arguments is not None:
            print(f"== {script}", flush=True)
            (KEPT / f"{script}.md").write_text(section(script, arguments) + "\n", encoding="utf-8")
    found = [KEPT / f"{script}.md" for script in SCRIPTS]
    parts = [head, *(path.read_text(encoding="utf-8").strip() for path in found if path.exists())]
    PAGE.write_text("\n\n".join(parts) + "\n", encoding="utf-8")
    print(PAGE)


if __name__ == "__main__":
    main()
