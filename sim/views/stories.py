"""Stories of residents in two worlds, dated, in both languages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sim.base import counts
from sim.base.calendar import format_month
from sim.base.text import Message, counted, pick, say
from sim.catalogue import duty_classes, kinds
from sim.results.stories import Story
from sim.scenario.frame import unit_title
from sim.scenario.page import Page
from sim.views.wording import figure, signed

WHY = {
    "gained": say("who gained most in satisfaction"),
    "lost": say("who lost most in satisfaction"),
    "middle": say("one in the middle, of those whose lives differ"),
    "asked": say("asked for"),
}
DID = {
    "vote": say("voted"),
    "deliberate": say("was at a residents' meeting"),
    "activity": say("joined an activity"),
    "volunteer": say("gave time as a volunteer"),
    "contacted": say("was visited by the committee"),
    "recruited": say("was asked along by an acquaintance"),
    "recognised": say("was thanked in public"),
    "unfiled": say("needed something and did not ask for it"),
}
ENDS = {
    "solved": say("solved"),
    "badly": say("done badly"),
    "returned": say("done badly and sent back"),
    "lapsed": say("given up"),
}
STATES = {
    "satisfaction": say("satisfaction with services"),
    "trust_committee": say("trust in the committee"),
    "efficacy": say("feels heard"),
    "belonging": say("sense of belonging"),
}
NOTHING = "–"


def story_page(title: dict, pair: int, stories: Sequence[Story]) -> Page:
    """Return the stories of one pair; months in which a life is the same in both worlds are only counted."""
    page = Page(say("{title}: lives in two worlds", title=title))
    page.add(
        None,
        say("pair {pair}, the same luck in both worlds; nobody here is a real person", pair=pair),
        say("shown: the months that differ; what is the same in both is counted"),
    )
    if not stories:
        page.add(None, say("nobody's life differs between the two worlds"))
    for story in stories:
        page.add(_who(story), *_summary(story))
        rows = [_month(story, month, first=k == 0) for k, month in enumerate(story.apart)]
        page.table(None, [say("month"), say("without the reform"), say("with the reform")], rows)
        page.table(
            None,
            [say("at the end, 0 to 1"), say("without the reform"), say("with the reform"), say("difference")],
            _states(story),
        )
    return page


def _who(story: Story) -> Message:
    who = story.portrait
    return say(
        "{age} years old, {home}, {local}, household of {n}, in {area} ({why}; resident {id})",
        age=who["age"],
        home=say("owner") if who["owner"] else say("tenant"),
        local=say("registered here") if who["local"] else say("registered elsewhere"),
        n=who["household"],
        area=unit_title("community", who["area"]),
        why=WHY[story.why],
        id=who["id"],
    )


def _summary(story: Story) -> list[Message]:
    apart = story.apart
    if not apart:
        return [say("the same life in both worlds: {things}", things=_things(story.alike()))]
    return [
        say("the two lives part in {month}; months that differ: {apart} of {all}; alike in the others: {things}",
            month=format_month(apart[0]), apart=len(apart), all=len(story.months), things=_things(story.alike())),
    ]  # fmt: skip


def _things(n: int) -> Message:
    return counted("{n} thing happened", "{n} things happened", n=n)


def _month(story: Story, month: int, *, first: bool) -> list:
    arms = story.months[month]
    mark = "● " if first else ""
    return [mark + format_month(month), *(_telling(arms[arm]) for arm in ("baseline", "reform"))]


def _telling(told: list) -> str:
    ended = [one.duty for one in told if one.what in ENDS]
    open_ = [one for one in told if one.what != "filed" or one.duty not in ended]
    return pick(say("; ")).join(pick(words(one)) for one in open_) or NOTHING


def words(one: Any) -> Message:
    """Return one thing that happened, as a clause. one: a happening (what, duty, office, days, trips)."""
    if one.what in DID:
        return DID[one.what]
    matter = duty_classes()[one.duty].text
    if one.what == "filed":
        return say("asked for: {matter}", matter=matter)
    where = kinds()[one.office].text if one.office else NOTHING
    when = (
        say("the same day")
        if one.days < 1
        else say("after {days}", days=counts.working_days(figure(one.days)))
    )
    trips = say(", on the {n}. trip", n=f"{one.trips:.0f}") if one.trips > 1 else ""
    return say(
        "{matter}: {end} ({where}, {when}{trips})",
        matter=matter,
        end=ENDS[one.what],
        where=where,
        when=when,
        trips=trips,
    )


def _states(story: Story) -> list[list]:
    one, other = story.states["baseline"], story.states["reform"]
    return [
        [STATES[name], figure(one[name]), figure(other[name]), signed(other[name] - one[name])]
        for name in STATES
    ]
