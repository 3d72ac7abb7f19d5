"""The pages of the library as Markdown files: one a scenario and language, its picture, and a list of all of them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from sim.base.text import LANGUAGES, pick
from sim.results.shipped import Outcomes, read_outcomes
from sim.scenario import load_scenario
from sim.scenario.documents import library_ids
from sim.scenario.markdown import markdown, section_lines
from sim.scenario.resolved import ResolvedScenario
from sim.views.combining import combining
from sim.views.scenario_figure import caption, picture
from sim.views.scenario_page import OUTCOMES, index_page, scenario_page

HEAD = "<!-- Written by `shequ list scenarios --pages FOLDER`; edit the scenario or its catalogues instead. -->\n"
PICTURES = "figures"
SUFFIX = {"en": ".md", "zh": ".zh.md"}


def write_pages(folder: Path) -> list[Path]:
    """Write the pages of every scenario of the library and their list; returns what was written."""
    scenarios = [load_scenario(name) for name in library_ids("scenario")]
    outcomes = read_outcomes()
    written = []
    for name, text in every_file(scenarios, outcomes):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        written.append(path)
    return written


def every_file(scenarios: list[ResolvedScenario], outcomes: Outcomes | None) -> Iterator[tuple[str, str]]:
    """Yield name and text of every file of the pages."""
    for lang in LANGUAGES:
        yield f"README{SUFFIX[lang]}", _text(markdown(index_page(scenarios), lang))
    for one in scenarios:
        last = combining(one.id, one)
        for lang in LANGUAGES:
            body = page_lines(one, outcomes, lang) + section_lines(last, lang)
            yield f"{one.id}{SUFFIX[lang]}", _text(body)
            if outcomes is not None and outcomes.about(one.id):
                yield picture_of(one, lang), picture(one.id, outcomes, lang)


def picture_of(scenario: ResolvedScenario, lang: str) -> str:
    """Return the name of a scenario's picture, beside the pages."""
    return f"{PICTURES}/{scenario.id}.{lang}.svg"


def page_lines(scenario: ResolvedScenario, outcomes: Outcomes | None, lang: str) -> list[str]:
    """Return a scenario's page as Markdown, save with what it can be combined."""
    page = scenario_page(scenario, outcomes)
    lines = [f"\n# {pick(page.title, lang)}"]
    for section in page.sections:
        lines += section_lines(section, lang)
        if section.title == OUTCOMES and outcomes is not None and outcomes.about(scenario.id):
            said = pick(caption(outcomes), lang)
            lines += ["", f"![{said}]({picture_of(scenario, lang)})", "", said]
    return lines


def _text(lines: list[str]) -> str:
    return HEAD + "\n".join(lines) + "\n"
