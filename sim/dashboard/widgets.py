"""Small pieces that every page uses: headings, notes, tables, buttons, charts with their text beside them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape
from typing import Any

import solara

from sim.base.text import pick
from sim.scenario.page import Page
from sim.views.cited import as_html

SHORT = 9  # characters: a month with its mark


@solara.component_vue("choice.vue")
def Choice(
    label: str, value: str, items: list, event_chosen: Callable[[str], Any], *, resets: bool = False
) -> None:
    """A list to choose from: the browser's own, so that keyboard and screen reader know it."""


@solara.component_vue("lever.vue")
def Slider(
    label: str,
    value: float,
    low: float,
    high: float,
    step: float,
    base: float,
    baseline: str,
    unit: str,
    event_moved: Callable[[float], Any],
) -> None:
    """A number to move: slider and exact figure, a tick where it stands unmoved, another colour when moved."""


@solara.component_vue("number.vue")
def Number(
    label: str,
    value: float | None,
    low: float,
    high: float,
    usual: str,
    said: str,
    event_entered: Callable[[str], Any],
) -> None:
    """A number to enter, or to leave open: then the usual one holds, which is shown."""


@solara.component_vue("file.vue")
def File(label: str, most: int, event_opened: Callable[[str], Any]) -> None:
    """A file to open, chosen or dropped: its first bytes, most + 1 of them at most, come as base64."""


@solara.component_vue("speaks.vue")
def Speaks(lang: str) -> None:
    """Tell the browser which language the page is in."""


@solara.component
def Fold(title: str, draw: Callable[[], Any]) -> None:
    """A heading that opens what is under it."""
    is_open, set_open = solara.use_state(False)
    mark = "▾" if is_open else "▸"
    solara.Button(
        f"{mark} {title}",
        on_click=lambda: set_open(not is_open),
        text=True,
        classes=["fold"],
        attributes={"aria-expanded": str(is_open).lower()},
    )
    if is_open:
        draw()


def select(
    label: str, value: Any, items: list[dict], on_value: Callable[[Any], Any], *, resets: bool = False
) -> None:
    """Show a list to choose from; shown are words, kept are ids. resets: choosing adds, nothing stays."""
    known = {str(item["value"]): item["value"] for item in items}
    told = [{"text": str(item["text"]), "value": str(item["value"])} for item in items]

    def chosen(text: str) -> None:
        if text in known:
            on_value(known[text])

    Choice(label=label, value=str(value or ""), items=told, resets=resets, event_chosen=chosen)


def html(text: str, classes: str = "", tag: str = "p") -> Any:
    """Show a text; everything in it is escaped."""
    return solara.HTML(tag=tag, unsafe_innerHTML=escape(text), classes=[classes] if classes else [])


def heading(text: str, level: int = 2) -> Any:
    """Show a heading."""
    return html(text, tag=f"h{level}")


def lines(texts: Sequence[Any], classes: str = "") -> None:
    """Show sentences as a list."""
    items = "".join(f"<li>{as_html(pick(text))}</li>" for text in texts)
    if items:
        solara.HTML(tag="ul", unsafe_innerHTML=items, classes=[classes] if classes else [])


def table(columns: Sequence[Any], rows: Sequence[Sequence[Any]], caption: str = "") -> None:
    """Show a table that scrolls sideways where it does not fit."""
    head = "".join(f'<th scope="col">{escape(pick(c))}</th>' for c in columns)
    body = "".join(
        "<tr>" + "".join(_cell(pick(cell)) for cell in row) + "</tr>" for row in rows
    )
    named = f"<caption>{escape(caption)}</caption>" if caption else ""
    text = f"<table>{named}<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    solara.HTML(tag="div", unsafe_innerHTML=text, classes=["wide"])


def _cell(text: str) -> str:
    """Return a cell; a month or a number is never broken into two lines."""
    short = ' class="short"' if len(text) <= SHORT else ""
    return f"<td{short}>{as_html(text)}</td>"


def button(
    text: str,
    on_click: Callable[[], Any],
    *,
    primary: bool = False,
    disabled: bool = False,
    classes: str = "",
    attributes: dict[str, str] | None = None,
) -> None:
    """Show a button."""
    solara.Button(
        text,
        on_click=on_click,
        color="primary" if primary else None,
        outlined=not primary,
        disabled=disabled,
        classes=[classes] if classes else [],
        attributes=attributes or {},
    )


def drawn(markup: str) -> Any:
    """Show markup made by our own views, in which every text is escaped already."""
    return solara.HTML(tag="div", unsafe_innerHTML=markup)


def chart(
    option: dict[str, Any], text: str, height: int = 320, on_click: Callable[[Any], Any] | None = None
) -> Any:
    """Show a chart with its text for those who do not see it; the numbers stand in a table beside it."""
    option = option | {"aria": {"enabled": True, "label": {"description": text}}, "animation": False}
    div = solara.Div(style={"height": f"{height}px"}, classes=["chart"])
    with div:
        solara.FigureEcharts(
            option,
            on_click=on_click,
            attributes={"style": f"height: {height}px; width: 100%", "role": "img", "aria-label": text},
        )
    return div


def show(page: Page) -> None:
    """Show a page of the command line as it is."""
    for section in page.sections:
        if section.title is not None:
            heading(pick(section.title), 3)
        lines(section.lines)
        if section.rows:
            table(section.columns, section.rows)
