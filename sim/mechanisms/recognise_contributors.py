"""Who is thanked in public?

Claim: being named for what one gave makes people feel that they belong and are heard
(jinjiang.xu-recognition, plan.moral-recognition).
    a contributor of last month (who volunteered or was at a meeting) is recognised with the probability that the rule
    says; belonging and efficacy gain
Left out: envy of those who are not named; honours that wear thin.
"""

from __future__ import annotations

import numpy as np

from sim.mechanisms.contract import Context, Mechanism, columns_of
from sim.world.blocks import flagged

F = np.float32


def run(c: Context) -> None:
    """Name this month's contributors."""
    people = c.residents
    gave = (people.volunteers | (people.deliberate_history & 1).astype(np.uint8)) == 1
    named = c.spread(c.practised("recognition")[c.blocks.area])
    rows = np.flatnonzero(gave & (named > 0))
    luck = c.uniforms("recognise_contributors.named", people.id[rows])
    people.is_recognised[:] = 0
    people.is_recognised[rows] = luck < named[rows]
    rows = flagged(people.is_recognised)
    for stock in ("belonging", "efficacy"):
        c.post(stock, "recognition", F(c.assume(f"recognition.{stock}")), rows=rows)


MECHANISM = Mechanism(
    name="recognise_contributors",
    question="Who is thanked in public?",
    run=run,
    reads=(*columns_of("residents", "id", "volunteers", "deliberate_history"), "blocks.area"),
    writes=("residents.is_recognised",),
    posts=(("belonging", "recognition"), ("efficacy", "recognition")),
    levers=("recognition",),
    assumptions=("recognition.belonging", "recognition.efficacy"),
    decisions=("recognise_contributors.named",),
)
