"""One small rule set in the way each framework's own tutorials write a model, timed one framework a process.

    python experiments/benchmarks/peer_models.py NAME [--residents 100000] [--months 12]

A month of a resident: look at what eight acquaintances did last (a ring with a tenth of its links drawn anew), vote
with probability logistic(base + peers x their mean + trust x trust), move trust by a twentieth towards what was done.
Everybody decides on last month's picture. NAME: columns (this package's kernels and draws), mesa, mesa_frames, agentpy.
Prints one JSON line: CPU seconds a month (median) and the share that voted, which must agree between all of them.
"""

from __future__ import annotations

import argparse
import json
import math
import random
import statistics
import time
from collections.abc import Callable

import numpy as np

BASE, PEERS, TRUST, PACE, TIES, REWIRED = -1.2, 1.2, 0.8, 0.05, 8, 0.1
Month = Callable[[], float]


def acquaintances(n: int) -> np.ndarray:
    """Return (n, 8) rows of others: four on either side on a ring, a tenth of them anybody."""
    luck = np.random.default_rng(1)
    steps = np.array([-4, -3, -2, -1, 1, 2, 3, 4])
    ring = (np.arange(n)[:, None] + steps) % n
    return np.where(luck.random((n, TIES)) < REWIRED, luck.integers(0, n, (n, TIES)), ring)


def chance(z: float) -> float:
    """Return 1/(1+exp(-z))."""
    return 1 / (1 + math.exp(-z))


def mesa(n: int) -> Month:
    """An object a resident, as Mesa's tutorials write them, in two passes."""
    from mesa import Agent, Model

    class Resident(Agent):
        def __init__(self, model: Model):
            super().__init__(model)
            self.voted, self.trust = 0, 0.5

        def decide(self) -> None:
            seen = sum(other.voted for other in self.others) / TIES
            self.will = int(self.random.random() < chance(BASE + PEERS * seen + TRUST * self.trust))

        def act(self) -> None:
            self.voted = self.will
            self.trust += PACE * (self.voted - self.trust)

    model = Model(rng=1)
    people = list(Resident.create_agents(model, n))
    for person, rows in zip(people, acquaintances(n), strict=True):
        person.others = [people[k] for k in rows]

    def month() -> float:
        model.agents.do("decide")
        model.agents.do("act")
        return sum(person.voted for person in people) / n

    return month


def agentpy(n: int) -> Month:
    """An object a resident in an AgentList."""
    import agentpy as ap

    class Resident(ap.Agent):
        def setup(self) -> None:
            self.voted, self.trust, self.will = 0, 0.5, 0

        def decide(self) -> None:
            seen = sum(other.voted for other in self.others) / TIES
            self.will = int(self.model.random.random() < chance(BASE + PEERS * seen + TRUST * self.trust))

        def act(self) -> None:
            self.voted = self.will
            self.trust += PACE * (self.voted - self.trust)

    model = ap.Model({"seed": 1})
    model.random = random.Random(1)
    people = ap.AgentList(model, n, Resident)
    every = list(people)
    for person, rows in zip(every, acquaintances(n), strict=True):
        person.others = [every[k] for k in rows]

    def month() -> float:
        people.decide()
        people.act()
        return sum(person.voted for person in every) / n

    return month


def mesa_frames(n: int) -> Month:
    """A data frame of residents; the ties beside it, since its spaces are grids."""
    import polars as pl
    from mesa_frames import AgentSetPolars, ModelDF

    others, luck = acquaintances(n), np.random.default_rng(2)

    class Residents(AgentSetPolars):
        def __init__(self, model: ModelDF):
            super().__init__(model)
            self += pl.DataFrame(
                {"unique_id": np.arange(n), "voted": np.zeros(n, int), "trust": np.full(n, 0.5)}
            )

        def step(self) -> None:
            seen = self.agents["voted"].to_numpy()[others].mean(axis=1)
            z = BASE + PEERS * pl.Series(seen) + TRUST * self.agents["trust"]
            voted = (pl.Series(luck.random(n)) < 1 / (1 + (-z).exp())).cast(pl.Int64)
            trust = self.agents["trust"] + PACE * (voted - self.agents["trust"])
            self.agents = self.agents.with_columns(voted=voted, trust=trust)

    people = Residents(ModelDF())

    def month() -> float:
        people.step()
        return float(people.agents["voted"].mean())

    return month


def columns(n: int) -> Month:
    """Columns and compiled kernels, as the package's own mechanisms use them; draws by name."""
    from numba import njit

    from sim.draws import Draws
    from sim.mechanisms.arithmetic import logistics

    @njit(nogil=True)
    def gather(others: np.ndarray, voted: np.ndarray, trust: np.ndarray, z: np.ndarray) -> None:
        for i in range(len(z)):
            o = others[i]
            seen = (  # written out: a loop over eight is not unrolled, and costs about twice as much
                voted[o[0]] + voted[o[1]] + voted[o[2]] + voted[o[3]]
                + voted[o[4]] + voted[o[5]] + voted[o[6]] + voted[o[7]]
            )  # fmt: skip
            z[i] = BASE + PEERS * seen / TIES + TRUST * trust[i]

    draws = Draws(1, 1, ("peers.vote",))
    others, ids = acquaintances(n).astype(np.uint32), np.arange(n, dtype=np.uint64)
    voted, trust, z = np.zeros(n, np.uint8), np.full(n, 0.5), np.empty(n)
    when = iter(range(10_000))

    def month() -> float:
        gather(others, voted, trust, z)
        voted[:] = draws.uniforms("peers.vote", next(when), ids) < logistics(z)
        trust[:] += PACE * (voted - trust)
        return float(voted.mean())

    return month


MODELS = {"columns": columns, "mesa": mesa, "mesa_frames": mesa_frames, "agentpy": agentpy}


def main() -> None:
    """Measure one framework."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("name", choices=MODELS)
    parser.add_argument("--residents", type=int, default=100_000)
    parser.add_argument("--months", type=int, default=12)
    asked = parser.parse_args()
    month = MODELS[asked.name](asked.residents)
    month()
    seconds, share = [], 0.0
    for _ in range(asked.months):
        start = time.process_time()
        share = month()
        seconds.append(time.process_time() - start)
    print(json.dumps({"name": asked.name, "month": statistics.median(seconds), "voted": share}))


if __name__ == "__main__":
    main()
