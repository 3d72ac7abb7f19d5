"""A good sweep design with one mistake planted: refused at its line before anything runs."""

from __future__ import annotations

import time

import pytest

from sim.base.errors import ScenarioError
from sim.scenario.checking import check
from sim.scenario.design import load_design
from tests.bad_input.mutations import FIXTURES, GENERATORS, Mistake

DESIGN = FIXTURES / "designs" / "bench.yaml"
SECONDS = 2.0
# Names that a user makes up: another name is no mistake, or one where the name is used.
FREE = ("design.factors.gate", "design.factors.books", "design.factors.sites")


def planted(generator) -> list[Mistake]:
    """Return the mistakes of a sort, without new names for factors and for levels that add nothing."""
    return [
        m
        for m in generator(DESIGN)
        if not (m.name.startswith(FREE) and m.kind.startswith("misspelt") and m.right not in USED)
        and m.kind != "no month"
    ]


USED = ("shut_gate", "open_books", "there")


def test_the_design_itself_is_good():
    """Without a mistake it is read, with two levels of two factors in two places and two levers."""
    plan = load_design(DESIGN)
    assert len(plan.policies) == 2 * (3 + 1)  # the empty combination has levers to set
    assert list(plan.places) == ["validation_place", "reference_community"]
    assert set(plan.levers) == {"admission.strictness", "admission.supervision"}
    assert not check(str(DESIGN)).errors


@pytest.mark.parametrize("generator", GENERATORS[:5], ids=lambda g: g.__name__)
def test_a_mistake_in_a_design_is_refused_with_the_right_hint(tmp_path, generator):
    """Each is refused at its line, soon, in both languages, by `check` as by `sweep`, misspelt words with a hint."""
    target = tmp_path / "design.yaml"
    mistakes = planted(generator)
    assert len(mistakes) >= 5
    for mistake in mistakes:
        target.write_text(mistake.text, encoding="utf-8")
        before = time.process_time()
        with pytest.raises(ScenarioError) as refused:
            load_design(target)
        assert time.process_time() - before < SECONDS, mistake.name
        errors = refused.value.problems
        what = (mistake.kind, mistake.name, [p.render("en") for p in errors])
        assert check(str(target)).errors, what
        at_line = [p for p in errors if p.place and p.place.line in mistake.lines]
        unreadable = any("not readable YAML" in p.render("en") for p in errors)
        elsewhere = mistake.right in USED  # a level is named twice: at fault is where it is not known
        assert at_line or unreadable or elsewhere, what
        if mistake.kind.startswith("misspelt") and not elsewhere:
            assert any(p.hint and f"`{mistake.right}`" in p.hint.render("en") for p in at_line), what
        assert all(any("\u4e00" <= c <= "\u9fff" for c in p.render("zh")) for p in errors), what
