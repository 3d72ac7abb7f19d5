"""A run folder from a stranger: nothing in it is executed, leads elsewhere or ends in a traceback."""

from __future__ import annotations

import json
import pickle
import shutil
from pathlib import Path

import polars as pl
import pytest

from sim.base.errors import ShequError
from sim.cli import run as run_command
from sim.results import store
from sim.results.store import RunFolder

SIM = Path(__file__).resolve().parents[3] / "sim"


@pytest.fixture
def folder(comparison, tmp_path) -> Path:
    """Return a copy of a finished run folder to damage."""
    return Path(shutil.copytree(comparison.folder.path, tmp_path / "given"))


def changed(folder: Path, **fields: object) -> None:
    """Write other fields into the manifest."""
    path = folder / "manifest.json"
    content = json.loads(path.read_text(encoding="utf-8")) | fields
    path.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")


DAMAGE = {
    "half a part": lambda f: _cut(f / "pairs" / "pair-0001.parquet"),
    "an empty part": lambda f: (f / "pairs" / "pair-0001.parquet").write_bytes(b""),
    "a text for a part": lambda f: (f / "series" / "pair-0000.parquet").write_text("hello"),
    "a pickle for a part": lambda f: (f / "pairs" / "pair-0000.parquet").write_bytes(pickle.dumps({"a": 1})),
    "a folder for a part": lambda f: _folder(f / "pairs" / "pair-0001.parquet"),
    "a link out of the folder": lambda f: _linked(f / "pairs" / "pair-0001.parquet"),
    "a series that is missing": lambda f: (f / "series" / "pair-0002.parquet").unlink(),
    "another table": lambda f: pl.DataFrame({"a": [1]}).write_parquet(f / "pairs" / "pair-0001.parquet"),
    "words for numbers": lambda f: _column(f, "value", pl.lit("x")),
    "a measure nobody has": lambda f: _column(f, "measure", pl.lit("../../x")),
    "no manifest": lambda f: (f / "manifest.json").unlink(),
    "half a manifest": lambda f: _cut(f / "manifest.json"),
    "a list for a manifest": lambda f: (f / "manifest.json").write_text("[1]"),
    "a deep manifest": lambda f: (f / "manifest.json").write_text("[" * 100_000),
    "a number for the windows": lambda f: changed(f, windows=3),
    "words for the pairs": lambda f: changed(f, pairs="many"),
    "no pairs": lambda f: changed(f, pairs=0),
    "words for the months": lambda f: changed(f, months="x"),
    "another kind": lambda f: changed(f, kind="sweep"),
    "damaged events": lambda f: _events(f, b"PAR1"),
}  # fmt: skip


def _cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def _folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def _linked(path: Path) -> None:
    elsewhere = path.parents[2] / "secret.parquet"
    path.rename(elsewhere)
    path.symlink_to(elsewhere)


def _column(folder: Path, name: str, value: pl.Expr) -> None:
    for path in (folder / "pairs").glob("*.parquet"):
        pl.read_parquet(path).with_columns(value.alias(name)).write_parquet(path)


def _events(folder: Path, raw: bytes) -> None:
    (folder / "tables" / "reform").mkdir(parents=True, exist_ok=True)
    (folder / "tables" / "reform" / "events.parquet").write_bytes(raw)


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_damaged_folder_is_refused_in_a_sentence(folder, damage, capsys):
    """`shequ report` on a folder that is not whole ends with a reason, no traceback and no new report."""
    before = sorted(folder.glob("report*"))
    times = [path.stat().st_mtime_ns for path in before]
    DAMAGE[damage](folder)
    code = run_command(["report", str(folder), "--lang", "en"])
    said = capsys.readouterr().err
    assert code in (1, 2), said
    assert str(folder) in said
    assert "Traceback" not in said
    assert sorted(folder.glob("report*")) == before
    assert [path.stat().st_mtime_ns for path in before] == times


def test_words_in_a_folder_are_shown_and_never_run(folder, capsys):
    """Markup in a title stands in the report as text."""
    evil = "<script>alert(1)</script><img src=x onerror=alert(2)>"
    changed(folder, title={"en": evil, "zh": evil}, place={"en": evil, "zh": evil}, command=evil, git=evil)
    assert run_command(["report", str(folder), "--lang", "en"]) == 0
    page = next(folder.glob("report*en*")) if list(folder.glob("report*en*")) else folder / "report.html"
    text = page.read_text(encoding="utf-8")
    assert "<script>alert" not in text
    assert "<img src=x" not in text
    capsys.readouterr()


def test_a_part_larger_than_any_of_ours_is_not_read(folder, monkeypatch):
    """A file above the bound is refused before it is opened."""
    monkeypatch.setattr(store, "MAX_TABLE", 100)
    with pytest.raises(ShequError, match="damaged"):
        RunFolder(folder).read("pairs")


def test_files_named_otherwise_are_no_pairs(folder):
    """Names that are no pair's are left alone."""
    for name in ("pair-x.parquet", "pair-1.parquet", "pair-0001.parquet.part", "pair-..%2f.parquet"):
        (folder / "pairs" / name).write_bytes(b"x")
    assert RunFolder(folder).pairs_done() == [0, 1, 2, 3, 4]


def test_beginning_a_run_clears_away_nothing_of_other_people(tmp_path):
    """Half-written files of ours go; a `.part` elsewhere below the folder stays."""
    other = tmp_path / "downloads" / "film.part"
    ours = tmp_path / "pairs" / "pair-0000.77.part"
    for path in (other, ours):
        path.parent.mkdir()
        path.write_text("x")
    RunFolder(tmp_path).begin({"pairs": 1})
    assert other.exists()
    assert not ours.exists()


@pytest.mark.parametrize(
    "word", ["import pickle", "allow_pickle=True", "eval(", "exec(", "yaml.load(", "shell=True"]
)
def test_nothing_in_the_package_could_execute_what_it_reads(word):
    """No source file unpickles, evaluates or hands to a shell."""
    inside = [
        p.name
        for p in SIM.rglob("*.py")
        if any(
            line.lstrip().startswith(word) or f" {word}" in line for line in p.read_text("utf-8").splitlines()
        )
    ]
    assert inside == []
