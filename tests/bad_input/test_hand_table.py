"""The hand-written table: every bad file is refused at its line, in both languages, soon, and runs nothing."""

from __future__ import annotations

import time

import pytest

from sim.base.errors import ScenarioError
from sim.cli import run as run_command
from sim.scenario import load_scenario
from sim.scenario.checking import check
from tests.bad_input.hand_table import TABLE

ROWS = [row for rows in TABLE.values() for row in rows]
SECONDS = 2.0


@pytest.mark.parametrize("bad", ROWS, ids=lambda b: b.name)
def test_a_bad_file_is_refused_where_it_is_wrong(tmp_path, bad):
    """The file is refused within two seconds of work, at its line, with words that help, in both languages."""
    path = tmp_path / "small.yaml"
    path.write_bytes(bad.content)
    before = time.process_time()
    errors = check(str(path)).errors
    assert time.process_time() - before < SECONDS
    assert errors
    assert all(p.place.file == str(path) or p.place.file.startswith("scenarios/") for p in errors)
    assert not bad.line or bad.line in {p.place.line for p in errors}
    assert any(bad.said in p.render("en") for p in errors), [p.render("en") for p in errors]
    assert all(any("\u4e00" <= c <= "\u9fff" for c in p.render("zh")) for p in errors)


@pytest.mark.parametrize("bad", ROWS, ids=lambda b: b.name)
def test_a_bad_file_never_becomes_a_scenario(tmp_path, bad):
    """Loading the file to run it raises with problems; nothing is built from it."""
    path = tmp_path / "small.yaml"
    path.write_bytes(bad.content)
    with pytest.raises(ScenarioError) as caught:
        load_scenario(path)
    assert caught.value.problems


@pytest.mark.parametrize("kind", TABLE)
@pytest.mark.parametrize("command", ["check", "run", "compare"])
def test_commands_leave_with_two_and_make_nothing(tmp_path, monkeypatch, capsys, kind, command):
    """`check`, `run` and `compare` on a bad file print sentences, leave with 2 and make no folder."""
    monkeypatch.chdir(tmp_path)
    for bad in TABLE[kind][::9]:
        (tmp_path / "small.yaml").write_bytes(bad.content)
        assert run_command([command, "small.yaml", "--lang", "zh"]) == 2
        assert "Traceback" not in capsys.readouterr().err
        assert [p.name for p in tmp_path.iterdir()] == ["small.yaml"]


def test_the_table_is_long_enough():
    """At least 150 files are written by hand, each under a name of its own."""
    assert len(ROWS) >= 150
    assert len({row.name for row in ROWS}) == len(ROWS)
