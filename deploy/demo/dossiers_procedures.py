"""What people write and attach, procedure by procedure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any

from deploy.demo.made_up import FACTS

Json = dict[str, Any]
Wards = tuple[str, ...]


@dataclass(frozen=True)
class Made:
    """The part of a dossier that depends on its procedure."""

    place: dict[str, str]
    facts: Json
    papers: list[Json]
    filed_by: str = "self"


@dataclass(frozen=True)
class Kind:
    """A procedure: how often, through which doors, how results are handed over, what is filled in."""

    procedure: str
    weight: int
    channels: Mapping[str, int]
    delivery: tuple[str, ...]
    make: Callable[[Random, Wards, date], Made]


def _paper(type_: str, today: date, days_ago: int | None = None, **more: str) -> Json:
    issued = {} if days_ago is None else {"issued_on": (today - timedelta(days=days_ago)).isoformat()}
    return {"type": type_} | more | issued


def _housing(chance: Random, wards: Wards, today: date) -> Made:
    represented = chance.random() < 0.1
    facts = {"married": chance.random() < 0.5, "owns_home": False}
    papers = [_paper("TOKHAI", today, form="02")]
    if represented:
        facts["represented"] = True
        papers.append(_paper("UYQUYEN", today, chance.randrange(2, 60)))
    place = {"chosen": chance.choice(wards), "project": chance.choice(("sao-mai", "binh-minh"))}
    return Made(place, facts, papers, "proxy" if represented else "self")


def _income(chance: Random, wards: Wards, today: date) -> Made:
    facts = {
        "labour_contract": False,
        "monthly_income_vnd": chance.randrange(7, 16) * 1_000_000,
        "married": chance.random() < 0.5,
    }
    return Made({"residence": chance.choice(wards)}, facts, [_paper("TOKHAI", today, form="05")])


def _social_housing(chance: Random, wards: Wards, today: date) -> Made:
    married = chance.random() < 0.5
    facts = {"married": married, "labour_contract": False, "wants_loan": chance.random() < 0.4}
    papers = [_paper("DON-NOXH", today), _paper("MAU02", today, chance.randrange(5, 120))]
    if married and chance.random() < 0.25:  # the others' the city makes, in a child dossier
        papers.append(_paper("MAU02", today, chance.randrange(5, 120), holder="spouse"))
    papers.append(_paper("MAU05", today, chance.randrange(3, 40)))
    project = "hoa-sua" if chance.random() < 0.15 else "binh-minh"
    return Made({"project": project, "residence": chance.choice(wards)}, facts, papers)


def _birth(chance: Random, wards: Wards, today: date) -> Made:
    ward, age = chance.choice(wards), chance.randrange(2, 40)
    facts = {
        "child_born": (today - timedelta(days=age)).isoformat(),
        "householder_consents": chance.random() < 0.8,
    }
    papers = [_paper("TOKHAI", today), _paper("GKSINH", today, age - 1)]
    return Made({"chosen": ward, "residence": ward}, facts, papers)


def _death(chance: Random, wards: Wards, today: date) -> Made:
    ward = chance.choice(wards)
    facts: Json = {"insured": chance.random() < 0.6}
    if not facts["insured"]:
        facts["social_protection_or_merit"] = chance.random() < 0.6
    papers = [_paper("TOKHAI", today), _paper("GBAOTU", today, chance.randrange(1, 12))]
    return Made({"chosen": ward, "residence": ward}, facts, papers)


def _permit(chance: Random, wards: Wards, today: date) -> Made:
    ward = chance.choice(wards)
    facts = {"floors": chance.randrange(1, 7), "area_m2": chance.randrange(30, 120)}
    papers = [_paper("DON-GPXD", today), _paper("GCN", today, 3000), _paper("BANVE", today)]
    return Made({"chosen": chance.choice((ward, chance.choice(wards))), "parcel": ward}, facts, papers)


def _business(chance: Random, wards: Wards, today: date) -> Made:
    family = chance.random() < 0.3
    trade = chance.choice(FACTS["trades"])
    papers = [_paper("DON-HKD", today)] + ([_paper("BBHOP", today, 6)] if family else [])
    place = {"chosen": chance.choice(wards), "business": chance.choice(wards)}
    return Made(place, {"family_members": family, "trade": trade}, papers)


def _land_transfer(chance: Random, wards: Wards, today: date) -> Made:
    facts = {"parcel_no": str(chance.randrange(1, 300)), "map_sheet": str(chance.randrange(1, 60))}
    papers = [
        _paper("MAU18", today),
        _paper("GCN", today, 4500),
        _paper("HDCN", today, chance.randrange(2, 20)),
    ]
    return Made({"chosen": chance.choice(wards), "parcel": chance.choice(wards)}, facts, papers)


def _land_lost(chance: Random, wards: Wards, today: date) -> Made:
    papers = [_paper("MAU18", today), _paper("NIEMYET", today, chance.randrange(2, 15))]
    place = {"chosen": chance.choice(wards), "parcel": chance.choice(wards)}
    return Made(place, {"parcel_no": str(chance.randrange(1, 300))}, papers)


def _disability(chance: Random, wards: Wards, today: date) -> Made:
    facts: Json = {"barriers": ["cannot_travel"], "consent_recorded": True}
    papers = [_paper("MAU01KT", today), _paper("YTE", today, chance.randrange(20, 80))]
    return Made({"residence": chance.choice(wards)}, facts, papers)


def _judicial(chance: Random, wards: Wards, today: date) -> Made:
    use = chance.choice(FACTS["uses_of_judicial_record"])
    return Made({}, {"for_use": use}, [_paper("TOKHAI", today)])


def _extract(chance: Random, wards: Wards, today: date) -> Made:
    facts = {"copies": chance.randrange(1, 4), "register": chance.choice(FACTS["registers"])}
    return Made({"chosen": chance.choice(wards)}, facts, [_paper("TOKHAI", today)])


def _copy(chance: Random, wards: Wards, today: date) -> Made:
    place = {"chosen": chance.choice(wards), "register": chance.choice(wards)}
    return Made(place, {"copies": chance.randrange(1, 4)}, [_paper("TOKHAI", today)])


def _marital(chance: Random, wards: Wards, today: date) -> Made:
    use = chance.choice(FACTS["uses_of_marital_status"])
    place = {"chosen": chance.choice(wards), "residence": chance.choice(wards)}
    facts = {"earlier_wards": [chance.choice(wards)], "for_use": use}
    return Made(place, facts, [_paper("TOKHAI", today)])


def _residence(chance: Random, wards: Wards, today: date) -> Made:
    place = {"dwelling": chance.choice(wards)}
    return Made(place, {"rented": chance.random() < 0.4}, [_paper("TOKHAI", today)])


def _marriage(chance: Random, wards: Wards, today: date) -> Made:
    here = chance.random() < 0.7
    papers = [_paper("TOKHAI", today)] + ([] if here else [_paper("XN-HONNHAN", today, 25)])
    facts: Json = {"resident_here": here} | ({"partner_present": True} if here else {})
    return Made({"chosen": chance.choice(wards)}, facts, papers)


ONLINE, ANY = {"online": 1}, {"online": 6, "counter": 4}
VNEID, BY_POST = {"vneid": 7, "online": 3}, {"online": 4, "counter": 4, "post": 2}
DOOR_TO_DOOR = {"online": 2, "counter": 5, "home": 3}
KINDS = (
    Kind("housing-condition-02", 12, ONLINE, ("electronic",), _housing),
    Kind("income-confirm-police", 6, ANY, ("electronic",), _income),
    Kind("social-housing-purchase", 4, {"investor": 1}, ("investor",), _social_housing),
    Kind("birth-interlinked", 9, VNEID, ("post",), _birth),
    Kind("death-interlinked", 6, ANY, ("electronic", "counter"), _death),
    Kind("building-permit-house", 6, ANY, ("electronic",), _permit),
    Kind("business-household", 7, ANY, ("electronic",), _business),
    Kind("land-transfer", 8, BY_POST, ("counter",), _land_transfer),
    Kind("land-certificate-lost", 4, ANY, ("counter",), _land_lost),
    Kind("disability-certificate", 4, DOOR_TO_DOOR, ("counter", "post"), _disability),
    Kind("judicial-record-1", 9, VNEID, ("electronic",), _judicial),
    Kind("civil-status-extract", 9, ONLINE, ("electronic",), _extract),
    Kind("copy-from-original-book", 6, BY_POST, ("electronic",), _copy),
    Kind("marital-status", 8, ANY, ("electronic", "counter"), _marital),
    Kind("permanent-residence", 8, VNEID | {"counter": 2}, ("electronic",), _residence),
    Kind("marriage", 6, ANY, ("counter",), _marriage),
)
