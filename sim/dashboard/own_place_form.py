"""My place: a short form whose answers become a place file; what is left open stays as in the place chosen above."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, cast

import solara

from sim.base.errors import ScenarioError
from sim.base.text import pick, say
from sim.base.text import translate as _
from sim.catalogue import levers, unit_text
from sim.dashboard import checking, own_place
from sim.dashboard.opening import opened
from sim.dashboard.state import LANG, Tab, component
from sim.dashboard.widgets import Fold, Number, button, html, select


@component
def OwnPlace(tab: Tab) -> None:
    """Open the form."""
    Fold(_("My place: describe it in a form"), lambda: Form(tab))


@component
def Form(tab: Tab) -> None:
    """Ask at most twelve questions."""
    answers, set_answers = solara.use_state(cast("dict[str, float]", {}))
    words, set_words = solara.use_state(cast("dict[str, str]", {}))
    complaint, set_complaint = solara.use_state("")
    whatif = tab.whatif.value
    base = solara.use_memo(lambda: _base(whatif.place, whatif.source), [whatif.place, whatif.source])
    if isinstance(base, str):
        html(base, "stale", "pre")
        return
    html(
        _("What is left open stays as in the place chosen above; those numbers are mostly assumed."), "quiet"
    )
    with solara.Div(classes=["figures"]):
        for question in own_place.QUESTIONS:
            usual = base.usual(question)
            if usual is not None:
                _ask(question, answers.get(question.id), usual, lambda text, q=question: set_answers(
                    lambda now: own_place.answered(now, q, text)))  # fmt: skip
    _choices(words, set_words)

    def make() -> None:
        title = _("My place")
        text = own_place.file_of(base, title, answers, words)
        set_complaint(opened(tab, text.encode(), LANG.value))

    with solara.Div(classes=["bar"]):
        button(_("Use this place"), make, primary=True, disabled=not (answers or words))
        solara.FileDownload(
            lambda: own_place.file_of(base, _("My place"), answers, words).encode(),
            filename="my_place.yaml",
            label=_("Save the place as a file"),
        )
    if complaint:
        html(complaint, "stale", "pre")


def _base(name: str, source: str) -> own_place.Base | str:
    try:
        return own_place.base_of(name, source)
    except ScenarioError as error:
        return "\n".join(checking.problem_words(p, LANG.value) for p in error.problems)


def _ask(question: own_place.Question, value: float | None, usual: float, entered: Any) -> None:
    unit = pick(unit_text(question.unit))
    said = pick(
        say("{unit}, {low} to {high}; left open: {usual}", unit=unit, low=f"{question.low:,g}",
            high=f"{question.high:,.0f}" if question.high > 1 else f"{question.high:g}", usual=f"{usual:,.10g}")
    )  # fmt: skip
    Number(label=pick(question.text), value=value, low=question.low, high=question.high, usual=f"{usual:.10g}",
           said=said, event_entered=entered)  # fmt: skip


def _choices(words: dict[str, str], set_words: Any) -> None:
    """Ask who does the counter work and who chairs."""
    open_ = {"text": _("as in the place chosen above"), "value": "-"}
    counters = [{"text": pick(text), "value": name} for name, text in own_place.COUNTERS.items()]
    chairs = [{"text": pick(v.text), "value": v.id} for v in levers()["committee.chair_origin"].values]
    for key, label, items in (
        (own_place.COUNTER, _("Who does the counter work"), counters),
        (own_place.CHAIR, _("Who chairs the residents' committee"), chairs),
    ):
        select(label, words.get(key, "-"), [open_, *items],
               partial(_chosen, set_words, key))  # fmt: skip


def _chosen(set_words: Callable[..., Any], key: str, name: str) -> None:
    set_words(lambda now: {**now, key: "" if name == "-" else name})
