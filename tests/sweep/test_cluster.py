"""A real Dask cluster on this machine: the same cells as one process gives, whatever is killed meanwhile."""

from __future__ import annotations

import os
import signal
import socket
import sys
from pathlib import Path

import pytest

from sim.experiment.calibrate_runs import run_stage
from sim.results.store import RunFolder
from tests.sweep.processes import (
    DRIVEN,
    ROOT,
    SHEQU,
    Command,
    blind,
    comes,
    hung,
    is_alive,
    other_code,
    other_version,
    parts,
    sweep,
)  # fmt: skip
from tests.sweep.tiny import ROWS, cells, in_parts, written

pytest.importorskip("distributed")
DASK = [sys.executable, "-m", "dask"]


class Cluster:
    """A scheduler and its workers, each in processes of its own."""

    def __init__(self, place: Path):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.address = f"tcp://127.0.0.1:{free.getsockname()[1]}"
        self.place, self.workers = place, []
        where = ["--host", "127.0.0.1", "--port", self.address.rpartition(":")[2], "--no-dashboard"]
        self.scheduler = _started([*DASK, "scheduler", *where], place)

    def add(self, name: str, root: Path | str = ROOT) -> None:
        """Start a worker with the code of a folder."""
        where = ["--host", "127.0.0.1", "--nworkers", "1", "--nthreads", "1", "--no-dashboard"]
        end = ["--local-directory", str(self.place / name), "--death-timeout", "60", "--name", name]
        self.workers.append(_started([*DASK, "worker", self.address, *where, *end], self.place, root))

    def stop(self) -> None:
        """End workers, then the scheduler."""
        for one in [*self.workers, self.scheduler]:
            for pid in one.alive():
                os.kill(pid, signal.SIGKILL)
            one.end()


def _started(words: list[str], place: Path, root: Path | str = ROOT) -> Command:
    place.mkdir(exist_ok=True)
    return Command(words, place, root)


@pytest.fixture
def cluster(tmp_path):
    """A scheduler without workers."""
    made = Cluster(tmp_path / "cluster")
    yield made
    made.stop()


@pytest.fixture(scope="module")
def two(tmp_path_factory):
    """A scheduler with two workers, for tests that leave them as they were."""
    made = Cluster(tmp_path_factory.mktemp("two"))
    made.add("a")
    made.add("b")
    yield made
    made.stop()


def on(cluster: Cluster, here: Path, *more: str, words: list[str] = SHEQU) -> Command:
    """Start the sweep on the cluster."""
    return sweep(here, "--cluster", cluster.address, *more, words=words)


def goes_on(cluster: Cluster, here: Path, whole_cells: dict) -> None:
    """Run the same sweep on the same cluster to its end: as if nothing had happened."""
    code, said = on(cluster, here).end()
    assert code == 0, said[-2000:]
    assert cells(here / "out") == whole_cells


def test_a_cluster_gives_what_one_process_gives(here, whole_cells, two):
    """Two workers on a cluster write the same values and digests, to the bit, each once."""
    code, said = on(two, here).end()
    assert code == 0, said[-2000:]
    assert cells(here / "out") == whole_cells


def test_a_worker_killed_in_the_middle_costs_only_time(here, whole_cells, cluster):
    """A worker process that is killed is started again or done without; the cells are the same."""
    cluster.add("a")
    cluster.add("b")
    running = on(cluster, here)
    assert comes(lambda: parts(here / "out"))
    for pid in cluster.workers[0].alive():
        os.kill(pid, signal.SIGKILL)
    code, said = running.end()
    assert code == 0, said[-2000:]
    assert cells(here / "out") == whole_cells


def test_a_scheduler_killed_in_the_middle_is_said_and_this_machine_goes_on(here, whole_cells, cluster):
    """Where the scheduler is lost the command ends with a sentence; the same sweep ends here with the same cells."""
    cluster.add("a")
    running = on(cluster, here)
    assert comes(lambda: parts(here / "out"))
    for pid in cluster.scheduler.alive():
        os.kill(pid, signal.SIGKILL)
    code, said = running.end()
    assert code == 1, said[-2000:]
    assert "is gone" in said
    assert "Traceback" not in said
    code, said = sweep(here).end()
    assert code == 0, said[-2000:]
    assert cells(here / "out") == whole_cells


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT], ids=lambda s: s.name)
def test_a_driver_stopped_on_a_cluster_leaves_nothing_running(here, whole_cells, cluster, how):
    """Stopped while a worker is at a run that never ends, however: that run ends too, and the same command goes on."""
    cluster.add("a")
    cluster.add("b")
    driver = on(cluster, here, words=[*DRIVEN, "hanging"])
    assert comes(lambda: hung(here) and parts(here / "out"))
    os.killpg(driver.process.pid, how)
    code, said = driver.end()
    assert code == (130 if how == signal.SIGINT else -how), said[-2000:]
    assert "Traceback" not in said
    assert how != signal.SIGINT or "same command goes on" in said
    assert comes(lambda: not any(map(is_alive, hung(here))), 60)
    assert comes(lambda: not driver.alive(), 30), driver.alive()
    assert 0 < len(cells(here / "out")) < len(whole_cells)
    goes_on(cluster, here, whole_cells)


def test_a_poison_run_on_a_cluster_is_named_and_the_rest_is_there(here, whole_cells, cluster):
    """A run that kills its process each time is given up and named alone, not what waited behind it."""
    cluster.add("a")
    code, said = on(cluster, here, words=[*DRIVEN, "poisoned"]).end()
    assert code == 1, said[-2000:]
    assert said.count("died 3 times") == 1
    assert "Traceback" not in said
    assert len({key for key, *_ in cells(here / "out")}) == ROWS - 1
    goes_on(cluster, here, whole_cells)


def test_a_hanging_run_on_a_cluster_is_ended_and_named(here, whole_cells, cluster):
    """A run that never ends is ended on its worker when its time is up, while others finish; the worker goes on."""
    cluster.add("a")
    cluster.add("b")
    code, said = on(cluster, here, "--limit", "40", words=[*DRIVEN, "hanging"]).end()
    assert code == 1, said[-2000:]
    assert said.count("took longer than 40") == 1
    assert "Traceback" not in said
    assert len({key for key, *_ in cells(here / "out")}) == ROWS - 1
    assert hung(here)
    assert not any(map(is_alive, hung(here)))
    goes_on(cluster, here, whole_cells)


def test_a_worker_with_other_versions_is_refused(here, cluster):
    """A worker with another numba than the driver's is named, with what differs; nothing is run."""
    cluster.add("a", other_version(here / "other"))
    code, said = on(cluster, here).end()
    assert code == 1, said[-2000:]
    assert "differs from this machine in: numba" in said
    assert "Traceback" not in said
    assert not parts(here / "out")


def test_a_worker_with_other_code_is_refused(here, cluster):
    """A worker whose code differs from the driver's is named, with what differs; nothing is run."""
    cluster.add("a", other_code(here / "other"))
    code, said = on(cluster, here).end()
    assert code == 1, said[-2000:]
    assert "differs from this machine in: code" in said
    assert "Traceback" not in said
    assert not parts(here / "out")


def test_a_worker_that_does_not_see_the_store_is_refused(here, cluster):
    """A worker for which the folder of the store is another is named; nothing is run."""
    store = here / "out"
    store.mkdir()
    cluster.add("a", blind(here / "blind", store))
    code, said = on(cluster, here).end()
    assert code == 1, said[-2000:]
    assert "folder of the store" in said
    assert "Traceback" not in said
    assert not parts(store)


def committed(folder: Path) -> dict[str, bytes]:
    """Return every committed part of a run folder, and what it says of itself but how long it took."""
    kept = {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*.parquet"))}
    manifest = {k: v for k, v in RunFolder(folder).manifest().items() if k not in ("seconds", "started")}
    return kept | {"manifest": repr(manifest).encode()}


def test_a_comparison_is_the_same_alone_in_processes_and_on_a_cluster(here, two):
    """`compare` commits the same tables, to the bit, whoever runs its pairs; so do single pairs in this process."""
    ways = {"alone": ["--workers", "1"], "two": ["--workers", "2"], "there": ["--cluster", two.address]}
    for name, way in ways.items():
        words = ["compare", "hamlet.yaml", "--with", "guarded", "--pairs", "3", "--out", name, *way]
        code, said = Command([*SHEQU, *words], here).end()
        assert code == 0, said[-2000:]
    alone, both, there = (committed(here / name) for name in ways)
    assert len(RunFolder(here / "alone").pairs_done()) == 3
    assert alone.keys() == both.keys() == there.keys()
    assert [name for name in alone if not alone[name] == both[name] == there[name]] == []


COMMANDS = {
    "attribute": ["analyse", "attribute", "parts.yaml", "--pairs", "2"],
    "break-even": ["analyse", "break-even", "parts.yaml", "tasks.growth", "--pairs", "2"],
    "drift": ["check", "hamlet.yaml", "--drift"],
    "validate": ["validate", "--samples", "2", "--only", "F14", "--fresh", "--out", "facts"],
}


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_of_many_worlds_is_the_same_on_a_cluster(here, two, command):
    """What a command says and every part it commits are the same, to the bit, in one process here and on a cluster."""
    ways, found = {"alone": ["--workers", "1"], "there": ["--cluster", two.address]}, []
    for name, way in ways.items():
        place = here / name
        place.mkdir()
        written(place)
        in_parts(place)
        code, said = Command([*SHEQU, *COMMANDS[command], *way], place).end()
        assert code == 0, said[-2000:]
        kept = {str(p.relative_to(place)): p.read_bytes() for p in sorted(place.rglob("pair-*.parquet"))}
        found.append((kept, [line for line in said.splitlines() if "/" not in line]))
    assert found[0][0]
    assert found[0] == found[1]


def test_an_estimate_counts_the_clusters_cores(here, two):
    """What a sweep would take on a cluster is reckoned with as many cores as its workers have."""
    code, said = on(two, here, "--dry-run").end()
    assert (code, "on 2 cores about" in said, parts(here / "out")) == (0, True, []), said


def test_a_stage_of_a_calibration_is_the_same_on_a_cluster(tmp_path, two):
    """The runs that a calibration fits from give the same figures, to the bit, here and on a cluster."""
    here, there = (
        run_stage("luck", [{}, {"stocks.drift": 0.05}], [1, 2], 1, tmp_path / name, way)
        for name, way in {"alone": 1, "there": two.address}.items()
    )
    assert [len(found) > 10 for found in here] == [True, True]
    assert repr(here) == repr(there)


def test_an_address_where_nothing_answers_is_named(here):
    """Without a scheduler the command ends with the address."""
    code, said = sweep(here, "--cluster", "tcp://127.0.0.1:1").end()
    assert (code, "no scheduler answers" in said, "Traceback" in said) == (1, True, False), said
