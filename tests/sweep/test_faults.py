"""Real sweeps that are stopped, killed, starved and damaged: nothing is lost, doubled or left running."""

from __future__ import annotations

import os
import signal
import subprocess
from pathlib import Path

import pytest

from sim.results.store import RunFolder
from tests.sweep.processes import DRIVEN, SHEQU, Command, comes, hung, other_code, parts, sweep
from tests.sweep.tiny import ROWS, cells, design, swept


@pytest.fixture
def small_disk(tmp_path):
    """A disk of a few hundred kilobytes, where one can be mounted; what it tests is tested without, too."""
    place = tmp_path / "disk"
    place.mkdir()
    if subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=400k", "none", str(place)], capture_output=True, check=False
    ).returncode:
        pytest.skip("no disk can be mounted here")
    yield place
    subprocess.run(["umount", "-l", str(place)], check=True)


def goes_on(here: Path) -> str:
    """Run the same command again to its end; returns what it said."""
    code, said = sweep(here).end()
    assert code == 0, said[-2000:]
    assert f"{ROWS} of {ROWS} runs" in said
    return said


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM, signal.SIGINT], ids=lambda s: s.name)
def test_a_stopped_driver_loses_and_doubles_nothing(here, whole_cells, how):
    """Stopped while workers are busy, however, it leaves no process; the same command ends with the same cells."""
    command = sweep(here)
    assert comes(lambda: parts(here / "out"))
    if how == signal.SIGINT:
        os.killpg(command.process.pid, how)  # as a terminal does: to the workers as well
    else:
        command.process.send_signal(how)
    code, said = command.end()
    kept = cells(here / "out")
    assert "Traceback" not in said
    assert 0 < len(kept) < len(whole_cells)
    assert code == (130 if how == signal.SIGINT else -how)
    assert how != signal.SIGINT or "same command goes on" in said
    assert comes(lambda: not command.alive(), 30), command.alive()
    goes_on(here)
    assert cells(here / "out") == whole_cells


def test_a_killed_worker_costs_only_time(here, whole_cells):
    """A worker killed in the middle is replaced and its chunk done again; the cells are the same."""
    command = sweep(here)
    assert comes(lambda: parts(here / "out"))
    os.kill(command.workers()[0], signal.SIGKILL)
    code, said = command.end()
    assert code == 0, said[-2000:]
    assert cells(here / "out") == whole_cells


def test_a_poison_run_is_named_and_the_rest_is_there(here, whole_cells):
    """A run that kills its process each time is given up and named, in the status too; the exit code says so."""
    code, said = sweep(here, words=[*DRIVEN, "poisoned"]).end()
    assert code == 1
    assert "died 3 times" in said
    assert "Traceback" not in said
    there = cells(here / "out")
    assert there.items() < whole_cells.items()
    assert len({key for key, *_ in there}) == ROWS - 1
    _, status = Command([*SHEQU, "sweep", "status", "out"], here).end()
    assert f"{ROWS - 1} of {ROWS}" in status
    assert "died 3 times" in status
    goes_on(here)  # with the poison gone
    assert cells(here / "out") == whole_cells
    _, status = Command([*SHEQU, "sweep", "status", "out"], here).end()
    assert "died" not in status


def test_a_hanging_run_is_ended_and_named(here, whole_cells):
    """A run that never ends is ended when its time is up, wherever in a chunk it stands; the rest is there."""
    command = sweep(here, "--limit", "30", words=[*DRIVEN, "hanging"])
    code, said = command.end()
    assert code == 1
    assert "took longer than 30" in said
    assert len({key for key, *_ in cells(here / "out")}) == ROWS - 1
    assert hung(here)
    assert comes(lambda: not command.alive(), 30), command.alive()
    goes_on(here)
    assert cells(here / "out") == whole_cells


def test_a_disk_that_fills_up_stops_the_sweep_with_a_sentence(here, whole_cells):
    """Where workers find no space any more the sweep stops at once, keeps whole parts only, and goes on with room."""
    (here / "full").touch()
    code, said = sweep(here, words=[*DRIVEN, "starved"]).end()
    assert code == 1, said[-2000:]
    assert said.count("No space left") == 1
    assert "Traceback" not in said
    assert len(said.splitlines()) < 10
    assert 0 < len(cells(here / "out")) < len(whole_cells)
    (here / "full").unlink()
    goes_on(here)
    assert cells(here / "out") == whole_cells


def test_a_folder_nobody_may_write_to_is_refused(here):
    """A store in a folder of the system, which not even its administrator can write to, is refused in a sentence."""
    (here / "out").symlink_to("/proc/sys")
    code, said = sweep(here).end()
    assert (code, "cannot write to out" in said, "Traceback" in said) == (1, True, False), said


def test_a_full_disk_stops_the_sweep_with_a_sentence(here, whole_cells, small_disk):
    """Where the disk is full the sweep stops at once and says so; with room again it goes on."""
    (here / "out").symlink_to(small_disk)
    (small_disk / "filler").write_bytes(b"x" * 330_000)
    code, said = sweep(here).end()
    assert code == 1, said
    assert "No space left" in said
    assert "Traceback" not in said
    assert len(said.splitlines()) < 10
    (small_disk / "filler").unlink()
    subprocess.run(["mount", "-o", "remount,size=50m", str(small_disk)], check=True)
    goes_on(here)
    assert cells(here / "out") == whole_cells


def test_a_folder_that_cannot_be_written_is_refused(here, small_disk):
    """A store on a disk that is read-only, and a file in its place, are refused in a sentence."""
    (here / "out").symlink_to(small_disk)
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    code, said = sweep(here).end()
    assert (code, "Read-only" in said, "Traceback" in said) == (1, True, False), said


def test_a_file_in_the_place_of_the_folder_is_refused(here):
    """A file of the name of the store is not written over."""
    (here / "out").write_text("mine")
    code, said = sweep(here).end()
    assert (code, "out" in said, "Traceback" in said) == (1, True, False), said
    assert (here / "out").read_text() == "mine"


def test_a_damaged_part_is_set_aside_and_its_runs_are_done_again(here, whole_cells):
    """A part cut short and one of rubbish are put aside, half-written ones go; the sweep becomes whole again."""
    swept(design(here, n=ROWS, pairs=1), here / "out")
    first, second, *_ = parts(here / "out")
    first.write_bytes(first.read_bytes()[:200])
    second.write_bytes(b"rubbish")
    (here / "out" / "pairs" / "pair-0077.9.part").write_bytes(b"half")
    _, said = Command([*SHEQU, "analyse", "rank", "out"], here).end()
    assert "Traceback" not in said
    goes_on(here)
    assert cells(here / "out") == whole_cells
    assert first.with_suffix(".damaged").exists()
    assert not list((here / "out" / "pairs").glob("*.part"))


def test_a_second_driver_is_refused_and_harms_nothing(here, whole_cells):
    """A command into a folder that another is writing to ends with a sentence; the first ends as if alone."""
    first = sweep(here)
    assert comes(lambda: parts(here / "out"))
    code, said = sweep(here).end()
    assert (code, "another command" in said, "Traceback" in said) == (1, True, False), said
    assert first.end()[0] == 0
    assert cells(here / "out") == whole_cells


def test_other_code_does_not_go_on_with_what_this_code_began(here, whole_cells):
    """Code that changed between stop and going on is refused by name; the folder stays as it is."""
    swept(design(here, n=ROWS, pairs=1), here / "out", hours=1e-9)
    before = cells(here / "out")
    words = [*SHEQU, "sweep", "design.yaml", "--out", "out", "--workers", "1"]
    code, said = Command(words, here, root=other_code(here / "other")).end()
    assert code == 1, said[-2000:]
    assert "other code" in said
    assert cells(here / "out") == before
    assert RunFolder(here / "out").manifest()["pairs"] == ROWS
    goes_on(here)
    assert cells(here / "out") == whole_cells
