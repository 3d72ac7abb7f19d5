"""What does the government above know of what is wrong below, and where does its project money go?

Claim: every layer a report passes adds its own view and time (tongling.distortion-layers, tongling.distortion-hop,
tongling.delay-layers); thin attention makes it worse (tongling.span). Fidelity and delay are two things.
    need x by area and kind; at each hop x' = phi x + (1 - phi)(1 + b) m + noise / attention, m the mean of the kind
        over areas: views drift to the usual; then a part of what is said of a kind is heard as being of any
    the picture is the receiver's own persistent view, renewed a share a month that falls with the message's days:
    speed = renewal / (1 + days / 21); it is 21 (1/speed - 1) working days behind on average
    project money is given by the picture; need-fit = overlap of its shares by area and kind with those of true need
    channels (mailbox, hotline, platform, forum, delegates) tell the top part of the true need and at once: what they
    bypass adds up as 1 - product of (1 - part)
    part of the money goes where and for what shows (a leader's trait), more of it in a month of a visible campaign and
        less in others; a leader may favour what touches some; where planning is open, part goes where residents say
Left out: false reports for gain.
"""

from __future__ import annotations

import numpy as np

from sim.base.calendar import MONTHS_PER_YEAR
from sim.catalogue import assumptions, issue_kinds
from sim.draws import lognormal_quantiles
from sim.mechanisms.contract import Context, Mechanism, columns_of

DAYS, STAGES, LEAST = 21.0, 4, 1e-3
CHANNELS = ("mailbox", "hotline", "online", "forum", "delegates")
MEAN_OF_NOISE = 1.6487212707001282  # of a lognormal of median one and log sd one
KINDS = tuple(issue_kinds().values())
SHOWS = np.array([kind.shows for kind in KINDS])
FAVOURITES = tuple(value.id for value in assumptions()["leaders.serves"].values)
THE_PLACE = np.zeros(1, np.int64)
KINDS_IN_ID = 64


def run(c: Context) -> None:
    """Renew the picture of every area's need and divide the project money by it."""
    areas, true = c.areas, c.areas.need_by_kind
    fresh = areas.picture.sum() == 0
    past = _bypassing(c)
    reported = (1 - past)[:, None] * _reported(c) + past[:, None] * true
    speed = 1.0 / (1.0 + (1 - past) * areas.message_days / DAYS) * c.assume("picture.renewal")
    areas.picture_days[:] = DAYS * (1 / np.maximum(speed, LEAST) - 1)
    areas.picture[:] = reported if fresh else areas.picture + speed[:, None] * (reported - areas.picture)
    budget = c.rule("project.base_budget") * areas.households
    share = _divided(c)
    areas.wanted[:] = share / np.maximum(share.sum(axis=1), 1e-12)[:, None]
    areas.project_money[:] = np.floor(budget.sum() * share.sum(axis=1) / MONTHS_PER_YEAR)
    areas.need_fit[:] = np.minimum(share, _shares(true)).sum(axis=1)


def _shares(weights: np.ndarray) -> np.ndarray:
    return weights / max(weights.sum(), 1e-9)


def _bypassing(c: Context) -> np.ndarray:
    """Return, per area, the part of what is wrong that reaches the top past all layers."""
    kept = np.ones(c.areas.n)
    for channel in CHANNELS:
        kept *= 1 - c.assume(f"bypass.{channel}") * c.rule(f"channels.{channel}")
    return 1 - kept


def _divided(c: Context) -> np.ndarray:
    """Return each area's and kind's share of the money: by the picture, by what shows, and by what residents say."""
    areas = c.areas
    steered = (c.assume("planning.reach") * c.practised("planning.open_stages") / STAGES)[:, None]
    shows = c.lasting_uniforms("picture_needs.shows", np.arange(areas.n)) * areas.households
    picture = _shares(areas.picture * _favour(c))
    show = _showing(c)
    led = (1 - show) * picture + show * _shares(shows[:, None] * SHOWS)
    return _shares((1 - steered) * led + steered * _shares(areas.need_by_kind))


def _showing(c: Context) -> float:
    """Return the part that goes where it shows this month: campaigns bring forward what other months then lack."""
    burst, often = c.assume("leaders.burst"), c.assume("leaders.burst_share")
    campaign = float(c.uniforms("picture_needs.campaign", THE_PLACE)[0] < often)
    return min(c.assume("leaders.show") * (1 + burst * campaign) / (1 + burst * often), 1.0)


def _favour(c: Context) -> np.ndarray:
    """Return what each kind counts for with this leader: one, and more where it touches whom the leader serves."""
    served = FAVOURITES[c.variant("leaders.serves")]
    return 1 + c.assume("leaders.favour") * np.array([float(kind.touches == served) for kind in KINDS])


def _reported(c: Context) -> np.ndarray:
    """Return need as it reads at the top, after the hops of each area, (areas, kinds)."""
    areas, kept, blur = c.areas, c.assume("picture.fidelity"), c.assume("picture.blur")
    signal = areas.need_by_kind.copy()
    mean = signal.mean(axis=0)
    usual = (1 - kept) * mean * (1 + c.assume("picture.bias"))
    spread = c.assume("picture.noise") * mean / np.maximum(areas.attention, 0.1)[:, None]
    for hop in range(int(areas.hops.max(initial=0))):
        heard = np.maximum(kept * signal + usual + spread * _noise(c, hop), 0.0)
        heard += blur * (heard.mean(axis=1, keepdims=True) - heard)
        signal = np.where((areas.hops > hop)[:, None], heard, signal)
    return signal


def _noise(c: Context, hop: int) -> np.ndarray:
    """Return the noise one hop adds, mean zero: that of a report and that of each kind in it."""
    rows = np.arange(c.areas.n)
    cells = rows[:, None] * KINDS_IN_ID + np.arange(len(KINDS))
    whole = lognormal_quantiles(c.uniforms("picture_needs.noise", rows, hop), 1.0)
    kind = lognormal_quantiles(c.uniforms("picture_needs.noise_of_kind", cells.ravel(), hop), 1.0)
    return whole[:, None] + kind.reshape(cells.shape) - 2 * MEAN_OF_NOISE


MECHANISM = Mechanism(
    name="picture_needs",
    question="What does the government above know of what is wrong below, and where does its money go?",
    run=run,
    reads=columns_of("areas", "need_by_kind", "hops", "attention", "message_days", "households"),
    writes=columns_of("areas", "picture", "picture_days", "wanted", "project_money", "need_fit"),
    levers=("project.base_budget", "planning.open_stages", *(f"channels.{name}" for name in CHANNELS)),
    assumptions=(
        *(f"picture.{name}" for name in ("renewal", "fidelity", "noise", "bias", "blur")),
        *(f"leaders.{name}" for name in ("show", "burst", "burst_share", "serves", "favour")),
        "planning.reach",
        *(f"bypass.{name}" for name in CHANNELS),
    ),
    decisions=tuple(f"picture_needs.{d}" for d in ("noise", "noise_of_kind", "shows", "campaign")),
)
