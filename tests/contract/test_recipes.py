"""Recipes keep up with the files they change; that they work as written is tested in tests/recipes."""

from __future__ import annotations

import pytest

from tests.recipes.scratch import BLOCK, HEAD, REPOSITORY, Block, blocks

RECIPES = sorted((REPOSITORY / "docs" / "recipes").glob("*.md"))


def placed(page: str) -> list[tuple[Block, tuple[str, str, str]]]:
    """Return the blocks of a recipe that change a file, with the file, the way and the line they name."""
    found = [block for block in blocks(page) if block.mark not in {"sh", "text"}]
    return [(block, HEAD.fullmatch(block.text.partition("\n")[0]).groups("")) for block in found]


@pytest.mark.parametrize("path", RECIPES, ids=lambda p: p.stem)
def test_a_recipe_finds_the_lines_it_names(path):
    """Every file that a recipe adds to is there, and every line it points at stands in it exactly once."""
    page = path.read_text(encoding="utf-8")
    made = {name for _, (name, how, _) in placed(page) if how == "new file"}
    for _, (name, how, line) in placed(page):
        if name in made:
            continue
        lines = [each.strip() for each in (REPOSITORY / name).read_text(encoding="utf-8").splitlines()]
        assert how == "at the end" or lines.count(line.strip()) == 1, f"{name}: {line}"


@pytest.mark.parametrize("path", RECIPES, ids=lambda p: p.stem)
def test_a_recipe_speaks_both_languages(path):
    """Every step of a recipe is said in English and in Chinese."""
    page = BLOCK.sub("", path.read_text(encoding="utf-8"))
    steps = [part for part in page.split("\n\n") if part[:1].isdigit()]
    assert steps
    assert [step for step in steps if not any("\u4e00" <= letter <= "\u9fff" for letter in step)] == []
