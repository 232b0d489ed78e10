"""Decoding of the published organisation: an office for each role at each of its places."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, time
from typing import Any

from shared.catalogue.model.organisation import (
    Office,
    Organisation,
    Party,
    PartyChange,
    PlaceEnd,
    Project,
    Ward,
)

Json = Mapping[str, Any]


def decode_organisation(raw: Json) -> Organisation:
    """All offices, parties and dated changes."""
    wards = [_ward(row) for row in raw["wards"]]
    projects = [_project(id, row) for id, row in raw["projects"].items()]
    defaults = raw["defaults"]
    offices: dict[tuple[str, str], Office] = {}
    for role, row in raw["roles"].items():
        for key, values in _places(row["one_per"], wards, projects):
            offices[role, key] = _office(role, {**defaults, **row}, values)
    return Organisation(
        one_per={role: row["one_per"] for role, row in raw["roles"].items()},
        valid_from=date.fromisoformat(defaults["valid_from"]),
        offices=offices,
        parties=[_party(name, row) for name, row in raw["parties"].items()],
        projects=projects,
        wards=wards,
        changes=[_change(row) for row in raw["changes"] if row.get("to_party")],
        ended=[_end(row) for row in raw.get("ended", ())],
        phones={id: row["number"] for id, row in raw.get("phones", {}).items()},
    )


def _office(role: str, row: Json, values: Mapping[str, str]) -> Office:
    commune = values.get("ward_name", "").startswith("xã")
    name = (row.get("name_commune") if commune else None) or row.get("name") or row["vi"]
    unit = row.get("code_unit")
    return Office(
        id=row["office"].format_map(values),
        role=role,
        name_vi=name.format_map(values),
        short=row["short"].format_map(values),
        calendar=values.get("calendar") or row["calendar"],
        cutoff=time.fromisoformat(row["cutoff"]) if row.get("cutoff") else None,
        code_unit=unit.format_map(values) if unit else None,
        private=bool(row.get("private")),
        ward=values.get("ward"),
        project=values.get("project"),
    )


def _places(
    one_per: str, wards: Iterable[Ward], projects: Iterable[Project]
) -> Iterator[tuple[str, dict[str, str]]]:
    """The places of a role, each with the values for the templates of its office's id and names."""
    match one_per:
        case "ward":
            for ward in wards:
                name = ward.name[0].lower() + ward.name[1:]
                yield (
                    ward.code,
                    {
                        "ward": ward.code,
                        "ward_name": name,
                        "short": ward.short,
                        "point_no": str(ward.point_no),
                    },
                )
        case "former_district":
            for code, name in {ward.former_district_code: ward.former_district for ward in wards}.items():
                yield code, {"fd": code, "d": name}
        case "branch":
            for branch in sorted({ward.branch for ward in wards}):
                yield str(branch), {"n": str(branch)}
        case "project":
            for project in projects:
                yield (
                    project.id,
                    {
                        "project": project.id,
                        "project_no": str(project.number),
                        "project_name": project.name,
                        "project_short": project.short,
                        "calendar": project.calendar,
                    },
                )
        case _:
            yield "", {}


def _ward(row: Json) -> Ward:
    return Ward(
        code=row["code"],
        name=row["name"],
        short=row["short"],
        former_district_code=row["former_district_code"],
        former_district=row["former_district"],
        branch=row["branch"],
        point_no=row["point_no"],
        point_moves_on=date.fromisoformat(row["point_moves_on"]),
        lat=row["lat"],
        lon=row["lon"],
    )


def _project(id: str, row: Json) -> Project:
    opens, closes = map(date.fromisoformat, row["window"])
    return Project(
        id, row["project_no"], row["name"], row["short"], row["ward"], (opens, closes), row["calendar"]
    )


def _party(name: str, row: Json) -> Party:
    desk = bool(row.get("desk"))
    return Party(
        name=name,
        name_vi=row["vi"],
        desk=desk,
        has_topics=not desk and row.get("topics") != "none",
        pretend=bool(row.get("pretend")),
        roles=tuple(row["serves"]),
        projects=tuple(row.get("projects") or ()),
        digest=row.get("digest"),
    )


def _end(row: Json) -> PlaceEnd:
    return PlaceEnd(row.get("ward") or row["project"], date.fromisoformat(row["day"]), row.get("into"))


def _change(row: Json) -> PartyChange:
    day = date.fromisoformat(row["day"]) if row.get("day") else None
    return PartyChange(tuple(row["offices"]), day, row["from_party"], row["to_party"])
