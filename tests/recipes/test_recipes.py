"""The recipes in docs/ work as written: each is carried out, block by block, on a scratch copy of the repository."""

from __future__ import annotations

from pathlib import Path

import pytest

from sim.scenario.beginning import COMMANDS, steps
from tests.recipes.scratch import REPOSITORY, Block, Scratch, blocks

RECIPES = sorted((REPOSITORY / "docs" / "recipes").glob("*.md"))
pytestmark = [pytest.mark.slow, pytest.mark.timeout(1200)]


@pytest.mark.parametrize("path", RECIPES, ids=lambda p: p.stem)
def test_a_recipe_works_as_written(path: Path, tmp_path: Path):
    """Every file block of a recipe can be put where it says, every command runs, and prints what is promised."""
    found = blocks(path.read_text(encoding="utf-8"))
    assert {"sh", "text"} <= {block.mark for block in found}
    scratch = Scratch(tmp_path)
    for block in found:
        scratch.carry_out(block)


def test_a_new_mechanism_registered_as_told_passes_the_contract(tmp_path: Path):
    """What `shequ new mechanism` writes and asks to paste makes a mechanism that every contract accepts."""
    scratch = Scratch(tmp_path)
    printed = scratch.run("shequ new mechanism lend_a_hand")
    for step in steps("lend_a_hand"):
        assert step.block.strip() in printed
        where = f"below: {step.after.strip()}" if step.after else "at the end"
        scratch.carry_out(Block("python", f"# {step.file}, {where}\n{step.block}\n"))
    *prepare, _ = COMMANDS
    for line in prepare:
        scratch.run(line)
    scratch.run("python -m pytest -q tests/contract/test_descriptions.py tests/contract/test_catalogues.py")
    scratch.run("python -m pytest -q tests/contract/test_mechanisms.py -k 'lend_a_hand or written or read'")
