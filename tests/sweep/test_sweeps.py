"""A sweep runs each run once, whatever stops it and however it is cut; its rows are what the design says."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from sim.base.errors import ScenarioError, ShequError
from sim.experiment.ranking import rank
from sim.experiment.sampling import DUMMY, problem, rows_of
from sim.experiment.sensitivity import analyse, survivors
from sim.experiment.sweep import runs_of
from sim.results.store import RunFolder
from sim.results.sweeps import effects, inputs, months, series, summary
from sim.scenario.design import load_design
from sim.views.sweeps import draw_summary, ranking_page, sensitivity_page, summary_page
from tests.sweep.tiny import Bad, cells, design, poisoned, swept, written


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """The tiny sweep, run to its end in one process."""
    folder = tmp_path_factory.mktemp("whole")
    plan = design(folder)
    return plan, swept(plan, folder / "out")


def test_a_design_crosses_its_factors_and_leaves_the_empty_arm_to_the_baseline(whole):
    """Two factors of two levels make three policies: what adds nothing is the baseline itself."""
    assert set(whole[0].arms) == {"baseline", "off_-open_", "on_-shut", "on_-open_"}


TWO = """kind: place
id: thorp
extends: hamlet
title: {en: thorp, zh: 大村}
residents: {count: {value: 400, assumed: tiny}}
---
"""


@pytest.fixture(scope="module")
def two_places(tmp_path_factory):
    """The tiny design in two places, two rows of it run to the end."""
    folder = tmp_path_factory.mktemp("two")
    path = written(folder, n=2, pairs=1)
    text = path.read_text().replace("books: [shut, open_]", "site: [here, there]")
    path.write_text(text.replace("open_: {set: {transparency: 1.0}}", "there: {place: thorp}"))
    scenario = folder / "hamlet.yaml"
    scenario.write_text(scenario.read_text().replace("kind: reform", TWO + "kind: reform"))
    plan = load_design(path)
    return plan, swept(plan, folder / "out").folder


def test_each_place_has_a_baseline_of_its_own(two_places):
    """A level that names a place adds that place alone, and the policy in it."""
    plan, _ = two_places
    assert list(plan.arms) == ["baseline", "baseline-thorp", "on_-here", "on_-there"]
    assert {name: arm.place.id for name, arm in plan.arms.items()} == {
        "baseline": "hamlet", "on_-here": "hamlet", "baseline-thorp": "thorp", "on_-there": "thorp"}  # fmt: skip
    assert plan.policies == ["on_-here", "on_-there"]


def test_an_effect_is_against_the_place_that_the_policy_stands_in(two_places):
    """The base of a policy is what its own place does alone, which differs between the places."""
    _, folder = two_places
    cells = pl.read_parquet(sorted((folder.path / "pairs").glob("*.parquet")))
    alone = cells.filter(arm="baseline").select("key", "place", "measure", "window", base_alone="value")
    found = effects(folder).join(alone, on=["key", "place", "measure", "window"], how="left")
    assert len(found) == 2 * 2 * found.select("measure", "window").n_unique()
    assert found["base"].eq_missing(found["base_alone"]).all()
    assert alone.pivot(on="place", index=["key", "measure", "window"], values="base_alone").filter(
        pl.col("hamlet") != pl.col("thorp")
    ).height  # fmt: skip
    assert set(summary(folder).select("place", "arm").rows()) == {("hamlet", "on_-here"), ("thorp", "on_-there")}


def test_tables_and_figures_name_the_place_where_there_are_several(two_places, whole):
    """The summary has a column of places in the reader's language and its figure names them; one place has none."""
    _, folder = two_places
    page = summary_page(folder.manifest(), summary(folder), 2)
    assert {row[1] for s in page.plain("zh")["sections"] for row in s.get("rows", ())} == {"小村", "大村"}
    assert "thorp: on_-there" in written_in(summary(folder), folder.manifest())
    alone = whole[1].folder
    assert "on_-open_" in written_in(summary(alone), alone.manifest())


def written_in(table, manifest) -> list[str]:
    """Return the texts of the figure of a summary."""
    kept: list[str] = []

    def form(figure):
        figure.draw_without_rendering()
        kept.extend(t.get_text() for t in figure.findobj(lambda a: hasattr(a, "get_text")))

    draw_summary(table, manifest, form)
    return kept


def test_policies_are_ranked_against_those_of_the_same_place(two_places):
    """One ranking a place, of its own policies and the place alone."""
    _, folder = two_places
    found = rank(folder, {"participation.deliberate": 1.0}, place="thorp")
    assert {standing.arm for standing in found.standings} == {"baseline", "on_-there"}
    assert "大村" in ranking_page(found, {}, folder.manifest()["places"]["thorp"]).plain("zh")["title"]


def test_every_run_is_done_once(whole):
    """As many runs as rows times seeds, each with all arms, none twice."""
    plan, done = whole
    assert done.runs == done.done == 12
    assert len({key for key, *_ in cells(done.folder.path)}) == len(runs_of(plan)) == 12
    assert {arm for _, arm, *_ in cells(done.folder.path)} == set(plan.arms)


def test_two_workers_give_what_one_gives(whole, tmp_path):
    """Runs in two processes have the same digests and values, to the bit."""
    swept(whole[0], tmp_path / "out", workers=2)
    assert cells(tmp_path / "out") == cells(whole[1].folder.path)


def test_what_was_lost_is_run_again_and_nothing_else(whole, tmp_path):
    """A missing part and a half-written one are made good; the parts that are there stay as they are."""
    done = swept(whole[0], tmp_path / "out")
    parts = sorted((done.folder.path / "pairs").glob("*.parquet"))
    parts[1].unlink()
    (done.folder.path / "pairs" / "pair-0099.123.part").write_bytes(b"half")
    before = {p: p.stat().st_mtime_ns for p in parts if p.exists()}
    swept(whole[0], tmp_path / "out")
    assert cells(tmp_path / "out") == cells(whole[1].folder.path)
    assert {p: p.stat().st_mtime_ns for p in before} == before


def test_topping_up_runs_only_what_is_new(tmp_path):
    """More seeds and more rows keep the runs that are there and add the others."""
    swept(design(tmp_path, n=4, pairs=1), tmp_path / "out")
    first = cells(tmp_path / "out")
    done = swept(design(tmp_path, n=8, pairs=2), tmp_path / "out")
    assert done.done == 16
    assert first.items() <= cells(tmp_path / "out").items()


def test_a_run_that_kills_its_process_loses_nothing_but_itself(whole, tmp_path):
    """A poison row is given up after three tries and named; every other run is there."""
    done = swept(whole[0], tmp_path / "out", Bad(poisoned), workers=2)
    bad = {run.key for run in runs_of(whole[0]) if run.at == 3}
    expected = {k: v for k, v in cells(whole[1].folder.path).items() if k[0] not in bad}
    assert cells(tmp_path / "out") == expected
    assert len(done.failed) == len(bad)
    assert swept(whole[0], tmp_path / "out").done == 12


def test_a_budget_stops_and_the_same_command_goes_on(whole, tmp_path):
    """With no time at all a few chunks are kept; the next call makes the sweep whole."""
    short = swept(whole[0], tmp_path / "out", hours=1e-9)
    assert short.done < 12
    assert swept(whole[0], tmp_path / "out").done == 12


def test_other_code_does_not_go_on_in_the_same_folder(whole, tmp_path):
    """A folder made by another version of the code is refused with the difference named."""
    done = swept(whole[0], tmp_path / "out", hours=1e-9)
    manifest = done.folder.path / "manifest.json"
    manifest.write_text(json.dumps(json.loads(manifest.read_text()) | {"source": "other"}))
    with pytest.raises(ShequError, match="code"):
        swept(whole[0], tmp_path / "out")


def test_a_second_driver_is_refused(whole, tmp_path):
    """Two commands never write to one folder."""
    folder = RunFolder(tmp_path / "out")
    with folder.held(), pytest.raises(ShequError, match="another command"):
        swept(whole[0], tmp_path / "out")


def test_effects_are_differences_of_the_same_run(whole):
    """An effect is the policy's value less the baseline's, of the same row and luck."""
    table = effects(whole[1].folder)
    assert np.allclose(table["effect"], table["value"] - table["base"], equal_nan=True)
    assert len(table) == 12 * 3 * table.select("measure", "window").n_unique()
    assert set(summary(whole[1].folder)["arm"]) == set(whole[0].policies)


def test_a_run_that_stands_in_two_parts_is_read_once(whole, tmp_path):
    """A straggler of a lost cluster may write again what others wrote, in another part: nothing counts twice."""
    done = swept(whole[0], tmp_path / "out").folder
    before, told = effects(done), summary(done)
    again = pl.read_parquet(min((done.path / "pairs").glob("*.parquet")))
    done.commit("pairs", 77, again.with_columns(pl.lit(77, pl.Int64).alias("pair")))
    by = ["row", "seed", "arm", "measure", "window"]
    columns = [*by, "key", "effect"]
    assert_frame_equal(effects(done).sort(by).select(columns), before.sort(by).select(columns))
    assert_frame_equal(summary(done), told)


@pytest.mark.parametrize("kind", ["sobol", "lhs", "random"])
def test_space_filling_rows_stay_within_the_ranges_and_differ(tmp_path, kind):
    """Levers and named assumptions take as many values as there are rows, each within its range."""
    plan = design(
        tmp_path, n=16, kind=kind, levers="{admission.strictness: {range: [0.2, 0.9]}}", only="[tasks.growth]"
    )
    values = [(row.levers["admission.strictness"], row.values["tasks.growth"]) for row in rows_of(plan)]
    assert len(set(values)) == 16
    assert all(0.2 <= s <= 0.9 and 0 <= g <= 0.1 for s, g in values)


def test_a_grid_crosses_listed_values_with_samples(tmp_path):
    """Three values and two samples are six rows."""
    plan = design(tmp_path, n=2, kind="grid", levers="{admission.strictness: {values: [0, 0.5, 1]}}")
    assert sorted(row.levers["admission.strictness"] for row in rows_of(plan)) == [0, 0, 0.5, 0.5, 1, 1]


@pytest.mark.parametrize("kind", ["lhs", "grid"])
def test_a_set_with_few_samples_gives_each_once(tmp_path, kind):
    """A design that asks for more samples than the calibrated set holds has as many rows as there are."""
    plan = design(tmp_path, n=400, kind=kind)
    rows = rows_of(replace(plan, set="calibrated", grids={} if kind == "lhs" else {"transparency": (1.0,)}))
    assert len({tuple(sorted(row.inputs.items())) for row in rows}) == len(rows)


@pytest.mark.parametrize(("kind", "rows"), [("morris", 4 * 4), ("saltelli", 4 * 5)])
def test_plans_for_sensitivity_have_a_dummy_and_their_rows(tmp_path, kind, rows):
    """Over two inputs and the dummy: n (k + 1) rows for Morris, n (k + 2) for Sobol without second order."""
    plan = design(
        tmp_path, n=4, kind=kind, levers="{admission.strictness: {range: [0, 1]}}", only="[tasks.growth]"
    )
    assert problem(plan)["names"][-1] == DUMMY
    assert len(rows_of(plan)) == rows


@pytest.mark.slow
def test_groups_of_the_hamlet_leave_survivors_that_a_second_design_takes(tmp_path):
    """Morris by mechanism says what goes on; its `only:` line makes a second design that varies nothing else."""
    plan = design(tmp_path, n=2, kind="morris", pairs=1)
    plan = replace(plan, arms={name: plan.arms[name] for name in ("baseline", "on_-open_")}, months=2)
    kept = swept(plan, tmp_path / "out").folder
    found = [analyse(plan, kept, "on_-open_", measure) for measure in plan.primary[:1]]
    gone_on = survivors(plan, found)
    assert gone_on.by_group
    assert not gone_on.luck_known  # one seed
    assert 0 < len(gone_on.names) < gone_on.all
    line = next(line for s in sensitivity_page(found, gone_on).plain()["sections"] for line in s.get("lines", ())
                if line.startswith("only: "))  # fmt: skip
    second = design(tmp_path, n=8, kind="lhs", only=line.removeprefix("only: "))
    assert second.only == gone_on.only
    assert set(rows_of(second)[0].values) == set(gone_on.only)


@pytest.fixture(scope="module")
def levels(tmp_path_factory):
    """One run of the tiny design at each level of recording."""
    found = {}
    for record in ("headline", "standard", "full"):
        folder = tmp_path_factory.mktemp(record)
        plan = replace(design(folder, n=1, pairs=1), record=record, months=3)
        found[record] = swept(plan, folder / "out").folder
    return found


def test_each_level_of_recording_keeps_more_and_changes_nothing(levels):
    """Months of the place at every level, quarters of areas and groups from standard on, at full months and posts."""
    kinds = {"headline": [], "standard": ["areas", "groups"], "full": ["areas", "groups", "posts"]}
    values = {record: summary(folder) for record, folder in levels.items()}
    for record, folder in levels.items():
        there = [kind for kind in ("areas", "groups", "posts") if list((folder.path / kind).glob("*.parquet"))]
        assert there == kinds[record]
        assert series(folder).select(pl.col("month").n_unique()).collect().item() == 3
        shown = values[record].filter(measure="participation.deliberate")
        assert_frame_equal(shown, values["headline"].filter(measure="participation.deliberate"))
    spans = [series(levels[record], "areas").collect()["month"].n_unique() for record in ("standard", "full")]
    assert spans == [1, 3]


def test_months_and_quarters_of_a_sweep_hold_the_same(levels):
    """A policy has an effect in each month; quarters of areas sum to what their months do."""
    folder = levels["full"]
    by_month = months(folder).filter(arm="on_-shut", measure="committee.share_time_assigned")
    assert len(by_month) == 3
    assert by_month["mean"].abs().max() > 0
    by = ("key", "place", "arm", "measure", "unit")
    whole = [
        series(levels[r], "areas").filter(pl.col("measure") == "participation.deliberate").group_by(by)
        .agg(pl.col("numerator", "denominator").sum()).sort(by).collect() for r in ("standard", "full")
    ]  # fmt: skip
    assert_frame_equal(whole[0].drop("key"), whole[1].drop("key"))


def test_inputs_are_kept_beside_the_runs(whole):
    """The table of inputs has one row a row of the design."""
    assert inputs(whole[1].folder).select(pl.col("row")).to_series().to_list() == list(range(6))


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("scenario: hamlet", "scenario: hamlt", "hamlt"),
        ("open_: {set: {transparency: 1.0}}", "open_: {place: hamlt}", "hamlet"),
        ("levels: {on_: {with: [guarded]}, open_: {set: {transparency: 1.0}}}",
         "levels: {on_: {place: validation_place}, open_: {place: hamlet}}", "only one factor"),
        ("gate: [off_, on_]", "gate: [baseline, on_]", "baseline"),
        ("kind: sobol", "kind: sobl", "sobol"),
        ("on_: {with", "onn: {with", "onn"),
        ("[guarded]", "[guardid]", "guardid"),
        ("pairs: 2", "pairs: many", "many"),
        ("samples: 6", "samples: 6, only: [tasks.grwth]", "tasks.growth"),
        ("levers: {}", "levers: {admission.strictness: {range: [0, 7]}}", "7"),
        ("levers: {}", "levers: {admission.strictness: {}}", "range"),
        ("levers: {}", "levers: {admission.strictnes: {range: [0, 1]}}", "admission.strictness"),
    ],
)
def test_a_slip_in_a_design_is_named(tmp_path, old, new, said):
    """What is misspelt, out of bounds or unknown is refused with what was meant."""
    path = written(tmp_path)
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))
    with pytest.raises(ScenarioError) as refused:
        load_design(path)
    assert said in str(refused.value)
