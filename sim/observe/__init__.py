"""Watching a world: measures, the recorder, and the checks of what must be conserved."""
