"""The month is one table: what is printed is what runs, and a mechanism can be taken out of it by name."""

from __future__ import annotations

import re

import pytest

from sim.base.errors import ScenarioError
from sim.cli import run
from sim.model import advance, new_world
from sim.scenario import load_scenario
from sim.scenario.resolved import NEEDED
from sim.scenario.twin import twin_of
from sim.schedule import SCHEDULE, without

NAMES = [mechanism.name for mechanism in SCHEDULE]
PLACE = twin_of(load_scenario("reference_community"), 1)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_printed_schedule_is_the_order_of_the_program(lang, capsys):
    """`shequ explain --schedule` names every mechanism once, in the order the model runs them."""
    assert run(["explain", "--schedule", "--lang", lang]) == 0
    printed = re.findall(r"(?m)^\s*\d+\s+(\w+)[:：]", capsys.readouterr().out)
    assert [name for name in printed if name in NAMES] == NAMES


@pytest.mark.parametrize("name", [name for name in NAMES if name not in NEEDED])
def test_a_mechanism_can_be_switched_off(name):
    """Without any one mechanism the model still runs, and the others keep their order."""
    off = PLACE.without_mechanisms([name])
    world = new_world(off, seed=1)
    assert [m.name for m in without(off.run.switched_off)] == [n for n in NAMES if n != name]
    advance(world, off.timeline, world.month + 2, None, switched_off=off.run.switched_off)
    assert world.month == off.run.first_month + 2


@pytest.mark.parametrize("name", NEEDED)
def test_a_mechanism_that_says_who_works_stays(name):
    """Without the two that say who does a piece of work nothing is run, and that is said."""
    with pytest.raises(ScenarioError, match="cannot be switched off"):
        PLACE.without_mechanisms([name])


def test_a_mechanism_that_is_not_there_is_refused_with_the_nearest(capsys):
    """A misspelt mechanism runs nothing and names the one that was meant; one like no other lists none wrongly."""
    with pytest.raises(ScenarioError, match="no mechanism `voluntee`"):
        PLACE.without_mechanisms(["voluntee"])
    assert run(["run", "reference_community", "--without-mechanism", "voluntee", "--lang", "en"]) == 2
    assert "did you mean `volunteer`?" in capsys.readouterr().err
    assert run(["run", "reference_community", "--without-mechanism", "zzz", "--lang", "en"]) == 2
    assert "did you mean" not in capsys.readouterr().err
