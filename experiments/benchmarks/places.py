"""Places of any size for the benchmarks: districts like Tongguanshan (41 000 residents in eight communities a street).

What grows with the place grows with its districts, so that no office serves more people than a real one does.
"""

from __future__ import annotations

import tempfile
from functools import lru_cache
from pathlib import Path

from sim.scenario import load_scenario
from sim.scenario.resolved import ResolvedScenario

RESIDENTS, COMMUNITIES = (
    41_000,
    8,
)  # a street of Tongguanshan: 250 000 residents over 6 streets of 8 communities
WHOLE = """\
kind: place
id: benchmark
extends: tongguanshan_2010
title: {{en: "Benchmark", zh: "基准测试"}}
layers: [city, district, street, community]
units:
  district: {{count: {{value: {districts}, assumed: "benchmark", range: [1, 100000]}}}}
  street: {{count: {{value: {streets}, assumed: "benchmark", range: [1, 100000]}}, within: district}}
  community: {{count: {{value: {communities}, assumed: "benchmark", range: [1, 100000]}}, within: street}}
residents: {{count: {{value: {residents}, range: [1, 50000000], unit: person, assumed: "benchmark"}}}}
institutions:
  street_office: {{staff: {{value: 33, range: [1, 100], unit: person, of: each, assumed: "benchmark"}}}}
---
kind: scenario
id: benchmark_run
title: {{en: "Benchmark", zh: "基准测试"}}
place: benchmark
assumptions: prior
run: {{start: 2012-01, spin_up: 2 months, months: {months}, pairs: 1, primary: [participation.vote, wait.median]}}
"""


@lru_cache(maxsize=8)
def place_of(residents: int, months: int = 60) -> ResolvedScenario:
    """Return a scenario of about so many residents, observed for some months after two months of spin-up."""
    streets = max(1, round(residents / RESIDENTS))
    communities = max(1, round(residents / RESIDENTS * COMMUNITIES))
    numbers = {"districts": max(1, round(streets / 6)), "streets": streets, "communities": communities}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "benchmark_run.yaml"
        path.write_text(WHOLE.format(residents=residents, months=months, **numbers), encoding="utf-8")
        return load_scenario(str(path))
