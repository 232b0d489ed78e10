"""Checks that references name something that exists: a fact, role, paper, calendar or ward."""

from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Any

from shared.catalogue.loading import references_city
from shared.catalogue.loading.located_data import DataProblem, LocatedData
from shared.catalogue.loading.references_outcomes import outcome_findings
from shared.catalogue.model.papers import RULES

Items = Mapping[str, Mapping[str, Any]]
Findings = Iterator[tuple[tuple[str | int, ...], str]]

WARNING_UNITS = {"days_left": {"working_day", "calendar_day"}, "hours_left": {"working_hour"}}
"""Which total each warning is measured by."""

TWO_IN_FORCE = "two versions are in force at once; end this one the day before the next"


def reference_errors(items: Items, sources: Mapping[str, LocatedData]) -> Iterator[DataProblem]:
    """The problems of references, with file and line."""
    for item, content in items.items():
        if item.startswith("procedure:"):
            source = sources[item]
            index = source_index(source, content["version"])
            for check in CHECKS:
                yield from _located_problems(source, ("versions", index), check(content, items))
    for item, check in references_city.CHECKS.items():
        yield from _located_problems(sources[item], (), check(items))
    yield from _versions(items, sources)


def _located_problems(
    source: LocatedData, prefix: tuple[str | int, ...], findings: Findings
) -> Iterator[DataProblem]:
    for path, message in findings:
        full_path = (*prefix, *path)
        yield DataProblem(source.file, source.line(full_path), ".".join(map(str, full_path)), message)


def source_index(source: LocatedData, version: int) -> int:
    """The index of this version in the file's `versions`."""
    return next(index for index, row in enumerate(source.data["versions"]) if row["version"] == version)


def _steps(procedure: Mapping[str, Any], items: Items) -> Findings:
    roles, facts = items["organisation"]["roles"], items["vocabulary:facts"]["facts"]
    ids = [step["id"] for step in procedure["steps"]]
    for index, step in enumerate(procedure["steps"]):
        path = ("steps", index)
        if ids.count(step["id"]) > 1:
            yield (*path, "id"), f"two steps are called {step['id']}; rename one"
        if step["role"] not in roles:
            yield (*path, "role"), f"no role {step['role']} in organisation.yaml"
        for role in (step.get("fan_out") or {}).get("roles", ()):
            if role not in roles:
                yield (*path, "fan_out", "roles"), f"no role {role} in organisation.yaml"
        for required in step["after"]:
            if required not in ids[:index] and required not in ids[index + 1 :]:
                yield (*path, "after"), f"no other step is called {required}"
        when = step.get("when")
        if when and not facts.get(when["fact"], {}).get("routing"):
            yield (*path, "when"), f"{when['fact']} is no fact with `routing: true` in facts.yaml"
        if step.get("follows") and "project" not in procedure["places"].values():
            yield (*path, "follows"), "no place of this procedure is a project, so there is no window"
    if _circular({step["id"]: step["after"] for step in procedure["steps"]}):
        yield ("steps",), "the steps wait for each other in a circle; cut it"


def _makers(procedure: Mapping[str, Any], items: Items) -> Findings:
    """Steps performed by a child dossier, or that produce a paper which may be filed instead."""
    procedures = {item.split(":")[1] for item in items if item.startswith("procedure:")}
    papers = {paper["type"] for paper in procedure["papers"]}
    for index, step in enumerate(procedure["steps"]):
        path, child, makes = ("steps", index), step.get("child"), step.get("makes")
        if child and child not in procedures:
            yield (*path, "child"), f"no procedure {child}"
        if makes and makes not in papers:
            yield (*path, "makes"), f"{makes} is no paper of this procedure, so nobody could file it"
        if step.get("paper_of") and not (child or makes):
            yield (*path, "paper_of"), "says whose paper this step makes, and it makes none"
        for message in _unfit_child(child, procedure, items) if child else ():
            yield (*path, "child"), message


def _unfit_child(child: str, root: Mapping[str, Any], items: Items) -> Iterator[str]:
    """A child procedure needs nothing that its root lacks, and has no children itself."""
    available_places = {*root["places"].values(), "city"}
    for version in (content for item, content in items.items() if item.startswith(f"procedure:{child}:")):
        roles = {step["role"] for step in version["steps"] if step["id"] != "intake"}
        if any(step.get("child") for step in version["steps"]):
            yield f"{child} has a step with a child of its own; a child opens no further dossier"
        for role in sorted(roles):
            place = version["places"].get(role)
            if place and place not in available_places:
                yield f"{child} needs the place {place} for {role}, which this procedure does not ask for"


def _circular(after_by_step: Mapping[str, list[str]]) -> bool:
    done: set[str] = set()
    while len(done) < len(after_by_step):
        ready = {
            id
            for id, after in after_by_step.items()
            if id not in done and not set(after) & set(after_by_step) - done
        }
        if not ready:
            return True
        done |= ready
    return False


def _papers(procedure: Mapping[str, Any], items: Items) -> Findings:
    types = items["vocabulary:papers"]["papers"]
    seen: set[tuple[str, str | None]] = set()
    for index, paper in enumerate(procedure["papers"]):
        key = (paper["type"], paper.get("form"))
        if paper["type"] not in types:
            yield ("papers", index, "type"), f"no paper {paper['type']} in papers.yaml"
        if paper["required"] not in RULES:
            yield ("papers", index, "required"), f"one of {', '.join(RULES)}"
        if key in seen:
            yield ("papers", index), "this type and form stand here twice; give each its own form"
        seen.add(key)
    if procedure["outcome"]["document"] not in types:
        yield ("outcome", "document"), "names no paper of papers.yaml"


def _facts(procedure: Mapping[str, Any], items: Items) -> Findings:
    facts_by_name = items["vocabulary:facts"]["facts"]
    asked_names = {fact["name"] for fact in procedure["facts"]}
    for index, fact in enumerate(procedure["facts"]):
        if facts_by_name.get(fact["name"], {}).get("told_by") != "citizen":
            yield ("facts", index, "name"), f"{fact['name']} is no fact of facts.yaml that a citizen tells"
    for index, step in enumerate(procedure["steps"]):
        name = (step.get("when") or {}).get("fact")
        if name and facts_by_name.get(name, {}).get("told_by") == "citizen" and name not in asked_names:
            yield ("steps", index, "when"), f"the form never asks {name}; add it to `facts`"


def _places(procedure: Mapping[str, Any], items: Items) -> Findings:
    known_places = {*items["vocabulary:words"]["places"], "city"}
    roles = items["organisation"]["roles"]
    for name, place in procedure["places"].items():
        if place not in known_places:
            yield ("places", name), f"one of {', '.join(sorted(known_places))}"
        if name != "receives" and name not in roles:
            yield ("places", name), f"no role {name} in organisation.yaml"
    if "receives" not in procedure["places"]:
        yield ("places",), "say where it is received: `receives: <place>`"
    for index, step in enumerate(procedure["steps"]):
        if step["role"] not in procedure["places"] and step["role"] != procedure["receives"]:
            yield ("steps", index, "role"), f"`places` does not say which place decides the {step['role']}"


def _lists(procedure: Mapping[str, Any], items: Items) -> Findings:
    vocabulary, organisation = items["vocabulary:words"], items["organisation"]
    checks: tuple[tuple[tuple[str | int, ...], list[str], Mapping[str, Any]], ...] = (
        (("channels",), procedure["channels"], vocabulary["channels"]),
        (("outcome", "delivery"), procedure["outcome"]["delivery"], vocabulary["deliveries"]),
        (("by_hand",), procedure.get("by_hand", []), organisation["projects"]),
        (("receives",), [procedure["receives"]], organisation["roles"]),
        (("lead",), [procedure["lead"]], organisation["roles"]),
    )
    for path, words_used, names in checks:
        for word in words_used:
            if word not in names:
                yield path, f"{word} is not known; one of {', '.join(names)}"


def _warnings(procedure: Mapping[str, Any], _: Items) -> Findings:
    """A warning must lie after the start and before the end of its limit."""
    warn, total = procedure.get("warn") or {}, procedure["total"] or {}
    unit, amount = total.get("unit"), total.get("amount", 0)
    for field, units in WARNING_UNITS.items():
        amount_left = warn.get(field)
        if amount_left is not None and unit in units and amount_left >= amount:
            yield (
                ("warn", field),
                f"the whole time is {amount:g}, so this would warn at its start; less than that",
            )
    if not any(warn.get(field) for field in ("percent_left", *WARNING_UNITS)) and procedure.get("warn"):
        yield ("warn",), "says nothing; give percent_left, days_left or hours_left, or take it out"


def _versions(items: Items, sources: Mapping[str, LocatedData]) -> Iterator[DataProblem]:
    by_id: dict[str, list[Mapping[str, Any]]] = {}
    for item, content in items.items():
        if item.startswith("procedure:"):
            by_id.setdefault(content["id"], []).append(content)
    for id, versions in by_id.items():
        versions.sort(key=lambda version: version["effective_from"])
        source = sources[f"procedure:{id}:{versions[0]['version']}"]
        for earlier, later in pairwise(versions):
            if earlier["effective_to"] is None or earlier["effective_to"] >= later["effective_from"]:
                finding = (
                    ("versions", source_index(source, earlier["version"]), "effective_to"),
                    TWO_IN_FORCE,
                )
                yield from _located_problems(source, (), iter([finding]))


CHECKS = (_steps, outcome_findings, _makers, _papers, _facts, _places, _lists, _warnings)
"""The checks of one version of a procedure."""
