"""The table of facts on figures whose answer is known, and the file of facts itself."""

from __future__ import annotations

import json

import numpy as np
import polars as pl
import pytest

from sim.catalogue.evidence import evidence
from sim.catalogue.facts import Fact, Test, read_facts
from sim.experiment import validate_kept
from sim.experiment.facts import document, facts, scenario_of, widened_value
from sim.experiment.validate_regions import boxes, divide, reproduced
from sim.experiment.validate_report import shipped, validation_page
from sim.experiment.validate_runs import FIXED, PLAIN, SCHEMA, variants
from sim.experiment.validate_table import Values, effect, holds, turning, wilson
from sim.results.store import RunFolder

HOURS = "committee.hours_self_governance"


def figures(**arms: dict[str, list[float]]) -> Values:
    """Return figures of arms by window, one list of samples each, all of one measure."""
    rows = [
        (k, PLAIN, arm, HOURS, window, value)
        for arm, windows in arms.items()
        for window, values in windows.items()
        for k, value in enumerate(values)
    ]
    return Values(pl.DataFrame(rows, schema=SCHEMA, orient="row"))


def test_wilson_is_wilson():
    """Nine of ten gives Wilson's textbook interval, and what could not be read does not count."""
    found = wilson(np.array([1.0] * 9 + [0.0, np.nan]))
    assert (found.holds, found.n) == (9, 10)
    assert (found.low, found.high) == (pytest.approx(0.5958, abs=1e-3), pytest.approx(0.9821, abs=1e-3))
    assert wilson(np.array([np.nan])).n == 0


def test_signs_of_differences():
    """Up, down, no rise and climbing are read off the difference of two arms within a sample."""
    values = figures(base={"early": [10, 10], "late": [10, 10]}, arm={"early": [8, 8], "late": [9, 7]})
    assert list(effect(values, PLAIN, Test(measure=HOURS, arm="arm", sign="up"))) == [-1, -3]
    assert list(holds(values, PLAIN, [Test(measure=HOURS, arm="arm", sign="down")])) == [1, 1]
    assert list(holds(values, PLAIN, [Test(measure=HOURS, arm="arm", sign="climbs")])) == [1, 0]
    assert list(holds(values, PLAIN, [Test(measure=HOURS, arm="arm", sign="not_up")])) == [1, 1]
    assert np.isnan(holds(values, FIXED, [Test(measure=HOURS, arm="arm", sign="up")])).all()


def test_what_is_regained():
    """An arm that lost four and got three back has regained more than one that got one back."""
    values = figures(
        base={"early": [10.0], "late": [10.0]},
        open={"early": [6.0], "late": [9.0]},
        gate={"early": [6.0], "late": [7.0]},
    )
    assert (
        effect(values, PLAIN, Test(measure=HOURS, arm="gate", other="open", sign="less_regained"))[0] == 0.5
    )


def test_a_package_against_its_best_part():
    """Three together are more than the best alone only where they beat it, not where they beat the mean."""
    values = figures(base={"late": [0, 0]}, a={"late": [5, 5]}, b={"late": [1, 1]}, both={"late": [10, 4]})
    found = effect(values, PLAIN, Test(measure=HOURS, arm="both", others=("a", "b"), sign="joint"))
    assert found == pytest.approx([1.0, -0.2])


def test_the_turning_point_is_found():
    """Where a claim holds above .3 of a widened range, the sign turns there; where it always holds, nowhere."""
    luck = np.random.default_rng(3)
    x = luck.uniform(-1, 1, 400)
    found = turning(x, (x + luck.normal(0, 0.05, 400) > 0.3).astype(float), (-1.0, 1.0))
    assert found is not None
    assert found.at == pytest.approx(0.3, abs=0.05)
    assert (found.at_low, found.at_high) == (pytest.approx(0, abs=0.01), pytest.approx(1, abs=0.01))
    assert turning(x, np.ones(400), (-1.0, 1.0)) is None


def test_a_side_of_a_contradiction_is_boxed():
    """The assumption that divides the samples is found, with its threshold, and comes up again; noise does not."""
    luck = np.random.default_rng(4)
    x = luck.random((200, 6))
    y = (x[:, 2] > 0.6).astype(int)
    best = boxes("abcdef", x, y)[0]
    assert best.limits[0][0] == "c" and best.limits[0][1] == pytest.approx(0.6, abs=0.02)
    assert (best.coverage, best.density) == (1.0, 1.0)
    assert reproduced(x, y, 2) == 1.0
    assert reproduced(x, luck.integers(0, 2, 200), 2) < 0.9


def test_assumptions_that_samples_cannot_part_are_named_together():
    """A second assumption that parts the samples in the same way is said beside the first, turned round or not."""
    luck = np.random.default_rng(5)
    x = luck.random((120, 5))
    x[:, 3] = np.exp(x[:, 1]) + 1e-3 * luck.random(120)
    x[:, 4] = -x[:, 1]
    held = (x[:, 1] > 0.4).astype(float)
    found = divide(held, "abcde", x)
    assert {found["first"], *found["alike"]} == {"b", "d", "e"}
    assert divide(luck.integers(0, 2, 120).astype(float), "abc", x[:, :3])["alike"] == []


def test_both_sides_get_their_boxes():
    """The samples that are not on the first side are boxed too, by the same limit from the other end."""
    x = np.random.default_rng(6).random((150, 3))
    found = divide((x[:, 0] > 0.3).astype(float), "abc", x)
    (name, low, _), (other, _, high) = found["boxes"][0]["limits"][0], found["other"][0]["limits"][0]
    assert (name, other) == ("a", "a") and low == high == pytest.approx(0.3, abs=0.03)


def test_every_arm_runs_and_every_id_resolves():
    """Each arm passes the check, begins in the first month, and every fact rests on entries of the ledger."""
    file = facts()
    for arm in file.arms:
        scenario = scenario_of(arm.id)
        first = scenario.timeline.first_change
        assert first is None or first >= scenario.run.start, arm.id
    cited = [name for row in file.facts for name in row.evidence]
    cited += [name for row in file.contradictions for name in (*row.evidence_a, *row.evidence_b)]
    assert all(name in evidence() for name in cited)


def test_only_four_facts_claim_to_be_emergent():
    """F5, F11, F15 and F17 are not written in; every other says how it is, and all eight contradictions stand."""
    file = facts()
    assert {f.id for f in file.facts if f.cls == "emergent"} == {"F5", "F11", "F15", "F17"}
    numbers = sorted(int(row.id[1:]) for row in (*file.facts, *file.untested))
    assert numbers == list(range(1, 24))
    assert sorted({row.id[0] for row in file.contradictions}) == [str(k) for k in range(1, 9)]


def test_an_assumed_fact_reaches_through_no_effect():
    """A fact that is written in by a parameter must widen its range through the value that does nothing."""
    row = facts().facts[0].model_dump()
    with pytest.raises(ValueError, match="not widened"):
        Fact(**row | {"widened": (0.2, 0.5)})


def test_arms_are_shared_between_facts():
    """Each arm is run once a variant, an assumed fact only adds its own arms, and a sample keeps its quantile."""
    every = [(v.name, v.arm) for v in variants({})]
    assert len(every) == len(set(every))
    fact = next(f for f in facts().facts if f.id == "F1")
    assert {v.arm for v in variants({}, ("F1",)) if v.name == "F1"} == {"base", "strip"}
    assert widened_value(fact, 0.25, 0.0, 0.5) == pytest.approx(0.5)


def test_a_wrong_file_is_refused_in_words():
    """A test of an unknown outcome, or of an arm that is not there, is named with its place in the file."""
    plain = document().plain()
    wrong = {
        **plain,
        "facts": [{**plain["facts"][0], "tests": [{"measure": "no.such", "arm": "strip", "sign": "up"}]}],
    }
    with pytest.raises(ValueError, match=r"^facts: .*no\.such"):
        read_facts(wrong)
    with pytest.raises(ValueError, match=r"^facts\.0\.cls: "):
        read_facts({**plain, "facts": [{**plain["facts"][0], "cls": "proven"}]})


def test_a_validation_begins_with_what_the_library_holds(tmp_path, monkeypatch):
    """Figures that ship on today's ground are taken over up to the number wanted; on another ground none are."""
    shelf, n = tmp_path / "library" / validate_kept.FOLDER, 3
    shelf.mkdir(parents=True)
    monkeypatch.setattr(validate_kept, "library_folder", lambda: tmp_path / "library")
    rows = [(pair, "plain", "base", "backlog", "late", 0.1 + pair) for pair in range(n)]
    figures = pl.DataFrame(rows, schema=SCHEMA, orient="row")
    figures.write_parquet(shelf / "facts-prior.parquet")
    made = {"pairs": n, **validate_kept.made_on("prior", n, 1)}
    (shelf / "facts-prior.json").write_text(json.dumps({"made": made}), encoding="utf-8")

    assert validate_kept.shipped_figures("prior", 1).equals(figures)
    assert len(validate_kept.shipped_figures("prior", 2)) == 0  # other luck
    folder = RunFolder(tmp_path / "run")
    folder.begin({"pairs": 2})
    validate_kept.begin_with_shipped(folder, "prior", 2, 1)
    assert folder.pairs_done() == [0, 1]
    assert folder.read("pairs").equals(figures.filter(pl.col("pair") < 2))
    (shelf / "facts-prior.json").write_text(json.dumps({"made": made | {"ground": "x"}}), encoding="utf-8")
    assert len(validate_kept.shipped_figures("prior", 1)) == 0


def test_the_shipped_tables_are_about_these_facts():
    """Every shipped table holds a row for every fact and contradiction, and can be shown in both languages."""
    tables = shipped()
    assert tables
    for table in tables:
        assert [one["fact"] for one in table["facts"]] == [f.id for f in facts().facts]
        assert [one["contradiction"] for one in table["contradictions"]] == [
            c.id for c in facts().contradictions
        ]
    for flag in (False, True):
        plain = [validation_page(tables, contradictions=flag).plain(lang) for lang in ("en", "zh")]
        assert plain[0]["title"] != plain[1]["title"]
