"""One valid use of every structural operation there is."""

from __future__ import annotations

from sim.rules.operations import (
    CloseOffice,
    CreateSmallUnits,
    CreateZones,
    Hire,
    Merge,
    MoveOffice,
    OpenOffice,
    Procedure,
    Relation,
    Release,
    RemoveLayer,
    SharePosts,
    Split,
    Stage,
    TransferDuties,
    TransferStaff,
)

STREETS = RemoveLayer(
    "street", duties={"economy": "department", "enforcement": "department"}, approvals={"transaction": None}
)
STATION = OpenOffice("service_station", per="community", staff=2.0)
CLOSED_STATION = CloseOffice("service_station")
WORK = ("sanitation", "population", "request", "transaction")
STATION_WORK = TransferDuties("residents_committee", "service_station", WORK)
BACK_TO_COMMITTEES = dict.fromkeys(WORK, "residents_committee")
# A new handler of `enact` without a use here fails a test.
USES = {
    "remove_layer": (STREETS,),
    "close_office": (STATION, CLOSED_STATION),
    "merge": (Merge(18),),
    "split": (Merge(18), Split(2)),
    "open_office": (STATION,),
    "move_office": (STATION, MoveOffice("service_station", "street")),
    "create_zones": (CreateZones(3, ("economy", "enforcement"), staff=4.0),),
    "transfer_duties": (TransferDuties("residents_committee", "street_office", ("security", "request")),),
    "transfer_staff": (TransferStaff("street_office", "residents_committee", 40.0),),
    "hire": (Hire("residents_committee", 30.0),),
    "release": (Release("street_office", share=0.5),),
    "create_small_units": (CreateSmallUnits("courtyard"),),
    "relation": (Relation("street_office", "residents_committee", "contract"),),
    "procedure": (Procedure("steps", (Stage("talk", "residents_committee", 0.8, 42.0),)),),
    "share_posts": (SharePosts(("street_office", "district_office"), 1.0),),
}
