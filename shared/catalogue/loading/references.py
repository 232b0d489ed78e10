"""Words that must name something: a fact, a role, a paper, a calendar, a ward. Unknown ones are errors."""

from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Any

from shared.catalogue.loading import references_city
from shared.catalogue.loading.located_data import DataProblem, LocatedData
from shared.catalogue.model.papers import RULES

Items = Mapping[str, Mapping[str, Any]]
Found = Iterator[tuple[tuple[str | int, ...], str]]

WARNED_IN = {"days_left": {"working_day", "calendar_day"}, "hours_left": {"working_hour"}}
"""Which total each warning is measured by."""

TWICE = "two versions are in force at once; end this one the day before the next"


def reference_errors(items: Items, sources: Mapping[str, LocatedData]) -> Iterator[DataProblem]:
    """Every word of the items that names nothing, with its file and line."""
    for item, content in items.items():
        if item.startswith("procedure:"):
            source = sources[item]
            at = source_index(source, content["version"])
            for check in (_steps, _makers, _papers, _facts, _places, _lists, _warnings):
                yield from _told(source, ("versions", at), check(content, items))
    for item, check in references_city.CHECKS.items():
        yield from _told(sources[item], (), check(items))
    yield from _versions(items, sources)


def _told(source: LocatedData, at: tuple[str | int, ...], found: Found) -> Iterator[DataProblem]:
    for path, message in found:
        place = (*at, *path)
        yield DataProblem(source.file, source.line(place), ".".join(map(str, place)), message)


def source_index(source: LocatedData, version: int) -> int:
    """Which entry of the file's `versions` this version is."""
    return next(at for at, row in enumerate(source.data["versions"]) if row["version"] == version)


def _steps(procedure: Mapping[str, Any], items: Items) -> Found:
    roles, facts = items["organisation"]["roles"], items["vocabulary:facts"]["facts"]
    ids = [step["id"] for step in procedure["steps"]]
    for at, step in enumerate(procedure["steps"]):
        here = ("steps", at)
        if ids.count(step["id"]) > 1:
            yield (*here, "id"), f"two steps are called {step['id']}; rename one"
        if step["role"] not in roles:
            yield (*here, "role"), f"no role {step['role']} in organisation.yaml"
        for role in (step.get("fan_out") or {}).get("roles", ()):
            if role not in roles:
                yield (*here, "fan_out", "roles"), f"no role {role} in organisation.yaml"
        for before in step["after"]:
            if before not in ids[:at] and before not in ids[at + 1 :]:
                yield (*here, "after"), f"no other step is called {before}"
        when = step.get("when")
        if when and not facts.get(when["fact"], {}).get("routing"):
            yield (*here, "when"), f"{when['fact']} is no fact with `routing: true` in facts.yaml"
        if step.get("follows") and "project" not in procedure["places"].values():
            yield (*here, "follows"), "no place of this procedure is a project, so there is no window"
    if _circular({step["id"]: step["after"] for step in procedure["steps"]}):
        yield ("steps",), "the steps wait for each other in a circle; cut it"


def _makers(procedure: Mapping[str, Any], items: Items) -> Found:
    """Steps that another dossier does, or that make a paper which may be filed first."""
    known = {item.split(":")[1] for item in items if item.startswith("procedure:")}
    papers = {paper["type"] for paper in procedure["papers"]}
    for at, step in enumerate(procedure["steps"]):
        here, child, makes = ("steps", at), step.get("child"), step.get("makes")
        if child and child not in known:
            yield (*here, "child"), f"no procedure {child}"
        if makes and makes not in papers:
            yield (*here, "makes"), f"{makes} is no paper of this procedure, so nobody could file it"
        if step.get("paper_of") and not (child or makes):
            yield (*here, "paper_of"), "says whose paper this step makes, and it makes none"
        for why in _unfit_child(child, procedure, items) if child else ():
            yield (*here, "child"), why


def _unfit_child(child: str, root: Mapping[str, Any], items: Items) -> Iterator[str]:
    """A child is opened from what its root was filed with, and opens no dossier itself."""
    has = {*root["places"].values(), "city"}
    for version in (one for item, one in items.items() if item.startswith(f"procedure:{child}:")):
        roles = {step["role"] for step in version["steps"] if step["id"] != "intake"}
        if any(step.get("child") for step in version["steps"]):
            yield f"{child} has a step with a child of its own; a child opens no further dossier"
        for role in sorted(roles):
            place = version["places"].get(role)
            if place and place not in has:
                yield f"{child} needs the place {place} for {role}, which this procedure does not ask for"


def _circular(waits: Mapping[str, list[str]]) -> bool:
    done: set[str] = set()
    while len(done) < len(waits):
        ready = {id for id, after in waits.items() if id not in done and not set(after) & set(waits) - done}
        if not ready:
            return True
        done |= ready
    return False


def _papers(procedure: Mapping[str, Any], items: Items) -> Found:
    types = items["vocabulary:papers"]["papers"]
    seen: set[tuple[str, str | None]] = set()
    for at, paper in enumerate(procedure["papers"]):
        key = (paper["type"], paper.get("form"))
        if paper["type"] not in types:
            yield ("papers", at, "type"), f"no paper {paper['type']} in papers.yaml"
        if paper["required"] not in RULES:
            yield ("papers", at, "required"), f"one of {', '.join(RULES)}"
        if key in seen:
            yield ("papers", at), "this type and form stand here twice; give each its own form"
        seen.add(key)
    if procedure["outcome"]["document"] not in types:
        yield ("outcome", "document"), "names no paper of papers.yaml"


def _facts(procedure: Mapping[str, Any], items: Items) -> Found:
    known = items["vocabulary:facts"]["facts"]
    asked = {fact["name"] for fact in procedure["facts"]}
    for at, fact in enumerate(procedure["facts"]):
        if known.get(fact["name"], {}).get("told_by") != "citizen":
            yield ("facts", at, "name"), f"{fact['name']} is no fact of facts.yaml that a citizen tells"
    for at, step in enumerate(procedure["steps"]):
        name = (step.get("when") or {}).get("fact")
        if name and known.get(name, {}).get("told_by") == "citizen" and name not in asked:
            yield ("steps", at, "when"), f"the form never asks {name}; add it to `facts`"


def _places(procedure: Mapping[str, Any], items: Items) -> Found:
    known = {*items["vocabulary:words"]["places"], "city"}
    roles = items["organisation"]["roles"]
    for name, place in procedure["places"].items():
        if place not in known:
            yield ("places", name), f"one of {', '.join(sorted(known))}"
        if name != "receives" and name not in roles:
            yield ("places", name), f"no role {name} in organisation.yaml"
    if "receives" not in procedure["places"]:
        yield ("places",), "say where it is received: `receives: <place>`"
    for at, step in enumerate(procedure["steps"]):
        if step["role"] not in procedure["places"] and step["role"] != procedure["receives"]:
            yield ("steps", at, "role"), f"`places` does not say which place decides the {step['role']}"


def _lists(procedure: Mapping[str, Any], items: Items) -> Found:
    words, organisation = items["vocabulary:words"], items["organisation"]
    checks: tuple[tuple[tuple[str | int, ...], list[str], Mapping[str, Any]], ...] = (
        (("channels",), procedure["channels"], words["channels"]),
        (("outcome", "delivery"), procedure["outcome"]["delivery"], words["deliveries"]),
        (("by_hand",), procedure.get("by_hand", []), organisation["projects"]),
        (("receives",), [procedure["receives"]], organisation["roles"]),
        (("lead",), [procedure["lead"]], organisation["roles"]),
    )
    for path, used, known in checks:
        for word in used:
            if word not in known:
                yield path, f"{word} is not known; one of {', '.join(known)}"


def _warnings(procedure: Mapping[str, Any], _: Items) -> Found:
    """A warning must leave something of the time before it, and be reached at all."""
    warn, total = procedure.get("warn") or {}, procedure["total"] or {}
    unit, amount = total.get("unit"), total.get("amount", 0)
    for field, units in WARNED_IN.items():
        said = warn.get(field)
        if said is not None and unit in units and said >= amount:
            yield (
                ("warn", field),
                f"the whole time is {amount:g}, so this would warn at its start; less than that",
            )
    if not any(warn.get(field) for field in ("percent_left", *WARNED_IN)) and procedure.get("warn"):
        yield ("warn",), "says nothing; give percent_left, days_left or hours_left, or take it out"


def _versions(items: Items, sources: Mapping[str, LocatedData]) -> Iterator[DataProblem]:
    by_id: dict[str, list[Mapping[str, Any]]] = {}
    for item, content in items.items():
        if item.startswith("procedure:"):
            by_id.setdefault(content["id"], []).append(content)
    for id, versions in by_id.items():
        versions.sort(key=lambda one: one["effective_from"])
        source = sources[f"procedure:{id}:{versions[0]['version']}"]
        for earlier, later in pairwise(versions):
            if earlier["effective_to"] is None or earlier["effective_to"] >= later["effective_from"]:
                place = (("versions", source_index(source, earlier["version"]), "effective_to"), TWICE)
                yield from _told(source, (), iter([place]))
