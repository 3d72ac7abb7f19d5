"""Good files with one mistake planted: each is refused at its line, with the hint that mends it."""

from __future__ import annotations

import time
from itertools import islice
from pathlib import Path

import pytest

from sim.base.errors import Problem, ScenarioError
from sim.scenario import load_scenario
from sim.scenario.checking import check
from tests.bad_input.mutations import FIXTURES, GENERATORS, LIBRARY, Mistake, spots

FILES = [
    *sorted(FIXTURES.glob("*.yaml")),
    LIBRARY / "reference_community.yaml",
    LIBRARY / "places" / "reference_community.yaml",
    LIBRARY / "profiles" / "prefecture_city_2010.yaml",
    LIBRARY / "reforms" / "admission_gate_jianye.yaml",
    LIBRARY / "reforms" / "abolish_streets_tongling.yaml",
    LIBRARY / "assumptions" / "leaders_political.yaml",
]
PER_FILE = 14
SECONDS = 2.0


def sample(generator, path: Path) -> list[Mistake]:
    """Return mistakes spread over the whole file, the same ones in every run."""
    found = list(generator(path))
    return list(islice(found, 0, None, max(1, len(found) // PER_FILE)))


def is_hinted(mistake: Mistake, at_line: list[Problem], everywhere: list[Problem]) -> bool:
    """Return whether the right name is offered, or the misspelt one where the right one is used."""
    if mistake.declares:
        return bool(everywhere)
    return any(p.hint is not None and f"`{mistake.right}`" in p.hint.render("en") for p in at_line)


@pytest.mark.parametrize("path", FILES, ids=lambda p: f"{p.parent.name}-{p.stem}")
@pytest.mark.parametrize("generator", GENERATORS, ids=lambda g: g.__name__)
def test_a_planted_mistake_is_refused_with_the_right_hint(tmp_path, generator, path):
    """Each mistake is refused at its line, soon, in both languages; a misspelt word with the right one as hint."""
    target = tmp_path / path.name
    for mistake in sample(generator, path):
        target.write_text(mistake.text, encoding="utf-8")
        before = time.process_time()
        errors = check(str(target)).errors
        assert time.process_time() - before < SECONDS, mistake.name
        assert errors, f"accepted: {mistake.kind}, {mistake.name}"
        at_line = [p for p in errors if p.place.file == str(target) and p.place.line in mistake.lines]
        unreadable = any("not readable YAML" in p.render("en") for p in errors)
        assert at_line or mistake.declares or unreadable, (
            mistake.kind,
            mistake.name,
            [p.render("en") for p in errors],
        )
        if mistake.kind.startswith("misspelt"):
            assert is_hinted(mistake, at_line, errors), (mistake.name, [p.render("en") for p in at_line])
        assert all(any("\u4e00" <= c <= "\u9fff" for c in p.render("zh")) for p in errors)


@pytest.mark.parametrize("path", sorted(FIXTURES.glob("*.yaml")), ids=lambda p: p.stem)
@pytest.mark.parametrize("generator", GENERATORS, ids=lambda g: g.__name__)
def test_a_planted_mistake_never_runs(tmp_path, generator, path):
    """A file with a mistake in any of its documents is refused as a whole when its scenario is loaded."""
    target = tmp_path / path.name
    scenario_lines = {s.line for s in spots(path) if s.document == "scenario"}
    for mistake in sample(generator, path)[::3]:
        if mistake.lines <= scenario_lines:
            target.write_text(mistake.text, encoding="utf-8")
            with pytest.raises(ScenarioError):
                load_scenario(target)


def test_there_are_enough_mistakes():
    """Of each sort of mistake at least twenty are planted, and more than 150 in all."""
    counts = {g.__name__: sum(len(sample(g, path)) for path in FILES) for g in GENERATORS}
    assert min(counts.values()) >= 20
    assert sum(counts.values()) > 150
