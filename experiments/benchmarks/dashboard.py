"""The dashboard's figures: server start, first paint, lever round trip, preview, cancel, memory a user.

python experiments/benchmarks/dashboard.py

Needs Chromium and the tests' Playwright. The server is a real `shequ dashboard` on Tongling in a folder of its own.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from pathlib import Path

import psutil

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.conftest import FLAGS, Dashboard, chromium

WHAT_IF = (
    "?lang=en&from=tongling&place=tongguanshan_2010&reforms=abolish_streets_tongling&set=transparency=0.5"
)
MOVES, USERS = 5, 4
PAINT = "performance.getEntriesByName('first-contentful-paint').map(e => e.startTime)[0] || 0"


def figure(name: str, value: float, unit: str) -> None:
    """Print one row."""
    print(f"{name:46} {value:8.2f} {unit}", flush=True)


def open_page(browser: Browser, dashboard: Dashboard) -> Page:
    """Return a tab of a fresh user with the what-if on screen."""
    page = browser.new_context(viewport={"width": 1440, "height": 1000}).new_page()
    page.set_default_timeout(120_000)
    page.goto(dashboard.address + WHAT_IF)
    page.locator("[data-lever=transparency]").wait_for()
    return page


def moves(page: Page) -> None:
    """Move a lever several times: until the page says so, and until its preview stands."""
    page.locator("[data-preview]").wait_for()
    lever = page.locator("[data-lever=transparency] input[type=number]")
    trips, previews = [], []
    for k in range(MOVES):
        value = f"0.{6 + k % 3}{k + 1}"
        before = page.locator("[data-preview]").get_attribute("data-preview")
        started = time.perf_counter()
        lever.fill(value)
        lever.press("Enter")
        page.wait_for_function(f"location.search.includes('transparency={value}')")
        trips.append(time.perf_counter() - started)
        # A locator is looked for twice a second at last; a function, at every frame.
        page.wait_for_function(f"document.querySelector('[data-preview]:not([data-preview=\\'{before}\\'])')")
        previews.append(time.perf_counter() - started)
    figure("lever round trip, median", 1000 * statistics.median(trips), "ms")
    figure("lever moved to preview shown, median", statistics.median(previews), "s")
    figure("lever moved to preview shown, slowest", max(previews), "s")


def cancel(page: Page, dashboard: Dashboard) -> None:
    """Start a run and stop it: until no process of it is left."""
    page.get_by_role("button", name="Run", exact=True).click()
    page.get_by_role("button", name="Cancel").wait_for()
    while not dashboard.jobs():
        time.sleep(0.05)
    time.sleep(2)
    started = time.perf_counter()
    page.get_by_role("button", name="Cancel").click()
    while dashboard.jobs():
        time.sleep(0.01)
    figure("cancel to no process left", time.perf_counter() - started, "s")


def main() -> None:
    """Print the figures."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        started = time.perf_counter()
        dashboard = Dashboard(Path(folder))
        dashboard.wait()
        figure("server start to ready", time.perf_counter() - started, "s")
        browser = playwright.chromium.launch(executable_path=chromium(), headless=True, args=list(FLAGS))
        try:
            started = time.perf_counter()
            page = open_page(browser, dashboard)
            figure("cold page to usable", time.perf_counter() - started, "s")
            figure("first contentful paint", page.evaluate(PAINT) / 1000, "s")
            moves(page)
            cancel(page, dashboard)
            server = psutil.Process(dashboard.process.pid)
            before = server.memory_info().rss
            figure("memory of the server with one user", before / 1e6, "MB")
            others = [open_page(browser, dashboard) for _ in range(USERS)]
            for other in others:
                other.locator("[data-preview]").wait_for()
            figure("memory a further user", (server.memory_info().rss - before) / 1e6 / USERS, "MB")
        finally:
            browser.close()
            dashboard.stop()


if __name__ == "__main__":
    main()
