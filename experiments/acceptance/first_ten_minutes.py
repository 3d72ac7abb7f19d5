"""A designer's first ten minutes with the dashboard, walked in a real browser, with the time of every step.

python experiments/acceptance/first_ten_minutes.py [--lang zh] [--pairs 5] [--width 1440] [--pictures FOLDER]

Reads the place, moves a lever, looks at the preview, runs, reads the outcome and what is behind a number, looks at a
community, follows residents, pins, reads the evidence, takes report, figures and scenario home. Exit 1 if a step fails.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from playwright.sync_api import Page, sync_playwright

from sim.base.text import translate
from tests.browser.conftest import FLAGS, Dashboard, chromium

HEIGHT = 1000
WHAT_IF = "from=tongling&place=tongguanshan_2010&reforms=abolish_streets_tongling"


class Walk:
    """The steps and how long each took."""

    def __init__(self, page: Page, lang: str, pictures: Path | None, width: int):
        self.page, self.lang, self.pictures, self.width = page, lang, pictures, width
        self.begun = time.perf_counter()

    def word(self, text: str) -> str:
        """Return a word of the page."""
        return translate(text, self.lang)

    def press(self, text: str) -> None:
        """Press a button."""
        self.page.get_by_role("button", name=self.word(text), exact=True).first.click()

    def step(self, name: str, do: Callable[[], object]) -> None:
        """Do one step, print its time and the time since the beginning."""
        started = time.perf_counter()
        do()
        now = time.perf_counter()
        print(f"{now - self.begun:7.1f} s  {now - started:6.1f} s  {name}", flush=True)
        if self.pictures is not None:
            self._unrolled()
            self.page.screenshot(path=str(self.pictures / f"{name.replace(' ', '_')}-{self.lang}.png"))
            self.page.set_viewport_size({"width": self.width, "height": HEIGHT})

    def _unrolled(self) -> None:
        """Make the window as high as what it shows, for a picture of all of it."""
        shown = "Math.max(...[...document.querySelectorAll('*')].map(e => e.scrollHeight))"
        self.page.set_viewport_size({"width": self.width, "height": min(int(self.page.evaluate(shown)), 12_000)})
        self.page.wait_for_timeout(300)

    def fold(self, text: str) -> None:
        """Open what is behind a heading."""
        self.page.get_by_role("button", name=f"▸ {self.word(text)}", exact=True).first.click()

    def takes(self, label: str) -> None:
        """Take a file home."""
        with self.page.expect_download() as download:
            self.press(label)
        if not download.value.path().stat().st_size:
            raise RuntimeError(label)


def walk(w: Walk, address: str, pairs: int) -> None:
    """Walk the steps."""
    page = w.page
    w.step("open", lambda: (page.goto(f"{address}?lang={w.lang}&{WHAT_IF}&pairs={pairs}"),
                            page.get_by_text(w.word("Your reform in three lines")).wait_for()))  # fmt: skip
    w.step("preview", lambda: page.locator("[data-preview]").wait_for())
    w.step("add a lever", lambda: (
        page.get_by_label(w.word("Add a lever")).select_option("transparency"),
        page.locator("[data-lever=transparency] input[type=number]").fill("0.7"),
        page.locator("[data-lever=transparency] input[type=number]").press("Enter"),
        page.wait_for_function("location.search.includes('transparency=0.7')")))  # fmt: skip
    w.step("preview of it", lambda: page.locator("[data-preview]").wait_for())
    w.step("first pair", lambda: (w.press("Run"), page.get_by_role(
        "button", name=w.word("See the outcome")).wait_for()))  # fmt: skip
    w.step(
        "outcome while it runs",
        lambda: (w.press("See the outcome"), page.locator(".verdict").first.wait_for()),
    )
    w.step("behind a number", lambda: (page.locator(".verdict summary").first.click(),
                                       page.locator(".verdict[open] li").first.wait_for()))  # fmt: skip
    w.step("all pairs", lambda: (w.press("What if"), page.get_by_role(
        "button", name=w.word("Run"), exact=True).wait_for(), w.press("Outcome")))  # fmt: skip
    w.step("one community", lambda: (
        page.get_by_label(w.word("Look at one community")).select_option(index=1),
        page.locator("[data-area]").wait_for()))  # fmt: skip
    w.step("pin", lambda: w.press("Pin this result"))
    for label in ("Report", "Numbers (CSV)", "Scenario file"):
        w.step(f"take {label}", lambda label=label: w.takes(label))
    w.step("why", lambda: (w.press("Why"), page.get_by_text(w.word("By cause"), exact=True).wait_for()))
    w.step(
        "follow residents", lambda: (w.press("Follow three residents"), page.locator("h4").first.wait_for())
    )
    w.step("compare", lambda: (w.press("Compare"), page.get_by_text(w.word("Unpin"), exact=True).wait_for()))
    w.step("evidence", lambda: (w.press("Evidence"), w.fold("Stylised facts by class"),
                                page.get_by_text("F1", exact=True).first.wait_for()))  # fmt: skip


def main() -> None:
    """Walk, and say how long it took."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--lang", default="en", choices=["en", "zh"])
    parser.add_argument("--pairs", type=int, default=5)
    parser.add_argument("--width", type=int, default=1440, help="of the window; 820 is a tablet's")
    parser.add_argument("--pictures", type=Path)
    asked = parser.parse_args()
    if asked.pictures:
        asked.pictures.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        dashboard = Dashboard(Path(folder))
        dashboard.wait()
        browser = playwright.chromium.launch(executable_path=chromium(), headless=True, args=list(FLAGS))
        page = browser.new_context(viewport={"width": asked.width, "height": HEIGHT}, accept_downloads=True).new_page()
        page.set_default_timeout(400_000)
        try:
            walk(Walk(page, asked.lang, asked.pictures, asked.width), dashboard.address, asked.pairs)
        finally:
            browser.close()
            dashboard.stop()


if __name__ == "__main__":
    main()
