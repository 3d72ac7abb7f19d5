"""`python -m sim.odd [FOLDER]`: the pages that the program writes about itself, into docs/ of a clone."""

from __future__ import annotations

import sys
from pathlib import Path

from sim.base.library import PACKAGE
from sim.odd.documents import write_documents

if __name__ == "__main__":
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else PACKAGE.parent / "docs"
    sys.stdout.writelines(f"{path}\n" for path in write_documents(folder))
