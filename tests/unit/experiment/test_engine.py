"""Workers: one bad cell costs itself, and nobody outlives the driver."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from sim.base.text import use_language
from sim.experiment.engine import TRIES, LocalEngine
from sim.experiment.engines import engine_for

from .tasks import die_on_three, fail_on_three, process_of, refuse, sleep_on_three, square

REPOSITORY = Path(__file__).resolve().parents[3]


def values(outcomes) -> dict:
    """Return cell -> value of the cells that gave one."""
    return {outcome.cell: outcome.value for outcome in outcomes if outcome.ok}


@pytest.mark.parametrize("workers", [1, 2])
def test_every_cell_gives_its_value(workers):
    """One worker in this process and two of their own give the same."""
    assert values(LocalEngine(workers).run(square, range(6))) == {x: x * x for x in range(6)}


@pytest.mark.parametrize("workers", [1, 2])
def test_a_cell_that_raises_costs_itself_only(workers):
    """The sentence and the full account of a failure come back; the other cells give their values."""
    found = list(LocalEngine(workers).run(fail_on_three, range(5)))
    bad = next(outcome for outcome in found if not outcome.ok)

    assert values(found) == {0: 0, 1: 1, 2: 2, 4: 4}
    assert (bad.cell, bad.error) == (3, "ValueError: three is not liked")
    assert "fail_on_three" in bad.account


def test_an_error_that_cannot_travel_comes_back_as_a_sentence_in_the_readers_language():
    """Errors of bad input reach the reader from a worker in the language in force."""
    use_language("zh")
    found = list(LocalEngine(2).run(refuse, [7, 8]))

    assert [o.ok for o in found] == [False, False]
    assert sorted(o.error for o in found) == ["发现7个问题", "发现8个问题"]


def test_a_cell_that_kills_its_worker_is_tried_three_times_and_given_up(tmp_path):
    """A dying worker blames exactly the cell it held; all others finish once."""
    found = list(LocalEngine(2).run(die_on_three, [(x, str(tmp_path)) for x in range(5)]))
    bad = [outcome for outcome in found if not outcome.ok]

    assert [outcome.cell[0] for outcome in bad] == [3]
    assert "died 3 times" in bad[0].error
    assert len(list(tmp_path.iterdir())) == TRIES
    assert len(found) == 5


def test_a_cell_over_its_time_limit_is_ended():
    """A cell that takes too long is given up at once, and the others give their values."""
    found = list(LocalEngine(2, limit=25).run(sleep_on_three, range(5)))

    assert values(found) == {0: 0, 1: 1, 2: 2, 4: 4}
    assert [o.error for o in found if not o.ok] == ["took longer than 25 seconds"]


DRIVER = """
import sys
from tests.unit.experiment.tasks import mark_and_sleep
from sim.experiment.engine import LocalEngine
if __name__ == "__main__":
    try:
        list(LocalEngine(2).run(mark_and_sleep, [sys.argv[1]] * 4))
    except KeyboardInterrupt:
        sys.exit(130)
"""


def started_driver(tmp_path) -> tuple[subprocess.Popen, list[int]]:
    """Return a driver with two busy workers in a process group of its own, and the workers' process numbers."""
    script, marks = tmp_path / "driver.py", tmp_path / "marks"
    script.write_text(DRIVER)
    marks.mkdir()
    driver = subprocess.Popen(
        [sys.executable, str(script), str(marks)],
        cwd=REPOSITORY,
        env={**os.environ, "PYTHONPATH": str(REPOSITORY)},
        start_new_session=True,
        stderr=subprocess.PIPE,
    )
    until = time.monotonic() + 90
    while len(list(marks.iterdir())) < 2 and time.monotonic() < until:
        time.sleep(0.05)
    return driver, [int(mark.name) for mark in marks.iterdir()]


def wait_until_gone(pids: list[int], seconds: float) -> list[int]:
    """Return the processes still there after some seconds."""
    until = time.monotonic() + seconds
    while time.monotonic() < until and any(map(is_alive, pids)):
        time.sleep(0.05)
    return [pid for pid in pids if is_alive(pid)]


def is_alive(pid: int) -> bool:
    """Return whether a process runs; one that is only waiting to be reaped does not."""
    status = Path(f"/proc/{pid}/status")
    if status.exists():
        return "State:\tZ" not in status.read_text()
    return subprocess.run(["ps", "-p", str(pid)], capture_output=True, check=False).returncode == 0


def test_ctrl_c_stops_the_driver_and_all_workers_at_once(tmp_path):
    """After an interrupt to the whole group nothing runs on, nobody complains, and the code is 130."""
    driver, workers = started_driver(tmp_path)
    os.killpg(driver.pid, signal.SIGINT)
    complaints = driver.communicate(timeout=30)[1].decode()

    assert len(workers) == 2
    assert driver.returncode == 130
    assert wait_until_gone(workers, 10) == []
    assert complaints == ""


def test_workers_leave_when_their_driver_is_killed(tmp_path):
    """No worker outlives a driver that was killed without warning."""
    driver, workers = started_driver(tmp_path)
    driver.kill()
    driver.communicate(timeout=30)

    assert len(workers) == 2
    assert wait_until_gone(workers, 20) == []


@pytest.mark.parametrize(("cells", "limit", "own"), [(1, None, True), (2, None, False), (1, 60.0, False)])
def test_a_plan_of_one_cell_runs_in_this_process_unless_it_may_have_to_be_ended(tmp_path, cells, limit, own):
    """One cell starts no process; two do, and so does one with a time limit, which only a process can be held to."""
    engine = engine_for(2, tmp_path, cells, limit)
    found = [outcome.value for outcome in engine.run(process_of, range(cells))]

    assert len(found) == cells
    assert (found == [os.getpid()]) == own
