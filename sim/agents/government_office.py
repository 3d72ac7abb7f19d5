"""A government office of a layer: district or street."""

from __future__ import annotations

from sim.agents.institution import Institution


class GovernmentOffice(Institution):
    """The government of a district or a street.

    It passes work, money and messages on, supervises the bodies below it and performs the duties written to it. Its own
    decisions, overhead kept and attention per unit, follow from its layer and its span; which office is above follows
    from the layers that exist. So it has no method here.
    """
