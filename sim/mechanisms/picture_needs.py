"""What does the government above know of what is wrong below, and where does its project money go?

Claim: every layer a report passes adds its own view and time (tongling.distortion-layers, tongling.distortion-hop,
tongling.delay-layers); thin attention makes it worse (tongling.span). Fidelity and delay are two things.
    at each hop x' = phi x + b m + noise / attention, m the mean over areas: views drift to the usual
    the picture is the receiver's own persistent view, renewed a share a month that falls with the message's days
    project money is given by the picture; need-fit = overlap of its shares with those of true need
Left out: false reports for gain; channels that bypass hops (a later mechanism).
"""

from __future__ import annotations

import numpy as np

from sim.base.calendar import MONTHS_PER_YEAR
from sim.draws import lognormal_quantiles
from sim.mechanisms.contract import Context, Mechanism, columns_of

DAYS = 21.0
MEAN_OF_NOISE = 1.6487212707001282  # of a lognormal of median one and log sd one


def run(c: Context) -> None:
    """Renew the picture of every area's need and divide the project money by it."""
    areas = c.areas
    fresh = areas.picture.sum() == 0
    reported = _reported(c)
    speed = 1.0 / (1.0 + areas.message_days / DAYS) * c.assume("picture.renewal")
    areas.picture[:] = reported if fresh else areas.picture + speed * (reported - areas.picture)
    budget = c.rule("project.base_budget") * areas.households
    share = areas.picture / max(areas.picture.sum(), 1e-9)
    areas.project_money[:] = np.floor(budget.sum() * share / MONTHS_PER_YEAR)
    true = areas.need / max(areas.need.sum(), 1e-9)
    areas.need_fit[:] = np.minimum(share, true)


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
    levers=("project.base_budget",),
    assumptions=("picture.renewal", "picture.fidelity", "picture.noise", "picture.bias"),
    decisions=("picture_needs.noise",),
)
