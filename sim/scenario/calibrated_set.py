"""Is a calibrated set of assumptions still about this model? Said as a notice where it is not."""

from __future__ import annotations

import hashlib
import json

from sim import MODEL_VERSION
from sim.base.text import say
from sim.catalogue import assumptions
from sim.scenario.nodes import Node
from sim.scenario.quantities import Reading


def catalogue_hash() -> str:
    """Return a hash of every assumption's name, range and reader: what a calibration is about."""
    rows = [[row.id, list(row.range), row.mechanism] for row in assumptions().values()]
    return hashlib.sha256(json.dumps(sorted(rows)).encode()).hexdigest()[:16]


def notice_if_stale(document: Node, reading: Reading) -> None:
    """Record a notice where the set was calibrated on another version of the model or of the catalogue."""
    made = document.get("calibration")
    if made is None or not made.is_map:
        return
    version, known = (made.get(key) for key in ("model_version", "catalogue"))
    if version is not None and version.value != MODEL_VERSION:
        what = say(
            "calibrated on model version {then}, this is {now}: calibrate again",
            then=version.value,
            now=MODEL_VERSION,
        )
        reading.problem(version.place, "calibration.model_version", what, severity="notice")
    elif known is not None and known.value != catalogue_hash():
        what = say("the catalogue of assumptions has changed since this set was calibrated: calibrate again")
        reading.problem(known.place, "calibration.catalogue", what, severity="notice")
