"""What was found out about a run after it stands in its report, in the reader's language, and as text only."""

from __future__ import annotations

import shutil

import pytest

from sim.base.text import language, say, use_language
from sim.results.store import RunFolder
from sim.results.verdicts import read_comparison
from sim.scenario.page import Page
from sim.views.kept import ATTRIBUTION, TRACE, keep, kept
from sim.views.report import render, write_again, write_report


@pytest.fixture
def folder(comparison, tmp_path) -> RunFolder:
    """Return a copy of a finished run folder."""
    return RunFolder(shutil.copytree(comparison.folder.path, tmp_path / "run"))


def page() -> Page:
    """Return a page with words of the interface, a table and a title in two languages."""
    made = Page({"en": "Which part", "zh": "哪一部分"})
    made.add(say("Read this first"), say("baseline"))
    made.table(None, [say("outcome"), say("difference")], [["<b>x</b>", "+1.00"]])
    return made


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_kept_page_is_a_section_of_the_report_in_each_language(folder, lang):
    """A page kept while one language is in force is read in the other, and the language in force stays."""
    use_language("en")
    keep(folder, ATTRIBUTION, page)
    assert language() == "en"
    use_language(lang)
    text = render(read_comparison(folder))

    assert ("<h2>Which part</h2>" in text, "<h2>哪一部分</h2>" in text) == (lang == "en", lang == "zh")
    assert "&lt;b&gt;x&lt;/b&gt;" in text


def test_a_page_is_made_once_a_language(folder):
    """Keeping a page makes it in each language once, and what is returned is that of the language in force."""
    use_language("zh")
    made = []

    def make() -> Page:
        made.append(language())
        return Page(f"in {language()}")

    assert keep(folder, TRACE, make).title == "in zh"
    assert sorted(made) == ["en", "zh"]
    assert language() == "zh"


def test_attribution_comes_before_single_lives(folder):
    """Both kinds of page are there, in an order that does not depend on which was made first."""
    use_language("en")
    for name in (TRACE, ATTRIBUTION):
        keep(folder, name, lambda name=name: Page(name))

    assert [one["title"] for one in kept(folder)] == [ATTRIBUTION, TRACE]


def test_the_reports_that_are_there_are_written_again(folder):
    """Only reports that a reader already has are renewed, each in its own language."""
    use_language("zh")
    write_report(read_comparison(folder))
    use_language("en")
    for path in folder.path.glob("report.html"):
        path.unlink()
    keep(folder, TRACE, page)

    assert [path.name for path in write_again(folder)] == ["report.zh.html"]
    assert "哪一部分" in (folder.path / "report.zh.html").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"en": 3}', '{"en": {"title": 1, "sections": [{"title": 2}]}}']
)
def test_a_stranger_s_page_is_text_or_nothing(folder, text):
    """A file that is no page of ours gives no section and no traceback."""
    use_language("en")
    (folder.path / "kept").mkdir()
    (folder.path / "kept" / "trace.json").write_text(text, encoding="utf-8")

    assert kept(folder) == []
    assert '<div class="kept">' not in render(read_comparison(folder))
