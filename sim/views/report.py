"""The report of a comparison: one self-contained page in the reader's language, printable, nothing fetched."""

from __future__ import annotations

from pathlib import Path

from jinja2 import Environment, PackageLoader, select_autoescape

from sim.base.text import language, pick, say, translate
from sim.results.store import RunFolder
from sim.results.verdicts import Comparison
from sim.views import figures
from sim.views.pages import columns, verdict_row
from sim.views.wording import SIDES, limits, narrative, pairing_words, window_words


def write_report(comparison: Comparison) -> Path:
    """Write report.html (English) or report.zh.html into the run folder and return its path."""
    name = "report.html" if language() == "en" else f"report.{language()}.html"
    path = comparison.folder.path / name
    part = path.with_suffix(".part")
    part.write_text(render(comparison), encoding="utf-8")
    part.replace(path)
    return path


def render(comparison: Comparison) -> str:
    """Return the page as text."""
    environment = Environment(loader=PackageLoader("sim.views"), autoescape=select_autoescape(("html", "j2")), trim_blocks=True, lstrip_blocks=True)
    environment.globals["_"] = translate
    manifest = comparison.folder.manifest()
    return environment.get_template("report.html.j2").render(
        lang=language(), manifest=manifest, title=pick(manifest["title"]), place=pick(manifest["place"]),
        limits=[pick(m) for m in limits(tuple(manifest["assumed"]), comparison.pairs)], pairing=pick(pairing_words(comparison.verdicts)),
        windows=[_window(comparison, window) for window in manifest["windows"]], columns=[pick(c) for c in columns()],
        sizes=figures.sizes(comparison), paths=figures.paths(comparison), events=_events(comparison.folder), pairs=comparison.pairs,
        paths_data=_paths_data(comparison), failed=comparison.failed,
    )


def _window(comparison: Comparison, window: str) -> dict:
    blocks = [
        {"title": pick(title), "rows": [[pick(cell) for cell in verdict_row(v)] for v in comparison.of(window, side)]}
        for side, title in SIDES.items()
    ]
    return {"title": pick(window_words(comparison, window)), "sentences": narrative(comparison, window), "blocks": blocks}


def _events(folder: RunFolder) -> list[tuple[str, str]]:
    """Return what the reform did, by month, in the reader's language."""
    import polars as pl

    from sim.base.calendar import format_month

    path = folder.path / "tables" / "reform" / "events.parquet"
    if not path.exists():
        return []
    events = pl.read_parquet(path)
    return [(format_month(m), t) for m, t in zip(events["month"], events[f"text_{language()}"], strict=True)]


def _paths_data(comparison: Comparison) -> dict:
    """Return the data behind the paths: per primary outcome, yearly means of both arms."""
    import polars as pl

    from sim.catalogue import measures

    manifest, series = comparison.folder.manifest(), comparison.folder.read("series").filter(pl.col("value").is_not_nan())
    years = range(0, manifest["months"], 12)
    rows = []
    for name in manifest["primary"]:
        for arm, word in (("baseline", say("baseline")), ("reform", say("reform"))):
            mine = series.filter((pl.col("measure") == name) & (pl.col("arm") == arm))
            values = [mine.filter(pl.col("month").is_between(manifest["start"] + y, manifest["start"] + y + 11))["value"].mean() for y in years]
            rows.append([pick(measures()[name].text), pick(word), *[f"{v:.2f}" if v is not None else "–" for v in values]])
    heads = [pick(say("outcome")), pick(say("arm")), *[pick(say("year {n}", n=y // 12 + 1)) for y in years]]
    return {"columns": heads, "rows": rows}
