"""Whom does a committee look to?

Claim: who appoints, pays and assesses a committee draws its eyes upward; contact with residents and success with
them turn it to residents (anhui.overreach, anhui.task-oriented).
    orientation o -> pull + served x (who it serves, 0 upward .. 1 residents) - assessed x assessment weight
                     + success x (mean trust of its residents - 1/2),   approached over `months`
Left out: persons; a chair's origin (a later mechanism).
"""

from __future__ import annotations

import numpy as np

from sim.mechanisms.contract import Context, Mechanism, columns_of


def run(c: Context) -> None:
    """Move every committee's orientation toward what its masters and residents make of it."""
    offices, people, rows = c.institutions, c.residents, c.open_rows("residents_committee")
    community = c.blocks.community
    count = c.sums(people.has_voice, community, offices.n)
    trust = c.sums(people.has_voice * people.trust_committee, community, offices.n) / np.maximum(count, 1)
    seat = offices.seat[rows]
    target = (
        c.assume("orientation.pull") + c.assume("orientation.served") * c.rule("committee.serves")[seat] / 2
    )
    target = target - c.assume("orientation.assessed") * c.rule("assessment.weight")[seat]
    target = np.clip(target + c.assume("orientation.success") * (trust[rows] - 0.5), 0, 1)
    offices.orientation[rows] += (target - offices.orientation[rows]) / c.assume("orientation.months")


MECHANISM = Mechanism(
    name="orient_committees",
    question="Whom does a committee look to?",
    run=run,
    reads=(
        *columns_of("residents", "has_voice", "trust_committee"),
        "blocks.community",
        "institutions.seat",
    ),
    writes=("institutions.orientation",),
    levers=("committee.serves", "assessment.weight"),
    assumptions=(
        "orientation.pull",
        "orientation.served",
        "orientation.assessed",
        "orientation.success",
        "orientation.months",
    ),
)
