"""Shequ (社区): a what-if laboratory for community self-governance reform."""

__version__ = "0.1.0"
# Raised by hand whenever the same scenario and seed give other numbers; goes into every run key.
MODEL_VERSION = 6
