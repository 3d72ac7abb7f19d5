"""A residents' committee: elected by residents, leant on by government."""

from __future__ import annotations

import numpy as np

from sim.agents.institution import Institution


class ResidentsCommittee(Institution):
    """The self-governing body of a community. Its own decision: what to do with hours that cases leave free."""

    @staticmethod
    def plan_free_hours(
        usable: np.ndarray,
        free: np.ndarray,
        demanded: np.ndarray,
        on_offer: np.ndarray,
        orientation: np.ndarray,
        floor: float,
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Divide free hours of every committee into self-governance, further assigned work and slack.

        usable: hours in gaps of an hour or more; free: all free hours; demanded: self-governance there is to do;
        on_offer: unlisted work government would give if asked (receptions, standby, campaigns); orientation: 0 upward,
        1 to residents; all arrays in hours, one value a committee. A committee offers the share
        floor + (1 - floor) x orientation of its usable hours to residents, up to what is demanded; of what is left it
        offers the share (1 - orientation) to the government above, which takes as much as it has on offer. The three
        add up to `free`.
        """
        offered = usable * (floor + (1 - floor) * orientation)
        self_governance = np.minimum(offered, demanded)
        accepted = np.minimum((usable - self_governance) * (1 - orientation), on_offer)
        return self_governance, accepted, free - self_governance - accepted
