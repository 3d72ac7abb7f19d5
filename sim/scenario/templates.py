"""Templates of `shequ new`: commented files that pass `check` as they stand."""

from __future__ import annotations

from pathlib import Path

from sim.base.errors import Place, Problem, ScenarioError
from sim.base.text import language, say
from sim.scenario.shapes import did_you_mean

TEMPLATE_FOLDER = Path(__file__).resolve().parent / "templates"
TEMPLATES = ("place", "reform", "scenario")


def template(kind: str, name: str, lang: str | None = None) -> str:
    """Return the text of a template with the name filled in."""
    path = TEMPLATE_FOLDER / f"{kind}.{lang or language()}.yaml"
    return path.read_text(encoding="utf-8").replace("NAME", name)


def write_template(kind: str, name: str, folder: Path) -> Path:
    """Write a new file from a template; an existing file is never overwritten."""
    if kind not in TEMPLATES:
        what = say("`{kind}` cannot be begun from a template", kind=kind)
        raise ScenarioError([Problem(None, "", what, did_you_mean(kind, (*TEMPLATES, "mechanism")))])
    checked_name(name)
    return write_once(folder / f"{name}.yaml", template(kind, name))


def checked_name(name: str) -> None:
    """Refuse a name that could not stand in a file, in the program or in another file that names it."""
    if not name.isidentifier() or name != name.lower():
        what = say("`{name}`: a name has lower-case letters, digits and `_`", name=name)
        raise ScenarioError([Problem(None, "", what)])


def write_once(path: Path, text: str) -> Path:
    """Write a new file and return its path; an existing file is left as it is."""
    if path.exists():
        raise ScenarioError([Problem(Place(str(path)), "", say("exists already and is left as it is"))])
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path
