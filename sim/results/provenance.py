"""How a result was made: enough to make it again, and to see that it was made so."""

from __future__ import annotations

import hashlib
import platform
import subprocess
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from sim import MODEL_VERSION, __version__
from sim.base.calendar import format_month
from sim.scenario.describe import assumed_share
from sim.scenario.resolved import ResolvedScenario
from sim.scenario.twin import is_twin

ROOT = Path(__file__).resolve().parents[2]
LIBRARIES = ("numpy", "numba", "mesa", "polars", "scipy", "pydantic")


def provenance(baseline: ResolvedScenario, reform: ResolvedScenario, **run: object) -> dict:
    """Return the manifest of a run of two arms; run adds seeds, pairs, source hash and the command."""
    return {
        "shequ": __version__,
        "model_version": MODEL_VERSION,
        "git": _git(),
        "lock": _lock_hash(),
        "python": sys.version.split()[0],
        "platform": f"{platform.system()} {platform.machine()}",
        "libraries": {name: _version(name) for name in LIBRARIES},
        "scenario": reform.id,
        "title": reform.title,
        "place": reform.place.title,
        "reforms": list(reform.reforms),
        "against": baseline.title if baseline.reforms and baseline is not reform else None,
        "asked": asked(reform),
        "hashes": {"baseline": baseline.hash, "reform": reform.hash},
        "start": reform.run.start,
        "start_text": format_month(reform.run.start),
        "months": reform.run.months,
        "spin_up": reform.run.spin_up,
        "windows": {name: list(window) for name, window in reform.run.windows.items()},
        "primary": list(reform.run.primary),
        "assumptions": reform.assumptions,
        "assumed": list(assumed_share(reform)),
        **run,
    }


def asked(scenario: ResolvedScenario) -> dict:
    """Return what was asked beyond the scenario as it stands: clauses, levers set, other values."""
    recipe = scenario.recipe
    settings = [[lever, value, format_month(month)] for lever, value, month in recipe.settings]
    only, without = list(recipe.only), list(recipe.without)
    found = {"only": only, "without": without, "settings": settings, "values": dict(recipe.values)}
    found |= {"switched_off": list(recipe.switched_off)}
    return found | {"communities": scenario.frame.n_areas if is_twin(scenario) else 0}


def _git() -> str:
    """Return the commit the code stands at, with a mark where files differ from it; empty outside a clone."""
    try:
        head = subprocess.run(
            ["git", "--no-optional-locks", "rev-parse", "HEAD"],
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=5,
            check=True,
        )
        dirty = subprocess.run(
            ["git", "--no-optional-locks", "status", "--porcelain", "-uno"],
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=5,
            check=True,
        )
    except (OSError, subprocess.SubprocessError):
        return ""
    return head.stdout.strip() + ("+changes" if dirty.stdout.strip() else "")


def _lock_hash() -> str:
    lock = ROOT / "requirements.lock"
    return hashlib.sha256(lock.read_bytes()).hexdigest()[:16] if lock.exists() else ""


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return ""
