"""The assumptions that a difference rests on are found where they are, and none is named where there is none."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import polars as pl
import pytest

from sim.base.text import pick, use_language
from sim.catalogue import assumptions, measures
from sim.results.resting import read_resting, resting, shares
from sim.results.store import RunFolder
from sim.results.verdicts import per_sample
from sim.views.resting import by_grade, note, rows

N = 256
WORTH = measures()["unmet_need"].worth
PLAIN = [name for name, row in assumptions().items() if not row.values and row.range[1] > row.range[0]]
CHOICE = next(name for name, row in assumptions().items() if len(row.values) > 2)


def samples(n: int = N, seed: int = 1) -> pl.DataFrame:
    """Return samples of every assumption that has a range."""
    rng = np.random.default_rng(seed)
    return pl.DataFrame({name: rng.uniform(*assumptions()[name].range, n) for name in [*PLAIN, CHOICE]})


def standard(values: pl.Series) -> np.ndarray:
    """Return values with mean zero and standard deviation one."""
    x = values.to_numpy()
    return (x - x.mean()) / x.std()


def test_the_assumption_that_moves_it_is_named_with_its_share():
    """Of hundreds of assumptions the two that matter are named, largest first, about as large as they are."""
    varied, rng = samples(), np.random.default_rng(2)
    one, two = PLAIN[3], PLAIN[40]
    means = 5 * WORTH + WORTH * (
        0.8 * standard(varied[one]) - 0.5 * standard(varied[two]) + 0.3 * rng.standard_normal(N)
    )
    found = resting(varied, means, "unmet_need", "late")

    assert [part.name for part in found.named][:2] == [one, two]
    assert found.named[0].share == pytest.approx(0.64 / 0.98, abs=0.1)
    assert found.named[0].low < 0.64 / 0.98 < found.named[0].high
    assert not found.named[0].turns
    assert sum(found.by_grade.values()) == pytest.approx(found.together) == pytest.approx(0.89 / 0.98, abs=0.06)


def test_shares_by_grade_never_pass_the_whole():
    """Where two assumptions move together, what both explain counts once by grade, though each has its single share."""
    rng = np.random.default_rng(3)
    one, two = PLAIN[3], PLAIN[40]
    low, high = assumptions()[two].range
    x = samples()[one]
    close = (x - x.min()) / (x.max() - x.min())
    varied = samples().with_columns((low + (high - low) * close).alias(two))
    found = resting(varied, standard(x) + 0.1 * rng.standard_normal(N), "unmet_need", "late")

    assert sum(part.share for part in found.named) > 1.5
    assert sum(found.by_grade.values()) <= 1


def test_nothing_is_named_where_nothing_matters():
    """Of twenty outcomes that no assumption moves, at most a few get a name: one in twenty by design."""
    varied = samples()
    named = [
        bool(resting(varied, np.random.default_rng(seed).standard_normal(N), "unmet_need", "late").named)
        for seed in range(20)
    ]

    assert sum(named) <= 4


def test_a_sign_that_turns_is_said_so():
    """Where the difference is negative at one end of an assumption and positive at the other, the verdict says it."""
    varied = samples()
    means = 3 * WORTH * standard(varied[PLAIN[0]])
    part = resting(varied, means, "unmet_need", "late").named[0]

    assert part.turns
    assert part.at_low < -WORTH < WORTH < part.at_high


def test_a_choice_between_forms_is_judged_by_its_forms():
    """A choice whose middle form alone matters has a share, though no rank correlation would see it."""
    varied = samples()
    forms = varied[CHOICE].to_numpy().astype(int)
    means = np.where(forms == 1, 1.0, 0.0) + 0.1 * np.random.default_rng(3).standard_normal(N)

    assert shares({CHOICE: varied[CHOICE].to_numpy()}, means)[CHOICE] > 0.5


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_below_256_samples_it_is_not_measured_and_says_so(lang, tmp_path):
    """A run over sixty-four samples names nothing, and says how many samples and minutes it would take."""
    use_language(lang)
    manifest = {"samples": 64, "pairs": 128, "seconds": 1280.0, "timed": 128}
    folder = SimpleNamespace(manifest=lambda: manifest, path=tmp_path)

    assert read_resting(folder) == []
    said = pick(note(manifest, []))
    assert all(number in said for number in ("256", "64", "85"))


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_it_is_told_in_both_languages(lang):
    """A row has a cell under every heading, and the grades are summed in words."""
    use_language(lang)
    varied = samples()
    found = resting(varied, standard(varied[PLAIN[0]]), "unmet_need", "late")
    cells = [[pick(cell) for cell in row] for row in rows([found])]

    assert cells[0][2] == pick(assumptions()[PLAIN[0]].text)
    assert {len(row) for row in cells} == {9}
    assert "%" in pick(by_grade([found])[0])


def test_a_stored_run_over_samples_is_read_with_its_samples(tmp_path):
    """The mean over a sample's two seeds is held against the stored values of the sample's assumptions."""
    varied, rng = samples(), np.random.default_rng(5)
    effect = 3 * standard(varied[PLAIN[7]])
    folder = RunFolder(tmp_path)
    folder.begin(
        {
            "pairs": 2 * N,
            "samples": N,
            "primary": ["unmet_need"],
            "windows": {"late": [0, 12]},
            "kind": "comparison",
        }
    )
    varied.write_parquet(tmp_path / "samples.parquet")
    for pair in range(2 * N):
        d = effect[pair // 2] + 0.2 * rng.standard_normal()
        values = {"pair": [pair] * 2, "arm": ["baseline", "reform"], "measure": ["unmet_need"] * 2}
        folder.commit(
            "pairs", pair, pl.DataFrame(values | {"window": ["late"] * 2, "value": [30.0, 30.0 + d]})
        )
    (found,) = read_resting(folder)

    assert found.named[0].name == PLAIN[7]
    assert found.named[0].share > 0.9


def test_pairs_of_one_sample_count_once():
    """A sample's two seeds become their mean; a sample with one seed missing is left out."""
    rows_ = pl.DataFrame({"pair": [0, 1, 2, 4, 5], "arm": ["reform"] * 5, "value": [1.0, 3.0, 9.0, 5.0, 7.0]})
    pooled = per_sample(rows_, {"samples": 3}, ["arm"])

    assert pooled.select("pair", "value").rows() == [(0, 2.0), (2, 6.0)]
    assert per_sample(rows_, {}, ["arm"]) is rows_
