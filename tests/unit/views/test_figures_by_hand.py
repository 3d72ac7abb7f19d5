"""Sentences and tables of a report against the stored tables, worked out by a second pair of hands."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from html import unescape
from html.parser import HTMLParser

import numpy as np
import polars as pl
import pytest

from sim.base.text import pick, use_language
from sim.catalogue import groups, kinds, measures, unit_text
from sim.results.grouped import group_verdicts
from sim.views.report import render
from tests.unit.views.by_hand import ByHand, critical, of_differences, shown

PAIR = 3
LANGUAGES = ("en", "zh")
NOT_SENTENCES = ("sub", "events", "sources", "made")  # what was run, what happened, sources, how it was made
CLAIMS = ("mean difference", "low end of the interval", "high end of the interval")


class Told(HTMLParser):
    """The numbers of a page that carry a source, and the sentences they stand in with the numbers left out."""

    def __init__(self, page: str):
        super().__init__()
        self.numbers: list[tuple[dict, str]] = []
        self.sentences: list[str] = []
        self.kept, self.inside, self.table = "", [], ""
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        found = dict(attrs)
        self.inside.append((tag, found))
        self.table = found.get("class", "") if tag == "table" else self.table
        if tag in ("li", "p", "td"):
            self.kept = ""
        if tag == "data":
            self.numbers.append((found, ""))

    def handle_endtag(self, tag):
        while self.inside and self.inside.pop()[0] != tag:
            pass
        if tag in ("li", "p") or (tag == "td" and self.table == "prose"):
            self.sentences.append(self.kept)

    def handle_data(self, data):
        tags = [tag for tag, _ in self.inside]
        if any(found.get("class") in NOT_SENTENCES for _, found in self.inside):
            return
        if "data" in tags:
            self.numbers[-1] = (self.numbers[-1][0], self.numbers[-1][1] + data)
        elif "sup" not in tags:
            self.kept += data


@pytest.fixture(scope="module")
def ran(tmp_path_factory):
    """Four pairs of a small Tongling with an admission gate over thirty months, simulated."""
    from sim.experiment.compare import run_comparison
    from tests.paired.worlds import small

    scenario = small("tongling_gate")
    run = replace(scenario.run, months=30, windows={"early": (6, 18), "late": (18, 30)})
    scenario = replace(scenario, run=run)
    out = tmp_path_factory.mktemp("by-hand") / "run"
    return scenario, run_comparison(scenario.baseline(), scenario, out, pairs=4, workers=1)


def told(comparison, lang: str) -> Told:
    """Return the report of a comparison in a language, as read."""
    use_language(lang)
    return Told(render(comparison))


def disagreements(comparison, lang: str) -> list[str]:
    """Return every number with a source that the stored tables do not give, or that is printed as another one."""
    hand, found = ByHand(comparison.folder.path), []
    for attributes, text in told(comparison, lang).numbers:
        row, statistic = json.loads(attributes["data-row"]), attributes["data-statistic"]
        place = attributes["data-table"], row, attributes["data-column"], statistic
        value = float(hand.derive(*place))
        if not np.isclose(value, float(attributes["value"]), rtol=1e-9, atol=1e-12):
            found.append(f"{place}: {value} against {attributes['value']}")
        like = hand.derive(*place[:3], "mean difference") if "end of the interval" in statistic else 0.0
        if text.lstrip("+") not in (shown(value, like), f"{value:g}", f"{value:,.0f}"):
            found.append(f"{place}: {value} printed as {text}")
    return found


def names_with_digits(comparison) -> list[str]:
    """Return words that hold digits of their own: names of outcomes, units, groups, posts and months."""
    words = [pick(m.text) for m in measures().values()] + [
        pick(unit_text(m.unit)) for m in measures().values()
    ]
    words += [pick(v.text) for g in groups().values() for v in g.values] + [
        pick(k.text) for k in kinds().values()
    ]
    return sorted({w for w in words if re.search(r"\d", w)}, key=len, reverse=True)


def uncited(comparison, lang: str) -> list[str]:
    """Return the sentences that hold a number without a source."""
    page = told(comparison, lang)
    own = names_with_digits(comparison)
    found = []
    for sentence in page.sentences:
        rest = sentence
        for name in own:
            rest = rest.replace(name, "")
        rest = re.sub(r"95 ?%|\d{4}-\d{2}", "", rest)
        found += [sentence] if re.search(r"\d", rest) else []
    return found


@pytest.mark.parametrize("lang", LANGUAGES)
def test_numbers_of_a_made_up_run_are_found_again(comparison, lang):
    """Every number of a sentence is what the tables give at the place it names, printed as such."""
    assert disagreements(comparison, lang) == []


@pytest.mark.slow
@pytest.mark.parametrize("lang", LANGUAGES)
def test_numbers_of_a_simulated_run_are_found_again(ran, lang):
    """So they are where groups, posts and undecided outcomes are told too."""
    found = told(ran[1], lang).numbers

    assert {a["data-table"] for a, _ in found} >= {"pairs", "groups", "posts", "manifest.json", "thresholds"}
    assert disagreements(ran[1], lang) == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_number_of_a_sentence_is_without_a_source(comparison, lang):
    """Outside tables of figures, what was run, the sources and how it was made, every number leads somewhere."""
    assert uncited(comparison, lang) == []


def test_a_wrong_number_is_found(comparison):
    """The check fails where a sentence prints another number than the table's."""
    use_language("en")
    page = render(comparison)
    number = re.search(r'<data value="([^"]+)"[^>]*data-statistic="mean difference"[^>]*>([^<]+)<', page)
    attributes = dict(re.findall(r'([\w-]+)="([^"]*)"', number[0]))
    row = json.loads(unescape(attributes["data-row"]))
    value = ByHand(comparison.folder.path).derive("pairs", row, "value", "mean difference")

    assert shown(value) == number[2].lstrip("+")
    assert shown(value * 1.01 + 0.01) != number[2].lstrip("+")


@pytest.mark.slow
@pytest.mark.parametrize("lang", LANGUAGES)
def test_headline_rows_are_found_again(ran, lang):
    """Baseline, reform, difference and interval of every primary row are those worked out by hand."""
    use_language(lang)
    comparison, page = ran[1], render(ran[1])
    hand = ByHand(comparison.folder.path)
    for window in hand.manifest["windows"]:
        family = critical([np.subtract(*hand.arms(m, window)[::-1]) for m in hand.manifest["primary"]])
        for measure in hand.manifest["primary"]:
            base, other = hand.arms(measure, window)
            mean, low, high = (of_differences(other - base, family, 1.0, s) for s in CLAIMS)
            cells = [shown(base.mean()), shown(other.mean())]
            plus = "+" if float(shown(mean).replace("−", "-")) > 0 else ""
            interval = f"[{shown(low, mean)}, {shown(high, mean)}]"
            full = "".join(f"<td>{c}</td>" for c in (*cells, plus + shown(mean), interval))
            glance = f"<td>{cells[0]} → {cells[1]}</td><td>{plus}{shown(mean)} {interval}</td>"
            assert full in page, (measure, window)
            assert glance in page, (measure, window)


@pytest.mark.slow
def test_stored_values_are_those_of_the_raw_months(ran):
    """A pair's stored value is its numerators over its denominators, or the quantile of its waits, run again raw."""
    from sim.model import run_arms

    scenario, comparison = ran
    stored = comparison.folder.read("pairs")
    arms = {"baseline": scenario.baseline(), "reform": scenario}
    for arm, tables in run_arms(arms, 1 + PAIR, "standard").items():
        mine = stored.filter(pl.col("pair") == PAIR, pl.col("arm") == arm)
        assert mine.height > 0
        for measure, window, value in mine.select("measure", "window", "value").rows():
            again = _raw(tables, measure, scenario.run.start, scenario.run.windows[window])
            assert np.isclose(value, again, rtol=1e-12, equal_nan=True), (arm, measure, window)


def _raw(tables, measure: str, start: int, window: tuple[int, int]) -> float:
    """Return an outcome of the place over a window from the months themselves."""
    row = catalogue_of_measures()[measure]
    months = pl.col("month").is_between(start + window[0], start + window[1] - 1)
    if row["kind"] == "quantile":
        waits = tables.histograms.filter(
            months, pl.col("level") == "place", pl.col("measure") == "wait.median"
        )
        return _quantile(waits, row["q"]) * row.get("scale", 1)
    mine = tables.outcomes.filter(months, pl.col("level") == "place", pl.col("measure") == measure)
    if row["summary"] == "end":
        mine = mine.filter(pl.col("month") == pl.col("month").max())
    upper, lower = mine["numerator"].sum(), mine["denominator"].sum()
    return row.get("scale", 1) * upper / lower if lower else float("nan")


def catalogue_of_measures() -> dict:
    """Return the catalogue's rows of measures as they stand in the file."""
    from ruamel.yaml import YAML

    from tests.unit.views.by_hand import CATALOGUE

    return {row["id"]: row for row in YAML(typ="safe").load(CATALOGUE / "measures.yaml")}


def _quantile(waits: pl.DataFrame, q: float) -> float:
    """Return a quantile of waits in working days: linear inside the bin that it falls into."""
    edges = np.concatenate([[0.0], np.geomspace(0.002, 400.0, 60)])
    counts = waits.group_by("bin").agg(pl.col("count").sum()).sort("bin")
    if not counts.height:
        return float("nan")
    bins, n = counts["bin"].to_numpy(), counts["count"].to_numpy().astype(float)
    target, below = q * n.sum(), np.cumsum(n) - n
    k = np.flatnonzero(below + n >= target)[0]
    return edges[bins[k]] + (target - below[k]) / n[k] * (edges[bins[k] + 1] - edges[bins[k]])


@pytest.mark.slow
@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_group_is_in_the_result_and_in_the_report(ran, lang):
    """Age, income, tenure, registration, disability and party, each value of them, and staff by post are there."""
    use_language(lang)
    folder, page = ran[1].folder, unescape(render(ran[1]))
    told = {(v.group, v.value) for v in group_verdicts(folder)}
    staffed = {v.value for v in group_verdicts(folder, "posts")}

    assert {group for group, _ in told} == {"age_band", "income", "tenure", "local", "disability", "party"}
    for name, group in groups().items():
        for value in () if group.of else group.values:
            assert (name, value.id) in told
            assert f"<td>{pick(group.text)}" in page.replace("▼ ", "")
            assert pick(value.text) in page
    assert {"residents_committee", "street_office", "department"} <= staffed
