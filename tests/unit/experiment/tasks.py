"""Tasks that worker processes can be given: good, failing, dying, slow."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

from sim.base.errors import Problem, ScenarioError
from sim.base.text import counted


def square(x: int) -> int:
    """Return the square."""
    return x * x


def fail_on_three(x: int) -> int:
    """Raise for three."""
    if x == 3:
        raise ValueError("three is not liked")
    return x


def refuse(x: int) -> int:
    """Raise an error whose object cannot travel between processes."""
    raise ScenarioError([Problem(None, "", counted("{n} problem found", "{n} problems found", n=x))])


def die_on_three(cell: tuple[int, str]) -> int:
    """Kill the worker for three and leave a mark for each attempt."""
    x, folder = cell
    if x == 3:
        (Path(folder) / str(time.monotonic_ns())).touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return x


def sleep_on_three(x: int) -> int:
    """Take very long for three."""
    if x == 3:
        time.sleep(600)
    return x


def mark_and_sleep(folder: str) -> None:
    """Write down the process and wait."""
    (Path(folder) / str(os.getpid())).touch()
    time.sleep(600)


def process_of(_x: int) -> int:
    """Return the number of the process that does this."""
    return os.getpid()
