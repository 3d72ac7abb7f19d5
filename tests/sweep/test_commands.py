"""`shequ sweep` as a command: what it would take before anything runs, and what it says and draws at its end."""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from sim.cli import run
from sim.experiment.sweep import Estimate
from tests.sweep.tiny import written

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def place(tmp_path, monkeypatch) -> Path:
    """A folder with the tiny design of six rows, one of them after another analysis."""
    path = written(tmp_path, pairs=1)
    path.write_text(path.read_text(encoding="utf-8") + "\nthen: [rank]\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_an_estimate_is_arithmetic():
    """Runs times seconds over cores; a budget holds as many as fit, and never more than there are."""
    found = Estimate(rows=6, arms=4, runs=3600, seconds=2.0, size=1e3)
    assert found.hours(1) == 2.0 and found.hours(4) == 0.5
    assert found.within(1, 0.5) == 900 and found.within(4, 0.5) == 3600 == found.within(4, 50.0)


def test_a_dry_run_says_what_it_takes_and_runs_nothing(place, capsys):
    """Rows, arms, runs, cores, disk and how far a budget goes are said; nothing is left on disk."""
    before = sorted(place.iterdir())
    assert run(["sweep", "design.yaml", "--dry-run", "--workers", "3", "--hours", "1e-6"]) == 0
    out = capsys.readouterr().out
    assert "6 rows, 4 arms with the place alone, 6 runs" in out
    assert re.search(r"on 3 cores about 0\.\d\d hours, 0\.\d MB on disk", out)
    assert "within 1e-06 hours about 0 of 6 runs" in out
    assert out.rstrip().endswith("nothing was run")
    assert sorted(place.iterdir()) == before


def test_what_comes_then_comes_when_the_sweep_is_whole(place, capsys):
    """Stopped by its hours a sweep ends without further analyses; whole, it draws every outcome and ranks."""
    words = ["sweep", "design.yaml", "--out", "out", "--workers", "1"]
    assert run([*words, "--hours", "1e-9"]) == 0
    early = capsys.readouterr().out
    assert run(words) == 0
    out = capsys.readouterr().out
    assert "6 of 6 runs" in out and "6 of 6 runs" not in early
    assert "regret" in out and "regret" not in early
    drawn = (place / "out" / "summary.svg").read_text(encoding="utf-8")
    groups = [str(node.get("id")) for node in ET.fromstring(drawn).iter(f"{SVG}g")]  # noqa: S314 - our own text
    assert len([name for name in groups if name.startswith("axes")]) == 2
