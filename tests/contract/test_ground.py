"""The ground under the package: the lock agrees with pyproject, and the wheel carries what a user needs."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
LOCK = (REPOSITORY / "requirements.lock").read_text(encoding="utf-8")
PROJECT = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))["project"]

# What must lie in the wheel: folder inside it, ending of the files, folder they come from.
CARRIED = [
    ("sim/_scenarios", "*.yaml", "scenarios"),
    ("sim/catalogue/data", "*.yaml", "sim/catalogue/data"),
    ("sim/locale", "*.mo", "sim/locale"),
    ("sim/views", "*.j2", "sim/views"),
]


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def locked() -> dict[str, str]:
    """Return name -> entry (version, marker, hashes) of everything in the lock."""
    entries = re.split(r"\n(?=\S)", re.sub(r"(?m)^\s*#.*\n", "", LOCK))
    return {normal(entry.split("==")[0]): entry for entry in entries if "==" in entry}


def test_the_lock_records_no_address():
    """The lock holds names, versions and hashes, and no address."""
    assert "://" not in LOCK
    assert "--index" not in LOCK


def test_every_requirement_is_locked_with_hashes():
    """Each package that any extra asks for stands in the lock, and each entry there has a hash."""
    extras = PROJECT["optional-dependencies"].values()
    asked = [*PROJECT["dependencies"], *(requirement for extra in extras for requirement in extra)]
    names = {normal(re.match(r"[\w.-]+", requirement).group()) for requirement in asked}
    entries = locked()
    assert names - set(entries) == set()
    assert [name for name, entry in entries.items() if "--hash=sha256:" not in entry] == []


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> Path:
    """The wheel of this working tree, unpacked."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)]
    subprocess.run(build, cwd=REPOSITORY, capture_output=True, check=True)
    with zipfile.ZipFile(next(folder.glob("shequ-*.whl"))) as archive:
        archive.extractall(folder / "unpacked")
    return folder / "unpacked"


@pytest.mark.parametrize(("inside", "ending", "source"), CARRIED)
def test_the_wheel_carries_data(wheel, inside, ending, source):
    """Every library, catalogue, locale and template file of the clone lies in the wheel too."""
    expected = {str(path.relative_to(REPOSITORY / source)) for path in (REPOSITORY / source).rglob(ending)}
    carried = {str(path.relative_to(wheel / inside)) for path in (wheel / inside).rglob(ending)}
    assert expected
    assert carried == expected


def library_seen_from(folder: Path, package_parent: Path) -> Path:
    """Return the library that a program started in `folder` finds with the package of `package_parent`."""
    program = (
        f"import sys; sys.path.insert(0, {str(package_parent)!r})\n"
        "from sim.scenario.library import library_folder; print(library_folder())"
    )
    command = [sys.executable, "-c", program]
    found = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=True)
    return Path(found.stdout.strip())


def test_the_library_is_found_in_a_wheel(wheel, tmp_path):
    """An installed wheel finds its own copy of the library, wherever it is started."""
    assert library_seen_from(tmp_path, wheel) == wheel / "sim" / "_scenarios"


def test_the_library_is_found_in_a_clone(tmp_path):
    """A clone reads the library that people edit, not a copy inside the package."""
    assert library_seen_from(tmp_path, REPOSITORY) == REPOSITORY / "scenarios"


def test_make_help_lists_every_target():
    """Every public target of the Makefile has its line in `make help`."""
    makefile = (REPOSITORY / "Makefile").read_text(encoding="utf-8")
    public = re.search(r"^\.PHONY: (.+)$", makefile, re.MULTILINE)[1].split()
    helped = re.findall(r"^([a-z]+):.*## \S", makefile, re.MULTILINE)
    assert sorted(helped) == sorted(public)
