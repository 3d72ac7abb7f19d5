"""`check --drift` as a command: what moves by itself is named, what stands is not, and what fails is said."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from sim.cli import run
from sim.experiment.drift import REPLICATIONS, SEED, unreformed
from sim.experiment.pairs import series_rows
from sim.results.drift import drifting
from sim.scenario import load_scenario
from tests.sweep.tiny import written

STANDS, MOVES = "committee.share_time_assigned", "awareness"
STEADY, STILL = "no primary outcome moves by more", "Still moving without the reform"


@pytest.fixture
def hamlets(tmp_path, monkeypatch) -> list[str]:
    """Two files of a place that a short spin-up leaves unsettled: what is asked of one stands, of the other moves."""
    steady = written(tmp_path).with_name("hamlet.yaml")
    moving = steady.with_name("moving.yaml")
    text = steady.read_text(encoding="utf-8")
    moving.write_text(text.replace(STANDS, MOVES), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return [steady.name, moving.name]


@pytest.mark.slow
def test_what_moves_by_itself_is_said_and_what_stands_is_not(hamlets, capsys):
    """Of two files one moves, by what its runs alone give; asked again nothing is run, on one core or two."""
    assert run(["check", *hamlets, "--drift", "--workers", "1"]) == 0
    first = capsys.readouterr().out
    assert (first.count(STEADY), first.count(STILL)) == (1, 1)
    moving = load_scenario(hamlets[1])
    ((name, change),) = drifting(by_hand(moving), [MOVES])
    assert name == MOVES and f"{change:+.3g}" in first.split(STILL)[1]
    parts = {p: p.stat().st_mtime_ns for p in Path("runs").rglob("*.parquet")}
    assert run(["check", *hamlets, "--drift", "--workers", "2"]) == 0
    assert capsys.readouterr().out == first
    assert {p: p.stat().st_mtime_ns for p in Path("runs").rglob("*.parquet")} == parts


def by_hand(scenario) -> pl.DataFrame:
    """Return the months of every replication, run one by one here."""
    from sim.model import run_arm

    bare = unreformed(scenario)
    runs = [run_arm(bare, SEED + k, "headline") for k in range(REPLICATIONS)]
    return pl.concat([series_rows(k, "levels", tables, bare) for k, tables in enumerate(runs)])


def test_a_run_that_fails_is_named_and_the_exit_code_says_so(model, hamlets, capsys):
    """One lost replication is said beside what the others give; where all are lost the command ends with why."""
    model.broken = {2}
    assert run(["check", hamlets[0], "--drift", "--workers", "1"]) == 1
    out = capsys.readouterr().out
    assert STEADY in out and "pair 1 failed" in out and "work is not conserved" in out
    model.broken, model.seeds = set(), []
    assert run(["check", hamlets[0], "--drift", "--workers", "1"]) == 0
    assert (model.seeds, "failed" in capsys.readouterr().out) == ([2], False)
    model.broken = set(range(10))
    assert run(["check", hamlets[1], "--drift", "--workers", "1"]) == 1
    assert "work is not conserved" in capsys.readouterr().err
