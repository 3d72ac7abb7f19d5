"""Why an outcome moved, as a page: what each cause did in both arms of one pair, and that the parts make the whole."""

from __future__ import annotations

from sim.base.text import say
from sim.catalogue import causes, difference_unit, groups, measures
from sim.results.causes import Part, causes_of, group_position, measure_named
from sim.results.store import RunFolder
from sim.results.tables import EVERYONE, RunTables
from sim.scenario.page import Page
from sim.views.wording import signed, window_words


def why_page(folder: RunFolder, name: str, group: str = "") -> Page:
    """Return the causes of an outcome's change in the first pair of a comparison. group: `income=low`, or everybody."""
    manifest, measure = folder.manifest(), measure_named(name)
    position = group_position(*group.partition("=")[::2]) if group else EVERYONE
    baseline, reform = (RunTables.read(folder.path / "tables" / arm) for arm in ("baseline", "reform"))
    row = measures()[measure]
    page = Page(say("Why {measure} moved", measure=row.text))
    lines = [say("one pair, under the same luck; in {unit}", unit=difference_unit(row.unit))]
    if group:
        lines.append(say("only: {who}", who=_who(position)))
    if row.stock:
        lines.append(
            say("each figure: what the cause had added by then since the first month, mean of the window")
        )
    else:
        lines.append(say("each figure: what the cause contributed to the rate in the window"))
    page.add(None, *lines)
    for window, months in manifest["windows"].items():
        parts = causes_of((baseline, reform), measure, manifest["start"], tuple(months), position)
        columns = [say("cause"), say("baseline"), say("reform"), say("difference")]
        page.table(window_words(manifest, window), columns, [_row(part) for part in parts])
    return page


def _row(part: Part) -> list:
    what = causes()[part.cause].text if part.cause else say("all causes: what was observed")
    return [what, *(signed(value) for value in (part.baseline, part.reform, part.difference))]


def _who(position: int) -> dict[str, str]:
    return [value.text for row in groups().values() for value in row.values][position]
