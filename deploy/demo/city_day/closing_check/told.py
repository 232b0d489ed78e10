"""Each citizen was told exactly once per event and channel: what we expect, what was kept, what arrived."""

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
AFTERWARDS = {
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
Told = Counter[tuple[str, str]]
Incidents: TypeAlias = Mapping[str, Collection[str]]
"""By code: texts a dossier called for beside those of its door and its end."""

NONE: Incidents = {}
TELLS = {"deadline.moved.v1": "date_moved", "apology.issued.v1": "overdue"}
"""What of a case's history is told to its citizen, whoever caused it."""

HISTORY = """
    SELECT DISTINCT c.code, h.type FROM routing.case_history AS h JOIN routing.cases AS c USING (root_id)
     WHERE h.type = ANY($1)"""
TURNS = """
    SELECT DISTINCT c.code FROM routing.tasks AS t JOIN routing.cases AS c USING (root_id)
     WHERE t.actor IS NOT NULL AND t.queued_at IS NOT NULL"""
"""Whose own act a step waited for."""
APPOINTMENTS = """
    SELECT DISTINCT c.code FROM routing.tasks AS t JOIN routing.cases AS c USING (root_id)
     WHERE t.appointment IS NOT NULL AND t.dossier_id IS NULL"""
"""For which step the citizen was asked to come."""
CALLED_BACK = """
    SELECT n.code, n.template, m.channel FROM notification.notices AS n
      LEFT JOIN notification.messages AS m ON m.notice_id = n.id
     WHERE 'no_longer_true' IN (n.silence, m.reason)"""
"""What had not left when the citizen answered or the dossier ended; no channel: it was never written."""


async def told_once(
    sql: asyncpg.Connection,
    filed: Sequence[Filed],
    arrived: Sequence[Mapping[str, Any]],
    incidents: Incidents = NONE,
) -> Finding:
    """Three lists of (dossier, event, channel) that must be one."""
    happened: dict[str, set[str]] = defaultdict(set)
    for row in await sql.fetch(HISTORY, list(TELLS)):
        happened[row["code"]].add(TELLS[row["type"]])
    for row in await sql.fetch(TURNS):
        happened[row["code"]].add("your_turn")
    for row in await sql.fetch(APPOINTMENTS):
        happened[row["code"]].add("appointment")
    cases = {r["code"]: r for r in await sql.fetch("SELECT code, state, link_ref FROM routing.cases")}
    rows = await sql.fetch("SELECT code, template, channel, state FROM notification.messages")
    sent: dict[str, set[tuple[str, str]]] = defaultdict(set)
    for row in rows:
        if row["state"] in ("sent", "delivered"):
            sent[row["code"]].add((_fact(row["template"]), row["channel"]))
    overtaken: dict[str, set[tuple[str, str | None]]] = defaultdict(set)
    for row in await sql.fetch(CALLED_BACK):
        overtaken[row["code"]].add((row["template"], row["channel"]))
    against = [
        f"{row['code']}: {row['template']} by {row['channel']} is {row['state']}" for row in _odd(rows)
    ]
    for one in filed:
        more = {*incidents.get(one.code, ()), *happened[one.code]}
        wanted = expected(one, cases[one.code]["state"], more) if one.code in cases else set()
        against += [
            f"{one.code}: {t} by {c} was never sent"
            for t, c in wanted - sent[one.code]
            if not overtaken[one.code] & {(t, c), (t, None)}
        ]
        against += [f"{one.code}: {t} by {c} was not called for" for t, c in sent[one.code] - wanted]
    against += _arrivals(filed, {r["link_ref"]: code for code, r in cases.items()}, sent, arrived)
    total, sms = (
        sum(map(len, sent.values())),
        sum(channel == "sms" for s in sent.values() for _, channel in s),
    )
    line = f"{total} messages ({sms} SMS, {total - sms} emails), each citizen told once per event and channel"
    return Finding(line, against)


def _fact(template: str) -> str:
    """The fact a template tells: one without a date, or of an end in parts, is a text of the same fact."""
    return template.removesuffix(UNDATED).removesuffix(IN_PART)


def _odd(rows: Iterable[asyncpg.Record]) -> list[asyncpg.Record]:
    return [row for row in rows if row["state"] in ("planned", "sending", "failed", "ambiguous")]


def expected(one: Filed, state: str, more: Collection[str] = ()) -> set[tuple[str, str]]:
    """From what the citizen gave us, where the dossier stands and what it met, not from what was planned."""
    contact, channel = one.filing.body["contact"], one.filing.body["channel"]
    ways = ["sms"] if contact.get("phone") and contact.get("text") != "voice" else []
    ways += ["email"] if contact.get("email") else []
    told = [event for event in AFTERWARDS[state] if event != "submitted" or channel not in SILENT_CHANNELS]
    return {(event, way) for event in (*told, *more) for way in ways}


def _arrivals(
    filed: Iterable[Filed],
    codes: Mapping[str, str],
    sent: Mapping[str, set[tuple[str, str]]],
    arrived: Iterable[Mapping[str, Any]],
) -> list[str]:
    """What reached phones and mailboxes, each matched to its dossier."""
    contacts = {one.code: one.filing.body["contact"] for one in filed}
    got: Told = Counter()
    texts: Counter[tuple[str, str, str]] = Counter()
    against: list[str] = []
    for message in arrived:
        code = about(message, codes, contacts)
        if code is None:
            against.append(f"a {message['channel']} that belongs to no dossier")
            continue
        got[code, message["channel"]] += 1
        texts[code, message["channel"], message["text"]] += 1
        address = "phone" if message["channel"] == "sms" else "email"
        if code in contacts and not _same(message["to"], contacts[code].get(address)):
            against.append(f"{code}: a {message['channel']} went to somebody else")
    planned = Counter((code, channel) for code, pairs in sent.items() for _, channel in pairs)
    against += [
        f"{code}: {n} {way} sent, {got[code, way]} arrived"
        for (code, way), n in planned.items()
        if got[code, way] != n
    ]
    return against + [
        f"{code}: the same {way} arrived {n} times" for (code, way, _), n in texts.items() if n > 1
    ]


def about(
    message: Mapping[str, Any], codes: Mapping[str, str], contacts: Mapping[str, Mapping[str, Any]]
) -> str | None:
    """By its link; the shortest texts have room for date and serial only, which its receiver makes unique."""
    link = LINK.search(message["text"])
    if link:
        return codes.get(link[1])
    found = SERIAL.search(message["text"])
    mine = [
        code
        for code, contact in contacts.items()
        if found and code.endswith(found[0]) and _same(message["to"], contact.get("phone"))
    ]
    return mine[0] if len(mine) == 1 else None


def _same(one: str, other: str | None) -> bool:
    return other is not None and one.lstrip("+").lower() == other.lstrip("+").lower()
