"""Small pieces that every page uses: headings, notes, tables, buttons, charts with their text beside them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape
from typing import Any

import solara

from sim.base.text import pick

INK, QUIET, ACCENT, WARM = "#1c2733", "#4d5966", "#0b5f8a", "#b4531f"
STYLE = """
.shequ { font-family: "PingFang SC","Microsoft YaHei","Noto Sans SC","Noto Sans CJK SC",system-ui,sans-serif; color: #1c2733; }
.shequ h1 { font-size: 1.35rem; margin: 0; } .shequ h2 { font-size: 1.1rem; margin: 1.2rem 0 .4rem; } .shequ h3 { font-size: 1rem; margin: .8rem 0 .3rem; }
.shequ p, .shequ li { font-size: .92rem; line-height: 1.55; margin: .15rem 0; }
.shequ .quiet { color: #4d5966; } .shequ .note { background: #f2f6f9; border-left: 4px solid #0b5f8a; padding: .5rem .8rem; margin: .5rem 0; }
.shequ .stale { background: #fdf1e7; border-left: 4px solid #b4531f; padding: .5rem .8rem; margin: .5rem 0; }
.shequ table { border-collapse: collapse; width: 100%; font-size: .85rem; font-variant-numeric: tabular-nums; }
.shequ th { text-align: left; border-bottom: 2px solid #8a94a0; padding: .25rem .5rem; vertical-align: bottom; }
.shequ td { border-bottom: 1px solid #e3e8ec; padding: .25rem .5rem; vertical-align: top; }
.shequ .wide { overflow-x: auto; } .shequ .card { border: 1px solid #d7dde2; border-radius: 6px; padding: .8rem 1rem; background: #fff; }
.shequ .v-btn { text-transform: none; letter-spacing: 0; } .shequ .v-select__selection { line-height: 1.5; overflow: visible; }
.shequ .side { display: grid; grid-template-columns: minmax(0,1fr) minmax(0,1fr); gap: 1rem; }
@media (max-width: 900px) { .shequ .side { grid-template-columns: minmax(0,1fr); } }
"""


@solara.component_vue("choice.vue")
def Choice(
    label: str, value: str, items: list, event_chosen: Callable[[str], Any], *, resets: bool = False
) -> None:
    """A list to choose from: the browser's own, so that keyboard and screen reader know it."""


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
        attributes={"aria-expanded": str(is_open).lower()},
    )
    if is_open:
        draw()


def select(
    label: str, value: Any, items: list[dict], on_value: Callable[[Any], Any], *, resets: bool = False
) -> None:
    """Show a list to choose from; what is shown are words, what is kept are ids. resets: choosing adds, nothing stays."""
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
    items = "".join(f"<li>{escape(pick(text))}</li>" for text in texts)
    if items:
        solara.HTML(tag="ul", unsafe_innerHTML=items, classes=[classes] if classes else [])


def table(columns: Sequence[Any], rows: Sequence[Sequence[Any]], caption: str = "") -> None:
    """Show a table that scrolls sideways where it does not fit."""
    head = "".join(f'<th scope="col">{escape(pick(c))}</th>' for c in columns)
    body = "".join(
        "<tr>" + "".join(f"<td>{escape(pick(cell))}</td>" for cell in row) + "</tr>" for row in rows
    )
    named = f"<caption>{escape(caption)}</caption>" if caption else ""
    text = f"<table>{named}<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    solara.HTML(tag="div", unsafe_innerHTML=text, classes=["wide"])


def button(text: str, on_click: Callable[[], Any], *, primary: bool = False, disabled: bool = False) -> None:
    """Show a button."""
    solara.Button(
        text, on_click=on_click, color="primary" if primary else None, outlined=not primary, disabled=disabled
    )


def chart(option: dict[str, Any], text: str, height: int = 320) -> None:
    """Show a chart with its text for those who do not see it; the numbers stand in a table beside it."""
    option = option | {"aria": {"enabled": True, "label": {"description": text}}, "animation": False}
    with solara.Div(style={"height": f"{height}px"}, classes=["chart"]):
        solara.FigureEcharts(
            option,
            attributes={"style": f"height: {height}px; width: 100%", "role": "img", "aria-label": text},
        )
