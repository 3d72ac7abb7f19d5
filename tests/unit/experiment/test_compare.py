"""Comparisons resume, survive failures, and refuse what is not alike."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from sim.base.errors import ScenarioError, ShequError
from sim.experiment.compare import run_comparison
from sim.experiment.loading import load_arms, reform_of
from sim.experiment.trace import trace
from sim.results.store import RunFolder
from sim.results.verdicts import read_comparison
from sim.scenario.likeness import refuse_unlike, unlike
from sim.scenario.nodes import parse
from sim.scenario.resolved import resolve


def compare(tongling, out, pairs=4, **options):
    """Compare Tongling with its baseline in this process."""
    return run_comparison(tongling.baseline(), tongling, out, pairs=pairs, workers=1, **options)


def numbers(comparison) -> list:
    """Return everything a comparison says, as text so that nan equals nan."""
    return [repr(v) for v in comparison.verdicts]


def test_an_interrupted_comparison_goes_on_where_it_stopped(model, tongling, tmp_path):
    """What was finished is kept, only the rest is run, and the answer is that of an uninterrupted run."""
    model.stop_at = 2
    with pytest.raises(KeyboardInterrupt):
        compare(tongling, tmp_path / "a")
    assert RunFolder(tmp_path / "a").pairs_done() == [0, 1]
    model.stop_at = 1000
    resumed = compare(tongling, tmp_path / "a")

    assert model.seeds == [1, 2, 3, 4]
    assert numbers(resumed) == numbers(compare(tongling, tmp_path / "b"))


def test_more_pairs_are_added_to_those_already_there(model, tongling, tmp_path):
    """Asking for more pairs runs only the new ones."""
    compare(tongling, tmp_path / "a", pairs=2)
    found = compare(tongling, tmp_path / "a", pairs=5)

    assert model.seeds == [1, 2, 3, 4, 5]
    assert found.pairs == 5
    assert found.folder.manifest()["timed"] == 5


def test_a_finished_run_reads_back_as_it_was(model, tongling, tmp_path):
    """Reading the folder later gives the same verdicts without the model."""
    found = compare(tongling, tmp_path / "a")
    model.stop_at = 0

    assert numbers(read_comparison(RunFolder(tmp_path / "a"))) == numbers(found)


def test_a_failed_pair_is_reported_and_the_others_count(model, tongling, tmp_path):
    """A pair that fails is named with its reason, its account kept, and the rest gives the verdicts."""
    model.broken = {2}
    found = compare(tongling, tmp_path / "a")

    assert found.pairs == 3
    assert found.failed == ("pair 1 failed: ArithmeticError: work is not conserved",)
    assert "Traceback" in (tmp_path / "a" / "failures" / "pair-0001.txt").read_text()


def test_nothing_is_said_where_every_pair_failed(model, tongling, tmp_path):
    """Without a single pair the command ends with the reason."""
    model.broken = set(range(10))
    with pytest.raises(ShequError, match=r"no pair could be run: .*work is not conserved"):
        compare(tongling, tmp_path / "a")


def test_the_folder_of_another_run_is_refused(model, tongling, tmp_path):
    """Pairs of another seed or scenario are never mixed in, and what differs is said."""
    compare(tongling, tmp_path / "a", pairs=1)
    with pytest.raises(ShequError, match=r"holds another run \(other first seed\)"):
        compare(tongling, tmp_path / "a", pairs=1, seed=7)


def test_without_a_folder_named_a_run_takes_one_of_its_own(model, tongling, tmp_path, monkeypatch):
    """The same command goes on in its folder; another seed gets a folder beside it."""
    monkeypatch.chdir(tmp_path)
    one, again = (compare(tongling, None, pairs=1) for _ in range(2))
    other = compare(tongling, None, pairs=1, seed=7)

    assert one.folder.path == again.folder.path != other.folder.path
    assert model.seeds == [1, 7]


def test_the_manifest_says_how_the_result_was_made(model, tongling, tmp_path):
    """Versions, hashes, seeds and the resolved numbers of both arms are in the folder."""
    compare(tongling, tmp_path / "a", pairs=2, command="shequ compare tongling --pairs 2")
    manifest = RunFolder(tmp_path / "a").manifest()
    resolved = json.loads((tmp_path / "a" / "scenario.json").read_text(encoding="utf-8"))

    assert manifest["command"] == "shequ compare tongling --pairs 2"
    assert {"shequ", "model_version", "git", "lock", "python", "platform", "source", "seconds"} <= set(
        manifest
    )
    assert manifest["hashes"] == {arm: resolved[arm]["hash"] for arm in ("baseline", "reform")}
    assert resolved["reform"]["assumptions"] == tongling.assumptions
    assert resolved["reform"]["reforms"]
    assert resolved["baseline"]["bare"]


def test_like_is_compared_with_like(tongling):
    """A scenario, its baseline and the same reform with an admission gate differ in nothing but reforms."""
    without_gate, gate, declared = load_arms("tongling_gate", "tongling")

    assert unlike(tongling.baseline(), tongling) == []
    assert (without_gate.reforms, unlike(without_gate, gate), declared) == (tongling.reforms, [], [])


def test_an_undeclared_difference_is_refused_by_name(tongling):
    """An assumption that differs between the arms is named with both values, and nothing runs."""
    name = "tasks.growth"
    other = tongling.with_sample({name: 0.07})
    with pytest.raises(ScenarioError) as refused:
        refuse_unlike(other, tongling)

    assert f"assumptions.{name}: 0.07 against {tongling.assumptions[name]}" in str(refused.value)


def test_a_place_changed_under_its_own_name_is_refused(tongling):
    """A place of the same name with one number written otherwise is found out, path and both values."""
    plain = tongling.recipe.place.plain()
    plain["density"]["value"] = 9000
    place = parse(json.dumps(plain), "mine").documents[0]
    mine = resolve(replace(tongling.recipe, place=place))
    with pytest.raises(ScenarioError, match=r"place\.density\.value: 8000 against 9000"):
        refuse_unlike(tongling, mine)


def test_a_declared_difference_is_let_through_and_told(tongling):
    """What is declared by path, or by the beginning of one, is allowed and said in words; the rest still refuses."""
    other = tongling.with_sample({"tasks.growth": 0.07, "staff.absence": 0.1})
    assert len(refuse_unlike(other, tongling, ["assumptions"])) == 2
    with pytest.raises(ScenarioError, match=r"assumptions\.staff\.absence"):
        refuse_unlike(other, tongling, ["assumptions.tasks.growth"])


def test_another_place_is_refused():
    """Two places are not compared as if they were one."""
    with pytest.raises(ScenarioError, match="place"):
        load_arms("tongling", "reference_community")


def test_an_assumption_changes_both_arms():
    """`--assume` changes the number in baseline and reform alike."""
    baseline, reform, _ = load_arms("tongling", assume=["tasks.growth=0.07"])

    assert baseline.assumptions["tasks.growth"] == reform.assumptions["tasks.growth"] == 0.07
    with pytest.raises(ScenarioError, match="is not name=number"):
        load_arms("tongling", assume=["tasks.growth"])


def test_a_run_of_another_model_is_not_looked_into(model, tongling, tmp_path):
    """Parts and lives are told only of a run that this version of the model made."""
    folder = compare(tongling, tmp_path / "a", pairs=1).folder
    assert reform_of(folder).hash == tongling.hash
    folder.write_json("manifest.json", folder.manifest() | {"model_version": 0})
    for look in (reform_of, trace):
        with pytest.raises(ShequError, match="model version 0"):
            look(folder)
