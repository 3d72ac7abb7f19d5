"""The residents' rules written as a Mesa model is usually written: an object a person, Python floats, `random()`.

It stands beside the package's own residents to say how much the columns are worth. The institutions' side of a month
(who is called, how many meetings and places there are, which requests ended how) is played to both; every decision of a
resident is made here anew, so that what residents do can be compared in distribution.
"""

from __future__ import annotations

import math
from types import SimpleNamespace

import mesa

MODES = ("vote", "deliberate", "activity", "volunteer")
STOCKS = ("efficacy", "trust_committee", "trust_government", "belonging", "awareness")
HOUSEHOLDS, ALL_ADULTS = 1, 2
CONDITIONAL, FREE_RIDER, HUMP = 0, 1, 2


def logistic(z: float) -> float:
    """Return 1/(1+exp(-z))."""
    return 1 / (1 + math.exp(-z))


class Resident(mesa.Agent):
    """One person: traits, feelings, habits, and what was done last."""

    def __init__(self, model: mesa.Model, **traits: object):
        super().__init__(model)
        for name, value in traits.items():
            setattr(self, name, value)
        self.took = dict.fromkeys(MODES, 0)
        self.history = dict.fromkeys(MODES, 0)
        self.peers = dict.fromkeys(MODES, 0.0)
        self.peers_outcome, self.outcome, self.filed, self.unfiled = 0.0, 0, 0, 0
        self.gain, self.loss = {}, {}

    def look_around(self) -> None:
        """Take in what acquaintances and housemates did last."""
        weight, seen, outcome = 0.0, dict.fromkeys(MODES, 0.0), 0.0
        for other, w in self.ties:
            weight += w
            outcome += w * other.outcome
            for mode in MODES:
                seen[mode] += w * other.took[mode]
        through = self.model.through
        for other in self.home:
            if other is not self and other.adult:
                weight += through
                outcome += through * other.outcome
                for mode in MODES:
                    seen[mode] += through * other.took[mode]
        self.seen = {mode: seen[mode] / weight if weight else 0.0 for mode in MODES}
        self.heard = outcome / weight if weight else 0.0

    def notice(self) -> None:
        """Let what was seen count, once everybody has looked."""
        self.peers, self.peers_outcome = self.seen, self.heard

    def need(self) -> None:
        """Need something, or not; ask for it, or not; go to the counter, or not."""
        a, random = self.model.a, self.model.random
        like = self.frailty
        like *= a["needs.old"] if self.age >= 60 else 1
        like *= a["needs.poor"] if self.income == 0 else 1
        like *= a["needs.renter"] if not self.owner else 1
        like *= a["needs.disabled"] if self.disability else 1
        n, self.filed = self.model.poisson(a["needs.per_person_year"] / 12 * like), 0
        if n:
            z = a["needs.file_base"] + a["needs.file_trust"] * (self.trust_committee - 0.5)
            z += a["needs.file_awareness"] * (self.awareness - 0.5) + a["needs.file_efficacy"] * (
                self.efficacy - 0.5
            )
            z += a["needs.file_past"] * self.last_outcome - a["needs.file_distance"] * self.reach
            z -= a["needs.file_wait"] * self.model.wait[self.area]
            p = logistic(z)
            self.filed = sum(random.random() < p for _ in range(n))
        self.unfiled = n - self.filed
        self.counter = self.model.poisson(self.model.trips * self.frailty) if self.adult else 0

    def respond(self) -> None:
        """Judge the answers of the month, and silence."""
        a = self.model.a
        up = down = 0.0
        solved = failed = score = 0.0
        trust = {"trust_committee": [0.0, 0.0], "trust_government": [0.0, 0.0]}
        answers = self.model.answers.get(self.row, ())
        for worth, is_solved, office in answers:
            gap = worth - self.expectation
            better, worse = max(gap, 0.0), max(-gap, 0.0) * a["response.loss_weight"]
            up, down, score = up + better, down + worse, score + worth
            solved, failed = solved + is_solved, failed + 1 - is_solved
            trust[office][0] += better
            trust[office][1] += worse
        down += a["response.silence"] * a["response.loss_weight"] * self.unfiled * self.expectation
        rate = a["response.satisfaction"]
        self.satisfaction += (1 - self.satisfaction) * min(up * rate, 1) - self.satisfaction * min(
            down * rate, 1
        )
        if answers:
            self.expectation += a["response.expectation"] * (score / len(answers) - self.expectation)
        self.outcome = 1 if solved > failed else -1 if failed or self.unfiled else 0
        self.last_outcome = self.outcome or self.last_outcome
        fresh = min(failed + self.unfiled, 1)
        self.grievance = max(self.grievance * (1 - 1 / a["response.grievance_months"]), fresh)
        eta, ratio = a["response.efficacy"], a["response.efficacy_loss"]
        self.post("efficacy", eta * solved, eta * ratio * (failed + a["response.silence"] * self.unfiled))
        told = a["response.neighbours"] * self.peers_outcome
        self.post("efficacy", eta * max(told, 0), eta * ratio * max(-told, 0))
        for stock, (better, worse) in trust.items():
            self.post(stock, a["response.trust"] * better, a["response.trust"] * worse)
        if self.model.contacted[self.household]:
            for stock in ("awareness", "trust_committee", "belonging"):
                self.post(stock, a[f"contact.{stock}"], 0.0)
        for stock in STOCKS:
            norm = a[f"stocks.norm_{stock}"]
            self.post(stock, a["stocks.drift"] * norm, a["stocks.drift"] * (1 - norm))

    def decide(self, mode: str, push: float = 0.0) -> int:
        """Decide on one mode by the logit of model.md M7."""
        a, m = self.model.a, mode
        late = max(self.age - 55, 0)
        z = a[f"{m}.base"] + self.model.offset[m][self.community] + a[f"{m}.age"] * (self.age - late)
        z += a[f"{m}.age_late"] * late + a[f"{m}.party"] * self.party - a[f"{m}.work"] * self.employed
        z += a[f"{m}.efficacy"] * (self.efficacy - 0.5) + a[f"{m}.trust"] * (self.trust_committee - 0.5)
        z += a[f"{m}.belonging"] * (self.belonging - 0.5) + a[f"{m}.awareness"] * (self.awareness - 0.5)
        felt = self.peers[m]
        if self.cooperator == CONDITIONAL:
            felt *= a["influence.match"]
        elif self.cooperator == FREE_RIDER:
            felt, z = felt / 3, z - a[f"{m}.free_rider"]
        elif self.cooperator == HUMP:
            felt = min(felt, 1 - felt)
        else:
            z += a[f"{m}.leader"]
        usual = a[f"{m}.habit_mean"]
        z += a[f"{m}.peers"] * (felt - usual) + a[f"{m}.habit"] * (self.habit[m] - usual)
        z += a[f"{m}.stake"] * min(self.grievance + self.model.stake[self.block], 1)
        z += a[f"{m}.contact"] * self.model.contacted[self.household] + push - a[f"{m}.distance"] * self.km
        return int(self.model.random.random() < logistic(z))

    def remember(self, mode: str, asked: bool) -> None:
        """Let habit and the twelve months' record follow what was done."""
        self.history[mode] = self.history[mode] << 1 & 0xFFF
        if asked:
            rate = self.model.a[f"{mode}.habit_rate"]
            self.habit[mode] += rate * (self.took[mode] - self.habit[mode])
            self.history[mode] |= self.took[mode]

    def vote(self) -> None:
        """Vote where one belongs to this month's ballot."""
        form, a = self.model.form[self.community], self.model.a
        asked = bool(
            self.has_voice
            and (
                form == ALL_ADULTS
                or (form == HOUSEHOLDS and self.head)
                or (form in (0, 3) and self.model.delegate[self.row])
            )
        )
        if form >= 0:
            self.took["vote"] = 0
        if asked:
            self.took["vote"] = self.decide("vote", a["vote.delegate"] * self.model.delegate[self.row])
            counted = self.model.quorum[self.community] if self.took["vote"] else 0
            eta = a["participation.efficacy"]
            self.post("efficacy", eta * (counted == 1), eta * a["response.efficacy_loss"] * (counted == -1))
            self.post("belonging", a["participation.belonging"] * (counted == 1), 0.0)
        self.remember("vote", asked)

    def meet(self) -> None:
        """Come to a meeting where one is held."""
        a, asked = self.model.a, bool(self.has_voice and self.model.meetings[self.community])
        if asked:
            push = a["deliberate.delegate"] * self.model.delegate[self.row]
            self.took["deliberate"] = self.decide("deliberate", push)
            if self.took["deliberate"]:
                for stock in ("efficacy", "belonging", "awareness"):
                    self.post(stock, a[f"participation.{stock}"], 0.0)
        self.remember("deliberate", asked)

    def join(self) -> None:
        """Join in where something is on and there is a place left; people come in the order of luck."""
        a, model = self.model.a, self.model
        asked, self.took["activity"] = bool(self.has_voice and model.places[self.community] > 0), 0
        if asked and self.decide("activity") and model.left[self.community] > 0:
            model.left[self.community] -= 1
            self.took["activity"] = 1
            for stock in ("belonging", "awareness"):
                self.post(stock, a[f"activity.to_{stock}"], 0.0)
        self.remember("activity", asked)

    def give_time(self) -> None:
        """Stop giving time, or start."""
        a, random = self.model.a, self.model.random
        if self.took["volunteer"]:
            p = a["volunteer.exit"] * (1 + a["volunteer.dissatisfied"] * (1 - 2 * self.satisfaction))
            self.took["volunteer"] = int(random.random() >= min(max(p, 0.0), 1.0))
        if self.has_voice and not self.took["volunteer"]:
            self.took["volunteer"] = self.decide("volunteer")
        if self.took["volunteer"]:
            self.post("belonging", a["volunteer.to_belonging"], 0.0)
        self.remember("volunteer", bool(self.has_voice))

    def post(self, stock: str, gain: float, loss: float) -> None:
        """Note a change of a stock for the end of the month."""
        self.gain[stock] = self.gain.get(stock, 0.0) + gain
        self.loss[stock] = self.loss.get(stock, 0.0) + loss

    def settle(self) -> None:
        """Apply the month's changes together."""
        for stock, gain in self.gain.items():
            level, loss = getattr(self, stock), self.loss[stock]
            setattr(self, stock, level + (1 - level) * -math.expm1(-gain) + level * math.expm1(-loss))
        self.gain, self.loss = {}, {}


class MesaResidents(mesa.Model):
    """The residents of a place, month by month, under an institutional side that is given."""

    def __init__(self, assumptions: dict[str, float], trips: float, seed: int = 1):
        super().__init__(rng=seed)
        self.a, self.trips, self.through = assumptions, trips, assumptions["influence.household"]

    def poisson(self, mean: float) -> int:
        """Return a Poisson number by multiplying uniforms."""
        below, n, p = math.exp(-mean), 0, self.random.random()
        while p > below:
            n, p = n + 1, p * self.random.random()
        return n

    def month(self, given: SimpleNamespace) -> None:
        """Live one month."""
        for name, value in vars(given).items():
            setattr(self, name, value)
        self.left = list(self.places)
        for what in ("need", "look_around", "notice", "respond", "vote", "meet"):
            self.agents.do(what)
        self.agents.shuffle_do("join")
        for what in ("give_time", "settle"):
            self.agents.do(what)
