"""What is not claimed is listed with its reason and with the work that would settle it."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

from sim.base.text import pick, use_language
from sim.catalogue import measures
from sim.results.grouped import GroupVerdict
from sim.results.paired import RARE_PAIRS, contrast, critical_value, grade
from sim.results.refused import VERDICT_PAIRS, Refusal, minutes, refusals
from sim.results.verdicts import Comparison, Verdict
from sim.views.refused import lines, rows

WORTH = measures()["unmet_need"].worth


def verdict(differences: np.ndarray, measure: str = "unmet_need", *, primary: bool = True) -> Verdict:
    """Return the verdict of an outcome whose paired differences are these."""
    row = measures()[measure]
    critical = critical_value(differences[:, None])
    c = contrast(np.full(len(differences), 30.0), 30 + differences, critical, row.worth, row.better)
    return Verdict(measure, "late", primary, c, grade(c, row.worth))


def comparison(*verdicts: Verdict, pairs: int = 20, **manifest: object) -> Comparison:
    """Return a comparison without groups that holds these verdicts; a pair takes a minute."""
    content = {"pairs": pairs, "seconds": 60.0 * pairs, "timed": pairs} | manifest
    folder = SimpleNamespace(manifest=lambda: content, has=lambda _kind: False)
    return Comparison(folder, verdicts, pairs)


def undecided(n: int = 20) -> Verdict:
    """Return an outcome whose interval holds zero and more than what is worth acting on."""
    return verdict(WORTH * np.linspace(-6, 7, n))


def test_an_undecided_outcome_is_listed_with_the_pairs_that_decide_it():
    """It comes with how many pairs in all and how many more minutes, at the pace of the run."""
    v = undecided()
    (found,) = [r for r in refusals(comparison(v)) if r.of is v]

    assert v.grade == "not_distinguishable"
    assert (found.kind, found.pairs) == ("undecided", v.contrast.pairs_to_decide)
    assert found.minutes == pytest.approx(found.pairs - 20)


@pytest.mark.parametrize("truth", [-2.0, -1.0, -0.5, 0.0, 0.5, 1.0, 2.0])
def test_the_pairs_that_decide_do_so_wherever_the_truth_lies(truth):
    """An interval of that many pairs with the same spread leaves out zero or lies within what is worth acting on."""
    v = undecided()
    n = v.contrast.pairs_to_decide
    d = np.random.default_rng(1).standard_normal(n)
    d = truth * WORTH + v.contrast.sd * (d - d.mean()) / d.std(ddof=1)

    assert verdict(d).grade in ("clear", "small", "seed_sensitive")
    assert n > v.contrast.n


def test_a_decided_outcome_is_not_listed():
    """What is clear, or too small to matter, is claimed and so not refused."""
    rng = np.random.default_rng(2)
    clear, small = (verdict(mean * WORTH + 0.1 * WORTH * rng.standard_normal(20)) for mean in (5, 0))

    assert {clear.grade, small.grade} == {"clear", "small"}
    assert not [r for r in refusals(comparison(clear, small)) if isinstance(r.of, Verdict)]


def test_nothing_is_claimed_of_what_rarely_moves_below_forty_pairs():
    """Twenty pairs of which two differ give no verdict; forty would."""
    d = np.zeros(20)
    d[:2] = 0.01
    v = verdict(d)
    (found,) = [r for r in refusals(comparison(v)) if r.of is v]

    assert v.grade == "not_distinguishable"
    assert (found.kind, found.pairs, found.minutes) == ("rare", RARE_PAIRS, 20)


def test_a_few_pairs_are_no_verdict():
    """Below twenty pairs the list begins with how many more a verdict asks for; from twenty on it does not."""
    first = refusals(comparison(undecided(4), pairs=4))[0]

    assert (first.kind, first.pairs, first.counts[0]) == ("few_pairs", VERDICT_PAIRS, 4)
    assert first.minutes == 16
    assert "few_pairs" not in {r.kind for r in refusals(comparison(undecided()))}


def test_samples_are_counted_as_samples():
    """Over samples of the assumptions the datum is a sample: more of them are asked for, each of two pairs' minutes."""
    found = {r.kind: r for r in refusals(comparison(undecided(6), pairs=12, samples=6))}

    assert (found["few_pairs"].counts[0], found["few_pairs"].more) == (6, 2 * (VERDICT_PAIRS - 6))
    assert all(found[kind].in_samples for kind in ("few_pairs", "undecided"))
    assert not any(r.in_samples for r in refusals(comparison(undecided())))


def test_reforms_are_not_ranked_and_assumptions_not_called_varied():
    """A plain comparison refuses a ranking, robustness and what it rests on, each with its samples and minutes."""
    found = {r.kind: r for r in refusals(comparison(undecided()))}

    assert {kind: found[kind].samples for kind in ("ranking", "assumptions", "resting")} == {
        "ranking": 64,
        "assumptions": 64,
        "resting": 256,
    }
    assert found["resting"].minutes == 512


def test_the_pace_is_that_of_the_pairs_that_were_timed():
    """A folder that an interrupted command went on with is judged by the pairs whose time is known."""
    assert minutes({"pairs": 40, "seconds": 600.0, "timed": 10}, 5) == 5.0


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_every_refusal_has_words_in_both_languages(lang):
    """Claim, reason and remedy are said of every kind, and no placeholder is left open."""
    use_language(lang)
    one = verdict(np.array([1.0]))
    sensitive = replace(undecided(), grade="seed_sensitive")
    found = refusals(comparison(undecided(), sensitive, one, pairs=5))
    found += [Refusal("no_value", undecided()), Refusal("few_people", counts=(3,), table="posts")]
    said = [[pick(cell) for cell in row] for row in rows(found)] + [[pick(line)] for line in lines(found)]

    assert len(said) == 2 * len(found)
    assert all(cell and "{" not in cell for row in said for cell in row)


def group_rows(monkeypatch, *, of: str) -> Comparison:
    """Return a comparison of which groups, or posts, have two values that meet and one of too few people."""
    v = undecided().contrast
    group, values = {
        "groups": ("age_band", ("young", "middle", "old")),
        "posts": ("post", ("department", "street_office", "assembly")),
    }[of]
    found = [
        GroupVerdict("unmet_need", group, value, 100.0 - 45 * k, v, k, "not_distinguishable", k == 0, 1 - k)
        for k, value in enumerate(values)
    ]
    monkeypatch.setattr(
        "sim.results.refused.group_verdicts", lambda _folder, kind: found if kind == of else []
    )
    made = comparison(undecided())
    made.folder.has = lambda kind: kind == of
    return made


@pytest.mark.parametrize("of", ["groups", "posts"])
def test_unsure_groups_and_staff_are_listed(monkeypatch, of):
    """Who comes off worst, how many groups or posts are undecided, how many have too few people: each is refused."""
    use_language("en")
    made = group_rows(monkeypatch, of=of)
    found = [r for r in refusals(made) if isinstance(r.of, GroupVerdict) or r.table]

    assert [(r.kind, r.counts) for r in found] == [
        ("worst", ()),
        ("some_groups", (2, 2, 0)),
        ("few_people", (1,)),
    ]
    assert found[1].pairs == undecided().contrast.pairs_to_decide
    assert ("posts" in pick(rows(found)[1][0])) == (of == "posts")


def test_while_pairs_still_run_no_minutes_are_made_up():
    """Before a run is over its pace is not known, and that is what is said."""
    use_language("en")
    made = comparison(undecided())
    del made.folder.manifest()["seconds"]
    told = [pick(cell) for row in rows(refusals(made)) for cell in row]

    assert not [cell for cell in told if "nan" in cell or "minute" in cell]
    assert any("once this run is over" in cell for cell in told)
