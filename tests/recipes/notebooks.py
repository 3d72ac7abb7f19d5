"""Notebooks with what they print and draw, so that a reader of the repository sees it without running anything.

`python -m tests.recipes.notebooks [NAME...]` runs them and writes `NAME.ipynb` (English outputs) and `NAME.zh.ipynb`
(the same cells with Chinese outputs). A notebook says in its metadata of which code and of which MODEL_VERSION its
outputs are, so that stale ones are seen without running it. Edit the English one; the Chinese one follows.
"""

from __future__ import annotations

import base64
import hashlib
import io
import os
import re
import sys
import tempfile
from pathlib import Path
from typing import Any

import nbformat
from nbclient import NotebookClient
from nbformat import NotebookNode
from PIL import Image

from sim import MODEL_VERSION
from tests.recipes.scratch import REPOSITORY

FOLDER = REPOSITORY / "notebooks"
SUFFIX = {"en": ".ipynb", "zh": ".zh.ipynb"}
NOTEBOOKS = sorted(path for path in FOLDER.glob("*.ipynb") if not path.name.endswith(SUFFIX["zh"]))
LINK = re.compile(r"\]\((\w+)\.ipynb\)")
PICTURE, COLOURS = "image/png", 64
FIGURE = re.compile(r"\d+\.\d+")


def translated(book: NotebookNode, lang: str) -> NotebookNode:
    """Return a notebook whose cells speak a language and link to notebooks of that language."""
    book = nbformat.from_dict(book)
    for cell in book.cells:
        if cell.cell_type == "code":
            cell.source = cell.source.replace('LANGUAGE = "en"', f'LANGUAGE = "{lang}"')
        else:
            cell.source = LINK.sub(rf"](\1{SUFFIX[lang]})", cell.source)
    return book


def run(book: NotebookNode, folder: Path) -> NotebookNode:
    """Return the notebook with its outputs, run in a folder by this repository's program."""
    settings = {"PYTHONPATH": str(REPOSITORY), "IPYTHONDIR": str(folder / ".ipython")}
    book = nbformat.from_dict(book)
    there = {"metadata": {"path": str(folder)}}
    NotebookClient(book, timeout=900, resources=there, coalesce_streams=True).execute(env={**os.environ, **settings})
    return tidy(book)


def tidy(book: NotebookNode) -> NotebookNode:
    """Return the notebook without what differs from run to run (times, the machine), its pictures made small."""
    for cell in book.cells:
        cell.metadata = {}
        for output in cell.get("outputs", ()):
            data = output.get("data", {})
            if PICTURE in data:
                data[PICTURE] = small(data[PICTURE])
            if len(data) > 1:
                data.pop("text/plain", None)  # the address of an object
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    about = {"code": digest(book), "model_version": MODEL_VERSION}
    book.metadata = nbformat.from_dict(
        {"kernelspec": kernel, "language_info": {"name": "python"}, "outputs_of": about}
    )
    return book


def small(picture: str) -> str:
    """Return a picture in 64 colours: a quarter of the bytes, and to the eye the same."""
    written = io.BytesIO()
    drawn = Image.open(io.BytesIO(base64.b64decode(picture))).convert("RGB")
    drawn.quantize(COLOURS, dither=Image.Dither.NONE).save(written, "PNG", optimize=True)
    return base64.b64encode(written.getvalue()).decode()


def digest(book: NotebookNode) -> str:
    """Return what stands for the code of a notebook."""
    code = "\n\n".join(cell.source for cell in book.cells if cell.cell_type == "code")
    return hashlib.sha256(code.encode()).hexdigest()[:16]


def kinds(book: NotebookNode) -> list[list[str]]:
    """Return, cell by cell, of what kind each output is; what a first run says of compiling is none."""
    return [
        [kind(output) for output in cell.get("outputs", ()) if output.get("name") != "stderr"]
        for cell in book.cells
    ]


def kind(output: Any) -> str:
    """Return what an output is: printed, or shown as this."""
    return "printed" if "text" in output else next(iter(output["data"]))


def figures(book: NotebookNode) -> list[list[str]]:
    """Return, cell by cell, the figures after a point in what is printed and in tables; words may change."""
    return [FIGURE.findall("\n".join(map(_counted, cell.get("outputs", ())))) for cell in book.cells]


def _counted(output: Any) -> str:
    if "text" in output:
        return output["text"]
    return "\n".join(line for line in output["data"].get("text/markdown", "").splitlines() if line[:1] == "|")


def main(names: list[str]) -> None:
    """Run the named notebooks, or all, in both languages and write them."""
    for path in NOTEBOOKS:
        for lang in SUFFIX if not names or path.stem in names else ():
            with tempfile.TemporaryDirectory() as folder:
                book = run(translated(nbformat.read(path, as_version=4), lang), Path(folder))
            nbformat.write(book, path.with_name(path.stem + SUFFIX[lang]))
            sys.stdout.write(f"{path.stem}{SUFFIX[lang]}\n")


if __name__ == "__main__":
    main(sys.argv[1:])
