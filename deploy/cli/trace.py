"""motcua trace."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from deploy.cli import exits, screen
from deploy.cli.exits import CommandFailedError
from deploy.cli.services import calling, read
from deploy.local.stack import Stack, read_stack
from shared.clock import to_city_time
from shared.typed_input.dossier_code import normalize_code

Facts = Mapping[str, Any]
INTAKE_EVENTS = (("submitted_at", "handed in"), ("accepted_at", "accepted"), ("refused_at", "refused"))
APOLOGY = ("office", "step", "was_due_at", "late_minutes", "drafted_at", "sign_by", "signed_at", "new_due_at")
TASK_LIFE = (("queued_at", "task queued"), ("started_at", "task started"), ("done_at", "task ended"))


@dataclass(frozen=True)
class Line:
    """One entry of a dossier's trace."""

    at: str
    service: str
    what: str
    actor: str
    details: str


def trace(code: str, /, *, json: bool = False) -> int:
    """Show everything that happened to a dossier in all services, in order of time.

    Parameters
    ----------
    code
        The dossier's code, as on its slip.
    json
        What each service says, as one object.
    """
    code = normalize_code(code)
    answers = read_services(read_stack(), code)
    if not any(answers.values()):
        raise CommandFailedError(
            f"no service knows a dossier {code}; its code is on the slip and on the board"
        )
    if json:
        screen.as_json({"code": code, **answers})
    else:
        show(code, answers)
    return exits.DONE


def show(code: str, answers: Facts) -> None:
    """Print how the dossier stands, its entries under headings, and the explanations."""
    case = answers.get("routing") or {}
    state = case.get("state") or (answers.get("intake") or {}).get("state")
    due = case.get("current_due_at")
    screen.say(f"{code}: {state or 'unknown'}" + (f", answer due {_short(_city_text(due))}" if due else ""))
    rows = [
        (_short(line.at), line.service, line.what, line.actor, line.details) for line in timeline(answers)
    ]
    screen.table("What happened, in the city's time", ("when", "service", "what", "who", "more"), rows)
    explain(case)


def explain(case: Facts) -> None:
    """Print how its date was counted and whose time it was, as its pages show it."""
    if lines := case.get("explanation"):
        rows = [(row["from"], row["to"], f"{row['counts']:g}", row["why"]) for row in lines]
        due = f" {case['current_due_at'][:16]}" if case.get("current_due_at") else ""
        screen.table(f"How the date{due} was counted", ("from", "to", "counts", "why"), rows)
    if case.get("outcome"):
        _explain_results(case)
    if missing := case.get("unplaced"):
        place = f"{missing['role']} at {missing['field']} {missing['value'] or ''}".strip()
        screen.say(f"waits for an office: {place} ({missing['why']}), since {_city_text(missing['since'])}")
    if letter := case.get("apology"):
        rows = [(name, str(letter[name])) for name in APOLOGY if letter.get(name) is not None]
        screen.table("Apology and new date (form 04)", ("what", "is"), rows)
        if passed_date := letter.get("passed"):
            head, told_at = passed_date["office_short"], _city_text(passed_date["told_at"])
            told_text = f"told at once to the head of {head} and the city, {told_at}"
            screen.say(
                f"the new date has passed too: {told_text} (whose time it was then: {passed_date['whose']})"
            )
    for child in case.get("children") or []:
        due = f", due {_city_text(child['due_at'])}" if child["due_at"] and not child["completed_at"] else ""
        state_text = f"{child['state']} {child['outcome'] or ''}".strip()
        screen.say(
            f"child {child['code']} ({child['procedure']['code']}, {child['office']}): {state_text}{due}"
        )
    for query in case.get("queries") or []:
        silent = f"; silent: {', '.join(query['silent'])} ({query['reason']})" if query["silent"] else ""
        screen.say(f"{query['step']}: {query['answered']} of {query['asked']} offices answered{silent}")
    for name, title in (("time", "Whose the time was"), ("late", "Whose the time after the due date was")):
        if shares := case.get(name):
            rows = [(row["office"] or row["whose"], f"{row['minutes']}") for row in shares]
            screen.table(f"{title}, in working minutes", ("whose", "minutes"), rows)


def _explain_results(case: Facts) -> None:
    """Print each result, if one step was denied and another was not."""
    words = [(task.get("step"), task["outcome"]) for task in case.get("tasks") or [] if task.get("outcome")]
    if {word == "denied" for _, word in words} == {True, False}:
        screen.say(f"outcome {case['outcome']}: {', '.join(f'{step} {word}' for step, word in words)}")


def read_services(stack: Stack, code: str) -> dict[str, Any]:
    """The answers of intake, routing and notification about it, without personal data."""
    key = stack.operator_api_key
    with calling(stack.intake_url, key) as intake:
        dossier = read(intake, f"/v1/dossiers/{code}")
    with calling(stack.routing_url, key) as routing:
        case = read(routing, f"/v1/cases/{code}")
    with calling(stack.notification_url, key) as notification:
        messages = read(notification, "/v1/messages", code=code)
    return {"intake": dossier, "routing": case, "notification": messages}


def timeline(answers: Facts) -> list[Line]:
    """All entries by time; those of one instant in the order of processing."""
    lines = [*_intake_lines(answers.get("intake") or {}), *_case_lines(answers.get("routing") or {})]
    return sorted([*lines, *_message_lines(answers.get("notification") or [])], key=lambda line: line.at)


def _intake_lines(dossier: Facts) -> Iterator[Line]:
    office = str(dossier.get("receiving_office") or "")
    for field, what in INTAKE_EVENTS:
        if dossier.get(field):
            details = _format_facts(dossier, *_INTAKE_DETAILS[what])
            yield Line(_city_text(dossier[field]), "intake", what, office, details)


_INTAKE_DETAILS = {
    "handed in": ("procedure", "channel"),
    "accepted": ("promised_due_at",),
    "refused": ("refused_reason",),
}


def _case_lines(case: Facts) -> Iterator[Line]:
    for event in case.get("history") or []:
        actor = event.get("actor") or {}
        actor_text = actor.get("office") or actor.get("party") or actor.get("id") or actor.get("kind") or ""
        yield Line(
            _city_text(event["at"]),
            "routing",
            str(event["type"]),
            str(actor_text),
            _format_facts(event, "state", "reason"),
        )
    for task in case.get("tasks") or []:
        yield from _task_lines(task)


def _task_lines(task: Facts) -> Iterator[Line]:
    for field, what in TASK_LIFE:
        if task.get(field):
            details = (
                _format_facts(task, "due_at")
                if field == "queued_at"
                else _format_facts(task, "outcome", "reason")
            )
            of_child = f" of {task['child']}" if task.get("child") else ""
            what_done = f"{what}: {task.get('step') or task.get('kind')}{of_child}"
            yield Line(_city_text(task[field]), "routing", what_done, str(task.get("office") or ""), details)


def _message_lines(messages: list[Facts]) -> Iterator[Line]:
    for message in messages:
        at = message.get("settled_at") or message.get("sent_at") or message.get("planned_at")
        if at:
            what = f"message {message.get('template')}: {message.get('state')}"
            address = f"{message.get('channel')} {message.get('to') or ''}".strip()
            yield Line(
                _city_text(at), "notification", what, address, _format_facts(message, "reason", "silence")
            )


def _format_facts(facts: Facts, *names: str) -> str:
    values = ((name, facts.get(name)) for name in names)
    return ", ".join(
        f"{name} {_short(_city_text(value)) if name.endswith('_at') else value}"
        for name, value in values
        if value
    )


def _short(city_text: str) -> str:
    return city_text[:16].replace("T", " ")


def _city_text(instant: str) -> str:
    return to_city_time(datetime.fromisoformat(instant)).isoformat(timespec="seconds")
