"""Run many cells on this machine: single-worker processes, one cell at a time each.

A worker that dies blames exactly the cell it held; the cell is tried three times, then marked as crashed, and the
rest goes on. Workers leave when their driver does. On Ctrl-C everything stops at once: what workers have committed
to the store is kept.
"""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from multiprocessing import get_context
from typing import Any

from sim.experiment import environment

TRIES = 3
WATCH_SECONDS = 0.5


@dataclass(frozen=True)
class Outcome:
    """What became of one cell: its value, or the sentence that says why there is none."""

    cell: Any
    value: Any = None
    error: str = ""

    @property
    def ok(self) -> bool:
        """Whether the cell gave a value."""
        return not self.error


class LocalEngine:
    """Single-worker executors over cells. workers: how many processes; 1 runs in this process, without any."""

    def __init__(self, workers: int | None = None):
        self.workers = workers or os.cpu_count() or 1

    def run(self, task: Callable[[Any], Any], cells: Sequence[Any]) -> Iterator[Outcome]:
        """Yield an outcome per cell in the order they finish."""
        if self.workers == 1 or len(cells) <= 1:
            yield from (_here(task, cell) for cell in cells)
            return
        yield from _Crew(min(self.workers, len(cells)), task).run(list(cells))


class _Crew:
    """The executors of one run and what each is busy with."""

    def __init__(self, workers: int, task: Callable[[Any], Any]):
        environment.prepare()
        self.task = task
        self.idle = [_executor() for _ in range(workers)]
        self.busy: dict[Future, tuple[ProcessPoolExecutor, Any]] = {}
        self.tries: dict[int, int] = {}

    def run(self, cells: list[Any]) -> Iterator[Outcome]:
        waiting = list(reversed(cells))
        try:
            while waiting or self.busy:
                while waiting and self.idle:
                    self._start(self.idle.pop(), waiting.pop())
                done, _ = wait(self.busy, return_when=FIRST_COMPLETED)
                for future in done:
                    executor, cell = self.busy.pop(future)
                    outcome = self._finish(future, executor, cell)
                    if outcome is None:
                        waiting.append(cell)
                    else:
                        yield outcome
        finally:
            self.stop()

    def _start(self, executor: ProcessPoolExecutor, cell: Any) -> None:
        self.busy[executor.submit(self.task, cell)] = (executor, cell)

    def _finish(self, future: Future, executor: ProcessPoolExecutor, cell: Any) -> Outcome | None:
        """Return the outcome, or None where the worker died and the cell is to be tried again."""
        try:
            value = future.result()
        except BrokenProcessPool:
            self.idle.append(_executor())
            self.tries[id(cell)] = self.tries.get(id(cell), 0) + 1
            return Outcome(cell, error="worker died three times") if self.tries[id(cell)] >= TRIES else None
        except Exception as error:  # noqa: BLE001 - one bad cell must not lose the others; the sentence is kept
            self.idle.append(executor)
            return Outcome(cell, error=f"{type(error).__name__}: {error}")
        self.idle.append(executor)
        return Outcome(cell, value)

    def stop(self) -> None:
        """End every worker now."""
        for executor in [*self.idle, *(e for e, _ in self.busy.values())]:
            for process in list((getattr(executor, "_processes", None) or {}).values()):
                process.kill()
            executor.shutdown(wait=False, cancel_futures=True)


def _here(task: Callable[[Any], Any], cell: Any) -> Outcome:
    try:
        return Outcome(cell, task(cell))
    except Exception as error:  # noqa: BLE001 - as in the processes: one bad cell must not lose the others
        return Outcome(cell, error=f"{type(error).__name__}: {error}")


def _executor() -> ProcessPoolExecutor:
    return ProcessPoolExecutor(
        1, mp_context=get_context("spawn"), initializer=_begin_worker, initargs=(os.getpid(),)
    )


def _begin_worker(driver: int) -> None:
    """Leave Ctrl-C to the driver, and leave when the driver is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)

    def watch() -> None:
        while os.getppid() == driver:
            time.sleep(WATCH_SECONDS)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()
