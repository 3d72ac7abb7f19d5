"""Indices of sensitivity, on functions whose indices are known in closed form."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from sim.base.errors import ShequError
from sim.catalogue import assumptions
from sim.experiment.sampling import DUMMY, key_of, problem, rows_of
from sim.experiment.sensitivity import analyse, survivors
from sim.experiment.sweep import arms_hash, runs_of
from sim.results.sweeps import SCHEMA, effects
from sim.views.sweeps import sensitivity_page
from tests.unit.experiment.planted import DELIBERATE, planned, planted, planted_plan

A, B = 7.0, 0.1
WEIGHTS = np.array([0.0, 1.0, 4.5, 99.0])  # of the g-function: the smaller, the more its input matters


def ishigami(x):
    """Ishigami's function of inputs between zero and one."""
    a, b, c = (np.pi * (2 * x - 1)).T
    return np.sin(a) + A * np.sin(b) ** 2 + B * c**4 * np.sin(a)


def ishigami_total() -> dict[str, float]:
    """Return its total indices, from its variance in closed form."""
    first = (1 + B * np.pi**4 / 5) ** 2 / 2
    second, both = A**2 / 8, B**2 * np.pi**8 * (1 / 18 - 1 / 50)
    whole = first + second + both
    return {"x1": (first + both) / whole, "x2": second / whole, "x3": both / whole}


def g_function(x):
    """Sobol's g-function."""
    return np.prod((np.abs(4 * x - 2) + WEIGHTS) / (1 + WEIGHTS), axis=1)


def g_total() -> dict[str, float]:
    """Return its total indices."""
    own = 1 / (3 * (1 + WEIGHTS) ** 2)
    whole = np.prod(1 + own) - 1
    return {f"x{k + 1}": own[k] * np.prod(1 + np.delete(own, k)) / whole for k in range(len(own))}


@pytest.mark.parametrize(
    ("function", "inputs", "truth"), [(ishigami, 3, ishigami_total()), (g_function, 4, g_total())]
)
def test_the_true_index_lies_within_the_interval(tmp_path, function, inputs, truth):
    """Over ten plans, at least 85 of 100 of the 95 % intervals hold the index that theory gives."""
    held = []
    for seed in range(10):
        design = planned("saltelli", 256, inputs, seed)
        found = analyse(
            design, planted_plan(tmp_path / str(seed), design, function), "policy", DELIBERATE
        ).indices
        held += [
            abs(index.value - truth[index.name]) <= index.half_width for index in found if index.name in truth
        ]
    assert len(held) == 10 * inputs
    assert np.mean(held) >= 0.85


@pytest.mark.parametrize("kind", ["morris", "saltelli"])
def test_the_dummy_covers_zero_and_what_matters_stands_out(tmp_path, kind):
    """What moves nothing has an index whose interval holds zero; the inputs that matter are beyond it."""
    design = planned(kind, 64, 4)
    found = {
        i.name: i
        for i in analyse(design, planted_plan(tmp_path, design, g_function), "policy", DELIBERATE).indices
    }
    assert abs(found[DUMMY].value) <= found[DUMMY].half_width + 1e-12
    assert not found[DUMMY].stands_out
    assert found["x1"].stands_out
    assert found["x2"].stands_out
    assert [name for name in found if name in g_total()] == ["x1", "x2", "x3", "x4"]
    assert not found["tasks.growth"].stands_out  # varied, and not in the function


def test_given_rows_tell_the_input_that_matters_from_those_that_do_not(tmp_path):
    """On rows that no plan made, PAWN tells the one input that acts from noise."""
    rng = np.random.default_rng(3)
    x = {f"x{k}": rng.random(400) for k in range(4)}
    kept = planted(tmp_path, x, {"policy": 3 * x["x2"] + rng.normal(0, 0.3, 400)})
    found = {i.name: i for i in analyse(planned("lhs", 400), kept, "policy", DELIBERATE).indices}
    assert [name for name, index in found.items() if index.stands_out] == ["x2"]


def test_luck_that_looks_like_an_effect_is_not_taken_for_one(tmp_path):
    """Where seeds alone decide, inputs stand out in one of ten cases at most, though every index is far from zero."""
    design = replace(planned("saltelli", 128), pairs=3)
    kept, said = planted_plan(tmp_path, design, lambda x: np.zeros(len(x))), []
    for luck in range(6):
        rng, rows = np.random.default_rng(luck), []
        for run in runs_of(design):
            rows += [(0, run.key, run.seed, "here", "baseline", DELIBERATE, "late", 0.0, "-")]
            rows += [(0, run.key, run.seed, "here", "policy", DELIBERATE, "late", float(rng.normal()), "-")]
        kept.commit("pairs", 0, pl.DataFrame(rows, schema=SCHEMA, orient="row"))
        found = analyse(design, kept, "policy", DELIBERATE)
        real = [index for index in found.indices if index.name != DUMMY]
        assert found.luck > 0.5
        assert min(index.value for index in real) > 0.5
        assert all(
            index.value - index.half_width > 0 for index in real
        )  # what would be said without asking luck
        said += [index.stands_out for index in real]
    assert np.mean(said) <= 0.1


@pytest.mark.parametrize("kind", ["morris", "saltelli"])
def test_assumptions_go_by_mechanism_where_none_is_named(tmp_path, kind):
    """Without named assumptions they are moved by mechanism together: an index a mechanism, a lever and the dummy."""
    design = planned(kind, 8, 1, only=())
    groups = {row.mechanism for row in assumptions().values() if row.range[1] > row.range[0]}
    wanted = next(iter(sorted(groups)))
    names = [n for n, row in assumptions().items() if row.mechanism == wanted and row.range[1] > row.range[0]]
    rows = rows_of(design)
    acting = [sum((row.values[n] - assumptions()[n].range[0]) / np.ptp(assumptions()[n].range) for n in names)
              for row in rows]  # fmt: skip
    found = analyse(design, planted_plan(tmp_path, design, lambda _x: np.array(acting)), "policy", DELIBERATE)
    assert {i.name for i in found.indices} == groups | {"x1", DUMMY}
    assert found.indices[0].name == wanted
    assert all(abs(i.value) < 1e-9 for i in found.indices[1:])


def test_groups_that_survive_name_the_inputs_of_the_second_step(tmp_path):
    """Where one mechanism acts its assumptions alone go on, and of those the second step keeps the one that acts."""
    groups = replace(planned("morris", 16, 1, only=()), pairs=2)
    row = assumptions()["tasks.growth"]
    acting = [r.values["tasks.growth"] for r in rows_of(groups)]
    first = analyse(groups, planted_plan(tmp_path / "a", groups, lambda _x: np.array(acting)), "policy", DELIBERATE)
    gone_on = survivors(groups, [first])
    mates = {n for n, r in assumptions().items() if r.mechanism == row.mechanism and r.range[1] > r.range[0]}
    assert gone_on.names == (row.mechanism,)
    assert set(gone_on.only) == mates
    assert gone_on.by_group
    second = planned("morris", 16, 1, only=gone_on.only)
    acting = [r.values["tasks.growth"] for r in rows_of(second)]
    kept = planted_plan(tmp_path / "b", second, lambda _x: np.array(acting))
    last = survivors(second, [analyse(second, kept, "policy", DELIBERATE)])
    assert last.names == last.only == ("tasks.growth",)
    assert not last.by_group
    said = sensitivity_page([first], gone_on).plain()["sections"][-1]["lines"]
    assert f"only: [{', '.join(gone_on.only)}]" in said
    none = replace(first, indices=tuple(replace(i, stands_out=False) for i in first.indices))
    assert "nothing is beyond chance" in str(sensitivity_page([none], survivors(groups, [none])).plain())


def test_rows_that_differ_only_in_the_dummy_share_a_run(tmp_path):
    """What moves nothing costs nothing: such rows have one run, and each of them has its effect."""
    design = planned("saltelli", 8)
    assert len(runs_of(design)) < len(rows_of(design)) == len(problem(design)["names"]) * 8 + 16
    kept = planted_plan(tmp_path, design, ishigami)
    assert effects(kept)["row"].sort().to_list() == list(range(len(rows_of(design))))


def test_an_unfinished_plan_and_an_effect_that_never_varies_are_refused(tmp_path):
    """A plan with a row missing, and an effect that is the same everywhere, have no indices."""
    design = planned("saltelli", 8)
    flat = planted_plan(tmp_path / "flat", design, lambda x: np.ones(len(x)))
    with pytest.raises(ShequError, match="same in every row"):
        analyse(design, flat, "policy", DELIBERATE)
    kept = planted_plan(tmp_path / "part", design, ishigami)
    gone = key_of(rows_of(design)[3], design.seed, arms_hash(design))
    part = pl.read_parquet(kept.path / "pairs" / "pair-0000.parquet").filter(pl.col("key") != gone)
    kept.commit("pairs", 0, part)
    with pytest.raises(ShequError, match="run the sweep to its end"):
        analyse(design, kept, "policy", DELIBERATE)
