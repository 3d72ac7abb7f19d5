"""Our own YAML files as plain values; parsed once for all processes, since a catalogue takes half a second."""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path
from typing import Any

from sim.base.kept import kept


def read_yaml(path: Path) -> Any:
    """Return what a file of ours holds, None where it is empty."""
    source = path.read_bytes()
    return kept(path, f"ruamel.yaml {version('ruamel.yaml')}".encode(), source, lambda: _parsed(source))


def _parsed(source: bytes) -> Any:
    from ruamel.yaml import YAML

    return YAML(typ="safe").load(source.decode("utf-8"))
