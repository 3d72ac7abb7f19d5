"""Counts in sentences agree with their number: nothing ever says "1 pairs"."""

from __future__ import annotations

import re
import sys

import pytest

from sim.base import counts
from sim.base.text import counted, pick, use_language
from sim.experiment.compare import run_comparison
from sim.scenario import load_scenario
from sim.scenario.describe import checked_page
from sim.views.locale import said
from sim.views.pages import verdict_page
from sim.views.report import render
from tests.unit.results.stand_in import StandIn

NOUNS = (
    "areas|arms|bytes|cases|communities|cores|dates|days|documents|entries|files|groups|hours|households|items|levels|"
    "minutes|months|names|numbers|offices|outcomes|pairs|parts|people|posts|problems|replications|residents|rows|runs|"
    "samples|seconds|steps|things|times|units|values|zones"
)
COUNTS = re.compile(rf"\{{(\w+)\}}(?: (?:more|other|working|accepted|newly hired|functional))? (?:{NOUNS})\b")
# Values that are never one, by how their sentence begins, and why.
NEVER_ONE = {
    "Assumptions: {n} of all": "numbers of a whole run",
    "Fewer than {n} people": "a rule of claiming",
    "fewer than {n} people": "a rule of claiming",
    "How much of each interval": "a rule of claiming",
    "one reform was compared": "a rule of claiming",
    "not measured: {n} of": "a rule of claiming",
    "not distinguishable: {n} pairs": "an interval takes two pairs, its power three",
    "a community of": "one area is not split",
    "a pool is open": "seconds of a month",
    "at most {n} residents": "three",
    "hardly any of": "runs of a calibration",
    "more than {limit}": "what a file may hold",
    "nested deeper": "what a file may hold",
    "{n} bytes; a file": "what a file may hold",
    "{counted} of its {all} numbers": "numbers of a whole place",
    "{head}, on a small twin": "a twin has fewer communities than its place",
    "{layer} offices": "a kind of office",
    "{n} of the {all} numbers": "numbers of a whole run",
    "{n} parts make": "more than can be told apart",
    "{rows}, {arms} arms": "a policy and the place alone",
    "{size} times": "how large, no count",
    "{title}: {residents} residents": "people of a place",
    "{mechanism} posts": "a verb",
    "{age} years": "residents are of age",
}


def at_one(text: str) -> list[str]:
    """Return where a text says one of many."""
    return re.findall(rf"(?<![\w.,−/])1 (?:more |other |working )?(?:{NOUNS})\b", text)


def test_no_sentence_puts_a_plural_behind_a_count_that_may_be_one():
    """Every sentence with a count has a form for one, or says why its count is never one."""
    bare = [forms[0] for forms in said() if len(forms) == 1 and COUNTS.search(forms[0])]

    assert [s for s in sorted(bare) if not s.startswith(tuple(NEVER_ONE))] == []


def test_pages_of_one_pair_say_one_pair(monkeypatch, tmp_path):
    """A comparison of a single pair, its report and the check of its scenario never say "1 pairs"."""
    use_language("en")
    monkeypatch.setitem(sys.modules, "sim.model", StandIn())
    scenario = load_scenario("tongling")
    found = run_comparison(scenario.baseline(), scenario, tmp_path / "run", pairs=1, workers=1)
    pages = [str(page.plain("en")) for page in (verdict_page(found), checked_page(scenario))]

    assert [line for text in (*pages, re.sub("<[^>]+>", "", render(found))) for line in at_one(text)] == []
    assert at_one("about 1 minutes, 1 more pairs, 21 pairs, 1 pair") == ["1 minutes", "1 more pairs"]


SHOWN = {1: "1 pair", 2: "2 pairs", 0: "0 pairs", "1": "1 pair", "1,001": "1,001 pairs", "0.5": "0.5 pairs"}


@pytest.mark.parametrize(("n", "en"), SHOWN.items())
def test_a_noun_agrees_with_the_number_as_shown(n, en):
    """English says pair of one and pairs of anything else, Chinese has one form."""
    assert pick(counts.pairs(n), "en") == en
    assert pick(counts.pairs(n), "zh") == f"{n}个配对"


def test_the_first_value_decides():
    """Of several values in a sentence the first one given chooses its form."""
    assert pick(counted("{n} of {all} goes", "{n} of {all} go", n=1, all=3), "en") == "1 of 3 goes"
    assert pick(counted("{n} of {all} goes", "{n} of {all} go", all=3, n=1), "en") == "1 of 3 go"
