"""Documents as YAML text: what the dashboard's what-ifs and share files are written as."""

from __future__ import annotations

import io
from collections.abc import Iterable
from typing import Any

from ruamel.yaml import YAML

LINE_WIDTH = 110


def as_yaml(documents: Iterable[dict[str, Any]]) -> str:
    """Return documents as one YAML 1.2 text that the loader reads back to the same values."""
    writer = YAML()
    writer.width = LINE_WIDTH
    writer.default_flow_style = None  # short leaves on one line, as the library is written
    writer.allow_unicode = True
    parts = []
    for document in documents:
        buffer = io.StringIO()
        writer.dump(document, buffer)
        parts.append(buffer.getvalue())
    return "---\n".join(parts)
