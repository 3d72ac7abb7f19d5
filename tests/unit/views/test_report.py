"""The report stands alone, can be read without seeing, and shows the tables' own numbers."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from types import SimpleNamespace

import numpy as np
import pytest

from sim.base.text import pick, use_language
from sim.catalogue import measures
from sim.results.paired import contrast, critical_value, grade
from sim.results.verdicts import Verdict
from sim.views import figures
from sim.views.pages import method_columns, method_rows, verdict_page, verdict_records
from sim.views.report import render, write_report, yearly_values
from sim.views.wording import interval


class Reading(HTMLParser):
    """What a browser would fetch, the text of every table row, labels of images, and unbalanced tags."""

    VOID = ("meta", "br", "img", "hr", "link")

    def __init__(self, page: str):
        super().__init__()
        self.fetched, self.rows, self.labels, self.open, self.row = [], [], [], [], None
        self.feed(page)
        self.close()

    def handle_starttag(self, tag, attrs):
        found = dict(attrs)
        self.fetched += [v for k, v in attrs if k in ("src", "href", "xlink:href") and not v.startswith("#")]
        if found.get("role") == "img":
            self.labels.append(found.get("aria-label", ""))
        if tag == "tr":
            self.row = []
        if tag in ("td", "th"):
            self.row.append("")
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)
        if tag not in self.VOID:
            self.open.pop()

    def handle_endtag(self, tag):
        assert self.open.pop() == tag
        if tag == "tr":
            self.rows.append(self.row)
            self.row = None

    def handle_data(self, data):
        if self.row:
            self.row[-1] += data


@pytest.fixture(params=["en", "zh"])
def page(request, comparison) -> tuple[str, str, Reading]:
    """The report in a language, as text and as read."""
    use_language(request.param)
    text = render(comparison)
    return request.param, text, Reading(text)


def test_the_report_fetches_nothing(page):
    """No link, script, font or picture is loaded from anywhere, and every tag is closed."""
    _, text, read = page

    assert read.fetched == []
    assert read.open == []
    assert not re.search(r"@import|url\(\s*['\"]?(?!#)", text)


def test_the_report_is_in_its_language(page):
    """Title and headings are in the reader's language and the page says which it is."""
    lang, text, _ = page

    assert f'<html lang="{lang}">' in text
    assert ("请先阅读" in text, "Read this first" in text) == (lang == "zh", lang == "en")
    assert ("铜陵" in text) == (lang == "zh")


def test_limits_come_before_the_first_number(page):
    """What limits the result stands before any sentence or table."""
    lang, text, _ = page
    limit = "not a forecast" if lang == "en" else "不是对某个具体地区的预测"

    assert 0 < text.index(limit) < text.index("<h2>")


def test_all_pictures_have_words_and_data(page, comparison):
    """Each figure carries a text for those who cannot see it, and its numbers stand in a table."""
    _, text, read = page
    primary = comparison.folder.manifest()["primary"]

    assert len(read.labels) == text.count("<figure") == 3
    assert all(len(label) > 15 for label in read.labels)
    assert (
        text.count("<svg") == 2 + len(primary) + 1 + 1
    )  # two sides, a path each, the legend, the one decision


def test_every_verdict_stands_in_a_table(page, comparison):
    """Each outcome of both windows is a row with its difference and interval."""
    _, _, read = page
    cells = {tuple(row) for row in read.rows}
    expected = [row for section in verdict_page(comparison).sections for row in section.rows]

    assert len(expected) == len(comparison.verdicts)
    for row in expected:
        name, difference = pick(row[0]), row[2]
        assert any(name == c[0] and difference == f"{c[3]} {c[4]}" for c in cells if len(c) > 9), name


def test_the_report_says_how_to_make_it_again(page):
    """The command, versions, seeds and hashes are at the end."""
    _, text, _ = page

    assert "<code>shequ compare tongling --pairs 5</code>" in text
    assert re.search(r"1\D+5", text[text.index("<code>shequ") :])


def test_pictures_are_the_same_every_time(comparison):
    """Drawing twice gives the same bytes, so a report can be compared with another."""
    assert figures.sizes(comparison) == figures.sizes(comparison)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_no_letter_is_missing_from_the_fonts(comparison, lang, recwarn):
    """Every character of the figures has a shape on a machine without Chinese fonts."""
    use_language(lang)
    figures.sizes(comparison)
    figures.paths(comparison)

    assert [str(w.message) for w in recwarn if "lyph" in str(w.message)] == []


def test_the_data_behind_the_paths_are_yearly_means(comparison):
    """Each primary outcome has a row for each arm and a column for each year."""
    table = yearly_values(comparison, comparison.folder.manifest())

    assert len(table["rows"]) == 2 * len(comparison.folder.manifest()["primary"])
    assert {len(row) for row in table["rows"]} == {len(table["columns"])} == {2 + 5}


def test_reports_of_both_languages_lie_side_by_side(comparison):
    """Writing in one language leaves the other's report alone."""
    names = []
    for lang in ("en", "zh"):
        use_language(lang)
        names.append(write_report(comparison).name)

    assert names == ["report.html", "report.zh.html"]


def test_records_for_machines_are_plain_json(comparison):
    """Every verdict is given with its full numbers, null where there is none."""
    import json

    records = json.loads(json.dumps(verdict_records(comparison), allow_nan=False))

    assert len(records) == len(comparison.verdicts)
    assert {"measure", "window", "difference", "low", "high", "mde", "pairs_for_worth", "grade"} <= set(
        records[0]
    )


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_from_fifty_pairs_on_the_other_interval_is_shown(lang):
    """A primary outcome of sixty pairs has both intervals and the one used; of twenty it has no second one."""
    use_language(lang)
    rng = np.random.default_rng(1)
    usual, rare = rng.standard_normal(60), np.where(rng.random(60) < 0.3, rng.gamma(1.0, 4.0, 60), 0.0)
    verdicts = [judged(d) for d in (usual, rare, usual[:20])]
    rows = [[pick(cell) for cell in row] for row in method_rows(SimpleNamespace(verdicts=verdicts))]
    heads = [pick(c) for c in method_columns()]

    assert [row[-1] for row in rows] == heads[2:4]
    for verdict, row in zip(verdicts, rows, strict=False):
        used = row[heads.index(row[-1])]
        assert used == interval(verdict)
        assert row[2] != row[3]


def judged(differences: np.ndarray) -> Verdict:
    """Return the primary verdict of an outcome whose paired differences are these."""
    row = measures()["unmet_need"]
    n = len(differences)
    c = contrast(
        np.full(n, 30.0), 30 + differences, critical_value(differences[:, None]), row.worth, row.better
    )
    return Verdict("unmet_need", "late", primary=True, contrast=c, grade=grade(c, row.worth))
