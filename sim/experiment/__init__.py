"""Anything that runs more than one world: a plan of cells, an engine, a store, a summary."""
