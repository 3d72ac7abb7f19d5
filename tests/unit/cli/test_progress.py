"""Progress into a log: how far, how long still, and not a line a run."""

from __future__ import annotations

import pytest

from sim.base.text import use_language
from sim.cli import options


@pytest.fixture
def clock(monkeypatch):
    """A clock that stands where it is put."""
    at = [100.0]
    monkeypatch.setattr(options.time, "monotonic", lambda: at[0])
    return at


def told(clock: list[float], capsys, seconds: float, total: int, done: int = 0) -> list[str]:
    """Return the lines of a plan whose cells take so long each, of which so many were there before."""
    with options.Progress("runs") as progress:
        for k in range(done, total + 1):
            progress(k, total)
            clock[0] += seconds
    return capsys.readouterr().err.splitlines()


def test_a_log_says_how_long_it_still_takes(clock, capsys):
    """Ten cells of a minute: a line each, with the minutes that are left; none where nothing is known or left."""
    lines = told(clock, capsys, 60.0, 10)
    assert lines[:2] == ["0/10", "1/10, time left 0:09:00"]
    assert lines[-2:] == ["9/10, time left 0:01:00", "10/10"]


def test_what_was_there_before_is_not_counted_as_fast(clock, capsys):
    """Where half is there already the time left is reckoned from what was done now."""
    assert told(clock, capsys, 60.0, 10, 5)[1] == "6/10, time left 0:04:00"


def test_a_log_has_no_line_a_run(clock, capsys):
    """Quick cells are told of once in five seconds, slow tenths once a minute."""
    assert len(told(clock, capsys, 0.01, 1000)) <= 4
    assert 7 <= len(told(clock, capsys, 1.0, 50)) <= 13
    assert len(told(clock, capsys, 30.0, 1000)) == pytest.approx(500, abs=3)


def test_the_time_left_is_said_in_the_readers_language(clock, capsys):
    """A Chinese log has it in Chinese."""
    use_language("zh")
    try:
        assert told(clock, capsys, 60.0, 10)[1] == "1/10, 剩余时间 0:09:00"
    finally:
        use_language("en")
