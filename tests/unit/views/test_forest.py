"""The list of verdicts that is table and picture at once, and what stands behind a number."""

from __future__ import annotations

import pytest

from sim.catalogue import assumptions, measures
from sim.views.behind import MECHANISMS, cited, resting_on
from sim.views.forest import detectable, drawing


def test_a_difference_beyond_the_drawing_ends_in_an_arrow():
    """Inside it is a point, beyond an arrow; the size is said in words either way."""
    assert "<circle" in drawing(1.0, 0.5, 1.5, 1.0)
    assert "<polygon" in drawing(90.0, 80.0, 99.0, 1.0)
    assert "90.0 times" in drawing(90.0, 80.0, 99.0, 1.0)


def test_a_difference_that_is_not_known_draws_nothing():
    """Without a number there is no picture."""
    assert drawing(float("nan"), 0.0, 1.0, 1.0) == ""


def test_what_would_be_found_is_drawn_once_it_can_shrink():
    """Two numbers of pairs make a line, one does not; both ends are said in words."""
    assert detectable([(2, 4.0)], 1.0) == ""
    assert "4.00 with 2 pairs, 1.00 with 8 pairs" in detectable([(2, 4.0), (8, 1.0)], 1.0)


def test_evidence_is_found_wherever_documents_cite_it():
    """Ids stand in any depth of a document; a flag of the same name is none."""
    assert cited({"a": [{"evidence": ["x.y"]}, {"b": {"evidence": ["z.w"]}}], "evidence": True}) == [
        "x.y",
        "z.w",
    ]


@pytest.mark.parametrize("measure", list(measures()))
def test_what_an_outcome_rests_on_are_assumptions_of_its_mechanisms(measure):
    """Every assumption named behind an outcome belongs to a mechanism listed for it."""
    known = {m for names in MECHANISMS.values() for m in names}
    assert {row.mechanism for row in resting_on(measure)} <= known & {
        r.mechanism for r in assumptions().values()
    }
