"""The recipe of a scenario: its documents and what was asked of them, from which it can be made again."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from hashlib import sha256

from sim.scenario.nodes import Node


@dataclass(frozen=True, eq=False)
class Recipe:
    """Documents as read, parameters filled, and the choices made on the command line.

    only, without: clause or reform names. settings: (lever, value as written, month) from `--set`.
    values: sampled values by assumption id or quantity address. replication: for undated months and free picks.
    switched_off: mechanisms of the model that do not run, in either arm.
    unreformed: stands for the place alone, so that all scenarios of one place and run share one baseline.
    """

    scenario: Node
    place: Node
    profile: Node
    assumptions: Node | None
    reforms: tuple[Node, ...] = ()
    only: tuple[str, ...] = ()
    without: tuple[str, ...] = ()
    settings: tuple[tuple[str, str, int], ...] = ()
    values: dict[str, float] = field(default_factory=dict)
    replication: int | None = None
    switched_off: tuple[str, ...] = ()
    unreformed: bool = False

    def with_values(self, sample: Mapping[str, float]) -> Recipe:
        """Return the recipe with further sampled values."""
        return replace(self, values={**self.values, **sample})

    def bare(self) -> Recipe:
        """Return the recipe of the same place without any reform."""
        return replace(self, reforms=(), only=(), without=(), settings=(), replication=None, unreformed=True)

    def hash(self) -> str:
        """Return the hash of the content: comments, order of keys and layout of the files do not count."""
        content = {
            "scenario": self._scenario_content(),
            "place": self.place.plain(),
            "profile": self.profile.plain(),
            "assumptions": self.assumptions.plain() if self.assumptions else None,
            "reforms": [node.plain() for node in self.reforms],
            "asked": [self.only, self.without, self.settings, sorted(self.values.items()), self.replication],
            "switched_off": self.switched_off,
        }
        return sha256(
            json.dumps(content, sort_keys=True, ensure_ascii=False, default=str).encode()
        ).hexdigest()

    def _scenario_content(self) -> dict[str, object]:
        """Return the scenario without what a bare recipe does not use."""
        plain: dict[str, object] = self.scenario.plain()
        if self.unreformed:
            plain = {
                k: v
                for k, v in plain.items()
                if k not in ("reforms", "with", "changes", "resolve", "expect", "id", "title")
            }
        return plain
