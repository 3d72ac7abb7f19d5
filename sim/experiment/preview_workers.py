"""Previews in processes of their own, one a seed, kept warm: pairs run side by side and the page stays quick.

A worker keeps the worlds of its seed (`preview.py`). One look runs at a time; a look that is no longer wanted ends
within a month. Workers leave when their driver does; one that died is replaced at the next look.
"""

from __future__ import annotations

import os
import signal
import threading
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing import get_context, parent_process
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

from sim.base.errors import RunError
from sim.base.text import say
from sim.experiment import environment
from sim.experiment.preview import MONTHS, SEEDS, Glance, Pair, Previews, Stopped, glances
from sim.scenario.resolved import ResolvedScenario

POLL_SECONDS = 0.02
SEEN, STOPPED, FAILED = "seen", "stopped", "failed"


@dataclass
class Worker:
    """A process that looks under one seed, and the way to it."""

    process: BaseProcess
    way: Connection


class PreviewWorkers:
    """Previews of a server, one at a time, a process a seed."""

    def __init__(self, months: int = MONTHS, seeds: tuple[int, ...] = SEEDS):
        self.months, self.seeds = months, seeds
        self.lock = threading.Lock()
        self.workers: list[Worker] = []
        self.context = get_context("spawn")
        self.stop = self.context.Value("b", 0)

    def look(self, twin: ResolvedScenario, is_wanted: Callable[[], bool] = lambda: True) -> list[Glance]:
        """Return a twin's primary outcomes; raises Stopped where they are no longer wanted, RunError where a process
        failed.
        """
        with self.lock:
            if not is_wanted():
                raise Stopped
            self._start()
            self.stop.value = 0
            if is_compiled():
                answers = self._ask(self.workers, twin, is_wanted)
            else:  # once per version of the code: what the first one compiles the others read
                answers = [a for worker in self.workers for a in self._ask([worker], twin, is_wanted)]
        for kind, what in answers:
            if kind == FAILED:
                raise RunError(say("the preview failed: {why}", why=what))
        if any(kind == STOPPED for kind, _ in answers):
            raise Stopped
        return glances(twin, [pair for _, pair in answers])

    def _ask(
        self, workers: list[Worker], twin: ResolvedScenario, is_wanted: Callable[[], bool]
    ) -> list[tuple[str, Any]]:
        for worker in workers:
            worker.way.send(twin)
        return [self._answer(worker, is_wanted) for worker in workers]

    def _start(self) -> None:
        """Start the workers that are not there; all anew where one died, whose answers nobody waits for any more."""
        if len(self.workers) == len(self.seeds) and all(w.process.is_alive() for w in self.workers):
            return
        self.end()
        environment.prepare()
        self.workers = [self._worker(seed) for seed in self.seeds]

    def _worker(self, seed: int) -> Worker:
        ours, theirs = self.context.Pipe()
        words = (theirs, self.stop, seed, self.months)
        process = self.context.Process(target=work, args=words, daemon=True, name=f"preview-{seed}")
        process.start()
        theirs.close()
        return Worker(process, ours)

    def _answer(self, worker: Worker, is_wanted: Callable[[], bool]) -> tuple[str, Any]:
        try:
            while not worker.way.poll(POLL_SECONDS):
                if not is_wanted():
                    self.stop.value = 1
            return worker.way.recv()
        except (EOFError, OSError):
            return FAILED, str(worker.process.exitcode)

    def end(self) -> None:
        """End the workers."""
        for worker in self.workers:
            worker.process.kill()
            worker.process.join()
            worker.way.close()
        self.workers = []


def is_compiled() -> bool:
    """Return whether this version of the code has been compiled on this machine."""
    folder = os.environ.get("NUMBA_CACHE_DIR")
    return folder is not None and any(Path(folder).rglob("*.nbi"))


def work(way: Connection, stop: Any, seed: int, months: int) -> None:
    """Look at what comes, under one seed, until the driver goes."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_leave_with_driver, daemon=True).start()
    previews = Previews(months=months, seeds=(seed,), folder=environment.cache_folder() / "worlds")
    while True:
        try:
            twin = way.recv()
        except EOFError:
            return
        way.send(_look(previews, twin, seed, lambda: not stop.value))


def _look(
    previews: Previews, twin: ResolvedScenario, seed: int, is_wanted: Callable[[], bool]
) -> tuple[str, Pair | str | None]:
    """Return what was seen, that it was stopped, or what went wrong as text: not every exception can travel."""
    try:
        return SEEN, previews.pair(twin, seed, is_wanted)
    except Stopped:
        return STOPPED, None
    except Exception:  # noqa: BLE001 - whatever happens here is said on the page, and the worker stays
        return FAILED, traceback.format_exc().strip().splitlines()[-1]


def _leave_with_driver() -> None:
    driver = parent_process()
    if driver is not None:
        driver.join()
        os._exit(0)
