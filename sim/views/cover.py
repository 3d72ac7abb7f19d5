"""The picture that a README opens with: the primary outcomes of a run month by month, in each language.

`python -m sim.views.cover RUN FOLDER` draws a comparison's run folder into `FOLDER/SCENARIO.LANG.png`. A picture says
of which model version its run is, so that a test sees an old one.
"""

from __future__ import annotations

import io
import sys
from pathlib import Path

import matplotlib as mpl
import polars as pl
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from sim.base.text import LANGUAGES, pick, say, use_language
from sim.results.store import RunFolder
from sim.results.verdicts import Comparison, read_comparison
from sim.views.figures import ARM_LINES, INK, path_panel, style

ACROSS, PANEL_INCHES, DOTS = 3, (3.65, 2.35), 100
ABOUT = "model version {version}, {pairs} pairs"


def write_covers(run: RunFolder, folder: Path) -> list[Path]:
    """Draw a run in every language; returns the files written."""
    comparison, written = read_comparison(run), []
    for lang in LANGUAGES:
        use_language(lang)
        written.append(folder / f"{run.manifest()['scenario']}.{lang}.png")
        written[-1].write_bytes(cover(comparison))
    return written


def cover(comparison: Comparison) -> bytes:
    """Return the picture as PNG, in the language in force."""
    manifest, series = comparison.folder.manifest(), comparison.folder.read("series")
    names = [m for m in manifest["primary"] if m in set(series["measure"].to_list())]
    down = -(-len(names) // ACROSS)
    with mpl.rc_context(style()):
        figure = Figure((ACROSS * PANEL_INCHES[0], down * PANEL_INCHES[1] + 0.3), DOTS, layout="constrained")
        for axis, name in zip(figure.subplots(down, ACROSS, squeeze=False).flat, names, strict=False):
            path_panel(axis, series.filter(pl.col("measure") == name), name, manifest)
        marks = [Line2D([], [], color=c, linestyle=line, linewidth=1.8) for c, line in ARM_LINES.values()]
        marks.append(Line2D([], [], color=INK, linestyle=":", linewidth=1))
        words = (say("baseline"), say("reform"), say("first change"))
        figure.legend(marks, [pick(w) for w in words], loc="outside lower center", ncols=3, frameon=False)
        written = io.BytesIO()
        about = ABOUT.format(version=manifest["model_version"], pairs=manifest["pairs"])
        FigureCanvasAgg(figure).print_png(written, metadata={"Software": None, "Comment": about})
    return written.getvalue()


if __name__ == "__main__":
    for path in write_covers(RunFolder(Path(sys.argv[1])), Path(sys.argv[2])):
        sys.stdout.write(f"{path}\n")
