"""The dashboard in a real browser: a designer's path alone, two users, stopping, and what leaves the machine."""

from __future__ import annotations

import re
import signal
import time
from html import unescape
from urllib.parse import quote

import psutil
import pytest
from axe_playwright_python.sync_playwright import Axe

from sim.base.text import translate

from .conftest import Dashboard, gone, status

pytestmark = [pytest.mark.browser, pytest.mark.slow]
# Solara's own page template forbids zooming; the rest is ours.
NOT_OURS = {"meta-viewport"}


def word(text: str, lang: str) -> str:
    """Return a word of the page in a language."""
    return translate(text, lang)


def press(page, text: str, lang: str = "en") -> None:
    page.get_by_role("button", name=word(text, lang), exact=True).click()


def finished(page, lang: str = "en") -> None:
    """Wait until a run is over."""
    page.get_by_role("button", name=word("See the outcome", lang)).wait_for(timeout=240_000)
    page.get_by_role("button", name=word("Run", lang), exact=True).wait_for(timeout=240_000)


def not_claimed(report: str) -> list[str]:
    """Return the cells of the report's table of what is not claimed, without its references."""
    body = (
        report[report.index('<table class="prose">') :].split("<tbody>")[1].split("</tbody>", maxsplit=1)[0]
    )
    cells = re.findall(r"<td>(.*?)</td>", re.sub(r"<sup.*?</sup>", "", body), re.DOTALL)
    return [unescape(re.sub(r"<[^>]+>", "", cell)).strip() for cell in cells]


def nothing_of_ours(page) -> None:
    """The accessibility checker has no complaint about what we made, once nothing fades in or out any more."""
    page.wait_for_function("document.getAnimations().every(one => one.playState !== 'running')")
    found = {
        v["id"]: [n["html"][:160] for n in v["nodes"]][:2] for v in Axe().run(page).response["violations"]
    }
    assert {k: v for k, v in found.items() if k not in NOT_OURS} == {}


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_designer_goes_from_place_to_export_alone(dashboard, page, lang, tmp_path):
    """Open, run, read every page, take everything home; nothing leaves loopback or fails, axe has no complaint."""
    asked, failed = [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("response", lambda response: failed.append(response.url) if response.status >= 400 else None)
    page.goto(f"{dashboard.address}?lang={lang}")
    page.get_by_text(word("Your reform in three lines", lang)).wait_for()
    page.get_by_text(word("Institutional check", lang)).wait_for()
    press(page, "Run", lang)
    finished(page, lang)
    press(page, "See the outcome", lang)
    page.get_by_text(word("Participation", lang), exact=True).first.wait_for()
    with page.expect_download() as download:
        page.get_by_role("button", name=word("Report", lang), exact=True).click()
    text = (tmp_path / "report.html", download.value.save_as(tmp_path / "report.html"))[0].read_text(
        encoding="utf-8"
    )
    assert {"en": "The hamlet opens its books", "zh": "小村公开账目"}[lang] in text
    assert f'lang="{lang}"' in text
    page.locator(".refused .fold").click()
    page.locator(".refused table").nth(1).wait_for()
    said = [cell.strip() for cell in page.locator(".refused tbody td").all_inner_texts()]
    assert len(said) > 6
    assert said == not_claimed(text)
    for label, begins in (("Numbers (CSV)", "\ufeffmeasure,"), ("Scenario file", "kind: ")):
        with page.expect_download() as download:
            page.get_by_role("button", name=word(label, lang), exact=True).click()
        assert download.value.path().read_text(encoding="utf-8").startswith(begins)
    page.locator(".verdict summary").first.click()
    page.get_by_label(word("Look at one community", lang)).select_option(index=1)
    page.locator("[data-area]").wait_for()
    press(page, "Pin this result", lang)
    nothing_of_ours(page)
    press(page, "Why", lang)
    press(page, "Follow three residents", lang)
    page.locator("h4").first.wait_for()
    nothing_of_ours(page)
    press(page, "Compare", lang)
    page.get_by_role("button", name=word("Unpin", lang), exact=True).wait_for()
    nothing_of_ours(page)
    press(page, "Evidence", lang)
    page.get_by_role("button", name=word("Ledger", lang)).click()
    page.get_by_text("tongling.merge", exact=True).first.wait_for()
    nothing_of_ours(page)
    press(page, "What if", lang)
    page.get_by_text(word("Your reform in three lines", lang)).wait_for()
    nothing_of_ours(page)
    assert page.get_by_text("Traceback").count() == 0
    assert not [
        url
        for url in asked
        if not url.startswith((dashboard.address, "data:", "blob:", f"ws://127.0.0.1:{dashboard.port}"))
    ]
    assert failed == []


def test_two_users_do_not_touch_each_other(dashboard, browser):
    """A lever that one user moves, and the language one reads, stay theirs."""
    one, other = browser.new_context().new_page(), browser.new_context().new_page()
    one.goto(f"{dashboard.address}?lang=zh&from=tongling&place=tongguanshan_2010&set=transparency=0.7")
    other.goto(f"{dashboard.address}?lang=en&from=tongling&place=tongguanshan_2010")
    one.locator("[data-lever=transparency]").wait_for()
    other.get_by_text("Your reform in three lines").wait_for()
    assert other.locator("[data-lever=transparency]").count() == 0
    assert one.get_by_text(word("Your reform in three lines", "zh")).count() == 1
    one.context.close()
    other.context.close()


def test_back_and_undo_bring_back_what_was(dashboard, page):
    """The address holds the state: leaving a page and going back, and undoing a moved lever, restore it."""
    page.goto(f"{dashboard.address}?lang=en&from=tongling&place=tongguanshan_2010&set=transparency=0.7")
    page.locator("[data-lever=transparency]").wait_for()
    press(page, "Take it back")
    page.locator("[data-lever=transparency]").wait_for(state="detached")
    press(page, "Undo")
    page.locator("[data-lever=transparency]").wait_for()
    press(page, "Evidence")
    page.get_by_text("Evidence and assumptions").wait_for()
    page.go_back()
    page.get_by_text("Your reform in three lines").wait_for()


def test_a_bad_address_is_said_and_the_page_stays(dashboard, page):
    """Unknown places, reforms, levers and numbers in an address are named; nothing breaks."""
    page.goto(
        f"{dashboard.address}?lang=en&from=nowhere&place=tongguanshan_2010&reforms=magic&set=nolever=1&pairs=-3&page=xx"
    )
    page.get_by_text("from=nowhere").wait_for()
    for bad in ("reforms=magic", "set=nolever=1", "pairs=-3", "page=xx"):
        assert page.get_by_text(bad).count() == 1
    page.get_by_text("Your reform in three lines").wait_for()


def test_a_bad_lever_in_a_bare_address_is_said(dashboard, page):
    """Where the address names no scenario, what it holds and is not known is named too; the rest of it holds."""
    page.goto(f"{dashboard.address}?lang=en&set=nolever=1&set=transparency=0.5&run=file-{0:016x}-5-00000000")
    page.get_by_text("set=nolever=1").wait_for()
    page.get_by_text("1 result in the address is not on this machine").wait_for()
    page.locator("[data-lever=transparency]").wait_for()


def test_two_users_run_the_same_what_if_at_once(dashboard, browser):
    """Both get their pairs, and the one who cancels takes nothing from the other."""
    pages = [browser.new_context().new_page() for _ in range(2)]
    for page in pages:
        page.set_default_timeout(60_000)
        page.goto(f"{dashboard.address}?lang=en&pairs=5")
        press(page, "Run")
    press(pages[0], "Cancel")
    finished(pages[1])
    assert pages[1].locator(".stale").count() == 0
    for page in pages:
        page.context.close()


def test_cancel_ends_the_work(dashboard, page):
    """After Cancel no process of the run is left, and another run can begin."""
    page.goto(
        f"{dashboard.address}?lang=en&from=tongling&place=tongguanshan_2010&reforms=abolish_streets_tongling&pairs=80"
    )
    press(page, "Run")
    page.get_by_role("button", name="Cancel").wait_for()
    page.wait_for_timeout(3000)
    assert dashboard.jobs()
    press(page, "Cancel")
    assert gone(dashboard, 5)
    page.get_by_role("button", name="Run", exact=True).wait_for()


def test_a_closed_tab_ends_its_work(dashboard, browser):
    """Closing the tab ends the run it started."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(
        f"{dashboard.address}?lang=en&from=tongling&place=tongguanshan_2010&reforms=abolish_streets_tongling&pairs=80"
    )
    press(page, "Run")
    page.get_by_role("button", name="Cancel").wait_for()
    page.wait_for_timeout(2000)
    assert dashboard.jobs()
    page.close(run_before_unload=True)
    context.close()
    assert gone(dashboard, 30)


def test_a_killed_server_leaves_no_process(browser, tmp_path):
    """Killing the server outright ends every run it started."""
    running = Dashboard(tmp_path)
    running.wait()
    page = browser.new_context().new_page()
    page.set_default_timeout(60_000)
    page.goto(
        f"{running.address}?lang=en&from=tongling&place=tongguanshan_2010&reforms=abolish_streets_tongling&pairs=80"
    )
    press(page, "Run")
    page.get_by_role("button", name="Cancel").wait_for()
    time.sleep(3)
    assert running.jobs()
    started = psutil.Process(running.process.pid).children(recursive=True)
    running.stop(signal.SIGKILL)
    assert gone(running, 10)
    assert psutil.wait_procs(started, 10)[1] == []
    page.context.close()


def test_the_keyboard_alone_suffices(dashboard, page):
    """Tab and Enter reach the run button and start a run."""
    page.goto(f"{dashboard.address}?lang=en&pairs=5")
    page.get_by_text("Your reform in three lines").wait_for()
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.innerText.trim()") == "Run":
            break
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Cancel").or_(
        page.get_by_role("button", name="See the outcome")
    ).first.wait_for()


BAD_FILES = {
    "not UTF-8 text": b"\xff\xfe\x00kind",
    "atlantis": b"kind: scenario\nid: x\nplace: atlantis\nrun: {start: 2012-01, months: 12}\n",
    "bytes; a file may have": b"#" * 3_000_000,
}


def test_bad_uploads_are_answered_in_a_sentence(dashboard, page):
    """A file that is no text, names an unknown place or is too large is refused in words; the what-if stays."""
    page.goto(f"{dashboard.address}?lang=en")
    page.get_by_text("Your reform in three lines").wait_for()
    for words, raw in BAD_FILES.items():
        page.locator("input[type=file]").set_input_files(
            {"name": "bad.yaml", "mimeType": "text/yaml", "buffer": raw}
        )
        page.locator("pre.stale").get_by_text(words).wait_for()
    assert page.get_by_text("Your reform in three lines").count() == 1


def test_my_place_becomes_the_place_of_the_what_if(dashboard, page):
    """Answers of the form make a place; it is in the address, and checked like any other."""
    page.goto(f"{dashboard.address}?lang=en&from=tongling&place=tongguanshan_2010")
    page.get_by_role("button", name="My place").click()
    page.get_by_role("spinbutton", name=re.compile("^Residents")).fill("30000")
    page.get_by_role("spinbutton", name=re.compile("^Residents")).press("Tab")
    page.get_by_role("spinbutton", name=re.compile("^Communities")).fill("6")
    page.get_by_role("spinbutton", name=re.compile("^Communities")).press("Tab")
    page.get_by_role("spinbutton", name=re.compile("^Streets")).fill("1")
    page.get_by_role("spinbutton", name=re.compile("^Streets")).press("Tab")
    press(page, "Use this place")
    page.get_by_text("30,000 residents").wait_for()
    assert "place=my_place" in page.url


def test_a_preview_follows_a_moved_lever(dashboard, page):
    """Beside the levers stands where things would go; after a move it stands for the new what-if."""
    page.goto(f"{dashboard.address}?lang=en&set=transparency=0.5")
    page.locator("[data-preview]").wait_for()
    first = page.locator("[data-preview]").get_attribute("data-preview")
    lever = page.locator("[data-lever=transparency] input[type=number]")
    lever.fill("0.8")
    lever.press("Enter")
    page.locator(f"[data-preview]:not([data-preview='{first}'])").wait_for()
    assert "transparency=0.8" in page.url


def test_another_address_needs_a_token(tmp_path):
    """Listening beyond loopback without a token is refused; with one, whoever does not know it gets nothing."""
    refused = Dashboard(tmp_path, "--host", "0.0.0.0")
    assert refused.process.wait(60) == 2
    token = "a long & odd enough töken"
    guarded = Dashboard(tmp_path, "--host", "0.0.0.0", "--token", token)
    end = time.monotonic() + 60
    while status(f"{guarded.address}readyz?token={quote(token)}") != 200:
        assert time.monotonic() < end
        time.sleep(0.2)
    assert status(guarded.address) == status(f"{guarded.address}?token=guessed") == 403
    assert status(f"{guarded.address}?token={quote(token)}") == 200
    guarded.stop()
