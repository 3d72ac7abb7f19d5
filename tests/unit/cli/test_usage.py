"""A mistyped command line is answered in the reader's language, with exit code 2 and nothing run."""

from __future__ import annotations

import re

import pytest

from sim.cli import run

# what is typed: what the last line says in English, and in Chinese
MISTYPED = {
    "nosuch": ("there is no command `nosuch`", "没有命令 `nosuch`"),
    "compare": ("`scenario` is missing", "缺少 `scenario`"),
    "compare tongling --pair 3": (
        "no option `--pair`; the nearest: --pairs",
        "没有选项 `--pair`；最接近的是 --pairs",
    ),
    "compare tongling --pairs": ("`--pairs` needs a value", "`--pairs` 需要一个取值"),
    "compare tongling --pairs 1e9": ("`--pairs`: expected a whole number", "`--pairs`：应为整数"),
    "compare tongling --pairs -3": ("`--pairs`: expected at least 0", "`--pairs`：应不小于 0"),
    "compare tongling --pairs 1000000000": (
        "`--pairs`: expected at most 100000",
        "`--pairs`：应不大于 100000",
    ),
    "run tongling --replications 0": ("expected at least 1", "应不小于 1"),
    "compare tongling --samples 99999999": ("expected at most 100000", "应不大于 100000"),
    "compare tongling --workers 99999999": ("expected at most 1024", "应不大于 1024"),
    "compare tongling --until-width=x": ("`--until-width` takes no value", "`--until-width` 不接受取值"),
    "schema a b": ("more than the command takes: a b", "多出的参数：a b"),
    "report nowhere": ("is not a run folder", "nowhere"),
    "reproduce nowhere": ("is not a run folder", "nowhere"),
    "compare tongling --frozen nowhere": ("is no file made by `shequ freeze`", "nowhere"),
    "check tests/": ("is a folder, not a file", "是文件夹，不是文件"),
}


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("line", MISTYPED)
def test_a_mistyped_line_is_answered_in_the_language_in_force(line, lang, capsys):
    """The answer is on stderr in one language, the exit code is 2, nothing is on stdout."""
    assert run(["--lang", lang, *line.split()]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert MISTYPED[line][lang == "zh"] in told.err
    assert not (lang == "zh" and re.search("Usage|Error|Invalid|Input", told.err))


def test_no_number_is_not_mistaken_for_a_misprint(capsys):
    """Where `nan` is written for a number the hint says what the number is, not `nan` once more."""
    assert run(["compare", "tongling", "--set", "protected_share=nan@2012-06"]) == 2
    told = capsys.readouterr().err
    assert "expected a finite number in [0, 0.5]" in told
    assert "did you mean" not in told


@pytest.mark.parametrize("line", ["--help", "analyse --help", "compare --help", "analyse attribute --help"])
def test_help_in_chinese_has_chinese_headings(line, capsys):
    """The library's own words in a page of help are Chinese where Chinese is in force."""
    assert run(["--lang", "zh", *line.split()]) == 0
    page = capsys.readouterr().out
    assert page.startswith("用法：shequ")
    assert not re.search(r"(?m)^(Usage|Options|Arguments|Commands):|Show this|\[default|\[required", page)
