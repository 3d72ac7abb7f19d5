"""Rendering: templates that may name only what exists, and numbers that are looked up, never typed."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from sim.base.text import pick, translate

TEMPLATE_FOLDER = Path(__file__).resolve().parent / "templates"


@lru_cache(maxsize=1)
def environment() -> Environment:
    """Return the templates' environment: an unknown name is an error, a cell never breaks its table."""
    made = Environment(
        loader=FileSystemLoader(TEMPLATE_FOLDER),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,  # noqa: S701 - Markdown made of the project's own words
    )
    made.filters["cell"] = cell
    made.filters["number"] = number
    made.filters["first_word"] = lambda name: name.partition(".")[0]
    made.filters["after_dot"] = lambda name: name.partition(".")[2]
    made.filters["chinese"] = lambda sentence: translate(sentence, "zh")
    return made


def render(template: str, **values: Any) -> str:
    """Return a template filled in."""
    return environment().get_template(template).render(**values)


def cell(text: Any) -> str:
    """Return a text as one cell of a Markdown table."""
    return " ".join(str(text).split()).replace("|", "\\|")


def number(value: float) -> str:
    """Return a number as short as it is exact."""
    return f"{value:g}"


def both(text: Any) -> str:
    """Return a text of two languages as `English · 中文`; once where they are alike."""
    english, chinese = pick(text, "en"), pick(text, "zh")
    return english if english == chinese else f"{english} · {chinese}"


def spoken_both(sentence: str) -> str:
    """Return an English sentence of a declaration with its translation."""
    return both({"en": sentence, "zh": translate(sentence, "zh")})
