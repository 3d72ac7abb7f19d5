"""What was fixed before a run: scenario, outcomes, worths, thresholds and pairs, sealed by a hash of the content."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sim import MODEL_VERSION
from sim.base.errors import InputError, ShequError
from sim.base.text import Message, say
from sim.catalogue import measures
from sim.results.paired import AGREEING, ALPHA, POWER
from sim.scenario.resolved import ResolvedScenario

KIND = "frozen"
WORDS = {
    "scenario": say("scenario"),
    "baseline": say("baseline"),
    "reform": say("reform"),
    "primary": say("primary outcomes"),
    "worth": say("differences worth finding"),
    "windows": say("windows"),
    "thresholds": say("thresholds"),
    "pairs": say("pairs"),
    "seed": say("first seed"),
    "model_version": say("model version"),
}


def fixed(baseline: ResolvedScenario, reform: ResolvedScenario, *, pairs: int, seed: int) -> dict[str, Any]:
    """Return what a comparison can be held to afterwards."""
    return {
        "scenario": reform.id,
        "baseline": baseline.hash,
        "reform": reform.hash,
        "primary": list(reform.run.primary),
        "worth": {name: measures()[name].worth for name in reform.run.primary},
        "windows": {name: list(window) for name, window in reform.run.windows.items()},
        "thresholds": {"level": 1 - ALPHA, "power": POWER, "agreeing": AGREEING},
        "pairs": pairs,
        "seed": seed,
        "model_version": MODEL_VERSION,
    }


def freeze(content: dict[str, Any], path: Path) -> str:
    """Write what is fixed and its seal; returns the seal. An existing file is not written over: raises ShequError."""
    if path.exists():
        raise ShequError(say("{file} is there already; what was fixed is not fixed twice", file=str(path)))
    seal = seal_of(content)
    day = datetime.now(UTC).isoformat(timespec="seconds")
    whole = {"kind": KIND, "frozen": day, "seal": seal, "fixed": content}
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(whole, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return seal


def read_frozen(path: Path) -> dict[str, Any]:
    """Return a frozen file; raises ShequError where it is none, or where it was changed after it was sealed."""
    try:
        whole = json.loads(path.read_text(encoding="utf-8"))
        kind, seal, content = whole["kind"], whole["seal"], whole["fixed"]
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        raise InputError(say("{file} is no file made by `shequ freeze`", file=str(path))) from error
    if kind != KIND or seal != seal_of(content):
        raise ShequError(say("{file} was changed after it was sealed", file=str(path)))
    return whole


def seal_of(content: dict[str, Any]) -> str:
    """Return the hash of what is fixed."""
    text = json.dumps(content, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def held_to(whole: dict[str, Any], content: dict[str, Any]) -> dict[str, Any]:
    """Return what a manifest keeps of a frozen file: its day and seal, and what the run did otherwise."""
    before = whole["fixed"]
    otherwise = {
        name: [before.get(name), content[name]] for name in content if before.get(name) != content[name]
    }
    return {"day": whole["frozen"], "seal": whole["seal"], "fixed": list(before), "otherwise": otherwise}


def frozen_words(frozen: dict[str, Any] | None) -> list[Message]:
    """Return what a report says of what was fixed before the run."""
    if not frozen:
        return []
    said = [
        say(
            "Fixed on {day}, before this run (seal {seal}): scenario, outcomes, worths, windows, thresholds, pairs.",
            day=frozen["day"][:10],
            seal=frozen["seal"],
        )
    ]
    if not frozen["otherwise"]:
        return [*said, say("Nothing was changed since.")]
    hashes = ("baseline", "reform")
    return said + [
        say("changed since: {what}", what=WORDS[name])
        if name in hashes
        else say(
            "changed since: {what}, {old} before and {new} now", what=WORDS[name], old=str(old), new=str(new)
        )
        for name, (old, new) in frozen["otherwise"].items()
    ]
