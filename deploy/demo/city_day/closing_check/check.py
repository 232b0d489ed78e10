"""All findings of the closing check, in order."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from typing import Any

import asyncpg
from rich.console import Console

from deploy.demo.city_day.city import City
from deploy.demo.city_day.closing_check.children import children_are_their_roots_steps
from deploy.demo.city_day.closing_check.counted import filed_is_accounted_for
from deploy.demo.city_day.closing_check.delivered import replies_take_effect_once, tasks_delivered_once
from deploy.demo.city_day.closing_check.finding import Finding
from deploy.demo.city_day.closing_check.lateness import minutes_add_up
from deploy.demo.city_day.closing_check.letters import each_breach_has_its_letter
from deploy.demo.city_day.closing_check.messages import NO_INCIDENTS, Incidents, messages_arrive_once
from deploy.demo.city_day.closing_check.new_dates import each_new_date_has_its_end
from deploy.demo.city_day.closing_check.personal import nothing_personal
from deploy.demo.city_day.closing_check.topics import read_all
from deploy.demo.city_day.closing_check.true_dates import nothing_untrue
from deploy.demo.city_day.filing import Filed
from deploy.local.home import home
from shared.security import audit_chain

NOT_A_REPLY = (
    "closed_at IS NULL AND topic NOT LIKE 'agency.%.replies'"  # originals of unusable replies are kept there
)
STUCK = (("outbox", "true"), ("held", NOT_A_REPLY), ("parked_keys", "true"))
UNSENT = """
    SELECT EXISTS (SELECT FROM routing.deadlines WHERE at <= $1) OR EXISTS (SELECT FROM routing.outbox)"""
WAIT_SECONDS = 30
SCHEMAS = ("intake", "routing", "notification")


async def check(
    city: City, filed: Sequence[Filed], console: Console, incident_texts: Incidents = NO_INCIDENTS
) -> bool:
    """Print all findings. Returns whether all hold. `incident_texts`: see `told.Incidents`."""
    console.print("\n[bold]Closing check[/]")
    all_hold = True
    for finding in await findings(city, filed, incident_texts):
        finding.print(console)
        all_hold = all_hold and finding.holds
    return all_hold


async def findings(
    city: City, filed: Sequence[Filed], incident_texts: Incidents = NO_INCIDENTS
) -> list[Finding]:
    """All findings, from the databases, the broker, the sinks, the metrics and the logs."""
    await _wait_until_sent(city)
    records = read_all(city.stack.kafka)
    arrived_messages: list[dict[str, Any]] = (await city.http.get(f"{city.stack.sinks_url}/messages")).json()
    return [
        await filed_is_accounted_for(city.sql, [dossier.code for dossier in filed]),
        await tasks_delivered_once(city.sql, records),
        await replies_take_effect_once(city.sql, records),
        await messages_arrive_once(city.sql, filed, arrived_messages, incident_texts),
        nothing_untrue(records, filed, await _links(city.sql), arrived_messages),
        await each_breach_has_its_letter(city.sql, records),
        await each_new_date_has_its_end(city.sql, records, await city.now()),
        await minutes_add_up(city),
        await children_are_their_roots_steps(city.sql, records),
        nothing_personal(records, sorted(home().logs.glob("*.log")), await _metrics(city)),
        await chains_verify(city.sql),
        await nothing_is_stuck(city.sql),
    ]


async def _wait_until_sent(city: City) -> None:
    """Wait, at most `WAIT_SECONDS`, until no deadline is due and routing's outbox is empty."""
    deadline = time.monotonic() + WAIT_SECONDS
    while time.monotonic() < deadline:
        if not await city.sql.fetchval(UNSENT, await city.now()):
            return
        await asyncio.sleep(0.05)


async def chains_verify(sql: asyncpg.Connection) -> Finding:
    """Verify all audit chains, from their first lines to their heads."""
    roots, lines, faults = 0, 0, []
    async with sql.transaction(readonly=True):
        for schema in SCHEMAS:
            await sql.execute(f"SET LOCAL search_path = {schema}")
            result = await audit_chain.verify(sql)
            roots, lines = roots + result.roots, lines + result.lines
            faults += [f"{schema}: {fault.root_id} line {fault.n}: {fault.reason}" for fault in result.faults]
    return Finding(f"{lines} audit lines in {roots} chains verify", faults)


async def nothing_is_stuck(sql: asyncpg.Connection) -> Finding:
    """Check that all outboxes are empty, no record is held, and no key is parked."""
    stuck: list[str] = []
    for schema in SCHEMAS:
        for table, condition in STUCK:
            count = await sql.fetchval(f"SELECT count(*) FROM {schema}.{table} WHERE {condition}")  # noqa: S608
            stuck += [f"{schema}.{table}: {count} rows"] if count else []
    return Finding("outboxes empty, nothing held but parties' unusable replies, no key parked", stuck)


async def _links(sql: asyncpg.Connection) -> dict[str, str]:
    """The codes of dossiers by the references in the links of their messages."""
    return {
        row["link_ref"]: row["code"] for row in await sql.fetch("SELECT link_ref, code FROM routing.cases")
    }


async def _metrics(city: City) -> list[tuple[str, bytes]]:
    urls = city.stack.service_urls
    return [(name, (await city.http.get(f"{url}/metrics")).content) for name, url in urls.items()]
