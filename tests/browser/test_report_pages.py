"""The report as a browser shows it: wide, narrow and printed, in both languages."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from sim.base.text import use_language
from sim.experiment.compare import run_comparison
from sim.scenario import load_scenario
from sim.views.report import write_report
from tests.unit.results.stand_in import StandIn

LEAST_PIXELS = 9.0
A4_PIXELS = (718, 1047)  # A4 less margins of 12 mm, at 96 dots an inch
FIRST = {"en": ("Read this first", "Participation", "Service load", "not claimed"),
         "zh": ("请先阅读", "居民参与", "服务负荷", "不作的结论")}  # fmt: skip
LETTERS = """() => [...document.querySelectorAll('main *')]
  .filter(e => [...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim()) && e.getClientRects().length)
  .filter(e => parseFloat(getComputedStyle(e).fontSize) < %s && !e.closest('sup'))
  .map(e => e.outerHTML.slice(0, 80))"""
# Pictures are drawn at nine or ten points; what counts is how large they come out.
SHRUNK = """() => [...document.querySelectorAll('figure svg')].filter(e => e.getClientRects().length)
  .map(e => 9 * 96 / 72 * e.getBoundingClientRect().width / (parseFloat(e.getAttribute('width')) * 96 / 72))
  .filter(px => px < 7)"""
BELOW = """word => Math.min(...[...document.querySelectorAll('main h2, main h4, main th')]
  .filter(e => e.textContent.includes(word)).map(e => e.getBoundingClientRect().top))"""


@pytest.fixture(scope="module")
def reports(tmp_path_factory) -> dict[str, Path]:
    """Both languages' reports of a run that nobody simulated."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(sys.modules, "sim.model", StandIn())
        scenario = load_scenario("tongling")
        found = run_comparison(
            scenario.baseline(), scenario, tmp_path_factory.mktemp("report") / "run", pairs=5, workers=1
        )
    written = {}
    for lang in ("en", "zh"):
        use_language(lang)
        written[lang] = write_report(found)
    return written


def shown(browser, path: Path, width: int, height: int, media: str = "screen"):
    """Return a page as it is shown at a size."""
    page = browser.new_page(viewport={"width": width, "height": height})
    page.emulate_media(media=media)
    page.goto(path.as_uri())
    return page


@pytest.mark.browser
@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize(("width", "media"), [(1280, "screen"), (400, "screen"), (A4_PIXELS[0], "print")])
def test_nothing_runs_out_of_the_page_or_is_too_small(browser, reports, lang, width, media):
    """No sideways scrolling, no letter below nine pixels outside reference marks, no picture shrunk beyond reading."""
    page = shown(browser, reports[lang], width, 900, media)
    try:
        over = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert over <= 0
        assert page.evaluate(LETTERS % LEAST_PIXELS) == []
        assert page.evaluate(SHRUNK) == []
    finally:
        page.close()


@pytest.mark.browser
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_first_printed_page_holds_what_a_reader_must_see(browser, reports, lang):
    """Limits, participation beside service load and the head of what is not claimed stand on the first page."""
    page = shown(browser, reports[lang], *A4_PIXELS, "print")
    try:
        tops = {word: page.evaluate(BELOW, word) for word in FIRST[lang]}
        assert all(top < A4_PIXELS[1] for top in tops.values()), tops
        sides = [page.evaluate(BELOW, word) for word in FIRST[lang][1:3]]
        assert sides[0] == sides[1]
    finally:
        page.close()
