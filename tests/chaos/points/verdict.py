"""The judge: what was promised and not kept, by the services' data, the records on the wire, and phones."""

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import Any

import asyncpg

from deploy.demo.city_day.closing_check.check import chains_verify, nothing_is_stuck
from deploy.demo.city_day.closing_check.counted import filed_is_accounted_for
from deploy.demo.city_day.closing_check.delivered import replies_take_effect_once, tasks_delivered_once
from deploy.demo.city_day.closing_check.topics import Record
from tests.chaos.points.errands import Slip, codes

LINK = re.compile(r"/t/([0-9A-Za-z]{8})")
CHANNELS = ("sms", "email")


async def lost(sql: asyncpg.Connection, slips: Sequence[Slip], every: Sequence[Slip]) -> list[str]:
    """Dossiers that are not where they belong, or that nobody ever filed."""
    cases = dict(await sql.fetch("SELECT code, state FROM routing.cases WHERE code = ANY($1)", codes(slips)))
    views = dict(
        await sql.fetch(
            """SELECT code, v.state FROM intake.case_views v JOIN intake.dossiers USING (root_id)
                WHERE code = ANY($1)""",
            codes(slips),
        )
    )
    against = [
        f"{s.code}: case is {cases.get(s.code)}, not {s.end}" for s in slips if cases.get(s.code) != s.end
    ]
    against += [f"{s.code}: page says {views.get(s.code)}" for s in slips if views.get(s.code) != s.end]
    taken = await sql.fetchval("SELECT count(*) FROM intake.dossiers")
    return against + ([f"{taken} dossiers of {len(every)} filings"] if taken != len(every) else [])


async def doubled(sql: asyncpg.Connection, slips: Sequence[Slip]) -> list[str]:
    """Anything that took effect twice: a step of a case, a fact of its history."""
    steps = await sql.fetch(
        """SELECT code, step, count(*) AS n FROM routing.tasks JOIN routing.cases USING (root_id)
            WHERE code = ANY($1) GROUP BY 1, 2, dossier_id HAVING count(*) > 1""",
        codes(slips),
    )
    facts = await sql.fetch(
        """SELECT code, because, because_id, type, task_id, count(*) AS n
             FROM routing.case_history JOIN routing.cases USING (root_id)
            WHERE code = ANY($1) GROUP BY 1, 2, 3, 4, 5 HAVING count(*) > 1""",
        codes(slips),
    )
    against = [f"{row['code']}: step {row['step']} exists {row['n']} times" for row in steps]
    return against + [f"{row['code']}: {row['because']} took effect {row['n']} times" for row in facts]


def disordered(records: Sequence[Record]) -> list[str]:
    """Of every topic and key 1, 2, 3 … in the partition's order, each number one event; repeats aside."""
    ids: dict[tuple[str, bytes, int], str] = {}
    last: Counter[tuple[str, bytes]] = Counter()
    against: list[str] = []
    for record in records:
        if not (number := record.headers.get("ce_sequence")):
            continue
        key, seq = (record.topic, record.key), int(number)
        if ids.setdefault((*key, seq), record.id) != record.id:
            against.append(f"{record.topic} {record.key.decode()}: two events are number {seq}")
        elif seq == last[key] + 1:
            last[key] = seq
        elif seq > last[key]:
            against.append(f"{record.topic} {record.key.decode()}: {seq} came after {last[key]}")
    return against


async def mistold(
    sql: asyncpg.Connection,
    slips: Sequence[Slip],
    in_the_air: Collection[str],
    receipts_lost: Collection[str],
) -> list[str]:
    """Messages owed and not there, or not in the state they belong in.

    `ambiguous` is right for those (by id) that were in the air when their sender died, and for them alone; a
    text whose receipt may have died with its reader may stay `sent`.
    """
    rows = await _messages(sql, slips)
    told = Counter((row["code"], row["template"].removesuffix("_undated"), row["channel"]) for row in rows)
    owed = Counter((slip.code, fact, channel) for slip in slips for fact in slip.told for channel in CHANNELS)
    against = [f"{code}: {fact} by {way} is owed and not there" for code, fact, way in owed - told]
    against += [f"{code}: {fact} by {way} is there and not owed" for code, fact, way in told - owed]
    for row in rows:
        if row["state"] not in _right_states(row, in_the_air, receipts_lost):
            against.append(f"{row['code']}: {row['template']} by {row['channel']} is {row['state']}")
        elif row["shown"] != row["state"]:
            against.append(f"{row['code']}: the page shows {row['template']} as {row['shown']}")
    return against


def _right_states(
    row: asyncpg.Record, in_the_air: Collection[str], receipts_lost: Collection[str]
) -> set[str]:
    if row["id"] in in_the_air:
        return {"ambiguous"}
    if row["channel"] == "email":
        return {"sent"}
    return {"sent", "delivered"} if row["id"] in receipts_lost else {"delivered"}


async def misdelivered(
    sql: asyncpg.Connection, slips: Sequence[Slip], arrived: Sequence[Mapping[str, Any]]
) -> list[str]:
    """Each message that counts as sent arrived once; an ambiguous one once or never; none twice."""
    rows = await _messages(sql, slips)
    sure: Counter[tuple[str, str]] = Counter()
    most: Counter[tuple[str, str]] = Counter()
    for row in rows:
        place = (row["link_ref"], row["channel"])
        most[place] += 1
        sure[place] += row["state"] != "ambiguous"
    got: Counter[tuple[str, str]] = Counter()
    words: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for message in arrived:
        link = LINK.search(message["text"])
        place = (link[1] if link else "", message["channel"])
        if place in most:
            got[place] += 1
            words[place][message["text"]] += 1
    against = [
        f"{link}: {got[link, way]} {way} arrived of {sure[link, way]} to {n}"
        for (link, way), n in most.items()
        if not sure[link, way] <= got[link, way] <= n
    ]
    twice = [place for place, texts in words.items() if max(texts.values()) > 1]
    return against + [f"{link}: the same {way} arrived twice" for link, way in twice]


async def _messages(sql: asyncpg.Connection, slips: Sequence[Slip]) -> list[asyncpg.Record]:
    return await sql.fetch(
        """SELECT m.id::text, m.code, c.link_ref, m.template, m.channel, m.state, n.state AS shown
             FROM notification.messages m JOIN routing.cases c USING (code)
             LEFT JOIN intake.notices n ON n.message_id = m.id WHERE code = ANY($1)""",
        codes(slips),
    )


async def stuck(sql: asyncpg.Connection) -> list[str]:
    """Rows unsent, records held, keys parked."""
    return (await nothing_is_stuck(sql)).contradictions


async def whole(sql: asyncpg.Connection, every: Sequence[Slip], records: Sequence[Record]) -> list[str]:
    """The closing check's own questions, over everything that ever happened here."""
    found = [
        await filed_is_accounted_for(sql, codes(every)),
        await tasks_delivered_once(sql, records),
        await replies_take_effect_once(sql, records),
        await chains_verify(sql),
    ]
    return [line for finding in found for line in finding.contradictions] + disordered(records)
