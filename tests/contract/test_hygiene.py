"""What must never get into the repository, and what must stay short.

Works on the files git tracks, so that a private note in a working folder offends nobody.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]

# What no tracked file may contain; patterns are cut in two so that this file does not offend itself.
FORBIDDEN_TEXT = {
    "a path of one machine": r"(?<![\w.~-])/(wo" r"rk|ro" r"ot|tmp/she" r"qu)(?=[/\s\"'`),:]|$)",
    "a package registry's host": r"(py" r"pi\.org|pythonho" r"sted\.org|npm" r"js\.org|deb" r"ian\.org)",
}
FORBIDDEN_NAMES = {
    "uv.lock": "it records addresses; requirements.lock records names, versions and hashes",
}
VAGUE_MODULES = {"utils", "util", "helpers", "helper", "core", "manager", "misc", "common"}

LONGEST_FILE = 300  # lines
# A longer file needs a reason a reader would accept.
LONG_FILES: dict[str, str] = {
    "sim/mechanisms/window_kernel.py": "one flat compiled function: helpers that take arrays cost 2 to 25 times",
}


def tracked_files() -> list[str]:
    """Return the paths git tracks; skip the test where there is no git."""
    if not shutil.which("git") or not (REPOSITORY / ".git").exists():
        pytest.skip("needs a git clone: an unpacked source archive tracks nothing")
    command = ["git", "ls-files", "-z"]
    listing = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=True)
    return [name for name in listing.stdout.split("\0") if name and (REPOSITORY / name).is_file()]


def text_of(name: str) -> str:
    return (REPOSITORY / name).read_bytes().decode("utf-8", errors="ignore")


@pytest.mark.parametrize("what", FORBIDDEN_TEXT)
def test_no_tracked_file_names(what):
    """No tracked file names a machine's own path or the host of a package registry."""
    pattern = re.compile(FORBIDDEN_TEXT[what], re.MULTILINE)
    found = [
        f"{name}:{text.count(chr(10), 0, match.start()) + 1}: {match.group()}"
        for name in tracked_files()
        if (match := pattern.search(text := text_of(name)))
    ]
    assert found == []


def test_no_forbidden_file_is_tracked():
    """No file is tracked that the project decided not to keep."""
    assert [name for name in tracked_files() if Path(name).name in FORBIDDEN_NAMES] == []


def test_no_module_has_a_vague_name():
    """No module is called by a word that would hold anything."""
    modules = [Path(name) for name in tracked_files() if name.startswith("sim/") and name.endswith(".py")]
    assert [str(path) for path in modules if VAGUE_MODULES & {path.stem, *path.parts}] == []


def test_files_stay_short():
    """No file of the package is longer than a reader can hold, unless its reason is listed."""
    lengths = {
        name: text_of(name).count("\n")
        for name in tracked_files()
        if name.startswith("sim/") and name.endswith(".py")
    }
    assert {name: n for name, n in lengths.items() if n > LONGEST_FILE and name not in LONG_FILES} == {}


def test_listed_long_files_are_long():
    """Every file listed as long exists and still is."""
    tracked_files()
    assert [name for name in LONG_FILES if text_of(name).count("\n") <= LONGEST_FILE] == []
