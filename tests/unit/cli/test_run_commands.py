"""The commands that simulate: what goes to which stream, exit codes, languages."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from sim.catalogue import measures
from sim.cli import run

HEAVY = ("mesa", "numba", "polars", "matplotlib", "scipy", "pydantic", "rich.console")
ASK = ["compare", "tongling", "--pairs", "3", "--workers", "1"]


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_compare_prints_the_answer_and_where_the_report_is(model, capsys, lang):
    """At least fourteen outcomes with intervals in both windows, in the reader's language, and a report that exists."""
    assert run([*ASK, "--lang", lang]) == 0
    out = capsys.readouterr().out
    folder = next(Path("runs").iterdir())

    assert out.count("[") >= 2 * 14
    assert ("居民参与" in out, "Participation, early" in out) == (lang == "zh", lang == "en")
    assert str(folder / ("report.html" if lang == "en" else "report.zh.html")) in out.replace("\n", "")
    assert len(list(folder.glob("report*.html"))) == 1


def test_progress_goes_to_stderr_and_the_result_to_stdout(model, capsys):
    """A pipe receives the result alone."""
    assert run([*ASK, "--json"]) == 0
    streams = capsys.readouterr()
    found = json.loads(streams.out)

    assert len(found["verdicts"]) == 2 * len(measures())
    assert Path(found["report"]).exists()
    assert "3/3" in streams.err


def test_a_failed_pair_makes_the_exit_code_one(model, capsys):
    """The answer of the other pairs is printed with what failed, and a script notices."""
    model.broken = {2}

    assert run(ASK) == 1
    assert "pair 1 failed" in capsys.readouterr().out


def test_ctrl_c_exits_with_130_and_says_how_to_go_on(model, capsys):
    """What was finished is kept, and the sentence says so."""
    model.stop_at = 2

    assert run(ASK) == 130
    assert "the same command goes on from there" in capsys.readouterr().err
    model.stop_at = 1000
    assert run(ASK) == 0
    assert model.seeds == [1, 2, 3]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (["tonling"], "tongling"),
        (["tongling", "reference_community"], "compare like with like"),
        (["tongling", "--assume", "tasks.growth=lots"], "is not name=number"),
        (["tongling", "--record", "all"], "is none of headline, standard, full"),
        (["tongling", "--with", "no_such_reform"], "no_such_reform"),
        (["tongling", "--set", "no.lever=1@2011-01"], "no.lever"),
    ],
)
def test_bad_input_ends_in_a_sentence_and_code_two(model, capsys, wrong, said):
    """Nothing is run, nothing is written, and the sentence names what was wrong."""
    assert run(["compare", *wrong]) == 2
    assert said in capsys.readouterr().err
    assert model.seeds == []
    assert not Path("runs").exists()


def test_an_ablation_says_so(model, capsys):
    """An answer about part of a reform does not pass for one about the whole, on screen or on paper."""
    assert run([*ASK, "--only", "merge"]) == 0
    page = next(Path("runs").glob("*/report.html")).read_text(encoding="utf-8")

    assert "nothing but: merge" in capsys.readouterr().out
    assert "nothing but: merge" in page


def test_two_reforms_are_compared_with_one_another(model, capsys):
    """The other scenario takes the place of the baseline, and its title is said."""
    assert run(["compare", "tongling_gate", "tongling", "--pairs", "3", "--workers", "1"]) == 0
    assert "compared with: Tongling 2010" in capsys.readouterr().out


def test_run_prints_levels_and_compares_nothing(model, capsys):
    """Replications of one scenario give means and spreads, without any word that ranks."""
    assert run(["run", "tongling", "--replications", "2", "--workers", "1", "--months", "24"]) == 0
    out = capsys.readouterr().out

    assert "replication" in out
    assert "compared with" not in out
    assert not any(word in out for word in ("better", "worse", "clear", "difference"))
    assert model.seeds == [1, 2]


def test_report_writes_the_page_again_in_another_language(model, capsys):
    """A run folder gives its report without simulating anything."""
    run(ASK)
    folder, seeds = next(Path("runs").iterdir()), list(model.seeds)
    capsys.readouterr()

    assert run(["report", str(folder), "--lang", "zh"]) == 0
    assert Path(capsys.readouterr().out.strip()).read_text(encoding="utf-8").startswith("<!doctype html>")
    assert model.seeds == seeds


def test_report_refuses_what_is_no_comparison(model, capsys):
    """Another folder, or the levels of one scenario, ends in a sentence."""
    run(["run", "tongling", "--replications", "1", "--workers", "1"])

    assert run(["report", str(next(Path("runs").iterdir()))]) == 1
    assert run(["report", "nowhere"]) == 2
    assert "is not a run folder" in capsys.readouterr().err


def test_the_command_in_the_report_leaves_out_where_and_how_fast(model, monkeypatch, capsys):
    """The command that makes a result again names neither folders nor numbers of processes."""
    monkeypatch.setattr(sys, "argv", ["shequ", *ASK, "--out", "some/where", "--lang=zh", "--json"])
    run([*sys.argv[1:]])
    manifest = json.loads(Path("some/where/manifest.json").read_text(encoding="utf-8"))

    assert manifest["command"] == "shequ compare tongling --pairs 3"


def test_help_loads_nothing_of_the_simulator():
    """`shequ --help` imports neither the model nor the libraries of tables, figures and tests of significance."""
    script = f"import sys; from sim.cli import run; run(['--help']); print([m for m in {HEAVY} if m in sys.modules])"
    shown = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)

    assert shown.stdout.splitlines()[-1] == "[]"
