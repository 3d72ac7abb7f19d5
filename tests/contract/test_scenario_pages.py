"""The pages of the library say what its files and its shipped runs say: written anew they would be the same.

What a scenario combines with takes longer: tests/behaviour/test_library_acts.py.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from sim.base.text import LANGUAGES, pick
from sim.catalogue.evidence import evidence
from sim.results.shipped import BASELINE, REFORM, read_outcomes
from sim.scenario import load_scenario
from sim.scenario.documents import library_ids
from sim.scenario.markdown import markdown
from sim.scenario.resolved import ResolvedScenario
from sim.views.combining import TITLE, clash
from sim.views.library_pages import HEAD, PICTURES, SUFFIX, page_lines, picture_of
from sim.views.scenario_figure import picture
from sim.views.scenario_page import evidence_of, index_page

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "scenarios"
SCENARIOS = library_ids("scenario")
OUTCOMES = read_outcomes()
AGAIN = "written otherwise now: run `shequ list scenarios --pages docs/scenarios`"


@cache
def loaded(name: str) -> ResolvedScenario:
    """Return a scenario of the library, read once."""
    return load_scenario(name)


def stored(name: str) -> str:
    """Return a file of the pages."""
    return (FOLDER / name).read_text(encoding="utf-8")


@pytest.mark.parametrize("name", SCENARIOS)
def test_a_page_says_what_the_library_and_its_runs_say(name: str) -> None:
    """Both languages of a page, up to what it combines with, and both of its pictures would be written the same."""
    for lang in LANGUAGES:
        page = stored(f"{name}{SUFFIX[lang]}").split(f"\n## {pick(TITLE, lang)}\n")[0]
        assert page == HEAD + "\n".join(page_lines(loaded(name), OUTCOMES, lang)) + "\n", AGAIN
        if OUTCOMES is not None and OUTCOMES.about(name):
            assert stored(picture_of(loaded(name), lang)) == picture(name, OUTCOMES, lang), AGAIN


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_list_names_every_page_and_no_other_file_lies_there(lang: str) -> None:
    """The list would be written the same, and the folder holds nothing of a scenario that is gone."""
    whole = HEAD + "\n".join(markdown(index_page([loaded(name) for name in SCENARIOS]), lang)) + "\n"
    assert stored(f"README{SUFFIX[lang]}") == whole, AGAIN
    pages = {f"{name}{SUFFIX[lang]}" for name in ("README", *SCENARIOS)}
    assert pages <= {path.name for path in FOLDER.iterdir()}
    known = {f"{name}{suffix}" for name in ("README", *SCENARIOS) for suffix in SUFFIX.values()}
    assert {path.name for path in FOLDER.iterdir()} - {PICTURES} == known


@pytest.mark.parametrize("name", SCENARIOS if OUTCOMES is not None else ())
def test_the_arms_of_the_shipped_runs_differ_where_something_changes(name: str) -> None:
    """A scenario with a reform moved some primary outcome in its shipped runs; one without has one arm only."""
    values = OUTCOMES.of(name)
    if loaded(name).timeline.is_empty:
        assert not {BASELINE, REFORM} & set(values["arm"].to_list())
        return
    wide = values.pivot("arm", index=["pair", "measure", "window"], values="value")
    assert (wide[BASELINE] != wide[REFORM]).any()


def test_a_page_shows_the_evidence_its_documents_cite() -> None:
    """What a reform, a scenario and a place cite stands on the page, and every entry is in the ledger."""
    cited = evidence_of(loaded("tongling"))
    assert {"tongling.merge", "tongling.direct-funding", "derived.tongling-span"} <= set(cited)
    assert set(cited) <= set(evidence())


def test_a_clash_is_told_by_its_reason_and_spot() -> None:
    """Abolishing the streets and moving stations to them cannot be combined, and the page says which clauses clash."""
    what, where, _ = clash("tongling", "street_stations_xuanwu")
    assert "stations" in str(what) and "street_stations_xuanwu.yaml" in where
    assert clash("tongling", "admission_gate_jianye") is None
