"""A few small runs whose numbers are written down for one MODEL_VERSION, and the command that writes them anew.

`python -m tests.golden.runs` writes the numbers of this MODEL_VERSION. It refuses where the same version already has
other numbers: whoever changes numbers raises MODEL_VERSION first, and so says it.
"""

from __future__ import annotations

import json
import math
import sys
from pathlib import Path

from sim import MODEL_VERSION
from sim.experiment.replicate import shortened
from sim.results.summaries import Summaries
from sim.scenario import load_scenario

FILE = Path(__file__).with_name("values.json")
# name: (scenario, share of its residents, reported months)
RUNS = {
    "tongling": ("tongling", 0.05, 18),
    "reference community": ("reference_community", 0.5, 12),
    "jinjiang": ("jinjiang", 0.02, 15),
}
# Another release of a library may order sums otherwise; a decision that falls otherwise shows far above this.
TOLERANCE = 1e-7
Values = dict[str, dict[str, float]]


def run(name: str) -> dict[str, float]:
    """Return every measure over all months of one golden run, nothing where nothing happened."""
    from sim.experiment.pairs import recorded
    from sim.model import run_arm

    scenario_id, share, months = RUNS[name]
    scenario = load_scenario(scenario_id)
    people = next(address for address in scenario.quantities if address.endswith("residents.count"))
    scenario = shortened(scenario.with_sample({people: scenario.place.residents * share}), months)
    tables = run_arm(scenario, 1)
    summaries = Summaries(tables, scenario.run.start)
    found = {measure: summaries.window(measure, (0, months)) for measure in recorded(tables)}
    return {measure: value for measure, value in found.items() if math.isfinite(value)}


def written() -> tuple[int, Values]:
    """Return the version the numbers were written for, and the numbers."""
    content = json.loads(FILE.read_text(encoding="utf-8"))
    return content["model_version"], content["runs"]


def differences(one: dict[str, float], other: dict[str, float]) -> list[str]:
    """Return the measures that differ by more than rounding, with both values."""
    return [
        f"{name}: {one.get(name)} -> {other.get(name)}"
        for name in sorted(one | other)
        if name not in one or name not in other or not math.isclose(one[name], other[name], rel_tol=TOLERANCE)
    ]


def main() -> int:
    """Write the numbers of this version of the model; 1 where that would change them behind its back."""
    version, old = written()
    new = {name: run(name) for name in RUNS}
    changed = [f"{name}: {line}" for name in old if name in new for line in differences(old[name], new[name])]
    if version == MODEL_VERSION and changed:
        sys.stderr.write(
            "\n".join([*changed, "Numbers changed: raise MODEL_VERSION in sim/__init__.py first."]) + "\n"
        )
        return 1
    content = {"model_version": MODEL_VERSION, "runs": new}
    FILE.write_text(json.dumps(content, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    sys.stdout.write(
        f"Numbers of model {MODEL_VERSION} written; {len(changed)} of them differ from model {version}.\n"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
