"""A small place some months old that every operation is tried on."""

from __future__ import annotations

import pytest

from tests.behaviour.reformed import recorded, reformed
from tests.paired.worlds import small


@pytest.fixture(scope="session")
def place():
    """A twentieth of Tongling under its own rules."""
    return small().baseline()


@pytest.fixture(scope="session")
def start(place):
    """That place half a year old, with cases waiting everywhere."""
    return recorded(place, 6)


@pytest.fixture(scope="session")
def live(place, start):
    """Return the world after operations, with the promises checked in every month."""
    return lambda *operations, **more: reformed(place, start, *operations, **more)
