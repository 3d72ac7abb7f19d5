"""A scratch copy of the repository that recipes are carried out on, and the reader of their fenced blocks.

A block of a recipe begins with a comment that says where the rest of it goes: `# PATH, new file`, `# PATH, at the
end`, `# PATH, below: LINE` or `# PATH, instead of: LINE` (lines of the file, compared without their indent). A block
marked `sh` holds commands; one marked `text` holds lines that the commands before it print.
"""

from __future__ import annotations

import hashlib
import os
import re
import shlex
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
FOLDERS = ("sim", "scenarios", "tests", "docs")
FILES = ("pyproject.toml", "README.md", "README.zh.md", "Makefile")
BLOCK = re.compile(r"^( *)```(\w+)\n(.*?)^ *```$", re.MULTILINE | re.DOTALL)
HEAD = re.compile(r"# (\S+), (new file|at the end|below|instead of)(?:: (.*))?")
PROGRAMS = {
    "shequ": [sys.executable, "-c", "from sim.cli import main; main()"],
    "python": [sys.executable],
}


@dataclass(frozen=True)
class Block:
    """One fenced block: its mark and its text."""

    mark: str
    text: str


def blocks(page: str) -> list[Block]:
    """Return the fenced blocks of a page in order, without the indent of the list item they stand in."""
    return [
        Block(mark, "".join(line.removeprefix(indent) for line in body.splitlines(keepends=True)))
        for indent, mark, body in BLOCK.findall(page)
    ]


class Scratch:
    """A copy of the repository in a folder, with the compiled kernels of the original where there are any."""

    def __init__(self, folder: Path):
        self.folder, self.printed = folder, ""
        for name in FOLDERS:
            shutil.copytree(
                REPOSITORY / name, folder / name, ignore=shutil.ignore_patterns("__pycache__", ".*", "runs")
            )
        for name in FILES:
            shutil.copy2(REPOSITORY / name, folder / name)
        self.compiled = folder / ".compiled"
        self._lend_compiled()

    def _lend_compiled(self) -> None:
        """Copy numba's cache to where it looks for it here: without it every kernel would be compiled anew."""
        have = Path(os.environ["NUMBA_CACHE_DIR"])
        for original in (p for p in (REPOSITORY / "sim").iterdir() if p.is_dir()):
            lent = have / cache_name(original)
            if lent.is_dir():
                here = self.folder / "sim" / original.name
                shutil.copytree(lent, self.compiled / cache_name(here))

    def carry_out(self, block: Block) -> None:
        """Do what one block says; raises AssertionError where it does not work as written."""
        if block.mark == "sh":
            self.printed = "".join(self.run(line) for line in block.text.splitlines() if line.strip())
        elif block.mark == "text":
            for line in block.text.splitlines():
                assert squeezed(line) in squeezed(self.printed), f"{line!r} is not in:\n{self.printed}"
        else:
            self.write(block.text)

    def run(self, line: str) -> str:
        """Run one command in the copy and return what it printed; a failure shows its output."""
        program, *words = shlex.split(line)
        environment = os.environ | {
            "PYTHONPATH": str(self.folder),
            "NUMBA_CACHE_DIR": str(self.compiled),
            "COLUMNS": "200",
            "LANG": "C.UTF-8",
            "PYTEST_ADDOPTS": "-p no:cacheprovider -p no:xdist",
        }
        command = [*PROGRAMS[program], *words]
        done = subprocess.run(
            command, cwd=self.folder, env=environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, f"{line}\n{done.stdout[-4000:]}{done.stderr[-4000:]}"
        return done.stdout

    def write(self, text: str) -> None:
        """Put a block where its first line says."""
        head, _, body = text.partition("\n")
        found = HEAD.fullmatch(head)
        assert found, f"no place named: {head!r}"
        name, how, anchor = found.groups()
        path = self.folder / name
        if how == "new file":
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(body, encoding="utf-8")
            return
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
        at = len(lines) if how == "at the end" else self._line(path, lines, anchor)
        lines[at - (how == "instead of") : at] = [body]
        path.write_text("".join(lines), encoding="utf-8")

    @staticmethod
    def _line(path: Path, lines: list[str], anchor: str) -> int:
        """Return the number of the one line that reads as the anchor does."""
        at = [n for n, line in enumerate(lines, 1) if line.strip() == anchor.strip()]
        assert len(at) == 1, f"{path}: the line {anchor!r} stands there {len(at)} times"
        return at[0]


def cache_name(folder: Path) -> str:
    """Return the name of the folder in which numba keeps what it compiled of a folder's files."""
    return f"{folder.name}_{hashlib.sha1(str(folder).encode(), usedforsecurity=False).hexdigest()}"


def squeezed(text: str) -> str:
    """Return a text with single spaces: tables are as wide as the terminal."""
    return " ".join(text.split())
