"""What the assumptions are calibrated to: one row a published figure, and the place it is held against.

The file is `calibration/targets.yaml` of the scenario library.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

from pydantic import Field

from sim.base.library import library_folder
from sim.catalogue.reading import read_yaml
from sim.catalogue.rows import NO_EVIDENCE, Row

FILE = "calibration/targets.yaml"


class Target(Row):
    """One published figure. within: a standard deviation; use: whether it is fitted or only checked."""

    id: str
    statistic: str
    value: float
    within: float = Field(gt=0)
    use: Literal["fit", "check"]
    evidence: tuple[str, ...] = NO_EVIDENCE


@dataclass(frozen=True)
class Calibration:
    """The file: the place and how it is run, and the targets in order.

    carriers: by group of targets, beginnings of the names of the assumptions of which one is always fitted.
    """

    place: dict[str, Any]
    seeds: tuple[int, ...]
    fitted_at_most: int
    carriers: dict[str, tuple[str, ...]]
    targets: tuple[Target, ...]

    @property
    def fitted(self) -> tuple[Target, ...]:
        """The targets that parameters are fitted to."""
        return tuple(t for t in self.targets if t.use == "fit")


@lru_cache(maxsize=1)
def calibration() -> Calibration:
    """Return the shipped file of targets."""
    read = read_yaml(library_folder() / FILE)
    targets = tuple(Target(**row) for row in read["targets"])
    carriers = {group: tuple(names) for group, names in read["carriers"].items()}
    return Calibration(read["place"], tuple(read["seeds"]), int(read["fitted_at_most"]), carriers, targets)
