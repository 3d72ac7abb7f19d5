"""A page as Markdown: nothing is lost, and a cell cannot break its table."""

from __future__ import annotations

from sim.base.text import say, use_language
from sim.scenario.markdown import as_markdown
from sim.scenario.page import Page


def test_a_page_becomes_headings_lines_and_tables():
    """Title, lines and every cell of a table stand in the Markdown, one row a line, empty sections left out."""
    page = Page({"en": "Answer", "zh": "结果"})
    page.add(None, "first", "second")
    page.add(say("participation"))
    page.table(None, ["a", "b"], [["1|2", "three\nfour"]])
    assert (
        as_markdown(page)
        == "### Answer\n\n- first\n- second\n\n| a | b |\n|---|---|\n| 1\\|2 | three four |\n"
    )


def test_a_page_is_said_in_the_language_in_force():
    """The same page reads in Chinese where Chinese is in force."""
    page = Page({"en": "Answer", "zh": "结果"})
    use_language("zh")
    assert as_markdown(page) == "### 结果\n"
