"""Attribution and break-even as pages: what each part did, and where the sign turns."""

from __future__ import annotations

from collections.abc import Sequence

from sim.base import counts
from sim.base.plain import plain
from sim.base.text import LANGUAGES, Message, pick, say
from sim.catalogue import assumptions, difference_unit, levers, measures
from sim.results.attribution import Attribution, Share
from sim.results.turning import BreakEven
from sim.scenario.page import Page
from sim.views.wording import WINDOWS, figure, signed, window_words

TIMES = " × "


def attribution_page(manifest: dict, found: Sequence[Attribution], failed: Sequence[str] = ()) -> Page:
    """Return what each part of a reform did to every primary outcome, window by window."""
    page = Page(say("Which part did it: {title}", title=manifest["title"]))
    page.add(
        None,
        say(
            "{pairs} under the same luck; every coalition of parts that stands alone was run in each",
            pairs=counts.pairs(manifest["pairs"]),
        ),
        say(
            "a part's share: what it adds, mean over the orders in which the parts can be introduced one by one"
        ),
        say("the shares of a window sum to its whole difference; intervals are 95 %, over pairs"),
    )
    if manifest["refused"]:
        page.add(say("Cannot stand alone, and were left out"), *manifest["refused"])
    for window in manifest["windows"]:
        mine = [one for one in found if one.window == window]
        columns = [say("outcome"), say("part"), say("difference"), say("95 % interval")]
        page.table(
            window_words(manifest, window),
            columns,
            [row for one in mine for row in _rows(one, manifest["titles"])],
        )
    if failed:
        page.add(say("Pairs that failed"), *failed)
    return page


def _rows(one: Attribution, titles: dict) -> list[list]:
    row = measures()[one.measure]
    name = say("{measure} ({unit})", measure=row.text, unit=difference_unit(row.unit))
    rows = [[name, say("all together"), *_cells(one.whole)]]
    rows += [["", titles.get(share.parts[0], share.parts[0]), *_cells(share)] for share in one.shares]
    left_out = [(say("all but {part}", part=titles.get(s.parts[0], s.parts[0])), s) for s in one.knocked]
    rows += [["", words, *_cells(_turned(share))] for words, share in left_out]
    return rows + [
        ["", say("{parts}: more than each alone", parts=_named(s.parts, titles)), *_cells(s)]
        for s in one.together
    ]


def _named(parts: Sequence[str], titles: dict) -> dict[str, str]:
    """Return the titles of parts in both languages, or their ids where they have none."""
    return {lang: TIMES.join(pick(titles.get(part, part), lang) for part in parts) for lang in LANGUAGES}


def _turned(share: Share) -> Share:
    """Return what leaving a part out changes: the opposite of what it adds to the others."""
    return Share(share.parts, -share.mean, -share.high, -share.low)


def _cells(share: Share) -> list[str]:
    return [signed(share.mean), f"[{figure(share.low, share.mean)}, {figure(share.high, share.mean)}]"]


def break_even_page(title: dict, found: BreakEven, pairs: int) -> Page:
    """Return where an outcome's difference is zero as a number is moved, and the points it was found from."""
    row = measures()[found.measure]
    page = Page(say("Where the sign turns: {title}", title=title))
    unit = difference_unit(row.unit)
    page.add(
        None,
        say("{measure} ({unit}), {window}", measure=row.text, unit=unit, window=WINDOWS[found.window]),
        say("moved: {name}", name=name_text(found.name)),
        *_turns(found),
    )
    columns = [say("its value"), say("difference"), say("95 % interval")]
    rows = [
        [
            plain(p.at, 4),
            signed(p.mean),
            f"[{figure(p.low, p.mean)}, {figure(p.high, p.mean)}]",
        ]
        for p in found.points
    ]
    page.table(say("At every value the same {pairs}", pairs=counts.pairs(pairs)), columns, rows)
    return page


def _turns(found: BreakEven) -> list[Message]:
    ends = {"a": plain(found.points[0].at, 4), "b": plain(found.points[-1].at, 4)}
    if len({(p.mean, p.low, p.high) for p in found.points}) == 1:
        return [say("between {a} and {b} it changes nothing: every value gives the same figures", **ends)]
    if not found.turns:
        sign = found.points[0].mean
        what = say("above zero") if sign > 0 else say("below zero") if sign < 0 else say("zero")
        return [
            say(
                "between {a} and {b} the sign does not turn: the difference is {what} at the first",
                what=what,
                **ends,
            )
        ]
    name = name_text(found.name)
    return [_turn(name, *(plain(value, 4) for value in turn)) for turn in found.turns]


def _turn(name: dict[str, str] | str, at: str, low: str, high: str) -> Message:
    return say(
        "the difference is zero at {name} = {at}; with this many pairs it could be anywhere from {low} to {high}",
        name=name, at=at, low=low, high=high,
    )  # fmt: skip


def name_text(name: str) -> dict[str, str] | str:
    """Return the words for an assumption or a lever; an address of a document stands for itself."""
    row = assumptions().get(name) or levers().get(name)
    return row.text if row is not None else name
