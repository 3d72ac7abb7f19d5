"""Where the scenario library is. The base room knows, because the catalogue reads the evidence ledger there too."""

from sim.base.library import library_folder

__all__ = ["library_folder"]
