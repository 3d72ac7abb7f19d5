"""Every column of those who work for residents beside offices: people who hold posts, and organisations."""

from __future__ import annotations

from sim.world.table import Column

# One row a column, so that the state reads as a table.
# fmt: off

BASE_PAY = 3000  # yuan a month, of a post as it is opened

STAFF = (
    Column("id", "u8", "id", "stable name: post at the start, ordinal", "trait", "enact"),
    Column("employer", "i4", "row", "institution that employs, -1 in the district pool", "status", "enact"),
    Column("pool", "i4", "row", "pool served, -1 none", "status", "enact", -1),
    Column("post_at_start", "i4", "kind", "kind of the first employer, for reporting by group", "trait", "enact"),
    Column("rank", "i1", "rank", "0 worker, 1 cadre, 2 leader", "status", "enact"),
    Column("pay", "i4", "yuan/month", "pay", "status", "enact", BASE_PAY),
    Column("skill", "f4", "ratio", "speed against a practised worker", "status", "wear_staff", 1.0),
    Column("burnout", "f4", "index", "exhaustion; .4 mild, .6 moderate, .8 severe", "status", "wear_staff", 0.3),
    Column("resentment", "f4", "0-1", "slights of late: rank, status or pay lost, others promoted", "status", "wear_staff"),
    Column("vacant_for", "i2", "month", "months the post stays empty, 0 held", "status", "wear_staff"),
    Column("holder", "i2", "count", "how many people have held the post before", "status", "wear_staff"),
    Column("has_left", "u1", "flag", "the holder left this month", "status", "wear_staff"),
    Column("status_lost", "u1", "flag", "moved this month without the kind of employment they had", "status", "enact"),
    Column("rank_seen", "i1", "rank", "rank last month", "status", "wear_staff"),
    Column("pay_seen", "i4", "yuan/month", "pay last month", "status", "wear_staff"),
    Column("fte", "i1", "tenth", "full-time equivalent in tenths", "status", "enact", 10),
    Column("is_present", "u1", "flag", "at work this month", "status", "staff_offices", 1),
    Column("is_employed", "u1", "flag", "holds a post", "status", "enact", 1),
)

# Organisations of residents, from the latent group to the registered body; rows come and go.
ORGANISATIONS = (
    Column("id", "u8", "id", "stable name: area, month, ordinal", "trait", "organise_groups"),
    Column("area", "i4", "row", "area it works in", "trait", "organise_groups"),
    Column("form", "i1", "form", "0 latent, 1 filed, 2 registered", "status", "organise_groups"),
    Column("age", "i4", "month", "months since it formed", "status", "organise_groups"),
    Column("members", "f4", "person", "members", "status", "organise_groups"),
    Column("ability", "f4", "0-1", "how well it works", "trait", "organise_groups"),
    Column("contract", "i8", "yuan/month", "public money under its contract", "status", "buy_services"),
    Column("dependence", "f4", "0-1", "part of its income that is public money, smoothed over a year", "status", "buy_services"),
)
