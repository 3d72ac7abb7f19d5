"""The tiny sweep that is stopped, killed and damaged, and its cells when nothing happens to it."""

from __future__ import annotations

import pytest

from tests.sweep.tiny import ROWS, cells, design, swept, written


@pytest.fixture(scope="session")
def whole_cells(tmp_path_factory):
    """The cells of the sweep, run to its end in one process."""
    folder = tmp_path_factory.mktemp("whole")
    return cells(swept(design(folder, n=ROWS, pairs=1), folder / "out").folder.path)


@pytest.fixture
def here(tmp_path):
    """A folder with the design."""
    written(tmp_path, n=ROWS, pairs=1)
    return tmp_path
