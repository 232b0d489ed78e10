"""Checks of references in organisation, wards, lineage, messages and states."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from shared.catalogue.model.papers import RULES
from shared.catalogue.texts.message_check import message_errors

Items = Mapping[str, Mapping[str, Any]]
Findings = Iterator[tuple[tuple[str | int, ...], str]]


def _organisation(items: Items) -> Findings:
    organisation, calendars = items["organisation"], items["calendar"]["calendars"]
    wards = {ward["code"] for ward in organisation["wards"]}
    parties = organisation["parties"]
    for role, row in organisation["roles"].items():
        if row.get("calendar", "hn") not in calendars:
            yield ("roles", role, "calendar"), "no such calendar in calendars.yaml"
        yield from _template(role, row)
    for project, row in organisation["projects"].items():
        if row["calendar"] not in calendars:
            yield ("projects", project, "calendar"), "no such calendar in calendars.yaml"
        if row["ward"] not in wards:
            yield ("projects", project, "ward"), "no such ward in wards.csv"
    for party, row in parties.items():
        for role in row["serves"]:
            if role not in organisation["roles"]:
                yield ("parties", party, "serves"), f"no role {role}"
    yield from _check_parties(organisation)
    for index, change in enumerate(organisation["changes"]):
        yield from (
            (("changes", index, "offices"), message)
            for message in _change_errors(change, organisation, wards)
        )
        for end in ("from_party", "to_party"):
            if change.get(end) and change[end] not in parties:
                yield ("changes", index, end), "no such party"
        if bool(change.get("day")) == bool(change.get("day_from")):
            yield ("changes", index), "give `day` or `day_from`, one of them"
    yield from _check_ended(organisation, wards)
    yield from _check_phones(organisation)


def _check_phones(organisation: Mapping[str, Any]) -> Findings:
    """A phone is that of a role, or of an office of one (`WARD.00070`)."""
    roles = {*organisation["roles"], *organisation["no_task_roles"]}
    for name in organisation.get("phones", {}):
        if name.partition(".")[0] not in roles:
            yield ("phones", name), "name a role, or an office by its code"


def _check_ended(organisation: Mapping[str, Any], wards: set[str]) -> Findings:
    """Ended places must have existed, and their successors must exist."""
    ends = organisation.get("ended", ())
    places = [end.get("ward") or end.get("project") for end in ends]
    for index, end in enumerate(ends):
        ward, project, successor = (end.get(name) for name in ("ward", "project", "into"))
        if bool(ward) == bool(project):
            yield ("ended", index), "give `ward` or `project`, one of them"
        elif places.count(ward or project) > 1:
            yield ("ended", index), f"{ward or project} ends twice; one line each"
        elif (ward and ward not in wards) or (project and project not in organisation["projects"]):
            yield (
                ("ended", index),
                f"no such ward or project: {ward or project}; keep its own line, its offices finish",
            )
        if successor and (project or successor not in wards or successor in places):
            yield ("ended", index, "into"), "names a ward that stands, and takes over from a ward"


def _check_parties(organisation: Mapping[str, Any]) -> Findings:
    """Each role, or each project of a role per project, must belong to exactly one party."""
    parties = organisation["parties"]
    for role, row in organisation["roles"].items():
        count = sum(role in party["serves"] for party in parties.values())
        if count == 0 or (count > 1 and row["one_per"] != "project"):
            yield ("roles", role), f"{count} parties serve {role}; exactly one must"
    for project in organisation["projects"]:
        count = sum(project in party.get("projects", ()) for party in parties.values())
        if count != 1:
            yield ("projects", project), f"{count} parties have {project}; exactly one must"


def _change_errors(
    change: Mapping[str, Any], organisation: Mapping[str, Any], wards: set[str]
) -> Iterator[str]:
    """The problems of the offices in a change of party."""
    if not change.get("to_party"):
        return
    for pattern in change["offices"]:
        role, _, place = pattern.partition(".")
        one_per = organisation["roles"].get(role, {}).get("one_per")
        if one_per is None:
            yield f"{pattern}: no role {role}"
        elif one_per == "ward" and place != "*" and place not in wards:
            yield f"{pattern}: no ward {place} in wards.csv"
        elif one_per != "ward" and change.get("day_from"):
            yield f"{pattern}: only offices of a ward have a day of their own"


def _template(role: str, row: Mapping[str, Any]) -> Findings:
    variables: tuple[str, ...] = (
        "ward",
        "ward_name",
        "short",
        "point_no",
        "fd",
        "d",
        "n",
        "project",
        "project_no",
        "project_name",
        "project_short",
    )
    blanks: dict[str, str] = dict.fromkeys(variables, "")
    for name in ("office", "short", "name", "name_commune", "code_unit"):
        try:
            (row.get(name) or "").format(**blanks)
        except (KeyError, ValueError, IndexError):
            yield ("roles", role, name), "may use only {" + "} {".join(variables) + "}"


def _wards(items: Items) -> Findings:
    for column in ("code", "point_no", "short"):
        seen: set[Any] = set()
        for index, row in enumerate(items["organisation"]["wards"]):
            if row[column] in seen:
                yield (index,), f"{column} {row[column]} stands in two rows; each ward has its own"
            seen.add(row[column])


def _lineage(items: Items) -> Findings:
    wards = {ward["code"] for ward in items["organisation"]["wards"]}
    for former, rows in items["organisation:lineage"]["candidates"].items():
        if sum(row["likely"] for row in rows) != 1:
            yield (), f"former ward {former} needs exactly one row with likely=yes"
        for row in rows:
            if row["code"] not in wards:
                yield (), f"former ward {former}: {row['code']} is no ward of wards.csv"


def _states(items: Items) -> Findings:
    states = items["vocabulary:states"]["states"]
    for index, row in enumerate(items["vocabulary:states"]["transitions"]):
        for end in ("from", "to"):
            if row[end] not in states:
                yield ("transitions", index, end), f"no state {row[end]}"


def _messages(items: Items) -> Findings:
    """The texts, by the check that notification makes of them too; the path of a template has its key."""
    yield from message_errors(items["messages"])


def _rules(items: Items) -> Findings:
    for word in items["vocabulary:words"]["papers_required"].keys() ^ RULES.keys():
        yield (
            ("papers_required", word),
            "stands in only one of words.yaml and shared/catalogue/model/papers.py",
        )


CHECKS: Mapping[str, Callable[[Items], Findings]] = {
    "organisation": _organisation,
    "wards": _wards,
    "organisation:lineage": _lineage,
    "messages": _messages,
    "vocabulary:states": _states,
    "vocabulary:words": _rules,
}
"""The check of each kind of item."""
