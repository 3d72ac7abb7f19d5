"""Open a scenario file: it goes through the same loader as everything; what is wrong is said and the page stays."""

from __future__ import annotations

from base64 import b64decode

import solara

from sim.base.errors import ScenarioError
from sim.base.text import translate as _
from sim.dashboard import checking, document, shelf
from sim.dashboard.state import LANG, Tab, component
from sim.dashboard.widgets import File, heading, html


def opened(tab: Tab, raw: bytes, lang: str) -> str:
    """Take a file's bytes as the what-if; returns what is wrong with it, empty where it was taken."""
    try:
        text = raw.decode("utf-8-sig")
        whatif = document.start_from(shelf.keep(text))
        checked = checking.check(whatif)
        if checked.scenario is None:
            return "\n".join(checking.problem_words(p, lang) for p in checked.problems)
        tab.change(whatif)
    except UnicodeDecodeError:
        return _("not UTF-8 text")
    except ScenarioError as error:
        return "\n".join(checking.problem_words(p, lang) for p in error.problems)
    except Exception as error:  # noqa: BLE001 - whatever a stranger's file does, it is said and the page stays
        return str(error)
    return ""


@component
def Opening(tab: Tab) -> None:
    """Drop a file here."""
    complaint, set_complaint = solara.use_state("")
    with solara.Div(classes=["card"]):
        heading(_("Open a scenario file"), 3)
        File(
            label=_("Choose a .yaml file or drop it here"),
            most=shelf.MAX_BYTES,
            event_opened=lambda coded: set_complaint(opened(tab, b64decode(coded), LANG.value)),
        )
        if complaint:
            html(complaint, "stale", "pre")
