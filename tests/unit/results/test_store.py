"""What a run folder holds is whole, finished and of one run."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

import polars as pl
import pytest

from sim.base.errors import ShequError
from sim.results.store import RunFolder

MANIFEST = {"kind": "comparison", "pairs": 3}


def frame(pair: int) -> pl.DataFrame:
    """Return a small part."""
    return pl.DataFrame({"pair": [pair], "value": [1.0]})


@pytest.fixture
def folder(tmp_path) -> RunFolder:
    run = RunFolder(tmp_path / "run")
    run.begin(MANIFEST)
    return run


def test_a_pair_counts_only_with_its_commit_record(folder):
    """Series of a pair whose summary was never committed are not read."""
    for pair in (0, 1):
        folder.commit("series", pair, frame(pair))
    folder.commit("pairs", 0, frame(0))

    assert folder.pairs_done() == [0]
    assert folder.read("series")["pair"].to_list() == [0]


def test_pairs_beyond_those_asked_for_are_not_read(folder):
    """Asking for fewer pairs than a folder holds gives what a fresh run of so many would."""
    for pair in range(5):
        folder.commit("pairs", pair, frame(pair))

    assert folder.read("pairs")["pair"].to_list() == [0, 1, 2]


def test_a_half_written_part_is_never_taken_for_a_result(folder):
    """A part under another name is ignored, and gone when the run goes on."""
    stray = folder.path / "pairs" / "pair-0001.77.part"
    stray.write_bytes(b"half")

    assert folder.pairs_done() == []
    folder.begin(MANIFEST)
    assert not stray.exists()


WRITER = """
import sys
import polars as pl
from pathlib import Path
from sim.results.store import RunFolder
folder = RunFolder(Path(sys.argv[1]))
frame = pl.DataFrame({"x": list(range(200_000))})
print("go", flush=True)
for k in range(10_000):
    folder.commit("series", k, frame)
"""


def test_killing_a_writer_leaves_whole_parts_only(folder):
    """After SIGKILL in the middle of writing, every part that is there can be read in full."""
    for k in range(4):
        writer = subprocess.Popen([sys.executable, "-c", WRITER, str(folder.path)], stdout=subprocess.PIPE)
        assert writer.stdout.readline()
        time.sleep(0.1 + 0.017 * k)
        writer.send_signal(signal.SIGKILL)
        writer.wait()
        writer.stdout.close()
    parts = list((folder.path / "series").glob("*.parquet"))

    assert parts
    assert all(len(pl.read_parquet(part)) == 200_000 for part in parts)


def test_a_second_command_is_refused_while_the_first_writes(folder):
    """Two commands never write to one folder at once."""
    with (
        folder.held(),
        pytest.raises(ShequError, match="another command is writing"),
        RunFolder(folder.path).held(),
    ):
        pass


def test_the_lock_goes_with_its_holder(folder):
    """A folder is free again once the command that held it has ended."""
    with folder.held():
        pass
    with folder.held():
        folder.commit("pairs", 0, frame(0))

    assert folder.pairs_done() == [0]


def test_a_folder_that_is_no_run_is_refused_with_a_sentence(tmp_path):
    """Reading something else ends in a sentence that names it."""
    (tmp_path / "manifest.json").write_text("{")
    with pytest.raises(ShequError, match="is not a run folder"):
        RunFolder(tmp_path).manifest()
    with pytest.raises(ShequError, match="no finished pair"):
        RunFolder(tmp_path / "none").read("pairs")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_an_unwritable_folder_is_refused_with_a_sentence(tmp_path):
    """Where nothing can be written the command says so before it runs anything."""
    tmp_path.chmod(0o500)
    with pytest.raises(ShequError, match="cannot write to"), RunFolder(tmp_path / "run").held():
        pass


def test_a_kind_that_lost_some_of_its_parts_is_damaged(folder):
    """Parts of a kind in some pairs and not in others are no result; in none, the run just lacks that kind."""
    for pair in range(2):
        for kind in ("pairs", "areas"):
            folder.commit(kind, pair, pl.DataFrame({"pair": [pair]}))
    folder.begin({"pairs": 2})
    assert folder.has("areas")
    (folder.path / "areas" / "pair-0001.parquet").unlink()
    with pytest.raises(ShequError, match=r"areas/pair-0001"):
        folder.has("areas")
    (folder.path / "areas" / "pair-0000.parquet").unlink()
    assert not folder.has("areas")
