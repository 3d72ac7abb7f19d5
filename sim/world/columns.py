"""Every column of every table, one row each: the state of the model on one page.

Cases have their own list in `cases.py`, beside the loop that moves them.
"""

from __future__ import annotations

from sim.world.body_columns import ORGANISATIONS, STAFF
from sim.world.practice_columns import PRACTICE
from sim.world.resident_columns import RESIDENTS
from sim.world.table import Column

# One row a column, so that the state reads as tables.
# fmt: off

TIES = 8
STOPS = 4
# Whom a department may ask to do a piece of assigned work, in the order of the `candidate` axis.
CANDIDATES = ("department", "street_office", "service_station", "residents_committee")

HOUSEHOLDS = (
    Column("id", "u8", "id", "stable name: area and ordinal", "trait", "populate"),
    Column("block", "i4", "row", "block", "trait", "populate"),
    Column("first", "i4", "row", "first resident", "trait", "populate"),
    Column("size", "i4", "person", "residents", "trait", "populate"),
    Column("moves", "i4", "count", "households that have lived here before this one", "status", "enact"),
)

BLOCKS = (
    Column("area", "i4", "row", "area the block lies in", "trait", "populate"),
    Column("courtyard", "i4", "row", "courtyard the block belongs to; courtyards number through the place", "trait", "populate"),
    Column("x", "f4", "km", "east", "trait", "populate"),
    Column("y", "f4", "km", "north", "trait", "populate"),
    Column("first", "i4", "row", "first resident", "trait", "populate"),
    Column("size", "i4", "person", "residents", "trait", "populate"),
    Column("homes", "i4", "household", "households whose people may know others", "trait", "populate"),
    Column("community", "i4", "row", "community the block belongs to: the row of its committee", "status", "enact"),
)

INSTITUTIONS = (
    Column("id", "u8", "id", "stable name: kind, area of seat, founding month, ordinal", "trait", "enact"),
    Column("kind", "i4", "kind", "index in the kind catalogue", "trait", "enact"),
    Column("seat", "i4", "row", "area of the seat", "status", "enact"),
    Column("layer", "i4", "layer", "index of its layer, 0 at the top", "status", "enact"),
    Column("parent", "i4", "row", "office above, -1 at the top", "status", "enact", -1),
    Column("pool", "i4", "row", "staff pool that serves its queue", "status", "enact", -1),
    Column("is_open", "u1", "flag", "exists", "status", "enact", 1),
    Column("founded", "i4", "month", "month of founding", "trait", "enact"),
    Column("closed", "i4", "month", "month of closing, -1 while open", "status", "enact", -1),
    Column("x", "f4", "km", "east", "status", "enact"),
    Column("y", "f4", "km", "north", "status", "enact"),
    Column("orientation", "f4", "0-1", "0 looks upward, 1 to residents", "status", "orient_committees", 0.5),
    Column("pressure", "f4", "ratio", "work wanted over hours available, smoothed", "status", "staff_offices", 1.0),
    Column("wanted", "f8", "hour", "standard hours wanted this month, all classes", "status", "serve"),
    Column("money", "i8", "yuan", "money in hand", "status", "pay_communities"),
    Column("earmarked", "i8", "yuan", "part of it kept for projects", "status", "pay_communities"),
    Column("granted", "i8", "yuan", "part of it that funds gave for nothing in particular", "status", "pay_communities"),
    Column("returnable", "i8", "yuan", "part of it that goes back where it is not spent by the end of a fund", "status", "pay_communities"),
    Column("money_in", "i8", "yuan", "money received this month", "status", "pay_communities"),
    Column("spent", "i8", "yuan", "money spent this month", "status", "pay_communities"),
    Column("overhead", "i8", "yuan", "kept of money that passed here this month, and spent on the office itself", "status", "pay_communities"),
    Column("upkeep", "i8", "yuan", "rooms and running costs this month, paid by the treasury", "status", "pay_communities"),
    Column("change_cost", "i8", "yuan", "one-off costs of its opening, closing or merging this month", "status", "enact"),
    Column("funding", "i8", "yuan", "paid into funds this month by the layer it stands for", "status", "enact"),
    Column("hours_assigned", "f8", "hour", "busy on assigned work this month", "status", "serve"),
    Column("hours_services", "f8", "hour", "busy on residents' cases this month", "status", "serve"),
    Column("hours_free", "f8", "hour", "open and not busy this month", "status", "serve"),
    Column("hours_usable", "f8", "hour", "free in gaps of an hour or more", "status", "serve"),
    Column("hours_open", "f8", "hour", "open hours of its staff this month", "status", "serve"),
    Column("hours_protected", "f8", "hour", "protected blocks of self-governance done this month", "status", "serve"),
    Column("hours_selfgov", "f8", "hour", "spent on self-governance this month", "status", "divide_free_hours"),
    Column("hours_accepted", "f8", "hour", "spent on further assigned work sought or accepted", "status", "divide_free_hours"),
    Column("hours_slack", "f8", "hour", "left over", "status", "divide_free_hours"),
    Column("hours_demanded", "f8", "hour", "self-governance work there is to do this month", "status", "staff_offices"),
    Column("meetings", "i4", "meeting", "meetings held this month", "status", "divide_free_hours"),
    Column("activity_places", "i4", "place", "places in the activities of the month", "status", "divide_free_hours"),
    Column("contract_hours", "f8", "hour", "bought hours at its desk from next month on", "status", "buy_services"),
    Column("own_hours", "f8", "hour", "hours organisations under contract have for work of their own desk next month", "status", "buy_services"),
    Column("own_quality", "f8", "share", "probability that they do a piece of it well", "status", "buy_services", 1.0),
    Column("mandate", "f8", "share", "turnout of the last election with a choice, fading over the term", "status", "seat_committees"),
    Column("chosen", "u1", "flag", "the chair was chosen by residents at the last election", "status", "seat_committees"),
    Column("chair", "i1", "origin", "where the chair comes from, index of the origins of the lever; -1 before the first month", "status", "seat_committees", -1),
    Column("volunteer_hours", "f8", "hour", "hours that volunteers give from next month on", "status", "volunteer"),
    Column("is_ballot", "u1", "flag", "holds a ballot this month", "status", "call_ballots"),
    Column("is_election", "u1", "flag", "the ballot is an election", "status", "call_ballots"),
    Column("ballot_credit", "f8", "ballot", "ballots due, fraction carried on", "status", "call_ballots"),
    Column("funded", "f8", "share", "part of the cost of self-governance that money in hand covered last month", "status", "pay_communities", 1.0),
    Column("wish", "i1", "mark", "the committee's own wish: 1 needed, 0 needless, 2 needless and waiting for a ballot, -1 none", "status", "propose_projects", -1),
    Column("wish_outcome", "i1", "sign", "a needless wish: 1 has its way, -1 refused, 2 waits for a valid ballot, 0 none", "status", "decide_projects"),
    Column("project_cost", "i8", "yuan", "works to pay for this month", "status", "carry_out_projects"),
    Column("turnout", "f8", "share", "present at this month's ballot, of its members", "status", "cast_votes"),
    Column("quorum", "i1", "sign", "this month's ballot: 1 valid, -1 failed, 0 none", "status", "cast_votes"),
    Column("wait_shown", "f4", "day", "wait residents expect here, from last month", "status", "serve"),
    Column("house", "i1", "mark", "0 a door of its own, else shared with the kinds of the same mark", "status", "enact"),
    Column("open_hours", "f4", "hour/day", "opening hours of its own, 0 as the rules say", "status", "enact"),
    Column("adults", "i4", "person", "adults in its community", "status", "enact"),
    Column("households", "i4", "household", "households it serves", "status", "enact"),
)

POOLS = (
    Column("id", "u8", "id", "stable name", "trait", "enact"),
    Column("servers", "i4", "person", "staff at work this month", "status", "staff_offices"),
    Column("open_ticks", "i4", "second/day", "open time a day", "status", "staff_offices"),
    Column("speed", "f8", "ratio", "time a case takes against the standard", "status", "staff_offices", 1.0),
    Column("haste", "f8", "ratio", "time a case is given by practised people, against the standard", "status", "staff_offices", 1.0),
    Column("quality", "f8", "share", "probability that a case is done well", "status", "staff_offices", 1.0),
    Column("standard", "f8", "ratio", "time a case is thought to deserve, which follows what it is given", "status", "staff_offices", 1.0),
    Column("visiting_hours", "f8", "hour", "hours of staff who came with admitted work this month", "status", "admit_tasks"),
    Column("lent_hours", "f8", "hour", "hours its own staff are away this month with work they sent", "status", "admit_tasks"),
)

AREAS = (
    Column("x", "f4", "km", "east", "trait", "populate"),
    Column("y", "f4", "km", "north", "trait", "populate"),
    Column("households", "i4", "household", "households", "trait", "populate"),
    Column("residents", "i4", "person", "residents", "trait", "populate"),
    Column("adults", "i4", "person", "adults", "trait", "populate"),
    Column("law", "i4", "year", "year of the law on committees that holds here", "trait", "populate", 1989),
    Column("hops", "i4", "hop", "layers a message or a payment passes between the top and the community", "status", "enact"),
    Column("span", "f8", "unit", "communities under the office above this one", "status", "practise_rules"),
    Column("span_at_start", "f8", "unit", "the same when the world began", "status", "practise_rules"),
    Column("attention", "f8", "ratio", "attention from above, against the start", "status", "practise_rules", 1.0),
    Column("message_days", "f8", "day", "time a message takes from the top to the community", "status", "practise_rules"),
    Column("message_days_at_start", "f8", "day", "the same when the world began", "status", "practise_rules"),
    Column("issued", "i8", "case", "assigned work issued this month", "status", "assign_tasks"),
    Column("refused", "i8", "case", "assigned work the community refused this month", "status", "admit_tasks"),
    Column("accompanied", "i8", "case", "assigned work that came with staff and money", "status", "admit_tasks"),
    Column("needs", "i8", "need", "needs that arose this month", "status", "request_services"),
    Column("requests", "i8", "case", "needs filed as requests", "status", "request_services"),
    Column("transactions", "i8", "case", "counter transactions filed", "status", "request_services"),
    Column("returned", "i8", "case", "cases done badly this month that come back", "status", "serve"),
    Column("months_to_election", "i4", "month", "months until the next election", "status", "call_ballots", -1),
    Column("eligible", "i8", "person", "entitled to vote in this month's ballots", "status", "cast_votes"),
    Column("votes", "i8", "person", "who voted this month", "status", "cast_votes"),
    Column("election_eligible", "i8", "person", "entitled to vote in this month's elections", "status", "cast_votes"),
    Column("election_votes", "i8", "person", "who voted in this month's elections", "status", "cast_votes"),
    Column("invited", "i8", "person", "adults whose community held a meeting this month", "status", "attend_meetings"),
    Column("attended", "i8", "person", "who was at a meeting this month", "status", "attend_meetings"),
    Column("joined", "i8", "person", "who joined an activity this month", "status", "join_activities"),
    Column("volunteer_hours", "f8", "hour", "hours volunteers gave this month", "status", "volunteer"),
    Column("months_to_delegates", "i4", "month", "months until delegates are chosen anew", "status", "seat_delegates"),
    Column("delegates_called", "u1", "flag", "a merger has delegates chosen anew this month", "status", "enact"),
    Column("small_units", "i4", "unit", "small units that meet on their own, 0 none", "status", "enact"),
    Column("relation", "i1", "form", "how government stands to the committee: 0 as before, else an index of RELATIONS", "status", "enact"),
    Column("station_supervised", "u1", "flag", "the committee supervises the station", "status", "enact"),
    Column("procedure_days", "f4", "day", "working days the steps of a residents' proposal take", "status", "enact"),
    Column("procedure_pass", "f4", "share", "proposals that pass all steps", "status", "enact", 1.0),
    Column("duties_moved", "f8", "share", "of the items of assigned work that ever changed hands, those that the last change moved", "status", "enact", 1.0),
    Column("months_to_review", "i4", "month", "months until the list of admitted work is reviewed", "status", "practise_rules"),
    Column("organising", "f4", "ratio", "groups that form here, over the usual rate; negative before the place's own are in", "status", "organise_groups", initial=-1),
    Column("filing_pace", "f4", "ratio", "groups that file, over the usual chance", "status", "organise_groups", initial=1),
    Column("registering_pace", "f4", "ratio", "groups that register, over the usual chance", "status", "organise_groups", initial=1),
    Column("organisations_counted", "u1", "flag", "the place says how many organisations it begins with", "trait", "populate"),
    Column("organised_places", "f8", "place", "places in activities that organisations offer from now on", "status", "organise_groups"),
    Column("months_to_award", "i4", "month", "months until contracts are awarded anew", "status", "buy_services"),
    Column("contract_places", "f8", "place", "places in activities that are bought", "status", "buy_services"),
    Column("firms_yuan", "i8", "yuan", "paid to firms this month under running contracts", "status", "buy_services"),
    Column("bought_work", "i8", "case", "pieces of work on the catalogue of purchases this month", "status", "hand_over_work"),
    Column("handed_over", "i8", "case", "of these, taken by organisations", "status", "hand_over_work"),
    Column("purchase_sent", "i8", "yuan", "set aside for buying services this month", "status", "buy_services"),
    Column("purchase_paid", "i8", "yuan", "paid to who was hired this month", "status", "buy_services"),
    Column("need", "f8", "severity", "open matters, summed severity", "status", "arise_issues"),
    Column("need_by_kind", "f8", "severity", "the same by kind of matter; negative before the first month", "status", "arise_issues", -1, ("issue_kind",)),
    Column("picture", "f8", "severity", "the same by kind, as the top sees it", "status", "picture_needs", 0, ("issue_kind",)),
    Column("picture_days", "f8", "day", "working days this picture is behind what is so", "status", "picture_needs"),
    Column("wanted", "f8", "share", "kinds of projects that those above want here", "status", "picture_needs", 0, ("issue_kind",)),
    Column("project_money", "i8", "yuan", "project money meant for the area this month", "status", "picture_needs"),
    Column("need_fit", "f8", "share", "the area's part of the overlap of money and need, by area and kind", "status", "picture_needs"),
    Column("proposals", "i8", "proposal", "raised by residents this month", "status", "propose_projects"),
    Column("decided", "i8", "proposal", "decided this month", "status", "decide_projects"),
    Column("passed", "i8", "proposal", "passed this month", "status", "decide_projects"),
    Column("residents_passed", "i8", "proposal", "of these, raised by residents", "status", "decide_projects"),
    Column("wishes", "i8", "proposal", "committee wishes decided this month, by residents or by itself", "status", "decide_projects"),
    Column("vetoes", "i8", "proposal", "committee wishes refused by residents", "status", "decide_projects"),
    Column("projects_done", "i8", "project", "carried out this month", "status", "carry_out_projects"),
    Column("project_months", "i8", "month", "their age, summed", "status", "carry_out_projects"),
    Column("arrived", "i8", "yuan", "money that reached the community this month", "status", "pay_communities"),
    Column("sent", "i8", "yuan", "money sent down for the community this month", "status", "pay_communities"),
)

ITEMS = (
    Column("duty_class", "i4", "class", "index in the catalogue of duty classes", "trait", "populate"),
    Column("department", "i4", "row", "department that issues it, -1 for residents' cases", "trait", "populate", -1),
    Column("level", "i4", "level", "level of government it comes from: 0 state to 4 street", "trait", "populate"),
    Column("per_year", "f8", "case/year", "issued a year at the reference community of 2000 households", "trait", "populate"),
    Column("hours", "f4", "hour", "standard hours a case", "trait", "populate"),
    Column("cv", "f4", "ratio", "spread of the hours", "trait", "populate"),
    Column("organ_share", "f8", "share", "part issued once per receiving organ", "trait", "populate"),
    Column("origin", "i1", "origin", "0 assigned, 1 resident, 2 own", "trait", "populate"),
    Column("priority", "i1", "rank", "0 served first", "trait", "populate"),
    Column("must_rank", "f8", "0-1", "accepted under any admission rule where the must share exceeds it", "trait", "populate"),
    Column("owner", "i2", "kind", "kind that performs it, as written", "status", "enact", -1, ("area",)),
    Column("before", "i2", "kind", "kind that performed it before the writing last changed", "status", "enact", -1, ("area",)),
    Column("approver", "i2", "kind", "kind that approves it, -1 none", "status", "enact", -1, ("area",)),
)

DEPARTMENTS = (
    Column("institution", "i4", "row", "its row in the institution table", "trait", "populate"),
    Column("intensity", "f8", "ratio", "what it issues against the standard volume", "status", "learn_whom_to_ask", 1.0, ("area",)),
    Column("belief", "f8", "share", "expected share completed, by candidate", "status", "learn_whom_to_ask", 0.8, ("area", "candidate")),
    Column("asked", "i8", "case", "asked this month, by candidate", "status", "assign_tasks", 0, ("area", "candidate")),
    Column("completed", "i8", "case", "assigned work ended this month, by whom it was asked of: done", "status", "serve", 0, ("area", "candidate")),
    Column("lapsed", "i8", "case", "the same: lapsed undone", "status", "serve", 0, ("area", "candidate")),
    Column("trend", "f8", "ratio", "growth of what it issues since the world began", "status", "learn_whom_to_ask", 1.0),
    Column("refusals", "i8", "case", "refused this month", "status", "admit_tasks", 0, ("area",)),
)

# New work of the month, before it becomes cases: one row a piece, replaced every month.
ASSIGNED = (
    Column("key", "u8", "id", "stable name of the case", "trait", "assign_tasks"),
    Column("item", "i4", "row", "duty item", "trait", "assign_tasks"),
    Column("area", "i4", "row", "area it concerns", "trait", "assign_tasks"),
    Column("department", "i4", "row", "department that issues it", "trait", "assign_tasks"),
    Column("asked", "i4", "candidate", "who is asked, index of CANDIDATES", "status", "assign_tasks"),
    Column("asked_row", "i4", "row", "office asked", "status", "assign_tasks"),
    Column("performer", "i4", "row", "office that will do it once admission has spoken", "status", "admit_tasks", -1),
    Column("hired", "i4", "row", "who does it instead: organisations under contract, -1 nobody else", "status", "hand_over_work", -1),
)

FILED = (
    Column("key", "u8", "id", "stable name of the case", "trait", "request_services"),
    Column("item", "i4", "row", "duty item", "trait", "request_services"),
    Column("resident", "i4", "row", "who files it", "trait", "request_services"),
    Column("stops", "i4", "row", "offices it passes in order, -1 none", "status", "route_requests", -1, ("stop",)),
    Column("elements", "i1", "element", "work done at each stop: 0 main, 1 desk check, 2 approval, 3 none: a rival owner", "status", "route_requests", 0, ("stop",)),
    Column("passes", "i1", "count", "times owner and rival pass it to one another", "status", "route_requests"),
    Column("hired", "i4", "row", "who does the work instead: organisations under contract, -1 nobody else", "status", "hand_over_work", -1),
)

# Residents' and assigned cases that ended this month, done or lapsed; replaced every month.
ENDED = (
    Column("key", "u8", "id", "stable name of the case", "trait", "serve"),
    Column("item", "i4", "row", "duty item", "trait", "serve"),
    Column("area", "i4", "row", "area it concerns", "trait", "serve"),
    Column("resident", "i4", "row", "who filed it, -1 for assigned work", "trait", "serve", -1),
    Column("office", "i4", "row", "office that did it, or where it lapsed", "trait", "serve", -1),
    Column("is_done", "u1", "flag", "done, else lapsed or abandoned", "trait", "serve"),
    Column("wait_days", "f4", "day", "working days from filing to the end", "trait", "serve"),
    Column("hand_offs", "i1", "count", "times it was handed on", "trait", "serve"),
    Column("origin", "i1", "origin", "0 assigned, 1 resident, 2 own", "trait", "serve"),
    Column("is_solved", "u1", "flag", "done and done well enough", "status", "serve"),
    Column("is_returned", "u1", "flag", "done badly and comes back as a new case", "status", "serve"),
    Column("trips", "f4", "trip", "trips it cost the resident; 0 for assigned work", "status", "serve"),
)

# Public matters of the neighbourhood, from the month they arise to the month after they end.
ISSUES = (
    Column("id", "u8", "id", "stable name: block, month, ordinal", "trait", "arise_issues"),
    Column("block", "i4", "row", "block it stands in", "trait", "arise_issues"),
    Column("area", "i4", "row", "area of the block", "trait", "arise_issues"),
    Column("kind", "i1", "issue kind", "index in the catalogue of kinds of matters", "trait", "arise_issues"),
    Column("severity", "f4", "0-1", "how bad it is for its courtyard", "trait", "arise_issues"),
    Column("cost", "i8", "yuan", "what mending it costs", "trait", "arise_issues"),
    Column("age", "i4", "month", "months since it arose", "status", "arise_issues"),
    Column("proposed", "i1", "origin", "0 not raised, 1 by residents, 2 by the committee", "status", "propose_projects"),
    Column("passed", "i1", "sign", "1 passed, -1 rejected, 0 undecided", "status", "decide_projects"),
    Column("paid", "u1", "flag", "works are paid for and under way", "status", "carry_out_projects"),
    Column("works_left", "i2", "month", "months of works left", "status", "carry_out_projects"),
    Column("is_done", "i1", "state", "1 done, 2 failed, 0 open", "status", "carry_out_projects"),
)

TABLES = {
    "organisations": ORGANISATIONS,
    "issues": ISSUES,
    "ended": ENDED,
    "assigned": ASSIGNED,
    "filed": FILED,
    "areas": AREAS,
    "items": ITEMS,
    "departments": DEPARTMENTS,
    "practice": PRACTICE,
    "residents": RESIDENTS,
    "households": HOUSEHOLDS,
    "blocks": BLOCKS,
    "institutions": INSTITUTIONS,
    "staff": STAFF,
    "pools": POOLS,
}
STOCKS = tuple(c.name for c in RESIDENTS if c.kind == "stock")
