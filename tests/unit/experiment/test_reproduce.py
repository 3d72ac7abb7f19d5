"""Running a folder again, and holding a run to what was fixed before it."""

from __future__ import annotations

import json
from dataclasses import replace

import polars as pl
import pytest

from sim.base.errors import ShequError
from sim.base.text import pick
from sim.experiment.compare import run_comparison
from sim.experiment.reproduce import reproduce
from sim.results.frozen import fixed, freeze, frozen_words, read_frozen
from sim.results.store import RunFolder
from sim.scenario import load_scenario
from sim.scenario.again import kept_content, made_again
from sim.scenario.documents import library_ids
from tests.paired.worlds import small


@pytest.fixture(scope="module")
def ran(tmp_path_factory):
    """A finished comparison of two pairs of a small Tongling over ten months."""
    scenario = small("tongling")
    scenario = replace(scenario, run=replace(scenario.run, pairs=2))
    folder = tmp_path_factory.mktemp("ran") / "run"
    run_comparison(scenario.baseline(), scenario, folder, pairs=2, workers=1)
    return RunFolder(folder)


@pytest.mark.slow
@pytest.mark.parametrize("workers", [1, 2])
def test_a_run_comes_out_the_same_whatever_the_workers(ran, workers):
    """Every cell of every table of both pairs is the same in one process and in two."""
    found = reproduce(ran, workers=workers)
    assert (found.pairs, found.difference, found.made_by) == ((0, 1), None, ())


@pytest.mark.slow
def test_one_changed_bit_is_found_and_named(ran, tmp_path):
    """A single value moved by its last bit is named by table, row, column and both values."""
    part = ran.path / "series" / "pair-0001.parquet"
    kept = part.read_bytes()
    frame = pl.read_parquet(part)
    values = frame["value"].to_numpy().copy()
    values.view("u8")[7] ^= 1
    frame.with_columns(pl.Series("value", values)).write_parquet(part)
    try:
        found = reproduce(ran, workers=1).difference
    finally:
        part.write_bytes(kept)
    assert (found.where, found.column) == ("series/pair-0001.parquet", "value")
    assert (found.row["measure"], found.row["month"]) == (frame["measure"][7], frame["month"][7])
    assert found.stored != found.fresh == frame["value"][7]


def test_a_changed_document_is_not_run_as_if_it_were_the_old_one(ran):
    """A scenario file edited after the run is refused before anything is simulated."""
    path = ran.path / "scenario.json"
    text = path.read_text(encoding="utf-8")
    content = json.loads(text)
    content["reform"]["place"]["density"]["value"] = 9001
    path.write_text(json.dumps(content), encoding="utf-8")
    try:
        with pytest.raises(ShequError, match="otherwise"):
            reproduce(ran, workers=1)
    finally:
        path.write_text(text, encoding="utf-8")


def test_every_scenario_of_the_library_can_be_made_again():
    """What a run folder keeps of any shipped scenario, with and without reforms, reads back to the same scenario."""
    for name in library_ids("scenario"):
        scenario = load_scenario(name)
        for arm in (scenario, scenario.baseline()):
            kept = json.loads(json.dumps(kept_content(arm), default=str))
            assert repr(made_again(kept, name).timeline.changes) == repr(arm.timeline.changes)


def test_a_stranger_s_file_is_refused_in_words():
    """A scenario file that is not one gives a sentence."""
    with pytest.raises(ShequError, match="stranger"):
        made_again({"scenario": []}, "stranger.json")


def test_what_was_fixed_is_told_and_what_changed_is_named(tmp_path):
    """The report says on which day what was fixed, and which of it the run did otherwise."""
    scenario = load_scenario("tongling")
    freeze(fixed(scenario.baseline(), scenario, pairs=20, seed=1), tmp_path / "plan.json")
    same, moved = (
        [pick(line, "en") for line in frozen_words(_held(tmp_path / "plan.json", scenario, pairs))]
        for pairs in (20, 30)
    )
    assert same[-1] == "Nothing was changed since."
    assert moved[-1] == "changed since: pairs, 20 before and 30 now"


def _held(path, scenario, pairs):
    from sim.results.frozen import held_to

    return held_to(read_frozen(path), fixed(scenario.baseline(), scenario, pairs=pairs, seed=1))


def test_a_seal_shows_a_later_hand(tmp_path):
    """A frozen file that was edited is refused; one that is there is not written over."""
    scenario, path = load_scenario("tongling"), tmp_path / "plan.json"
    content = fixed(scenario.baseline(), scenario, pairs=20, seed=1)
    freeze(content, path)
    with pytest.raises(ShequError, match="twice"):
        freeze(content, path)
    whole = json.loads(path.read_text(encoding="utf-8"))
    whole["fixed"]["worth"]["unmet_need"] = 0.01
    path.write_text(json.dumps(whole), encoding="utf-8")
    with pytest.raises(ShequError, match="sealed"):
        read_frozen(path)
