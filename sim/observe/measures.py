"""How each measure is counted: numerator and denominator, per area, from the columns of one month.

A value is never formed here; rates keep both parts so that areas, months and runs pool rightly. What an office
did is attributed to the areas it serves in proportion to households. Measures of people stand in `people.py`.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from sim.observe import costs, from_above, inequality, organised
from sim.world.cases import DONE
from sim.world.practice import DUTIES, practised_worth
from sim.world.world import KIND, World

Parts = tuple[np.ndarray, np.ndarray]
Count = Callable[[World], Parts]
COMMITTEE, STATION = "residents_committee", "service_station"


def shared_out(world: World, kind: str, values: np.ndarray) -> np.ndarray:
    """Return, per area, its households' part of a number of the office of a kind that serves it."""
    row = world.serving_rows(kind)
    share = world.areas.households / np.maximum(world.institutions.households[row], 1)
    return np.where(row >= 0, values[row] * share, 0.0)


def time_share(used: str) -> Count:
    """Return the count of committee time by one use, over all time accounted for."""

    def count(world: World) -> Parts:
        return shared_out(world, COMMITTEE, _time(world, used)), shared_out(
            world, COMMITTEE, world.institutions.hours_open
        )

    return count


def _time(world: World, used: str) -> np.ndarray:
    offices = world.institutions
    return {
        "assigned": offices.hours_assigned + offices.hours_accepted,
        "services": offices.hours_services,
        "selfgov": offices.hours_selfgov + offices.hours_protected,
        "slack": offices.hours_slack,
    }[used]


def hours_per_post(world: World) -> Parts:
    """Count self-governance hours over committee posts."""
    posts = np.bincount(
        np.maximum(world.staff.employer, 0),
        weights=(world.staff.is_employed == 1) & (world.staff.employer >= 0),
        minlength=world.institutions.n,
    )
    return shared_out(world, COMMITTEE, _time(world, "selfgov")), shared_out(world, COMMITTEE, posts)


def busy(kind: str) -> Count:
    """Return the count of busy hours over open hours of a kind."""

    def count(world: World) -> Parts:
        offices = world.institutions
        return shared_out(world, kind, offices.hours_assigned + offices.hours_services), shared_out(
            world, kind, offices.hours_open
        )

    return count


def per_area(upper: str, lower: str) -> Count:
    """Return the count of two columns of the area table, one over the other."""

    def count(world: World) -> Parts:
        return getattr(world.areas, upper).astype(float), getattr(world.areas, lower).astype(float)

    return count


def per_committee(column: str, where: str | None = None) -> Count:
    """Return the mean of an office column over committees (only those where another column is not zero)."""

    def count(world: World) -> Parts:
        offices = world.institutions
        there = np.ones(offices.n) if where is None else (getattr(offices, where) != 0).astype(float)
        return shared_out(world, COMMITTEE, getattr(offices, column) * there), shared_out(
            world, COMMITTEE, there
        )

    return count


def household_mean(column: str) -> Count:
    """Return the mean of an area column, weighted by households."""

    def count(world: World) -> Parts:
        weight = world.areas.households.astype(float)
        return getattr(world.areas, column) * weight, weight

    return count


def rule_in_use(row: int) -> Count:
    """Return the mean rule in use of a row of the practice table, weighted by households."""

    def count(world: World) -> Parts:
        weight = world.areas.households.astype(float)
        return world.practice.use[row] * weight, weight

    return count


def admission_in_use(world: World) -> Parts:
    """Return the mean part of assigned work that an admission rule covers in practice, weighted by households."""
    weight = world.areas.households.astype(float)
    return practised_worth(world, "admission.rule", (0, 1, 1)) * weight, weight


def ended(origin: int, column: str, value: int | None = None) -> Count:
    """Return the count of ended cases of an origin with a column's value (or the column's sum), over all of them."""

    def count(world: World) -> Parts:
        cases = world.ended
        mine = cases.origin == origin
        flag = getattr(cases, column) == value if value is not None else getattr(cases, column)
        upper = np.bincount(cases.area[mine], weights=flag[mine].astype(float), minlength=world.n_areas)
        return upper, np.bincount(cases.area[mine], minlength=world.n_areas).astype(float)

    return count


def ballots_valid(world: World) -> Parts:
    """Count ballots that reached their quorum over ballots held."""
    offices = world.institutions
    held = (offices.quorum != 0).astype(float)
    return shared_out(world, COMMITTEE, (offices.quorum == 1).astype(float)), shared_out(
        world, COMMITTEE, held
    )


def meetings_per_thousand(world: World) -> Parts:
    """Count meetings held per thousand households."""
    return shared_out(
        world, COMMITTEE, world.institutions.meetings.astype(float)
    ), world.areas.households / 1000.0


def backlog(world: World) -> Parts:
    """Count residents' and assigned cases still open per thousand households."""
    return np.bincount(world.cases.area[world.cases.state < DONE], minlength=world.n_areas).astype(
        float
    ), world.areas.households / 1000.0


def cases_in(world: World) -> Parts:
    """Count assigned and residents' cases that came in, or came back, per thousand households."""
    n, filer = world.n_areas, world.residents.area[world.filed.resident]
    came = (
        np.bincount(world.assigned.area, minlength=n) + np.bincount(filer, minlength=n) + world.areas.returned
    )
    return came.astype(float), world.areas.households / 1000.0


def cases_done(world: World) -> Parts:
    """Count assigned and residents' cases done per thousand households."""
    done = world.ended.area[world.ended.is_done == 1]
    return np.bincount(done, minlength=world.n_areas).astype(float), world.areas.households / 1000.0


def utilisation(world: World) -> Parts:
    """Count busy hours over open hours of all offices, by the area of their seat."""
    offices, n = world.institutions, world.n_areas
    used = offices.hours_assigned + offices.hours_services + offices.hours_protected
    return (
        np.bincount(offices.seat, weights=used, minlength=n),
        np.bincount(offices.seat, weights=offices.hours_open, minlength=n),
    )


def items_of_committee(world: World) -> Parts:
    """Count duty items in the hands of the residents' committee."""
    owned = (world.items.owner == KIND[COMMITTEE]).sum(axis=0)
    return owned.astype(float), np.ones(world.n_areas)


def per_thousand_households(column: str) -> Count:
    """Return the count of an area column per thousand households."""

    def count(world: World) -> Parts:
        return getattr(world.areas, column).astype(float), world.areas.households / 1000.0

    return count


def need_fit(world: World) -> Parts:
    """Count the overlap of project money and true need by area and kind: one when every yuan goes where need is."""
    n = world.n_areas
    return world.areas.need_fit.copy(), np.full(n, 1.0 / n)


def staff_share(column: str, at_least: float = 1.0) -> Count:
    """Return the count of posts whose column reaches a value, over all posts, by the area of the employer's seat."""

    def count(world: World) -> Parts:
        staff = world.staff
        mine = (staff.is_employed == 1) & (staff.employer >= 0)
        area = world.institutions.seat[staff.employer[mine]]
        flag = (getattr(staff, column)[mine] >= at_least).astype(float)
        n = world.n_areas
        return np.bincount(area, weights=flag, minlength=n), np.bincount(area, minlength=n).astype(float)

    return count


def volunteer_hours(world: World) -> Parts:
    """Count volunteers' hours over a hundred adults."""
    return world.areas.volunteer_hours.copy(), world.areas.adults / 100.0


def activity_places(world: World) -> Parts:
    """Count places in activities over a hundred adults."""
    places = world.institutions.activity_places.astype(float)
    return shared_out(world, COMMITTEE, places), world.areas.adults / 100.0


COUNTS: dict[str, Count] = {
    **costs.COUNTS,
    **from_above.COUNTS,
    **inequality.COUNTS,
    **organised.COUNTS,
    "activities.places": activity_places,
    "volunteers.hours": volunteer_hours,
    "participation.vote": per_area("votes", "eligible"),
    "participation.election_turnout": per_area("election_votes", "election_eligible"),
    "ballots.valid": ballots_valid,
    "meetings.held": meetings_per_thousand,
    "committee.share_time_assigned": time_share("assigned"),
    "committee.share_time_services": time_share("services"),
    "committee.share_time_selfgov": time_share("selfgov"),
    "committee.share_time_slack": time_share("slack"),
    "committee.hours_self_governance": hours_per_post,
    "committee.pressure": per_committee("pressure"),
    "committee.orientation": per_committee("orientation"),
    "committee.chosen_chair": per_committee("chosen"),
    "station.utilisation": busy(STATION),
    "offices.utilisation": utilisation,
    "duties.items": items_of_committee,
    "cases.in": cases_in,
    "cases.done": cases_done,
    "take_up": per_area("requests", "needs"),
    "staff.burnout_moderate": staff_share("burnout", 0.6),
    "staff.burnout_severe": staff_share("burnout", 0.8),
    "issues.open": per_thousand_households("need"),
    "proposals.made": per_thousand_households("proposals"),
    "proposals.passed": per_area("passed", "decided"),
    "wishes.vetoed": per_area("vetoes", "wishes"),
    "projects.done": per_thousand_households("projects_done"),
    "projects.lag": per_area("project_months", "projects_done"),
    "need.fit": need_fit,
    "staff.burnout": staff_share("burnout", 0.4),
    "staff.vacant": staff_share("vacant_for"),
    "staff.turnover": staff_share("has_left"),
    "assigned.issued": per_thousand_households("issued"),
    "assigned.refused": per_area("refused", "issued"),
    "assigned.undone": ended(0, "is_done", 0),
    "assigned.returned": ended(0, "is_returned", 1),
    "backlog": backlog,
    "money.arrival_share": per_area("arrived", "sent"),
    "money.arriving": per_area("arrived", "households"),
    "message.days": household_mean("message_days"),
    "rule_in_use.duties": rule_in_use(DUTIES),
    "rule_in_use.admission": admission_in_use,
}
# Measures that come out of the histograms of waits.
WAITS = ("wait.median", "wait.p90")
