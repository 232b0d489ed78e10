"""Random contents of dossiers, by procedure."""

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
class DossierContent:
    """The part of a dossier that depends on its procedure."""

    place: dict[str, str]
    facts: Json
    papers: list[Json]
    filed_by: str = "self"


@dataclass(frozen=True)
class Kind:
    """How dossiers of a procedure are generated. `weight`: how often; `channels`: weights of channels."""

    procedure: str
    weight: int
    channels: Mapping[str, int]
    delivery: tuple[str, ...]
    make: Callable[[Random, Wards, date], DossierContent]


def _paper(type_: str, today: date, days_ago: int | None = None, **more: str) -> Json:
    issued = {} if days_ago is None else {"issued_on": (today - timedelta(days=days_ago)).isoformat()}
    return {"type": type_} | more | issued


def _housing(random: Random, wards: Wards, today: date) -> DossierContent:
    represented = random.random() < 0.1
    facts = {"married": random.random() < 0.5, "owns_home": False}
    papers = [_paper("TOKHAI", today, form="02")]
    if represented:
        facts["represented"] = True
        papers.append(_paper("UYQUYEN", today, random.randrange(2, 60)))
    place = {"chosen": random.choice(wards), "project": random.choice(("sao-mai", "binh-minh"))}
    return DossierContent(place, facts, papers, "proxy" if represented else "self")


def _income(random: Random, wards: Wards, today: date) -> DossierContent:
    facts = {
        "labour_contract": False,
        "monthly_income_vnd": random.randrange(7, 16) * 1_000_000,
        "married": random.random() < 0.5,
    }
    return DossierContent({"residence": random.choice(wards)}, facts, [_paper("TOKHAI", today, form="05")])


def _social_housing(random: Random, wards: Wards, today: date) -> DossierContent:
    married = random.random() < 0.5
    facts = {"married": married, "labour_contract": False, "wants_loan": random.random() < 0.4}
    papers = [_paper("DON-NOXH", today), _paper("MAU02", today, random.randrange(5, 120))]
    if married and random.random() < 0.25:  # without it, the city issues one in a child dossier
        papers.append(_paper("MAU02", today, random.randrange(5, 120), holder="spouse"))
    papers.append(_paper("MAU05", today, random.randrange(3, 40)))
    project = "hoa-sua" if random.random() < 0.15 else "binh-minh"
    return DossierContent({"project": project, "residence": random.choice(wards)}, facts, papers)


def _birth(random: Random, wards: Wards, today: date) -> DossierContent:
    ward, age = random.choice(wards), random.randrange(2, 40)
    facts = {
        "child_born": (today - timedelta(days=age)).isoformat(),
        "householder_consents": random.random() < 0.8,
    }
    papers = [_paper("TOKHAI", today), _paper("GKSINH", today, age - 1)]
    return DossierContent({"chosen": ward, "residence": ward}, facts, papers)


def _death(random: Random, wards: Wards, today: date) -> DossierContent:
    ward = random.choice(wards)
    facts: Json = {"insured": random.random() < 0.6}
    if not facts["insured"]:
        facts["social_protection_or_merit"] = random.random() < 0.6
    papers = [_paper("TOKHAI", today), _paper("GBAOTU", today, random.randrange(1, 12))]
    return DossierContent({"chosen": ward, "residence": ward}, facts, papers)


def _permit(random: Random, wards: Wards, today: date) -> DossierContent:
    ward = random.choice(wards)
    facts = {"floors": random.randrange(1, 7), "area_m2": random.randrange(30, 120)}
    papers = [_paper("DON-GPXD", today), _paper("GCN", today, 3000), _paper("BANVE", today)]
    return DossierContent(
        {"chosen": random.choice((ward, random.choice(wards))), "parcel": ward}, facts, papers
    )


def _business(random: Random, wards: Wards, today: date) -> DossierContent:
    has_family_members = random.random() < 0.3
    trade = random.choice(FACTS["trades"])
    papers = [_paper("DON-HKD", today)] + ([_paper("BBHOP", today, 6)] if has_family_members else [])
    place = {"chosen": random.choice(wards), "business": random.choice(wards)}
    return DossierContent(place, {"family_members": has_family_members, "trade": trade}, papers)


def _land_transfer(random: Random, wards: Wards, today: date) -> DossierContent:
    facts = {"parcel_no": str(random.randrange(1, 300)), "map_sheet": str(random.randrange(1, 60))}
    papers = [
        _paper("MAU18", today),
        _paper("GCN", today, 4500),
        _paper("HDCN", today, random.randrange(2, 20)),
    ]
    return DossierContent({"chosen": random.choice(wards), "parcel": random.choice(wards)}, facts, papers)


def _land_lost(random: Random, wards: Wards, today: date) -> DossierContent:
    papers = [_paper("MAU18", today), _paper("NIEMYET", today, random.randrange(2, 15))]
    place = {"chosen": random.choice(wards), "parcel": random.choice(wards)}
    return DossierContent(place, {"parcel_no": str(random.randrange(1, 300))}, papers)


def _disability(random: Random, wards: Wards, today: date) -> DossierContent:
    facts: Json = {"barriers": ["cannot_travel"], "consent_recorded": True}
    papers = [_paper("MAU01KT", today), _paper("YTE", today, random.randrange(20, 80))]
    return DossierContent({"residence": random.choice(wards)}, facts, papers)


def _judicial(random: Random, wards: Wards, today: date) -> DossierContent:
    purpose = random.choice(FACTS["uses_of_judicial_record"])
    return DossierContent({}, {"for_use": purpose}, [_paper("TOKHAI", today)])


def _extract(random: Random, wards: Wards, today: date) -> DossierContent:
    facts = {"copies": random.randrange(1, 4), "register": random.choice(FACTS["registers"])}
    return DossierContent({"chosen": random.choice(wards)}, facts, [_paper("TOKHAI", today)])


def _copy(random: Random, wards: Wards, today: date) -> DossierContent:
    place = {"chosen": random.choice(wards), "register": random.choice(wards)}
    return DossierContent(place, {"copies": random.randrange(1, 4)}, [_paper("TOKHAI", today)])


def _marital(random: Random, wards: Wards, today: date) -> DossierContent:
    purpose = random.choice(FACTS["uses_of_marital_status"])
    place = {"chosen": random.choice(wards), "residence": random.choice(wards)}
    facts = {"earlier_wards": [random.choice(wards)], "for_use": purpose}
    return DossierContent(place, facts, [_paper("TOKHAI", today)])


def _residence(random: Random, wards: Wards, today: date) -> DossierContent:
    place = {"dwelling": random.choice(wards)}
    return DossierContent(place, {"rented": random.random() < 0.4}, [_paper("TOKHAI", today)])


def _marriage(random: Random, wards: Wards, today: date) -> DossierContent:
    resident_here = random.random() < 0.7
    papers = [_paper("TOKHAI", today)] + ([] if resident_here else [_paper("XN-HONNHAN", today, 25)])
    facts: Json = {"resident_here": resident_here} | ({"partner_present": True} if resident_here else {})
    return DossierContent({"chosen": random.choice(wards)}, facts, papers)


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
