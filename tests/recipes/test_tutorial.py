"""The tutorial of the README, typed as it stands, on a Tongling of a fiftieth of its residents and in two pairs."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.recipes.scratch import REPOSITORY, Scratch

pytestmark = [pytest.mark.slow, pytest.mark.timeout(1800)]
WHOLE, SMALL = "value: 250000, range: [150000, 350000]", "value: 5000, range: [3000, 7000]"
FEW = ((r"--pairs \d+", "--pairs 2"), (r"--samples \d+", "--samples 2"))
FOLDER = re.compile(r"runs/tongling-[\w-]+")
UNSAID = "runs/tongling-..."  # how the tutorial writes the folder that an earlier command named


def tutorial() -> list[str]:
    """Return the commands of the README's five minutes in order, made few."""
    page = (REPOSITORY / "README.md").read_text(encoding="utf-8")
    section = page.split("## Five minutes")[1].split("\n## ")[0]
    lines = [line.strip() for line in re.findall(r"(?m)^shequ ([^#\n]+)", section)]
    for pattern, less in FEW:
        lines = [re.sub(pattern, less, line) for line in lines]
    return lines


def test_the_tutorial_can_be_typed_from_top_to_bottom(tmp_path: Path):
    """Each command of the tutorial works after the ones before it, with the folder that the comparison named."""
    scratch = Scratch(tmp_path)
    place = tmp_path / "scenarios" / "places" / "tongguanshan_2010.yaml"
    text = place.read_text(encoding="utf-8")
    assert WHOLE in text
    place.write_text(text.replace(WHOLE, SMALL), encoding="utf-8")
    named = ""
    for line in tutorial():
        printed = scratch.run(f"shequ {line.replace(UNSAID, named)}")
        assert printed.strip(), line
        found = FOLDER.search(printed)
        named = named or (found.group() if found else "")
    assert (tmp_path / named / "report.html").is_file()
