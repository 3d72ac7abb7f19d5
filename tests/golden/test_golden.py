"""Numbers change only together with MODEL_VERSION."""

from __future__ import annotations

import pytest

from sim import MODEL_VERSION
from tests.golden.runs import RUNS, differences, run, written


@pytest.mark.parametrize("name", RUNS)
def test_numbers_are_those_of_this_version_of_the_model(name):
    """A golden run gives the numbers written for this MODEL_VERSION."""
    now = run(name)
    assert now
    assert differences(written()[1][name], now) == []


def test_the_numbers_are_of_this_version():
    """The numbers written down belong to this MODEL_VERSION; whoever raises it runs `make golden`."""
    assert written()[0] == MODEL_VERSION


def test_a_changed_number_is_named():
    """A measure that moved, came or went is named with both values; rounding is not."""
    assert differences({"a": 1.0, "b": 2.0, "c": 3.0}, {"a": 1.0 + 1e-12, "b": 2.1, "d": 1.0}) == [
        "b: 2.0 -> 2.1",
        "c: 3.0 -> None",
        "d: None -> 1.0",
    ]
