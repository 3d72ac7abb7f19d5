"""The commands that look: list, check, explain, schema, new."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from sim.cli import run
from sim.scenario import load_scenario
from sim.scenario.checking import check
from sim.scenario.documents import library_ids
from sim.scenario.templates import TEMPLATES

TEN = Path(__file__).resolve().parents[2] / "fixtures" / "errors" / "ten_errors.yaml"


def output(capsys, *arguments: str) -> str:
    """Run a command that must succeed and return what it printed."""
    assert run([*arguments]) == 0
    return capsys.readouterr().out


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("kind", TEMPLATES)
def test_a_new_file_passes_check(tmp_path, capsys, kind, lang):
    """A template written in either language passes the check as it stands."""
    output(capsys, "new", kind, "my_own", "--folder", str(tmp_path), "--lang", lang)
    output(capsys, "check", str(tmp_path / "my_own.yaml"), "--lang", lang)


def test_a_new_file_never_overwrites(tmp_path, capsys):
    """A second `new` of the same name leaves the file as it is and exits with 2."""
    output(capsys, "new", "place", "mine", "--folder", str(tmp_path))
    assert run(["new", "place", "mine", "--folder", str(tmp_path)]) == 2
    assert run(["new", "place", "../mine", "--folder", str(tmp_path)]) == 2
    assert run(["new", "plaice", "mine2", "--folder", str(tmp_path)]) == 2


@pytest.mark.parametrize(
    "what",
    [
        "",
        "places",
        "reforms",
        "scenarios",
        "levers",
        "measures",
        "duties",
        "assumptions",
        "kinds",
        "operations",
    ],
)
def test_lists_print(capsys, what):
    """Each list prints something in both languages."""
    for lang in ("en", "zh"):
        assert len(output(capsys, "list", *([what] if what else []), "--lang", lang)) > 100


def test_operations_are_explained_in_chinese(capsys):
    """The list of operations says in Chinese what each does."""
    rows = json.loads(output(capsys, "list", "operations", "--json", "--lang", "zh"))["sections"][0]["rows"]
    assert rows
    assert [verb for verb, meaning, *_ in rows if not re.search(r"[\u4e00-\u9fff]", meaning)] == []


def test_check_tells_the_timeline_in_words(capsys):
    """`check tongling` prints timeline, institutional check, windows and primary outcomes."""
    text = output(capsys, "check", "tongling", "--lang", "en")
    for said in ("2009-07  announced", "merged into 18", "Institutional check", "early: 2010-07 to 2011-06"):
        assert said in text


def test_explain_tells_rules_duties_and_sources(capsys):
    """`explain tongling` prints rules before and after, who does what and where numbers come from."""
    page = json.loads(output(capsys, "explain", "tongling", "--json", "--lang", "en"))
    titles = {section["title"] for section in page["sections"]}
    assert {"Timeline", "Rules", "Who does what", "Staff", "Where the numbers come from"} <= titles
    duties = next(s for s in page["sections"] if s["title"] == "Who does what")["rows"]
    assert ["counter transactions", "residents' committee", "service station"] in duties


def test_check_as_json_carries_places(capsys):
    """`check --json` gives file, line, column and path of each problem for machines."""
    assert run(["check", str(TEN), "--json"]) == 2
    (found,) = json.loads(capsys.readouterr().out)
    assert not found["ok"]
    assert all(problem["line"] for problem in found["problems"] if problem["severity"] == "error")


def test_schema_is_valid_json_schema(capsys):
    """The schema names every kind of document, refuses unknown keys and describes each lever."""
    schema = json.loads(output(capsys, "schema"))
    assert {option["properties"]["kind"]["const"] for option in schema["oneOf"]} >= {
        "place",
        "reform",
        "scenario",
    }
    assert all(option["additionalProperties"] is False for option in schema["oneOf"])
    assert "admission.rule" in schema["$defs"]["change"]["properties"]["set"]["properties"]


def test_unknown_names_are_refused_with_the_nearest(capsys):
    """An unknown scenario or list exits with 2 and says the nearest name."""
    assert run(["check", "tonglng", "--lang", "en"]) == 2
    assert run(["list", "levrs", "--lang", "en"]) == 2
    assert "did you mean `levers`?" in capsys.readouterr().err


def test_explain_needs_a_name_or_the_schedule(capsys):
    """`explain` without a scenario exits with 2, and with --schedule prints every mechanism in its order."""
    assert run(["explain", "--lang", "en"]) == 2
    lines = output(capsys, "explain", "--schedule", "--lang", "en")
    assert lines.index("assign_tasks") < lines.index("serve") < lines.index("cast_votes")


@pytest.mark.parametrize("name", library_ids("scenario"))
def test_a_scenario_comes_before_a_place_or_reform_of_its_name(name):
    """`check NAME`, which each page of a scenario names, reads that scenario back."""
    (page,) = check(name).pages
    assert page.title == load_scenario(name).title
