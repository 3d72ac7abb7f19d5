"""Every notebook runs in an empty folder, speaks both languages, and is committed with what it prints and draws."""

from __future__ import annotations

import base64
import re
from pathlib import Path

import nbformat
import pytest
from nbformat import NotebookNode

from sim import MODEL_VERSION
from tests.recipes.notebooks import (
    FOLDER,
    NOTEBOOKS,
    PICTURE,
    SUFFIX,
    digest,
    figures,
    kinds,
    run,
    translated,
)

IN_CHINESE = ("first_what_if", "adding_a_mechanism")  # every picture and page of the others stands in these
CHINESE = re.compile(r"[\u4e00-\u9fff]")
AGAIN = "the outputs are not of this code: run `make notebooks`"
MACHINE = re.compile(r"(?<![\w.])/(?:home|root|tmp|work|Users|usr|opt|var)/")
LARGEST = 600_000
BOTH = [(path, lang) for path in NOTEBOOKS for lang in SUFFIX]


def stored(path: Path, lang: str = "en") -> NotebookNode:
    """Return a notebook as committed."""
    return nbformat.read(path.with_name(path.stem + SUFFIX[lang]), as_version=4)


def named(value: object) -> object:
    """Return how a case is called."""
    return getattr(value, "stem", value)


@pytest.mark.slow
@pytest.mark.timeout(1200)
@pytest.mark.filterwarnings("ignore")  # the kernel's own, of another process's plumbing
@pytest.mark.parametrize(
    ("path", "lang"),
    [(path, lang) for path, lang in BOTH if lang == "en" or path.stem in IN_CHINESE],
    ids=named,
)
def test_a_notebook_run_again_shows_what_is_stored(path: Path, lang: str, tmp_path: Path):
    """Each cell runs, two notebooks in Chinese as well, prints the stored figures and draws as many pictures."""
    book, before = run(translated(stored(path), lang), tmp_path), stored(path, lang)
    assert kinds(book) == kinds(before), AGAIN
    assert figures(book) == figures(before), AGAIN


@pytest.mark.parametrize(("path", "lang"), BOTH, ids=named)
def test_the_outputs_of_a_notebook_are_of_its_code_and_of_this_model(path: Path, lang: str):
    """A notebook says of which code and MODEL_VERSION its outputs are; the Chinese one has the cells of the English."""
    book, about = stored(path, lang), stored(path, lang).metadata["outputs_of"]
    assert about == {"code": digest(book), "model_version": MODEL_VERSION}, AGAIN
    assert [c.source for c in book.cells] == [c.source for c in translated(stored(path), lang).cells], AGAIN


@pytest.mark.parametrize(("path", "lang"), BOTH, ids=named)
def test_a_notebook_is_committed_with_its_pictures(path: Path, lang: str):
    """Every cell that draws holds its PNG, none is large, and no output names a folder of the machine that ran it."""
    cells = [cell for cell in stored(path, lang).cells if cell.cell_type == "code"]
    drawing = [cell for cell in cells if "display(Image(" in cell.source]
    pictures = [[o["data"][PICTURE] for o in cell.outputs] for cell in drawing]
    assert drawing
    assert all(found and all(base64.b64decode(p).startswith(b"\x89PNG") for p in found) for found in pictures)
    assert path.with_name(path.stem + SUFFIX[lang]).stat().st_size < LARGEST
    assert not [c.id for c in cells if c.outputs and MACHINE.search(str(list(c.outputs)))]
    assert not any(o.output_type == "error" or o.get("name") == "stderr" for c in cells for o in c.outputs)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)
def test_a_notebook_speaks_both_languages(path: Path):
    """Every text of a notebook is there in English and in Chinese."""
    texts = [cell for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "markdown"]
    one_sided = [c.id for c in texts if not (CHINESE.search(c.source) and re.search(r"[a-z]{3}", c.source))]
    assert one_sided == []


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)
def test_a_link_of_a_notebook_leads_to_a_file(path: Path):
    """What a notebook links to is there."""
    texts = "\n".join(c.source for c in nbformat.read(path, as_version=4).cells if c.cell_type == "markdown")
    links = re.findall(r"\]\(([^)#]+?)(?:#[^)]*)?\)", texts)
    assert [link for link in links if not (path.parent / link).exists()] == []


def test_there_are_notebooks():
    """The tests above look at something."""
    assert len(NOTEBOOKS) >= 5
    assert {p.name for p in FOLDER.iterdir()} >= {p.stem + SUFFIX[lang] for p, lang in BOTH}
