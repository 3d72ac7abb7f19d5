"""What does the government above know of what is wrong below, and where does its project money go?

Claim: every layer a report passes adds its own view and time (tongling.distortion-layers, tongling.distortion-hop,
tongling.delay-layers); thin attention makes it worse (tongling.span). Fidelity and delay are two things.
    at each hop x' = phi x + b m + noise / attention, m the mean over areas: views drift to the usual
    the picture is the receiver's own persistent view, renewed a share a month that falls with the message's days
    project money is given by the picture; need-fit = overlap of its shares with those of true need
    channels (mailbox, hotline, platform, forum, delegates) tell the top part of the true need and at once: what they
    bypass adds up as 1 - product of (1 - part)
    part of the money goes where it shows (a leader's trait); where planning is open, part of it where residents say
Left out: false reports for gain.
"""

from __future__ import annotations

import numpy as np

from sim.base.calendar import MONTHS_PER_YEAR
from sim.draws import lognormal_quantiles
from sim.mechanisms.contract import Context, Mechanism, columns_of

DAYS, STAGES = 21.0, 4
CHANNELS = ("mailbox", "hotline", "online", "forum", "delegates")
MEAN_OF_NOISE = 1.6487212707001282  # of a lognormal of median one and log sd one


def run(c: Context) -> None:
    """Renew the picture of every area's need and divide the project money by it."""
    areas = c.areas
    fresh = areas.picture.sum() == 0
    past = _bypassing(c)
    reported = (1 - past) * _reported(c) + past * areas.need
    speed = 1.0 / (1.0 + (1 - past) * areas.message_days / DAYS) * c.assume("picture.renewal")
    areas.picture[:] = reported if fresh else areas.picture + speed * (reported - areas.picture)
    budget = c.rule("project.base_budget") * areas.households
    share = _divided(c)
    areas.project_money[:] = np.floor(budget.sum() * share / MONTHS_PER_YEAR)
    true = areas.need / max(areas.need.sum(), 1e-9)
    areas.need_fit[:] = np.minimum(share, true)


def _bypassing(c: Context) -> np.ndarray:
    """Return, per area, the part of what is wrong that reaches the top past all layers."""
    kept = np.ones(c.areas.n)
    for channel in CHANNELS:
        kept *= 1 - c.assume(f"bypass.{channel}") * c.rule(f"channels.{channel}")
    return 1 - kept


def _divided(c: Context) -> np.ndarray:
    """Return each area's share of the project money: by the picture, by what shows, and by what residents say."""
    areas, show = c.areas, c.assume("leaders.show")
    steered = c.assume("planning.reach") * c.rule("planning.open_stages") / STAGES
    shows = c.lasting_uniforms("picture_needs.shows", np.arange(areas.n)) * areas.households
    picture, seen, true = (
        weights / max(weights.sum(), 1e-9) for weights in (areas.picture, shows, areas.need)
    )
    share = (1 - steered) * ((1 - show) * picture + show * seen) + steered * true
    return share / max(share.sum(), 1e-9)


def _reported(c: Context) -> np.ndarray:
    """Return need as it reads at the top, after the hops of each area."""
    areas = c.areas
    kept = c.assume("picture.fidelity")
    signal = areas.need.copy()
    mean = areas.need.mean()
    for hop in range(int(areas.hops.max(initial=0))):
        passes = areas.hops > hop
        noise = (
            lognormal_quantiles(c.uniforms("picture_needs.noise", np.arange(areas.n), hop), 1.0)
            - MEAN_OF_NOISE
        )
        spread = c.assume("picture.noise") * mean / np.maximum(areas.attention, 0.1)
        heard = kept * signal + (1 - kept) * mean * (1 + c.assume("picture.bias")) + spread * noise
        signal = np.where(passes, np.maximum(heard, 0.0), signal)
    return signal


MECHANISM = Mechanism(
    name="picture_needs",
    question="What does the government above know of what is wrong below, and where does its money go?",
    run=run,
    reads=columns_of("areas", "need", "hops", "attention", "message_days", "households"),
    writes=columns_of("areas", "picture", "project_money", "need_fit"),
    levers=("project.base_budget", "planning.open_stages", *(f"channels.{name}" for name in CHANNELS)),
    assumptions=(
        "picture.renewal",
        "picture.fidelity",
        "picture.noise",
        "picture.bias",
        "leaders.show",
        "planning.reach",
        *(f"bypass.{name}" for name in CHANNELS),
    ),
    decisions=("picture_needs.noise", "picture_needs.shows"),
)
