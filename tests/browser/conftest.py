"""A dashboard on a port of its own and a headless Chromium; without one tests are skipped, in CI that is an error."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import psutil
import pytest

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
)
SCENARIO = """\
kind: place
id: hamlet
extends: reference_community
title: {en: "A hamlet", zh: "小村"}
residents: {count: {value: 1500, range: [500, 6000], unit: person, assumed: "small, for a test"}}
---
kind: reform
id: open_books
title: {en: "Open books", zh: "公开账目"}
from: 2012-06
changes:
  - {id: books, set: {transparency: {value: 1, assumed: "a test", range: [0, 1]}}}
  - {id: meeting, set: {assembly.decides: all_matters}}
---
kind: scenario
id: hamlet_books
title: {en: "The hamlet opens its books", zh: "小村公开账目"}
place: hamlet
reforms: [open_books]
run: {start: 2012-01, spin_up: 6 months, months: 24, pairs: 5, primary: [unmet_need, participation.deliberate]}
"""


def chromium() -> str:
    """Return where Chromium is, empty where there is none."""
    return shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome") or ""


def free_port() -> int:
    """Return a port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def status(address: str) -> int:
    """Return the status a page answers with, 0 where nobody answers."""
    try:
        with urllib.request.urlopen(address, timeout=5) as answer:
            return answer.status
    except urllib.error.HTTPError as error:
        with error:
            return error.code
    except OSError:
        return 0


class Dashboard:
    """A running `shequ dashboard` of a small scenario, in a folder of its own."""

    def __init__(self, folder: Path, *words: str):
        self.folder, self.port = folder, free_port()
        (folder / "hamlet_books.yaml").write_text(SCENARIO, encoding="utf-8")
        command = [sys.executable, "-c", "from sim.cli import main; main()", "dashboard", "hamlet_books.yaml"]
        root = str(Path(__file__).resolve().parents[2])
        with (folder / "server.log").open("w") as log:
            self.process = subprocess.Popen(
                [*command, "--port", str(self.port), *words], cwd=folder, stdout=subprocess.DEVNULL, stderr=log,
                env=os.environ | {"PYTHONPATH": root},
            )  # fmt: skip
        self.address = f"http://127.0.0.1:{self.port}/"

    def wait(self) -> None:
        """Return when it answers."""
        for _ in range(300):
            if status(self.address + "readyz") == 200:
                return
            if self.process.poll() is not None:
                break
            time.sleep(0.2)
        raise RuntimeError((self.folder / "server.log").read_text())

    def jobs(self) -> list[psutil.Process]:
        """Return the processes that run comparisons of this folder, and their workers."""
        return [p for p in psutil.process_iter() if _of(p, str(self.folder))]

    def stop(self, how: int = signal.SIGTERM) -> None:
        """End the server."""
        self.process.send_signal(how)
        self.process.wait(20)


def _of(process: psutil.Process, folder: str) -> bool:
    try:
        return "sim.dashboard.job" in " ".join(process.cmdline()) and process.cwd() == folder
    except (psutil.Error, OSError):
        return False


def gone(dashboard: Dashboard, seconds: float = 10.0) -> bool:
    """Return whether every job ends in time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if not dashboard.jobs():
            return True
        time.sleep(0.05)
    return False


@pytest.fixture(scope="session")
def browser():
    """A headless Chromium."""
    if not chromium():
        if os.environ.get("CI") == "true":
            pytest.fail("the browser tests need Chromium; under CI they may not be skipped")
        pytest.skip("no Chromium on this machine")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=chromium(), headless=True, args=list(FLAGS))
        yield running
        running.close()


@pytest.fixture(scope="module")
def dashboard(browser, tmp_path_factory):
    """A server for the tests of one file."""
    running = Dashboard(tmp_path_factory.mktemp("dashboard"))
    running.wait()
    yield running
    running.stop()


@pytest.fixture
def page(browser):
    """A fresh tab of a fresh user."""
    context = browser.new_context(viewport={"width": 1440, "height": 1000}, accept_downloads=True)
    page = context.new_page()
    page.set_default_timeout(60_000)
    yield page
    context.close()
