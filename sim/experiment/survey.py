"""A simulated survey: what a pollster would find by asking the model's residents and staff, month by month.

Published figures are answers, so the model is asked the same questions on its own rows: who voted at the committee's
election (a logit on age and party), who asked again after a first answer, how worn the committee's staff are, how many
pieces of work reach a committee, how often neighbours talk. Only what is counted here is compared with a survey.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression

from sim.catalogue import duty_classes, kinds

KNOT = 55.0
YEAR = 12
MILD, MODERATE, SEVERE = 0.4, 0.6, 0.8
FEWEST_ANSWERS = 50
# Tie activity as the world stores it (0-255): daily, weekly, rarely, never, from the most active down.
TALKS = ("daily", "weekly", "rarely", "never")


def voting_logit(age: np.ndarray, party: np.ndarray, voted: np.ndarray) -> tuple[float, float, float]:
    """Return the slope a year of age up to the knot, the slope beyond it, and the log-odds of party members.

    A plain (unpenalised) logistic regression; nan where too few answered or all answered alike.
    """
    if len(voted) < FEWEST_ANSWERS or len(np.unique(voted)) < 2 or len(np.unique(party)) < 2:
        return (float("nan"),) * 3
    late = np.maximum(age - KNOT, 0.0)
    rows = np.column_stack([(age - late - KNOT) / 10, late / 10, party]).astype(float)
    fit = LogisticRegression(C=np.inf, max_iter=500).fit(rows, voted)
    young, old, member = fit.coef_[0]
    return float(young) / 10, float(old) / 10, float(member)


def ratio_of_shares(first: np.ndarray, again: np.ndarray) -> float:
    """Return how many times as likely a second is after a good first (1) as after a bad one (-1); 0 is neither."""
    good, bad = again[first == 1], again[first == -1]
    return float(good.mean() / bad.mean()) if len(good) and len(bad) and bad.any() else float("nan")


@dataclass
class Survey:
    """Answers collected while a world runs; `look` is called after every month."""

    people: int
    committees: int
    first: np.ndarray
    when: np.ndarray
    again: np.ndarray
    items: np.ndarray
    month: int = 0
    requests: int = 0
    age: list[np.ndarray] = field(default_factory=list)
    party: list[np.ndarray] = field(default_factory=list)
    voted: list[np.ndarray] = field(default_factory=list)
    worn: list[np.ndarray] = field(default_factory=list)

    @classmethod
    def begun(cls, world: Any) -> Survey:
        """Return a survey of a world before its first month."""
        n, committees = int(world.residents.n), len(world.open_rows("residents_committee"))
        first, when, again = np.zeros(n, np.int8), np.zeros(n, np.int32), np.zeros(n, bool)
        return cls(n, committees, first, when, again, np.zeros(len(duty_classes())))

    def look(self, world: Any) -> None:
        """Ask everybody once, at the end of a month."""
        self._ask_voters(world)
        self._follow_requests(world)
        self._ask_staff(world)
        self._count_work(world)
        self.month += 1

    def _ask_voters(self, world: Any) -> None:
        people, offices = world.residents, world.institutions
        electing = offices.is_election[world.blocks.community[people.block]] == 1
        asked = electing & (people.has_voice == 1)
        if asked.any():
            self.age.append(people.age[asked].astype(float))
            self.party.append(people.party[asked].astype(np.int8))
            self.voted.append(people.voted[asked].astype(np.int8))

    def _follow_requests(self, world: Any) -> None:
        """Note who asks again within a year of the first answer, then the first answers of this month."""
        request = list(duty_classes()).index("request")
        filed = world.filed.resident[world.items.duty_class[world.filed.item] == request]
        waiting = (self.first[filed] != 0) & (self.month - self.when[filed] <= YEAR)
        self.again[filed[waiting]] = True
        ended = world.ended
        mine = (ended.resident >= 0) & (world.items.duty_class[ended.item] == request)
        who, solved = ended.resident[mine], ended.is_solved[mine]
        fresh = self.first[who] == 0
        self.first[who[fresh]] = np.where(solved[fresh] == 1, 1, -1)
        self.when[who[fresh]] = self.month
        self.requests += int(world.areas.requests.sum())

    def _ask_staff(self, world: Any) -> None:
        staff, offices = world.staff, world.institutions
        kind = offices.kind[np.maximum(staff.employer, 0)]
        here = (staff.employer >= 0) & (staff.is_employed == 1) & (staff.vacant_for == 0)
        self.worn.append(staff.burnout[here & (kind == list(kinds()).index("residents_committee"))].copy())

    def _count_work(self, world: Any) -> None:
        """Count the assigned work that committees were given, by class."""
        inbox, offices = world.assigned, world.institutions
        performer = np.where(inbox.hired >= 0, inbox.hired, inbox.performer)
        doing = performer >= 0
        committee = list(kinds()).index("residents_committee")
        doing[doing] = offices.kind[performer[doing]] == committee
        classes = world.items.duty_class[inbox.item[doing]]
        self.items += np.bincount(classes, minlength=len(self.items))

    def findings(self, world: Any) -> dict[str, float]:
        """Return every figure of the survey by name."""
        young, old, member = voting_logit(
            *(np.concatenate([*x, []]) for x in (self.age, self.party, self.voted))
        )
        long_ago = self.when <= self.month - 1 - YEAR
        found = {
            "survey.age_young": young,
            "survey.age_old": old,
            "survey.party": member,
            "survey.second_request": ratio_of_shares(np.where(long_ago, self.first, 0), self.again),
            "survey.requests": self.requests / self.people / self.month * YEAR,
        }
        return found | self._burnout() | self._work() | talk_shares(world.ties, world.tie_activity)

    def _burnout(self) -> dict[str, float]:
        worn = np.concatenate([*self.worn, []])
        counted: np.ndarray = np.histogram(worn, [0, MILD, MODERATE, SEVERE, np.inf])[0][1:]
        shares = counted / max(len(worn), 1)
        names = ("survey.burnout_mild", "survey.burnout_moderate", "survey.burnout_severe")
        return dict(zip(names, 100 * shares, strict=True))

    def _work(self) -> dict[str, float]:
        """Return pieces of work a committee and year: assigned work as issued, its own as the list has it."""
        rows = list(duty_classes().values())
        a_year = self.items / max(self.committees, 1) / self.month * YEAR
        own = sum(row.per_committee_year for row in rows if row.origin == "own")
        found = {"survey.items": float(a_year.sum() + own)}
        return found | {f"survey.items.{r.id}": float(n) for r, n in zip(rows, a_year, strict=True) if n}


def talk_shares(ties: np.ndarray, activity: np.ndarray) -> dict[str, float]:
    """Return the percentage of ties at each level of activity, in falling order; ties: rows, their count for none."""
    there = activity[ties < len(ties)]
    levels = np.unique(there)[::-1]
    return {f"survey.talk_{n}": 100 * float((there == v).mean()) for n, v in zip(TALKS, levels, strict=False)}
