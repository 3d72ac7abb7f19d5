"""Re-run one pair of a folder side by side and tell what happened to up to three residents in both worlds."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sim.base.errors import InputError, Problem, ScenarioError
from sim.base.text import say
from sim.experiment import environment
from sim.experiment.loading import arms_of, refuse_other_model
from sim.results.store import RunFolder
from sim.results.stories import Story
from sim.scenario.resolved import ResolvedScenario

MOST = 3
GAINED, LOST, MIDDLE, ASKED = "gained", "lost", "middle", "asked"


def trace(folder: RunFolder, pair: int = 0, names: Sequence[str] = ()) -> list[Story]:
    """Return the stories of the named residents (stable ids), else of who gained most, lost most and one in between.

    Gain and loss are of satisfaction, mean over the months since the worlds part. Raises ShequError where the folder
    holds no comparison or not this pair, ScenarioError where nobody has that name.
    """
    environment.prepare()
    manifest = folder.manifest()
    if manifest.get("kind") != "comparison" or pair not in folder.pairs_done():
        raise InputError(
            say("{folder} holds no pair {pair} of a comparison", folder=str(folder.path), pair=pair)
        )
    if len(names) > MOST:
        raise ScenarioError([Problem(None, "--resident", say("at most {n} residents", n=MOST))])
    refuse_other_model(folder)
    arms = arms_of(folder)
    seed = manifest["seed"] + pair
    chosen = _named(arms, seed, names) if names else _telling(arms, seed)
    return _told(arms, seed, chosen)


def _named(arms: dict[str, ResolvedScenario], seed: int, names: Sequence[str]) -> dict[int, str]:
    from sim.model import lockstep

    _month, lives = next(lockstep(arms, seed))
    rows = {name: next(iter(lives.values())).row_of(name) for name in names}
    missing = [name for name, row in rows.items() if row < 0]
    if missing:
        what = say("no resident of this pair is called `{name}`", name=missing[0])
        hint = say("leave --resident out to be shown some, with their names")
        raise ScenarioError([Problem(None, "--resident", what, hint)])
    return dict.fromkeys(rows.values(), ASKED)


def _telling(arms: dict[str, ResolvedScenario], seed: int) -> dict[int, str]:
    """Return the rows of who gained most, who lost most and one in the middle, of those whose lives differ at all."""
    from sim.model import lockstep

    gain, apart, voice = np.zeros(1), np.zeros(1, np.int64), np.zeros(1, bool)
    for _month, (one, other) in ((month, lives.values()) for month, lives in lockstep(arms, seed)):
        gain = gain + (other.satisfaction.astype(float) - one.satisfaction)
        apart = apart + (one.marks() != other.marks())
        voice = one.has_voice
    candidates = np.flatnonzero(voice & (apart > 0))
    if not len(candidates):
        return {}
    order = candidates[np.argsort(gain[candidates], kind="stable")]
    return {int(order[-1]): GAINED, int(order[0]): LOST, int(order[len(order) // 2]): MIDDLE}


def _told(arms: dict[str, ResolvedScenario], seed: int, chosen: dict[int, str]) -> list[Story]:
    from sim.model import lockstep

    stories: dict[int, Story] = {}
    for month, lives in lockstep(arms, seed) if chosen else ():
        if not stories:
            stories = {
                row: Story(next(iter(lives.values())).portrait(row), why) for row, why in chosen.items()
            }
        found = {arm: life.happenings(chosen) for arm, life in lives.items()}
        for row, story in stories.items():
            story.months[month] = {arm: list(told[row]) for arm, told in found.items()}
            story.states = {arm: life.states(row) for arm, life in lives.items()}
    return list(stories.values())
