"""Real processes under bad conditions: they end with a sentence, and nothing half-written is taken for a result."""

from __future__ import annotations

import os
import resource
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from sim.base.errors import ShequError
from sim.cli import run as run_command
from sim.results.store import RunFolder

ROOT = Path(__file__).resolve().parents[2]
SHEQU = [sys.executable, "-c", "from sim.cli import main; main()"]
RUN = ["run", "reference_community", "--replications", "1", "--months", "2", "--workers", "1", "--out"]


def process(arguments: list[str], cwd: Path, limits: dict[int, int] | None = None, **env: str | None):
    """Run the command line in a process of its own; env: variables, None to take one away."""
    variables = {k: v for k, v in ({**os.environ, "PYTHONPATH": str(ROOT)} | env).items() if v is not None}

    def bound() -> None:
        for kind, limit in (limits or {}).items():
            resource.setrlimit(kind, (limit, limit))

    return subprocess.run(
        [*SHEQU, *arguments], cwd=cwd, env=variables, capture_output=True, preexec_fn=bound, timeout=240, check=False
    )  # fmt: skip


def has_result(folder: Path) -> bool:
    """Return whether anything would read the folder as a finished run."""
    try:
        return RunFolder(folder).read("pairs").height > 0
    except ShequError:
        return False


@pytest.mark.parametrize(
    "env",
    [
        {"LC_ALL": "C", "LANG": "C", "PYTHONUTF8": None, "PYTHONIOENCODING": None},
        {"LC_ALL": "tr_TR.UTF-8", "LANG": "tr_TR.UTF-8"},
        {"LC_ALL": None, "LANG": "zh_CN.UTF-8"},
        {"HOME": None, "XDG_CACHE_HOME": None},
        {"HOME": "/nonexistent", "XDG_CACHE_HOME": "/proc/none", "NUMBA_CACHE_DIR": None},
    ],
    ids=["C", "Turkish", "Chinese", "no HOME", "no cache"],
)
def test_odd_surroundings_change_nothing(tmp_path, env):
    """Whatever the locale, without a home or a cache, into a folder with blanks and Chinese: the run is finished."""
    here = tmp_path / "我的 研究 (1)"
    here.mkdir()
    done = process([*RUN, "结果 一"], here, **env)
    assert done.returncode == 0, done.stderr.decode(errors="replace")[-2000:]
    assert b"Traceback" not in done.stderr
    assert has_result(here / "结果 一")


@pytest.mark.parametrize("limit", [200, 2000])
def test_a_full_disk_is_said_and_leaves_no_result(tmp_path, limit):
    """Where a file cannot grow any further the command fails with a sentence and the folder holds no result."""
    done = process([*RUN, "out"], tmp_path, {resource.RLIMIT_FSIZE: limit})
    assert done.returncode == 1
    assert b"Traceback" not in done.stderr
    assert b"out" in done.stderr
    assert not has_result(tmp_path / "out")


def test_too_little_memory_leaves_no_result(tmp_path):
    """A process that is refused memory fails, and what it left is not taken for a result."""
    done = process([*RUN, "out"], tmp_path, {resource.RLIMIT_AS: 500_000_000})
    assert done.returncode != 0
    assert not has_result(tmp_path / "out")


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGKILL, signal.SIGTERM], ids=lambda s: s.name)
def test_a_stopped_run_leaves_no_half_result_and_goes_on(tmp_path, how):
    """Stopped in the middle it leaves no half-written part as a result; the same command then finishes it."""
    arguments = [*RUN[:2], "--replications", "40", "--workers", "1", "--out", "out"]
    running = subprocess.Popen(
        [*SHEQU, *arguments], cwd=tmp_path, env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
    )  # fmt: skip
    until = time.monotonic() + 150
    while time.monotonic() < until and not RunFolder(tmp_path / "out").pairs_done():
        time.sleep(0.1)
    running.send_signal(how)
    _, said = running.communicate(timeout=60)
    done = RunFolder(tmp_path / "out").pairs_done()
    assert 0 < len(done) < 40
    assert b"Traceback" not in said
    assert RunFolder(tmp_path / "out").read("pairs")["pair"].n_unique() == len(done)
    assert how != signal.SIGINT or running.returncode == 130


@pytest.mark.parametrize("command", ["list", "schema", "check tongling"])
def test_an_answer_that_cannot_be_written_is_said(command):
    """Where the answer goes is full: one sentence on stderr and exit code 1, never a traceback."""
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [*SHEQU, *command.split()], cwd=ROOT, stdout=full, stderr=subprocess.PIPE, text=True, check=False
        )
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1
    assert "cannot read or write" in done.stderr


def test_a_reader_that_leaves_early_is_no_error():
    """`shequ list levers | head -1` ends quietly, however much was still to be said."""
    line = f"{sys.executable} -c 'from sim.cli import main; main()' list levers | head -n 1"
    done = subprocess.run(["sh", "-c", line], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.stdout.count("\n"), done.stderr) == (1, "")


@pytest.mark.parametrize("after", [0.1, 0.3, 0.6])
def test_ctrl_c_while_the_program_is_still_opening_ends_it_quietly(after):
    """Ctrl-C in the first moments gives exit code 130 (or the answer was there already) and no traceback."""
    words = "import sys; print(flush=True); from sim.cli import main; sys.argv[1:] = ['check', 'tongling']; main()"
    opened = subprocess.Popen(
        [sys.executable, "-c", words], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert opened.stdout is not None
    opened.stdout.readline()
    time.sleep(after)
    opened.send_signal(signal.SIGINT)
    assert "Traceback" not in opened.communicate(timeout=60)[1]
    assert opened.returncode in (130, 0)


def test_no_command_opens_a_connection(tmp_path, monkeypatch, capsys):
    """Check, list, explain and run speak to nobody: no telemetry, no look for a newer version."""

    def refuse(*_args: object) -> None:
        raise AssertionError("a connection was opened")

    monkeypatch.chdir(tmp_path)
    for name in ("connect", "connect_ex", "sendto", "bind"):
        monkeypatch.setattr(socket.socket, name, refuse, raising=False)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    for command in (["list"], ["check", "tongling"], ["explain", "tongling"], [*RUN, "out"]):
        assert run_command(command) == 0
    capsys.readouterr()
