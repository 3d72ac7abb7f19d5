"""Fit the assumptions to published figures on the reference community, and say what those figures cannot tell.

Screen (Morris, all assumptions of the catalogue), waves (emulate, rule out, run what is left), accept (run points not
ruled out until enough of them match by their own outcome), centre (the accepted point that matches best with
everything else at its listed value). Each stage is a run folder: the same command goes on where it stopped.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import numpy as np

from sim.base.errors import ShequError
from sim.base.text import Message, say
from sim.catalogue import assumptions
from sim.catalogue.targets import Target, calibration
from sim.experiment.calibrate_match import Direction, Emulator, Space, directions, ranges_kept
from sim.experiment.calibrate_runs import candidates, column, outcome, run_stage
from sim.experiment.calibrate_screen import Screen, morris_samples, screen, split
from sim.experiment.calibrate_targets import REFUSED_BEYOND, distance, implausibility
from sim.experiment.engines import Workers

Samples = list[dict[str, float]]
Found = list[dict[str, float]]
Stages = Callable[[str, int, int], None]
CENTRE_RUNS, LUCK_RUNS, LEAST_ACCEPTED = 12, 12, 60


@dataclass(frozen=True)
class Effort:
    """How much is run. copies: reference communities side by side in the waves; most: runs of the last stage."""

    trajectories: int = 4
    wave: int = 300
    waves: int = 2
    samples: int = 500
    most: int = 1200
    copies: int = 0
    seed: int = 1


@dataclass(frozen=True)
class Accepted:
    """Samples whose own run matches. cutoff: how far from a target was allowed; within: how many lie within three."""

    samples: Samples
    findings: Found
    cutoff: float
    within: int


@dataclass
class Calibrated:
    """What a calibration found; `samples` are accepted, `findings` what each gave when it was run."""

    effort: Effort
    fitted: tuple[str, ...]
    screen: Screen
    left: list[float]
    samples: Samples
    findings: Found
    cutoff: float
    within: int
    tried: int
    centre: dict[str, float]
    centre_findings: dict[str, float]
    noise: dict[str, float]
    luck: dict[str, float]
    kept: dict[str, float] = field(default_factory=dict)
    directions: list[Direction] = field(default_factory=list)
    reachable: dict[str, tuple[float, float]] = field(default_factory=dict)


class Calibrator:
    """One calibration in its folder."""

    def __init__(self, effort: Effort, out: Path, workers: Workers, progress: Stages | None):
        self.effort, self.out, self.workers, self.progress = effort, out, workers, progress
        self.targets = calibration().fitted
        self.copies = effort.copies or int(calibration().place["copies"])
        self.luck: dict[str, float] = {}

    def stage(self, name: str, samples: Samples, seeds: Sequence[int], copies: int) -> Found:
        """Run one stage, telling how far it is."""
        told = None if self.progress is None else partial(self.progress, name)
        return run_stage(name, samples, seeds, copies, self.out, self.workers, told)

    def run(self) -> Calibrated:
        """Carry out every stage and return what was found."""
        self.luck = self._luck()
        screened = self._screen()
        file = calibration()
        space = Space(tuple(screened.survivors(file.fitted_at_most, file.carriers)), candidates())
        findings, emulator, left = self._waves(space)
        accepted, tried, share = self._accept(space, emulator)
        centre, at_centre = self._centre(space, accepted.samples)
        points = space.unit(accepted.samples)
        return Calibrated(
            effort=self.effort,
            fitted=space.fitted,
            screen=screened,
            left=[*left, share],
            samples=accepted.samples,
            findings=accepted.findings,
            cutoff=accepted.cutoff,
            within=accepted.within,
            tried=tried,
            centre=centre,
            centre_findings=at_centre,
            noise={t.id: emulator.noise(t.id) for t in self.targets},
            luck=self.luck,
            kept=ranges_kept(space.fitted, points),
            directions=directions(space.fitted, points),
            reachable={t.id: _span(column(findings, t.statistic)) for t in self.targets},
        )

    def _screen(self) -> Screen:
        points = morris_samples(self.effort.trajectories, self.effort.seed)
        samples, seeds = split(points, self.effort.seed)
        findings = self.stage("screen", samples, seeds, max(1, self.copies // 2))
        return screen(points, findings, self.targets)

    def _luck(self) -> dict[str, float]:
        """Return the spread of each target over runs of the listed values that differ in nothing but luck."""
        found = self.stage("luck", [{}] * LUCK_RUNS, self._seeds(7, LUCK_RUNS), self.copies)
        return {t.id: float(np.nanstd(column(found, t.statistic), ddof=1)) for t in self.targets}

    def _seeds(self, stage: int, n: int) -> list[int]:
        return [self.effort.seed + 10_000 * stage + k for k in range(n)]

    def _waves(self, space: Space) -> tuple[Found, Emulator, list[float]]:
        """Run wave after wave where nothing is ruled out yet; returns all runs, what emulates them and what is left."""
        samples, findings, left = [], [], []
        points, emulator = space.cube(self.effort.wave, self.effort.seed), None
        for wave in range(self.effort.waves):
            seed = self.effort.seed + wave
            if emulator is not None:
                points, share = emulator.plausible(self.effort.wave, seed - 1)
                left.append(share)
            fresh = space.samples(points, seed)
            findings += self.stage(f"wave-{wave + 1}", fresh, self._seeds(wave + 1, len(fresh)), self.copies)
            samples += fresh
            emulator = self._emulate(space, samples, findings)
        assert emulator is not None
        return findings, emulator, left

    def _emulate(self, space: Space, samples: Samples, findings: Found) -> Emulator:
        values = {t.id: outcome(findings, t.statistic, t.value) for t in self.targets}
        return Emulator(space.unit(samples), values, self.targets)

    def _accept(self, space: Space, emulator: Emulator) -> tuple[Accepted, int, float]:
        """Run points not ruled out, batch by batch, until enough of them match by their own outcome."""
        points, share = emulator.plausible(self.effort.most, self.effort.seed + 77)
        fresh = space.samples(points, self.effort.seed + 78)
        seeds = self._seeds(9, len(fresh))
        found: Found = []
        for start in range(0, len(fresh), self.effort.wave):
            batch = slice(start, start + self.effort.wave)
            name = f"accept-{start // self.effort.wave + 1}"
            found += self.stage(name, fresh[batch], seeds[batch], self.copies)
            if accept(fresh, found, self.targets, self.luck).within >= self.effort.samples:
                break
        accepted = accept(fresh, found, self.targets, self.luck, self.effort.samples)
        if len(accepted.samples) <= len(space.fitted):
            raise ShequError(_too_few(found, self.targets, self.luck))
        return accepted, len(found), share

    def _centre(self, space: Space, accepted: Samples) -> tuple[dict[str, float], dict[str, float]]:
        """Return the accepted fitted values that match best with everything else at its listed value."""
        points = space.unit(accepted)
        spread = points.std(axis=0) + 1e-9
        near = np.argsort((((points - points.mean(axis=0)) / spread) ** 2).sum(axis=1), kind="stable")
        tried = [{n: accepted[k][n] for n in space.fitted} for k in near[:CENTRE_RUNS]]
        listed = {row.id: row.value for row in assumptions().values()}
        samples = [{**listed, **one} for one in tried]
        found = self.stage("centre", samples, self._seeds(8, len(samples)), self.copies)
        best = min(
            range(len(found)),
            key=lambda k: implausibility(found[k], self.targets, self.luck) if found[k] else np.inf,
        )
        return tried[best], found[best]


def _span(values: np.ndarray) -> tuple[float, float]:
    return float(np.nanmin(values)), float(np.nanmax(values))


def accept(
    samples: Samples, found: Found, targets: Sequence[Target], luck: dict[str, float], most: int = 0
) -> Accepted:
    """Return the samples whose own run lies within the cut-off of every target.

    The cut-off is three; where too few lie within it, it is where the nearest ones do, and the result says so.
    """
    far = np.array([implausibility(one, tuple(targets), luck) if one else np.inf for one in found])
    within = int((far <= REFUSED_BEYOND).sum())
    enough = np.sort(far)[min(LEAST_ACCEPTED, len(far)) - 1] if len(far) else np.inf
    cutoff = max(REFUSED_BEYOND, float(enough))
    good = [k for k in range(len(found)) if far[k] <= cutoff and np.isfinite(far[k])][: most or None]
    return Accepted([samples[k] for k in good], [found[k] for k in good], cutoff, within)


def _too_few(found: Found, targets: Sequence[Target], luck: dict[str, float]) -> Message:
    worst = Counter(
        max(targets, key=lambda t: distance(one, t, luck.get(t.id, 0.0))).id for one in found if one
    )
    often = ", ".join(f"{name} {times}" for name, times in worst.most_common(3))
    return say(
        "hardly any of {tried} runs gave all figures; missed most: {often}. Run more of them (--most)",
        tried=len(found),
        often=often,
    )


def calibrate(
    effort: Effort, out: Path, workers: Workers = None, progress: Stages | None = None
) -> Calibrated:
    """Run what the folder lacks of a calibration and return what was found."""
    return Calibrator(effort, out, workers, progress).run()
