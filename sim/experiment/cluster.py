"""Run many cells on a Dask cluster: real `dask scheduler` and `dask worker` processes, here or elsewhere.

A worker does a cell in a process of its own, as this machine does: one that kills or hangs costs itself and is named,
while Dask would blame all that waited on the same worker. It writes its parts into the store itself and returns a few
words. What a driver that is gone had asked for is ended. Only a window of cells is handed over at a time. Before
anything runs every worker must have our code, our versions and see the store. A scheduler that is lost ends the command
with a sentence; the same command goes on.
"""

from __future__ import annotations

import logging
import multiprocessing
import secrets
import socket
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path
from typing import Any

from sim.base.errors import ShequError
from sim.base.text import Message, counted, language, pick, say, use_language
from sim.experiment import environment
from sim.experiment.engine import TRIES, Crew, Outcome, Wanted

WAIT_SECONDS, WINDOW = 30, 2
TOKEN = ".token"  # noqa: S105 - a file's name


def facts(store: str, token: str) -> dict[str, str]:
    """Return what must be alike on the driver and every worker: code, versions, and whether the store is the same."""
    environment.prepare()
    seen = Path(store) / TOKEN
    return {
        "code": environment.source_hash(),
        "python": ".".join(map(str, sys.version_info[:2])),
        "numpy": version("numpy"),
        "numba": version("numba"),
        "store": "here" if seen.is_file() and seen.read_text(encoding="utf-8") == token else "elsewhere",
    }


@dataclass(frozen=True)
class Terms:
    """What a driver asks of workers. wanted: the facts that must hold there; limit: seconds a cell may take."""

    lang: str
    store: str
    token: str
    wanted: dict[str, str]
    limit: float | None


def attempt_there(task: Callable[[Any], Any], cell: Any, terms: Terms) -> Outcome:
    """Do one cell on a worker, which may have joined after the others were asked: one that differs does nothing."""
    use_language(terms.lang)
    what = differing(socket.gethostname(), terms.wanted, facts(terms.store, terms.token))
    if what is not None:
        return Outcome(cell, error=what.render(terms.lang), stop=True)
    found = list(_crew().run(task, [cell], terms.limit, _wanted()))
    if found:
        return replace(found[0], cell=None)
    del _OWN.crew  # stopped, and nobody reads this
    return Outcome(None, error="-")


_OWN = threading.local()


def _crew() -> Crew:
    """Return the process in which this thread of a worker does its cells; it lives as long as the worker does."""
    if not hasattr(_OWN, "crew"):
        multiprocessing.current_process().daemon = (
            False  # Dask's nanny starts workers as such: they may have no child
        )
        _OWN.crew = Crew(1)
    return _OWN.crew


def _wanted() -> Wanted:
    """Return what tells whether anybody waits for the cell at hand: a driver that has gone away does not."""
    from distributed import get_worker

    worker = get_worker()
    key = worker.get_current_task()

    def wanted() -> bool:
        task = worker.state.tasks.get(key)
        return task is not None and task.state == "executing"

    return wanted


def differing(worker: str, wanted: dict[str, str], found: dict[str, str]) -> Message | None:
    """Return in what a worker differs from the driver, None where in nothing."""
    other = [pick(NAMES[name]) for name in wanted if found.get(name) != wanted[name]]
    if not other:
        return None
    return say("worker {worker} differs from this machine in: {what}", worker=worker, what=", ".join(other))


NAMES = {
    "code": say("code"), "python": say("Python"), "numpy": say("numpy"), "numba": say("numba"),
    "store": say("folder of the store"),
}  # fmt: skip


class ClusterEngine:
    """A Dask cluster over cells. address: of its scheduler; store: the folder that workers write to."""

    def __init__(self, address: str, store: Path, limit: float | None = None):
        self.address, self.store, self.limit = address, store, limit
        self.workers = WINDOW

    def run(self, task: Callable[[Any], Any], cells: Sequence[Any]) -> Iterator[Outcome]:
        """Yield an outcome per cell in the order they finish."""
        if not cells:
            return
        client = _client(self.address)
        try:
            self._check(client)
            yield from self._work(client, task, list(cells))
        finally:
            client.close(timeout=5)

    def _check(self, client: Any) -> None:
        """Refuse workers that run other code or versions, or that do not see the store."""
        _await_workers(client, self.address)
        token = secrets.token_hex(8)
        self.store.mkdir(parents=True, exist_ok=True)
        (self.store / TOKEN).write_text(token, encoding="utf-8")
        self.mine = mine = facts(str(self.store.resolve()), token)
        self.token = token
        try:
            theirs = client.run(facts, str(self.store.resolve()), token)
        except Exception as error:
            why = f"{type(error).__name__}: {error}"
            raise ShequError(say("a worker cannot run this project: {why}", why=why)) from error
        for worker, found in theirs.items():
            what = differing(worker, mine, found)
            if what is not None:
                raise ShequError(what)

    def _work(self, client: Any, task: Callable[[Any], Any], cells: list[Any]) -> Iterator[Outcome]:
        from distributed import as_completed
        from distributed.client import FutureCancelledError

        waiting = list(reversed(cells))
        tries: dict[int, int] = {}
        busy: dict[Any, Any] = {}
        stream = as_completed(loop=client.loop)
        while waiting or busy:
            try:
                self._fill(client, task, waiting, busy, stream)
                future = self._next(stream)
                cell = busy.pop(future)
                outcome = self._outcome(future, cell)
                future.release()
            except (FutureCancelledError, OSError) as error:
                raise self._lost() from error
            tries[id(cell)] = tries.get(id(cell), 0) + 1
            if outcome is not None:
                yield outcome
            elif tries[id(cell)] < TRIES:
                waiting.append(cell)
            else:
                yield Outcome(
                    cell,
                    error=pick(
                        counted(
                            "its worker died {n} time; is there enough memory?",
                            "its worker died {n} times; is there enough memory?",
                            n=TRIES,
                        )
                    ),
                )

    def _fill(
        self, client: Any, task: Callable, waiting: list[Any], busy: dict[Any, Any], stream: Any
    ) -> None:
        """Hand over cells until each thread of the cluster, of late workers as well, has one to do and one to come."""
        window = WINDOW * max(sum(client.nthreads().values()), 1)
        terms = Terms(language(), str(self.store.resolve()), self.token, self.mine, self.limit)
        while waiting and len(busy) < window:
            cell = waiting.pop()
            future = client.submit(attempt_there, task, cell, terms, pure=False, retries=0)
            busy[future] = cell
            stream.add(future)

    def _outcome(self, future: Any, cell: Any) -> Outcome | None:
        """Return what became of a cell, None where its worker died; raises OSError where the cluster is lost."""
        from distributed import KilledWorker
        from distributed.client import FutureCancelledError

        try:
            return replace(future.result(), cell=cell)
        except (FutureCancelledError, OSError):
            raise
        except KilledWorker:
            return None
        except Exception as error:  # noqa: BLE001 - a value that cannot travel blames its cell alone
            return Outcome(cell, error=f"{type(error).__name__}: {error}")

    def _next(self, stream: Any) -> Any:
        """Return the next future that is done; raises where the cluster is lost."""
        try:
            return next(iter(stream))
        except StopIteration as error:
            raise self._lost() from error

    def _lost(self) -> ShequError:
        return ShequError(
            say(
                "the scheduler at {address} is gone; what was finished is kept, the same command goes on",
                address=self.address,
            )
        )


def cores_of(address: str) -> int:
    """Return how many cells a cluster does at a time; raises ShequError where there is none or it has no workers."""
    client = _client(address)
    try:
        _await_workers(client, address)
        return sum(client.nthreads().values())
    finally:
        client.close(timeout=5)


def _client(address: str) -> Any:
    """Return a connection to a scheduler; raises ShequError where none answers."""
    from distributed import Client

    try:
        _hush()
        return Client(address, timeout=WAIT_SECONDS, set_as_default=False)
    except (OSError, ValueError, TimeoutError) as error:
        raise ShequError(say("no scheduler answers at {address}", address=address)) from error


def _await_workers(client: Any, address: str) -> None:
    """Wait for a worker to be there; raises ShequError where none comes."""
    try:
        client.wait_for_workers(1, timeout=WAIT_SECONDS)
    except TimeoutError as error:
        raise ShequError(say("the scheduler at {address} has no workers", address=address)) from error


def _hush() -> None:
    """Keep Dask's own account of what is lost to itself: it is said here, in a sentence."""
    for name in [*logging.root.manager.loggerDict, "asyncio", "tornado.application"]:
        if name.partition(".")[0] in ("distributed", "asyncio", "tornado"):
            logging.getLogger(name).setLevel(logging.CRITICAL + 1)
