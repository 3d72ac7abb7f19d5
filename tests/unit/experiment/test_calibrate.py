"""Calibration on functions whose answer is known: what is planted is found, what cannot be known is said to be open."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from sim.base.errors import ShequError
from sim.catalogue import assumptions
from sim.catalogue.evidence import evidence
from sim.catalogue.targets import Target, calibration
from sim.experiment import calibrate, calibrate_recheck, calibrate_screen
from sim.experiment.calibrate import accept
from sim.experiment.calibrate_match import Emulator, Space, directions, ranges_kept
from sim.experiment.calibrate_screen import DUMMY, Screen, morris_samples, screen, split
from sim.experiment.calibrate_targets import ground, implausibility, measure_once
from sim.experiment.calibrated import draw_samples, spread_over
from sim.scenario import load_scenario
from sim.scenario.documents import cached_documents

RANGES = {"a": (0.0, 2.0), "b": (0.0, 2.0), "c": (-1.0, 1.0), "idle": (0.0, 1.0)}


def target(name: str, value: float, within: float) -> Target:
    """Return a target of a toy."""
    return Target(id=name, statistic=name, value=value, within=within, use="fit", en=name, zh=name)


TOYS = (target("sum", 2.0, 0.05), target("bend", 0.25, 0.05))


def toy(sample: dict[str, float], luck: float = 0.0) -> dict[str, float]:
    """Return two outcomes: only the sum of a and b matters to one, only the square of c to the other."""
    return {"sum": sample["a"] + sample["b"] + luck, "bend": sample["c"] ** 2 + luck}


def test_the_screen_finds_what_matters(monkeypatch: pytest.MonkeyPatch):
    """Parameters that move a target survive in turns; the idle one falls to the dummy."""
    monkeypatch.setattr(calibrate_screen, "candidates", lambda: RANGES)
    points = morris_samples(12, seed=3)
    samples, seeds = split(points, seed=100)
    found = [toy(s, 0.01 * (k % 4)) for s, k in zip(samples, seeds, strict=True)]
    screened = screen(points, found, TOYS)
    assert set(screened.survivors(3)) == {"a", "b", "c"}
    assert "idle" not in screened.survivors(10) and DUMMY not in screened.survivors(10)


def planted(effects: dict[str, dict[str, float]], names: tuple[str, ...]) -> Screen:
    """Return a screen of planted elementary effects, luck moving every target by one."""
    rows = {t: np.array([*(moved.get(n, 0.0) for n in names), 1.0]) for t, moved in effects.items()}
    return Screen((*names, DUMMY), rows)


def test_every_group_of_targets_has_a_parameter_of_its_own():
    """Where load moves all and a group's own parameter moves its figure less than luck, that one is fitted yet."""
    names = ("load", "pace", "vote", "strain.a", "strain.b", "past", *(f"more{k}" for k in range(12)))
    work = {"load": 9.0, "pace": 8.0, **{f"more{k}": 7.0 - k / 2 for k in range(12)}}
    effects = {
        "C1.a": work,
        "C1.b": work,
        "C3": {"vote": 5.0, "load": 2.0},
        "C4.x": work | {"strain.a": 1.5, "strain.b": 1.2},
        "C4.y": work | {"strain.b": 1.6},
        "C5": {"load": 3.0, "past": 0.6},
    }
    screened, carriers = planted(effects, names), {"C4": ("strain.",), "C5": ("past",)}
    assert not {"strain.a", "strain.b", "past"} & set(screened.survivors(10))
    for most in (4, 6, 10):
        found = screened.survivors(most, carriers)
        assert found[:4] == ["strain.b", "past", "load", "vote"]
        assert len(set(found)) == len(found) == most
    assert DUMMY not in screened.survivors(40, carriers)
    assert "past" not in planted({**effects, "C5": {"load": 3.0}}, names).survivors(10, carriers)


def test_the_carriers_of_groups_are_assumptions_that_can_be_fitted():
    """Each beginning of a name that the file gives stands for an assumption with a range, of a group with targets."""
    rows = calibration()
    assert set(rows.carriers) <= {t.id.partition(".")[0] for t in rows.fitted}
    ranges = calibrate_screen.candidates()
    assert all(any(name.startswith(begin) for name in ranges) for c in rows.carriers.values() for begin in c)


def test_waves_rule_out_all_but_the_planted():
    """What the emulator leaves lies where the toy meets its targets, and both roots of the square are kept."""
    space = Space(("a", "b", "c"), RANGES)
    samples = space.samples(space.cube(120, 1), 1)
    values = {t.id: np.array([toy(s)[t.statistic] for s in samples]) for t in TOYS}
    points, share = Emulator(space.unit(samples), values, TOYS).plausible(400, 2)
    left = space.samples(points, 3)
    assert 0 < share < 0.2
    assert np.mean([implausibility(toy(s), TOYS) < 3.5 for s in left]) > 0.9
    assert {np.sign(s["c"]) for s in left} == {-1.0, 1.0}


def test_what_the_targets_leave_open_is_found():
    """Where only a sum is known, the sum is pinned, the difference stays open and each part keeps much of its range."""
    luck = np.random.default_rng(1)
    a = luck.random(4000)
    points = np.column_stack([a, 1 - a + luck.normal(0, 0.02, 4000), luck.random(4000)])
    found = directions(("a", "b", "free"), points)
    assert found[0].kept < 0.15
    assert {name for name, weight in found[0].loadings if abs(weight) > 0.6} == {"a", "b"}
    assert found[0].loadings[0][1] * found[0].loadings[1][1] > 0
    assert ranges_kept(("a", "b", "free"), points)["free"] == pytest.approx(1.0, abs=0.05)


def test_targets_are_sourced_and_said_twice():
    """Every target names an entry of the ledger and stands in both languages; nothing but C1, C3, C4, C5 is fitted."""
    rows = calibration()
    assert all(name in evidence() for t in rows.targets for name in t.evidence)
    assert {t.id.split(".")[0] for t in rows.fitted} == {"C1", "C3", "C4", "C5"}
    assert rows.fitted_at_most <= 10


def test_one_run_answers_every_target():
    """A run of the reference community gives a figure for every target, and the same one for the same luck."""
    one = measure_once({}, 3, 1)
    assert {t.statistic for t in calibration().targets} <= set(one)
    assert all(np.isfinite(one[t.statistic]) for t in calibration().targets)
    assert one == measure_once({}, 3, 1)


def test_copies_are_more_of_the_same():
    """Ten reference communities have ten times the people and staff, and no more streets."""
    one, ten = ground(1), ground(10)
    assert ten.frame.n_areas == 10 * one.frame.n_areas
    assert ten.place.residents == 10 * one.place.residents


def test_samples_of_a_set_respect_it():
    """A set's own values are kept and everything else is spread over the catalogue's ranges."""
    rows = draw_samples("leaders_political", 8, seed=2)
    assert {row["tasks.growth"] for row in rows} == {0.06}
    assert len({row["needs.old"] for row in rows}) == 8
    spread = np.array([row["x"] for row in spread_over({"x": (2.0, 4.0)}, 4, 1)])
    assert draw_samples("prior", 11, seed=2)[:8] == draw_samples("prior", 8, seed=2)
    assert sorted(np.floor((spread - 2) * 2)) == [0, 1, 2, 3]


def test_no_two_assumptions_are_drawn_alike():
    """Of 256 samples no pair of assumptions correlates beyond chance, and one's values depend on no other's."""
    ranges = {f"assumption {k}": (0.0, 1.0) for k in range(300)}
    points = spread_over(ranges, 256, 1)
    ranks = np.argsort(np.argsort([[row[name] for row in points] for name in ranges], axis=1), axis=1)
    alike = np.abs(np.corrcoef(ranks)[np.triu_indices(300, 1)])

    assert alike.max() < 0.35  # five standard deviations of chance, over 45 thousand pairs
    assert np.sqrt((alike**2).mean()) == pytest.approx(1 / 16, rel=0.1)
    assert [row["assumption 7"] for row in points] == [
        row["assumption 7"] for row in spread_over({"assumption 7": (0.0, 1.0)}, 256, 1)
    ]


def test_a_set_of_another_model_is_noticed(tmp_path: Path):
    """A calibrated set says which model it was found on, and loading it under another gives a notice, no refusal."""
    written = [
        "kind: assumptions",
        "id: mine_old",
        "title: {en: Old, zh: 旧}",
        "values: {tasks.growth: 0.03}",
    ]
    stale = [*written, "calibration: {model_version: 1, catalogue: none}"]
    run = ["kind: scenario", "id: mine", "title: {en: Mine, zh: 我}", "place: reference_community"]
    run += ["assumptions: mine_old", "run: {start: 2012-01, spin_up: 12 months, months: 12, pairs: 2}"]
    path = tmp_path / "mine.yaml"
    path.write_text("\n".join([*run, "---", *stale]) + "\n", encoding="utf-8")
    loaded = load_scenario(path)
    assert loaded.assumptions["tasks.growth"] == 0.03
    assert any("calibrate again" in str(n.what) for n in loaded.notices)


def test_the_cut_off_is_said_where_too_few_match():
    """Runs within three are accepted; where there are too few, the nearest are, and both figures are told."""
    close = [{"sum": 2.0 + 0.011 * k, "bend": 0.25} for k in range(100)]
    found = accept([{}] * 100, close, TOYS, {})
    assert (found.cutoff, found.within, len(found.samples)) == (pytest.approx(12.98), 14, 60)
    enough = accept([{}] * 100, [close[0]] * 99 + [{}], TOYS, {}, most=70)
    assert (enough.cutoff, enough.within, len(enough.samples)) == (3.0, 99, 70)


def test_the_shipped_set_loads_wherever_a_set_does():
    """The calibrated set can be named by a scenario, and its samples lie within the ranges of the catalogue."""
    scenario = load_scenario("reference_community", assumptions="calibrated")
    made = scenario.recipe.assumptions.get("calibration").plain()
    assert set(made["fitted"]) <= set(scenario.assumptions)
    rows = draw_samples("calibrated", 4, seed=1)
    ranges = {row.id: row.range for row in assumptions().values()}
    assert all(ranges[n][0] <= v <= ranges[n][1] for row in rows for n, v in row.items())
    assert rows == draw_samples("calibrated", 8, seed=1)[:4]


def test_a_whole_calibration_recovers_what_was_planted(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    """Screen, waves and acceptance together find the planted sum and square, and call the rest open."""

    def stage(name: str, samples: list, seeds: list[int], *_: object) -> list[dict[str, float]]:
        assert len(samples) == len(seeds), name
        return [
            toy({**dict.fromkeys(RANGES, 0.0), **s}, 0.001 * (k % 5))
            for s, k in zip(samples, seeds, strict=True)
        ]

    monkeypatch.setattr(calibrate, "run_stage", stage)
    monkeypatch.setattr(calibrate, "candidates", lambda: RANGES)
    monkeypatch.setattr(calibrate_screen, "candidates", lambda: RANGES)
    effort = calibrate.Effort(trajectories=8, wave=80, waves=2, samples=60, most=160, copies=2)
    calibrator = calibrate.Calibrator(effort, tmp_path, 1, None)
    calibrator.targets = TOYS
    found = calibrator.run()
    assert set(found.fitted) == {"a", "b", "c"}
    assert found.cutoff == 3.0 and found.within >= 60
    assert all(abs(s["a"] + s["b"] - 2) < 0.2 and abs(s["c"] ** 2 - 0.25) < 0.2 for s in found.samples)
    assert found.kept["a"] > 0.8
    assert len(found.left) == 2 and max(found.left) < 0.3


def _given(monkeypatch: pytest.MonkeyPatch, matches: int) -> None:
    """Let the first so many samples give every fitted figure exactly, and all others something far off."""
    hit = {t.statistic: t.value for t in calibration().targets}
    miss = {name: value + 1000.0 for name, value in hit.items()}

    def stage(name: str, rows: list, *_args: object) -> list[dict[str, float]]:
        return [hit if k < matches or name != "recheck" else miss for k in range(len(rows))]

    monkeypatch.setattr(calibrate_recheck, "run_stage", stage)


def test_a_recheck_keeps_only_samples_that_match_when_run_again(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    """Of the library's samples those that match now are written, with ranges and figures of their own."""
    _given(monkeypatch, matches=10)
    made = calibrate_recheck.recheck(tmp_path / "runs", tmp_path)
    kept = pl.read_parquet(tmp_path / "calibrated.parquet")
    assert len(kept) == made["accepted"] == made["rechecked"]["still_match"] == 10
    assert (kept["implausibility"] == 0).all()
    document = cached_documents(tmp_path / "calibrated.yaml").documents[0].plain()
    for name, row in document["values"].items():
        low, high = row["range"]
        assert low <= row["value"] <= high
        assert low == row["value"] or low == pytest.approx(kept[name].quantile(0.05, "linear"), rel=1e-3)
    assert document["calibration"]["targets"]["C5"]["mean"] == pytest.approx(1.57)


def test_a_set_that_matches_nowhere_is_not_written(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    """Where no sample matches any more the command says so and leaves no file."""
    _given(monkeypatch, matches=0)
    with pytest.raises(ShequError):
        calibrate_recheck.recheck(tmp_path / "runs", tmp_path)
    assert not list(tmp_path.glob("calibrated.*"))
