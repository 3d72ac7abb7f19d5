"""A government office of a layer: district or street."""

from __future__ import annotations

from sim.agents.institution import Institution


class GovernmentOffice(Institution):
    """A street or district office. It passes work, money and messages on, supervises the bodies below and
    performs duties of its own.

    Which office is above follows from the layers that exist; it decides nothing else in this version.
    """
