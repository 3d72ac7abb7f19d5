"""What the READMEs tell a reader to type works as written; the long runs are checked for their options only."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest

from sim import MODEL_VERSION
from sim.cli import run
from sim.scenario import load_scenario
from sim.scenario.describe import assumed_share

REPOSITORY = Path(__file__).resolve().parents[2]
READMES = ("README.md", "README.zh.md")
GROUPS = {"analyse"}  # commands of commands
QUICK = {"list", "check", "explain", "schema"}


def commands(name: str) -> list[str]:
    """Return every `shequ` command line of a README, in order, without its comment."""
    text = (REPOSITORY / name).read_text(encoding="utf-8")
    return [line.strip() for line in re.findall(r"(?m)^shequ ([^#\n]+)", text)]


def test_both_readmes_show_the_same_commands():
    """The Chinese and the English README name the same commands in the same order."""
    english, chinese = (commands(name) for name in READMES)
    assert english
    assert chinese == english


@pytest.mark.parametrize("name", READMES)
def test_a_readme_counts_the_numbers_behind_its_picture(name):
    """How many numbers stand behind the picture, and how many of them are assumed, is what a report would say."""
    assumed, total = assumed_share(load_scenario("tongling"))
    counted = re.search(
        r"(\d+) (?:numbers of which|个数字（其中) (\d+)",
        (REPOSITORY / name).read_text("utf-8").replace("\n", " "),
    )
    assert counted is not None
    assert [int(n) for n in counted.groups()] == [total, assumed]


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_picture_of_a_readme_is_of_this_model(lang):
    """The picture says the model version of its run; `python -m sim.views.cover RUN docs/pictures` draws another."""
    from PIL import Image

    with Image.open(REPOSITORY / "docs" / "pictures" / f"tongling.{lang}.png") as picture:
        assert picture.text["Comment"] == f"model version {MODEL_VERSION}, 10 pairs"


@pytest.mark.parametrize("line", sorted({line for name in READMES for line in commands(name)}))
def test_a_command_of_the_readme_exists(line, capsys):
    """Every command the README shows exists with the options shown."""
    words = shlex.split(line)
    named = words[:2] if words[0] in GROUPS else words[:1]
    assert run([*named, "--help"]) == 0
    helped = capsys.readouterr().out
    assert [word for word in words if word.startswith("--") and word not in helped] == []


@pytest.mark.parametrize("line", [line for line in commands(READMES[0]) if line.split()[0] in QUICK])
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_quick_command_of_the_readme_runs(line, lang, capsys):
    """Every command of the README that only reads runs in both languages."""
    assert run(["--lang", lang, *shlex.split(line)]) == 0
    assert capsys.readouterr().out.strip()
