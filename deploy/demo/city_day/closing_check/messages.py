"""Each citizen gets exactly one message per event and channel: expected, stored and received ones agree."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any, TypeAlias

import asyncpg

from deploy.demo.city_day.closing_check.finding import Finding
from deploy.demo.city_day.filing import Filed

LINK = re.compile(r"/t/([0-9A-Za-z]{8})")
SERIAL = re.compile(r"\b\d{6}-\d{4,6}\b")
UNDATED, IN_PART = "_undated", "_in_part"
SILENT_CHANNELS = frozenset({"counter", "home"})
TEMPLATES_BY_STATE = {
    "submitted": ("submitted",),
    "refused": ("submitted", "refused"),
    "accepted": ("submitted", "accepted"),
    "in_process": ("submitted", "accepted"),
    "supplement_requested": ("submitted", "accepted"),
    "payment_requested": ("submitted", "accepted"),
    "withdrawal_requested": ("submitted", "accepted"),
    "stopped": ("submitted", "accepted"),
    "completed": ("submitted", "accepted", "completed"),
}
ArrivalCounts = Counter[tuple[str, str]]
Incidents: TypeAlias = Mapping[str, Collection[str]]
"""By code: the templates that a dossier needs beside those of its filing, decision and end."""

NO_INCIDENTS: Incidents = {}
TEMPLATE_OF_EVENT = {"deadline.moved.v1": "date_moved", "apology.issued.v1": "overdue"}
"""Event types of a case's history of which the citizen is notified, with the template."""

HISTORY = """
    SELECT DISTINCT c.code, h.type FROM routing.case_history AS h JOIN routing.cases AS c USING (root_id)
     WHERE h.type = ANY($1)"""
TURNS = """
    SELECT DISTINCT c.code FROM routing.tasks AS t JOIN routing.cases AS c USING (root_id)
     WHERE t.actor IS NOT NULL AND t.queued_at IS NOT NULL"""
"""Dossiers with a step that waited for the citizen's own act."""
APPOINTMENTS = """
    SELECT DISTINCT c.code FROM routing.tasks AS t JOIN routing.cases AS c USING (root_id)
     WHERE t.appointment IS NOT NULL AND t.dossier_id IS NULL"""
"""Dossiers with an appointment."""
LATE_ANSWERS = """
    SELECT DISTINCT c.code FROM routing.deadlines_fired AS f JOIN routing.cases AS c USING (root_id)
     WHERE f.step = 'receive' AND f.level = 'breach'
       AND (c.accepted_at IS NULL OR c.accepted_at > f.fired_at)"""
"""Dossiers that their counter did not decide in time."""
CANCELLED_SQL = """
    SELECT n.code, n.template, m.channel FROM notification.notices AS n
      LEFT JOIN notification.messages AS m ON m.notice_id = n.id
     WHERE 'no_longer_true' IN (n.silence, m.reason)"""
"""Messages cancelled because they were no longer true; without a channel: cancelled before rendering."""


async def messages_arrive_once(
    sql: asyncpg.Connection,
    filed: Sequence[Filed],
    arrived: Sequence[Mapping[str, Any]],
    incidents: Incidents = NO_INCIDENTS,
) -> Finding:
    """Compare expected, sent and received messages, each as (dossier, event, channel)."""
    templates_by_code: dict[str, set[str]] = defaultdict(set)
    for row in await sql.fetch(HISTORY, list(TEMPLATE_OF_EVENT)):
        templates_by_code[row["code"]].add(TEMPLATE_OF_EVENT[row["type"]])
    for row in await sql.fetch(TURNS):
        templates_by_code[row["code"]].add("your_turn")
    for row in await sql.fetch(APPOINTMENTS):
        templates_by_code[row["code"]].add("appointment")
    for row in await sql.fetch(LATE_ANSWERS):
        templates_by_code[row["code"]].add("answer_late")
    cases = {row["code"]: row for row in await sql.fetch("SELECT code, state, link_ref FROM routing.cases")}
    rows = await sql.fetch("SELECT code, template, channel, state FROM notification.messages")
    sent: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for row in rows:
        if row["state"] in ("sent", "delivered"):
            sent[row["code"]].add((_fact(row["template"]), row["channel"]))
    cancelled: dict[str, set[tuple[str, str | None]]] = defaultdict(set)
    for row in await sql.fetch(CANCELLED_SQL):
        cancelled[row["code"]].add((row["template"], row["channel"]))
    errors = [
        f"{row['code']}: {row['template']} by {row['channel']} is {row['state']}" for row in _unfinished(rows)
    ]
    for dossier in filed:
        extra_templates = {*incidents.get(dossier.code, ()), *templates_by_code[dossier.code]}
        expected = (
            expected_messages(dossier, cases[dossier.code]["state"], extra_templates)
            if dossier.code in cases
            else set()
        )
        errors += [
            f"{dossier.code}: {t} by {c} was never sent"
            for t, c in expected - sent[dossier.code]
            if not cancelled[dossier.code] & {(t, c), (t, None)}
        ]
        errors += [f"{dossier.code}: {t} by {c} was not called for" for t, c in sent[dossier.code] - expected]
    errors += _arrivals(filed, {row["link_ref"]: code for code, row in cases.items()}, sent, arrived)
    total, sms = (
        sum(map(len, sent.values())),
        sum(channel == "sms" for pairs in sent.values() for _, channel in pairs),
    )
    line = f"{total} messages ({sms} SMS, {total - sms} emails), each citizen told once per event and channel"
    return Finding(line, errors)


def _fact(template: str) -> str:
    """The event of a template. Variants without a date or for a partial result are of the same event."""
    return template.removesuffix(UNDATED).removesuffix(IN_PART)


def _unfinished(rows: Iterable[asyncpg.Record]) -> list[asyncpg.Record]:
    return [row for row in rows if row["state"] in ("planned", "sending", "failed", "ambiguous")]


def expected_messages(dossier: Filed, state: str, extra: Collection[str] = ()) -> set[tuple[str, str]]:
    """The expected (template, channel) pairs, from the contact, the state and the events of the dossier.

    Notification's own tables are not used.
    """
    contact, channel = dossier.filing.body["contact"], dossier.filing.body["channel"]
    delivery_channels = ["sms"] if contact.get("phone") and contact.get("text") != "voice" else []
    delivery_channels += ["email"] if contact.get("email") else []
    templates = [
        template
        for template in TEMPLATES_BY_STATE[state]
        if template != "submitted" or channel not in SILENT_CHANNELS
    ]
    return {
        (template, delivery_channel)
        for template in (*templates, *extra)
        for delivery_channel in delivery_channels
    }


def _arrivals(
    filed: Iterable[Filed],
    codes: Mapping[str, str],
    sent: Mapping[str, set[tuple[str, str]]],
    arrived: Iterable[Mapping[str, Any]],
) -> list[str]:
    """The errors in received messages: without a dossier, to a wrong address, or in a wrong number."""
    contacts = {dossier.code: dossier.filing.body["contact"] for dossier in filed}
    arrival_counts: ArrivalCounts = Counter()
    texts: Counter[tuple[str, str, str]] = Counter()
    errors: list[str] = []
    for message in arrived:
        code = dossier_of_message(message, codes, contacts)
        if code is None:
            errors.append(f"a {message['channel']} that belongs to no dossier")
            continue
        arrival_counts[code, message["channel"]] += 1
        texts[code, message["channel"], message["text"]] += 1
        address = "phone" if message["channel"] == "sms" else "email"
        if code in contacts and not _same_address(message["to"], contacts[code].get(address)):
            errors.append(f"{code}: a {message['channel']} went to somebody else")
    planned = Counter((code, channel) for code, pairs in sent.items() for _, channel in pairs)
    errors += [
        f"{code}: {n} {channel} sent, {arrival_counts[code, channel]} arrived"
        for (code, channel), n in planned.items()
        if arrival_counts[code, channel] != n
    ]
    return errors + [
        f"{code}: the same {channel} arrived {n} times" for (code, channel, _), n in texts.items() if n > 1
    ]


def dossier_of_message(
    message: Mapping[str, Any], codes: Mapping[str, str], contacts: Mapping[str, Mapping[str, Any]]
) -> str | None:
    """The code of a message's dossier: by its link, or by serial and phone in texts too short for a link."""
    link = LINK.search(message["text"])
    if link:
        return codes.get(link[1])
    serial = SERIAL.search(message["text"])
    codes_of_address = [
        code
        for code, contact in contacts.items()
        if serial and code.endswith(serial[0]) and _same_address(message["to"], contact.get("phone"))
    ]
    return codes_of_address[0] if len(codes_of_address) == 1 else None


def _same_address(address: str, other_address: str | None) -> bool:
    return other_address is not None and address.lstrip("+").lower() == other_address.lstrip("+").lower()
