"""Every notebook runs in an empty folder, speaks both languages, and is committed without outputs."""

from __future__ import annotations

import os
import re
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

from tests.recipes.scratch import REPOSITORY

NOTEBOOKS = sorted((REPOSITORY / "notebooks").glob("*.ipynb"))
IN_CHINESE = ("first_what_if", "adding_a_mechanism")  # every picture and page of the others stands in these
CHINESE = re.compile(r"[\u4e00-\u9fff]")


@pytest.mark.slow
@pytest.mark.timeout(1200)
@pytest.mark.filterwarnings("ignore")  # the kernel's own, of another process's plumbing
@pytest.mark.parametrize(
    ("path", "lang"),
    [*((path, "en") for path in NOTEBOOKS), *((path, "zh") for path in NOTEBOOKS if path.stem in IN_CHINESE)],
    ids=lambda value: getattr(value, "stem", value),
)
def test_a_notebook_runs(path: Path, lang: str, tmp_path: Path, monkeypatch):
    """Each cell of a notebook runs, two notebooks in Chinese as well, and its pictures are drawn."""
    monkeypatch.setenv("PYTHONPATH", str(REPOSITORY))
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / ".ipython"))
    book = nbformat.read(path, as_version=4)
    for cell in book.cells:
        cell.source = cell.source.replace('LANGUAGE = "en"', f'LANGUAGE = "{lang}"')
    NotebookClient(
        book, timeout=900, resources={"metadata": {"path": str(tmp_path)}}, env=os.environ
    ).execute()
    drawing = [cell for cell in book.cells if "display(SVG(" in cell.source]
    pictures = [[o["data"]["image/svg+xml"] for o in cell.outputs if "data" in o] for cell in drawing]
    assert all(found and all("<svg" in picture for picture in found) for found in pictures)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)
def test_a_notebook_is_committed_as_it_was_written(path: Path):
    """A notebook carries no output and no count of how often it was run."""
    code = [cell for cell in nbformat.read(path, as_version=4).cells if cell.cell_type == "code"]
    assert code
    assert [cell.id for cell in code if cell.outputs or cell.execution_count] == []


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
