"""Sentences say what the table says, in both languages, and no more."""

from __future__ import annotations

import re
from dataclasses import replace

import numpy as np
import pytest

from sim.base.text import pick, use_language
from sim.catalogue import measures
from sim.results.paired import contrast, grade
from sim.results.verdicts import Verdict
from sim.views.narrative import narrative, sentence
from sim.views.pages import verdict_row
from sim.views.wording import GRADES, asked_words, figure, limits, pairing_words, signed

NUMBER = re.compile(r"[+−]?\d+(?:\.\d+)?")


def verdict(low: float, high: float, measure: str = "unmet_need", **changes) -> Verdict:
    """Return a primary verdict whose ten differences run evenly from low to high."""
    row = measures()[measure]
    c = contrast(np.full(10, 30.0), 30 + np.linspace(low, high, 10), 3.0, row.worth, row.better)
    c = replace(c, **changes)
    return Verdict(measure, "late", primary=True, contrast=c, grade=grade(c, row.worth))


CASES = {
    "clear": verdict(-12, -8),
    "small": verdict(-0.2, 0.3),
    "not_distinguishable": verdict(-20, 22),
    "seed_sensitive": verdict(-12, -8, agree=7, better=7),
    "equal": verdict(0, 0),
    "no_value": verdict(np.nan, np.nan),
}


def test_the_cases_cover_every_grade():
    """Each grade that can be given has a case below."""
    assert {name: v.grade for name, v in CASES.items()} == {name: name for name in GRADES}


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("name", CASES)
def test_every_number_in_a_sentence_is_a_number_of_its_verdict(name, lang):
    """A sentence holds no figure that cannot be found in the verdict it speaks of."""
    use_language(lang)
    v = CASES[name]
    c, row = v.contrast, measures()[v.measure]
    allowed = [figure(x, c.difference) for x in (c.low, c.high)]
    allowed += [figure(x) for x in (c.baseline, c.reform, c.mde, row.worth, c.sign_p)]
    allowed += [signed(c.difference), *map(str, (c.n, c.agree, c.pairs_for_worth))]
    said = pick(sentence(v)).replace(pick(row.text), "")

    assert [n for n in NUMBER.findall(said) if n not in allowed] == []


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_sentence_and_table_row_agree(lang):
    """Baseline, reform and difference of the sentence are the cells of the row."""
    use_language(lang)
    v = CASES["clear"]
    said, row = pick(sentence(v)), [pick(cell) for cell in verdict_row(v)]

    assert all(cell in said for cell in row[1:4])


def test_worse_is_called_worse():
    """A rise of an outcome that should fall is not called better in none of the pairs."""
    assert "worse in 10 of 10 pairs" in pick(sentence(verdict(8, 12)))
    assert "better in 10 of 10 pairs" in pick(sentence(verdict(-12, -8)))
    assert "same direction in 10 of 10" in pick(sentence(verdict(8, 12, "committee.share_time_slack")))


def test_an_undecided_outcome_says_what_would_decide_it():
    """Where nothing can be said, the sentence gives the detectable difference and the pairs needed."""
    v = CASES["not_distinguishable"]

    assert f"{v.contrast.pairs_for_worth} pairs would find {figure(2)}" in pick(sentence(v))


def test_outcomes_that_rarely_move_come_with_a_sign_test():
    """Where most pairs are equal, the sentence says so and gives the exact test instead of a t interval's reach."""
    d = np.zeros(10)
    d[:2] = 5.0
    c = contrast(np.zeros(10), d, 3.0, 2.0, "down")
    said = pick(sentence(Verdict("unmet_need", "late", primary=True, contrast=c, grade=grade(c, 2.0))))

    assert "equal in most of 10 pairs" in said
    assert "p = 0.50" in said


def test_nothing_is_claimed_of_outcomes_that_are_not_primary():
    """A grade that is no plain fact stands in brackets outside the primary family."""
    said = {name: pick(verdict_row(replace(v, primary=False))[-1]) for name, v in CASES.items()}

    assert {name for name, word in said.items() if not word.startswith("(")} == {"equal", "no_value"}


@pytest.mark.parametrize(
    ("value", "text"), [(-0.004, "0.00"), (-1.234, "−1.23"), (12.34, "12.3"), (123.4, "123"), (np.nan, "–")]
)
def test_figures_are_rounded_by_their_size(value, text):
    """Three digits are shown, a true minus, and never a negative zero."""
    assert figure(value) == text


def test_a_difference_that_rounds_to_nothing_has_no_sign():
    """A plus stands only before what is more than nothing as shown."""
    assert (signed(0.001), signed(0.2), signed(-0.2)) == ("0.00", "+0.20", "−0.20")


def test_what_limits_a_result_comes_with_its_count_of_assumptions():
    """Every result says it is no forecast, models no person, and how many numbers are assumed."""
    said = " ".join(pick(line) for line in limits({"assumed": [171, 194]}))

    assert "not a forecast for a named district; no real person is modelled" in said
    assert "171 of the 194 numbers" in said


def test_pairing_is_praised_only_for_what_it_saved():
    """A gain near one is called hardly any."""
    little, much = (
        replace(CASES["clear"], contrast=replace(CASES["clear"].contrast, saved=s)) for s in (1.05, 40.0)
    )

    assert "hardly" in pick(pairing_words([little]))
    assert "saved a factor of 40.0" in pick(pairing_words([much]))


def test_a_window_is_told_by_its_primary_outcomes(comparison):
    """The narrative has one sentence for each primary outcome, in catalogue order."""
    told = narrative(comparison, "late")
    primary = comparison.folder.manifest()["primary"]
    names = [pick(row.text) for m, row in measures().items() if m in primary]

    assert [line.split(":")[0] for line in told] == names


def test_what_was_asked_stands_under_the_title():
    """An ablation, a lever set by hand and another value of an assumption are said, with the names of the catalogue."""
    asked = {
        "only": ["merge"],
        "without": ["money"],
        "settings": [["admission.strictness", "0.5", "2011-01"]],
        "values": {"tasks.growth": 0.07},
    }
    said = [pick(line) for line in asked_words({"against": {"en": "another reform"}, "asked": asked})]

    assert said[:3] == ["compared with: another reform", "nothing but: merge", "without: money"]
    assert said[3].startswith("set from 2011-01: share of off-list work")
    assert said[4].endswith("= 0.07")
