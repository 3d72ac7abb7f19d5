"""What is asked of simulated residents gives back what was planted in them."""

from __future__ import annotations

import numpy as np
import pytest

from sim.experiment.survey import ratio_of_shares, talk_shares, voting_logit


def planted(n: int, young: float, old: float, party: float, seed: int = 5) -> tuple[np.ndarray, ...]:
    """Return ages, party membership and votes of a population whose logit is known."""
    luck = np.random.default_rng(seed)
    age, member = luck.uniform(18, 90, n), (luck.random(n) < 0.2).astype(np.int8)
    late = np.maximum(age - 55, 0)
    z = 0.3 + young * (age - late - 55) + old * late + party * member
    return age, member, (luck.random(n) < 1 / (1 + np.exp(-z))).astype(np.int8)


def test_the_logit_finds_planted_slopes():
    """Slopes before and beyond 55 and the party's log-odds come back within their sampling error."""
    young, old, party = voting_logit(*planted(200_000, 0.066, 0.051, 0.69))
    assert young == pytest.approx(0.066, abs=0.002)
    assert old == pytest.approx(0.051, abs=0.003)
    assert party == pytest.approx(0.69, abs=0.05)


def test_too_few_answers_give_no_slope():
    """Where hardly anybody was asked, or all answered alike, there is no figure rather than a wrong one."""
    age, member, voted = planted(200, 0.066, 0.051, 0.69)
    assert np.isnan(voting_logit(age[:20], member[:20], voted[:20])).all()
    assert np.isnan(voting_logit(age, member, np.ones_like(voted))).all()


def test_the_ratio_of_second_requests():
    """Three of four after a good answer against one of two after a bad one is one and a half times as likely."""
    first = np.array([1, 1, 1, 1, -1, -1, 0])
    again = np.array([1, 1, 1, 0, 1, 0, 1], bool)
    assert ratio_of_shares(first, again) == pytest.approx(1.5)
    assert np.isnan(ratio_of_shares(first, again & (first == 1)))


def test_ties_are_counted_by_how_often_they_talk():
    """Shares are over ties that exist; the sentinel row is nobody."""
    ties = np.array([[1, 2, 4, 4], [0, 2, 3, 4], [0, 1, 4, 4], [1, 4, 4, 4]], np.uint32)
    activity = np.array([[255, 140, 0, 0], [255, 140, 25, 0], [25, 0, 0, 0], [0, 0, 0, 0]], np.uint8)
    assert talk_shares(ties, activity) == {
        "survey.talk_daily": 25.0, "survey.talk_weekly": 25.0, "survey.talk_rarely": 25.0, "survey.talk_never": 25.0,
    }  # fmt: skip
