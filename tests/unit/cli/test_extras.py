"""What the bare installation can do, and what it says of the rest."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import sim
from sim.cli.extras import MODULES, needs_extra
from tests.sweep.tiny import written

PACKAGE = Path(sim.__file__).parent
# A process in which no module of an extra can be imported.
BARE = f"""
import sys
for name in {[m for modules in MODULES.values() for m in modules]!r}:
    sys.modules[name] = None
"""


def in_a_bare_installation(code: str) -> subprocess.CompletedProcess:
    """Run code in a process without the extras."""
    return subprocess.run([sys.executable, "-c", BARE + code], capture_output=True, text=True, check=False)


def test_only_the_dashboard_needs_an_extra_to_be_imported():
    """Every module outside the dashboard can be imported in a bare installation, so no command dies at its end."""
    names = [
        ".".join(p.relative_to(PACKAGE.parent).with_suffix("").parts)
        for p in PACKAGE.rglob("*.py")
        if p.name not in {"__main__.py", "__init__.py"}
        and "dashboard" not in p.relative_to(PACKAGE).parts[:-1]
    ]
    done = in_a_bare_installation(
        f"import importlib\nfor name in {names!r}: importlib.import_module(name)\nprint('all')"
    )

    assert done.stdout.strip() == "all", done.stderr
    assert len(names) > 100


def test_a_command_that_needs_an_extra_names_it(tmp_path):
    """One sentence with the extra's name and how to install it, no traceback, an exit code that is not success."""
    sweep = ["sweep", str(written(tmp_path, kind="saltelli")), "--out", str(tmp_path / "store")]
    for extra, command in (("analysis", sweep), ("dashboard", ["dashboard"])):
        refuses(extra, command)


def refuses(extra: str, command: list[str]) -> None:
    """Run a command without the extras and read what it says."""
    done = in_a_bare_installation(f"from sim.cli import run\nsys.exit(run({['--lang', 'en', *command]!r}))")

    assert f"pip install 'shequ[{extra}]'" in done.stderr
    assert "Traceback" not in done.stderr
    assert done.returncode not in (0, 70)


def test_a_module_of_nobody_is_no_extra():
    """What no extra brings stays the error it is."""
    assert needs_extra(ModuleNotFoundError("No module named 'nothing'", name="nothing")) is None
