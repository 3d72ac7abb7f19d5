"""Page 5, Evidence: the ledger, how much is assumed, the stylised facts by class, and the calibration."""

from __future__ import annotations

from collections import Counter
from functools import partial

import solara

from sim.base.text import say
from sim.base.text import translate as _
from sim.catalogue import assumptions
from sim.catalogue.evidence import evidence
from sim.dashboard.state import Tab, component
from sim.dashboard.widgets import Fold, heading, html, show, table
from sim.scenario.library import library_folder
from sim.scenario.listing import listing
from sim.scenario.page import Page

GRADES = {
    "seed": say("the documents the model is about"),
    "law": say("a law or regulation"),
    "published": say("a published figure from elsewhere"),
    "derived": say("worked out from others"),
    "assumed": say("assumed: nobody measured it"),
}


@component
def Evidence(_tab: Tab) -> None:
    """Show what is known and what is assumed."""
    heading(_("Evidence and assumptions"))
    with solara.Div(classes=["card"]):
        heading(_("Grades"), 3)
        known: Counter[str] = Counter(row.grade for row in evidence().values())
        numbers: Counter[str] = Counter(row.grade for row in assumptions().values())
        rows = [[words, known.get(g, 0), numbers.get(g, 0)] for g, words in GRADES.items()]
        table([say("grade"), say("entries of the ledger"), say("numbers of behaviour and workload")], rows)
    with solara.Div(classes=["card"]):
        heading(_("Does the model do what the documents say?"), 3)
        html(_("Only emergent facts are evidence for the model; the others were written in."), "quiet")
        Fold(_("Stylised facts by class"), lambda: show(_facts()))
        Fold(_("Where the documents contradict one another"), lambda: show(_facts(contradictions=True)))
    with solara.Div(classes=["card"]):
        heading(_("Calibration"), 3)
        Fold(_("Targets and how they are met"), lambda: show(_calibration()))
    with solara.Div(classes=["card"]):
        heading(_("Everything there is"), 3)
        for what, title in (
            ("evidence", _("Ledger")),
            ("assumptions", _("Assumptions")),
            ("levers", _("Levers")),
            ("measures", _("Measures")),
        ):
            Fold(title, partial(_list, what))


def _list(what: str) -> None:
    show(listing(what))


def _facts(*, contradictions: bool = False) -> Page:
    """Return the table of facts, or of contradictions; what it needs is imported when somebody asks."""
    from sim.experiment.validate_report import shipped, validation_page

    return validation_page(shipped(), contradictions=contradictions)


def _calibration() -> Page:
    """Return the calibration; scikit-learn, which it brings along, does not delay the first page."""
    from sim.experiment.calibrate_report import spoken_set

    return spoken_set(library_folder() / "assumptions" / "calibrated.yaml")
