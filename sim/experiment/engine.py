"""Run many cells on this machine: single-worker processes, one cell at a time each.

A worker that dies blames exactly the cell it held; the cell is tried three times, then given up, and the rest goes
on. Workers leave when their driver does. On Ctrl-C everything stops at once: what workers have committed to the store
is kept. What comes back from a worker is plain text and values, never an exception object: some cannot travel.
"""

from __future__ import annotations

import os
import signal
import threading
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, replace
from multiprocessing import get_context
from typing import Any, Protocol

from sim.base.errors import ShequError, StoreError
from sim.base.text import counted, language, pick, use_language
from sim.experiment import environment

TRIES = 3
WATCH_SECONDS = 0.5
Wanted = Callable[[], bool]


@dataclass(frozen=True)
class Outcome:
    """What became of one cell: its value, or the sentence that says why there is none and the full account.

    stop: whether every other cell would end like it, as where a disk is full.
    """

    cell: Any
    value: Any = None
    error: str = ""
    account: str = ""
    stop: bool = False

    @property
    def ok(self) -> bool:
        """Whether the cell gave a value."""
        return not self.error


class Engine(Protocol):
    """What carries cells out: this machine or a cluster. workers: how many cells it does at a time, as far as known."""

    workers: int

    def run(self, task: Callable[[Any], Any], cells: Sequence[Any]) -> Iterator[Outcome]:
        """Yield an outcome per cell in the order they finish."""


class _Clock:
    """Time from when a process is ready on."""

    since = float("inf")

    def start(self, _ready: Future) -> None:
        """Begin to count."""
        self.since = time.monotonic()

    @property
    def seconds(self) -> float:
        """Return how long it has counted."""
        return max(0.0, time.monotonic() - self.since)


@dataclass(frozen=True)
class Held:
    """What a worker is busy with, and for how long."""

    executor: ProcessPoolExecutor
    cell: Any
    clock: _Clock


class LocalEngine:
    """Single-worker executors over cells.

    workers: how many processes; 1 runs in this process, without any. limit: seconds a cell may take, None for ever;
    what may have to be ended needs a process of its own, so a limit always starts one.
    """

    def __init__(self, workers: int | None = None, limit: float | None = None):
        self.workers, self.limit = workers or os.cpu_count() or 1, limit

    def run(self, task: Callable[[Any], Any], cells: Sequence[Any]) -> Iterator[Outcome]:
        """Yield an outcome per cell in the order they finish."""
        if self.limit is None and self.workers == 1:
            yield from (attempt(task, cell, language()) for cell in cells)
            return
        crew = Crew(min(self.workers, len(cells)))
        try:
            yield from crew.run(task, list(cells), self.limit)
        finally:
            crew.stop()


def attempt(task: Callable[[Any], Any], cell: Any, lang: str) -> Outcome:
    """Do one cell and return what became of it; one bad cell must not lose the others."""
    use_language(lang)
    try:
        return Outcome(cell, task(cell))
    except ShequError as error:
        stop = isinstance(error, StoreError)
        return Outcome(cell, error=str(error), account=traceback.format_exc(), stop=stop)
    except Exception as error:  # noqa: BLE001 - whatever it was, it is reported and the rest goes on
        return Outcome(cell, error=f"{type(error).__name__}: {error}", account=traceback.format_exc())


class Crew:
    """Executors and what each is busy with. They stay between runs; who makes a crew stops it."""

    def __init__(self, workers: int):
        environment.prepare()
        self.idle = [_executor() for _ in range(workers)]
        self.busy: dict[Future, Held] = {}

    def run(
        self, task: Callable[[Any], Any], cells: list[Any], limit: float | None, wanted: Wanted | None = None
    ) -> Iterator[Outcome]:
        """Yield an outcome per cell; stops without further ones once nobody wants them any more."""
        self.task, self.limit, self.wanted = task, limit, wanted
        self.tries: dict[int, int] = {}
        self.overdue: set[int] = set()
        waiting = list(reversed(cells))
        while waiting or self.busy:
            while waiting and self.idle:
                self._start(self.idle.pop(), waiting.pop())
            done, _ = wait(self.busy, self._patience(), return_when=FIRST_COMPLETED)
            if wanted is not None and not wanted():
                self.stop()
                return
            self._end_overdue()
            for future in done:
                held = self.busy.pop(future)
                outcome = self._finish(future, held)
                if outcome is None:
                    waiting.append(held.cell)
                else:
                    yield outcome

    def _start(self, executor: ProcessPoolExecutor, cell: Any) -> None:
        """Hand over a cell; a process born here never hears Ctrl-C, which is the driver's to act on."""
        clock = _Clock()
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        try:
            if self.limit is not None:
                executor.submit(_loaded).add_done_callback(clock.start)
            future = executor.submit(attempt, self.task, cell, language())
        finally:
            signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
        self.busy[future] = Held(executor, cell, clock)

    def _patience(self) -> float | None:
        """Return the seconds after which a busy cell may be overdue, or no longer wanted."""
        look = None if self.wanted is None else WATCH_SECONDS
        if self.limit is None:
            return look
        left = max(0.0, self.limit - max(held.clock.seconds for held in self.busy.values()))
        return left if look is None else min(left, look)

    def _end_overdue(self) -> None:
        for held in self.busy.values():
            if self.limit is not None and held.clock.seconds >= self.limit:
                self.overdue.add(id(held.cell))
                _kill(held.executor)

    def _finish(self, future: Future, held: Held) -> Outcome | None:
        """Return the outcome, or None where the worker died and the cell is to be tried again."""
        try:
            outcome = future.result()
        except BrokenProcessPool:
            self.idle.append(_executor())
            return self._died(held.cell)
        except Exception as error:  # noqa: BLE001 - a value that cannot travel blames its cell alone
            outcome = Outcome(
                held.cell, error=f"{type(error).__name__}: {error}", account=traceback.format_exc()
            )
        self.idle.append(held.executor)
        return replace(outcome, cell=held.cell)

    def _died(self, cell: Any) -> Outcome | None:
        if id(cell) in self.overdue:
            return Outcome(
                cell,
                error=pick(
                    counted(
                        "took longer than {limit} second",
                        "took longer than {limit} seconds",
                        limit=self.limit,
                    )
                ),
            )
        self.tries[id(cell)] = self.tries.get(id(cell), 0) + 1
        if self.tries[id(cell)] < TRIES:
            return None
        return Outcome(
            cell,
            error=pick(
                counted(
                    "its process died {n} time; is there enough memory?",
                    "its process died {n} times; is there enough memory?",
                    n=TRIES,
                )
            ),
        )

    def stop(self) -> None:
        """End every worker now."""
        for executor in [*self.idle, *(held.executor for held in self.busy.values())]:
            _kill(executor)
            executor.shutdown(wait=False, cancel_futures=True)


def _loaded() -> None:
    """Load the model: what a process needs before its first cell is not the cell's time."""
    import sim.model  # noqa: F401


def _kill(executor: ProcessPoolExecutor) -> None:
    for process in list((getattr(executor, "_processes", None) or {}).values()):
        process.kill()


def _executor() -> ProcessPoolExecutor:
    return ProcessPoolExecutor(
        1, mp_context=get_context("spawn"), initializer=_begin_worker, initargs=(os.getpid(),)
    )


def _begin_worker(driver: int) -> None:
    """Leave when the driver is gone."""

    def watch() -> None:
        while os.getppid() == driver:
            time.sleep(WATCH_SECONDS)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()
