"""The scenario language: reading, checking and composing what a user wrote."""

from sim.scenario.frame import PlaceFrame
from sim.scenario.load import load_scenario
from sim.scenario.place import Duty, Institution, PlaceSpec, Profile
from sim.scenario.quantities import Quantity
from sim.scenario.resolved import Expect, ResolvedScenario, RunSpec

__all__ = [
    "Duty",
    "Expect",
    "Institution",
    "PlaceFrame",
    "PlaceSpec",
    "Profile",
    "Quantity",
    "ResolvedScenario",
    "RunSpec",
    "load_scenario",
]
