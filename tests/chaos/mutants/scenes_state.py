"""Trouble inside a service. Each scene answers its complaints; of the healthy product it has none."""

import asyncio
from contextlib import suppress
from typing import Any

from deploy.demo.sinks.phones import Answer
from services.notification.store.leases import LOCK_CLASS, SenderLease
from services.notification.usecases.send_due import mark_abandoned_ambiguous, send_due
from shared.db.transaction import transaction
from shared.events import agency
from shared.events.contacts import Contact
from tests.builders.notification import Office, dossiers
from tests.builders.routing import accepted_event, submitted_case, submitted_event
from tests.builders.routing_batches import accepted, answer, follow, reply_of
from tests.builders.sending import record_all
from tests.builders.sinks import text_line
from tests.builders.wire import until
from tests.chaos.mutants.trial import Trial
from tests.chaos.replacing import replace


async def a_transaction_fails_late(trial: Trial) -> list[str]:
    """After the audit line was written the events cannot be: tried again, there is one line for one act."""
    failures = iter([ConnectionResetError("the database went away")])

    def failing(original: Any) -> Any:
        async def append(*arguments: Any) -> None:
            for failure in failures:
                raise failure
            await original(*arguments)

        return append

    case = submitted_case()
    async with transaction(trial.routing) as tx:
        await follow(tx, [submitted_event(case)])
    undo = replace("shared.messaging.publish.outbox:append_events", failing)
    try:
        for _ in range(2):
            with suppress(ConnectionResetError):
                async with transaction(trial.routing) as tx:
                    await follow(tx, [accepted_event(case)])
    finally:
        undo()
    acts = await trial.routing.fetchval("SELECT count(*) FROM case_history")
    lines = await trial.routing.fetchval("SELECT count(*) FROM audit_lines")
    return [] if acts == lines else [f"{lines} audit lines of {acts} acts"]


async def two_acts_on_one_root(trial: Trial) -> list[str]:
    """Two replies end the same step at the same moment, in two transactions: one of them comes too late."""
    [case] = await accepted(trial.routing, [submitted_case()])

    async def act() -> None:
        async with transaction(trial.routing) as tx:
            await answer(tx, [reply_of(case, "check")])

    async def somebody_waits() -> bool:
        waiting = """SELECT count(*) FROM pg_stat_activity
                      WHERE datname = current_database() AND wait_event_type = 'Lock'"""
        return bool(await trial.routing.fetchval(waiting))

    async with transaction(trial.routing) as tx:
        await answer(tx, [reply_of(case, "check")])
        second = asyncio.create_task(act())
        await until(somebody_waits)
    await second
    ended = await trial.routing.fetchval("SELECT count(*) FROM case_history WHERE because = $1", agency.DONE)
    return [] if ended == 1 else [f"one step ended {ended} times"]


async def a_receipt_for_one_of_two_texts(trial: Trial) -> list[str]:
    """Two phones, one switched off: only the other's text is delivered."""
    office = await _office(trial)
    off, on = dossiers(2)
    await office.meet([off], Contact("+84900000001", None))
    await office.meet([on], Contact("+84900000002", None))
    await office.hear(off.opened(), on.opened())
    await office.write()
    lease = await _lease(trial)
    async with text_line(lambda to: Answer(receipt=None if to.endswith("1") else "DELIVRD")) as line:
        await send_due(office.pool, office.keyring, line.carrier, lease.number)

        async def came() -> bool:
            return bool(line.receipts)

        await until(came)
        await record_all(office, line.receipts)
    await lease.release()
    states = dict(await office.pool.fetch("SELECT code, state FROM messages"))
    right = {off.code: "sent", on.code: "delivered"}
    return [] if states == right else [f"texts are {list(states.values())}, of the wrong phones"]


async def a_sender_dies_with_a_text_in_the_air(trial: Trial) -> list[str]:
    """The text centre has it, the answer was never stored: the next sender doubts it, no more."""
    office = await _office(trial)
    [told] = dossiers(1)
    await office.meet([told], Contact("+84900000001", None))
    await office.hear(told.opened())
    await office.write()

    def dying(_: Any) -> Any:
        async def record(*_: Any) -> None:
            raise RuntimeError("the process died here")

        return record

    async with text_line() as line:
        first = await _lease(trial)
        undo = replace("services.notification.usecases.send_due:record_attempts", dying)
        try:
            with suppress(RuntimeError):
                await send_due(office.pool, office.keyring, line.carrier, first.number)
        finally:
            undo()
        await first.release()
        second = await _lease(trial)
        await mark_abandoned_ambiguous(office.pool, LOCK_CLASS)
        await send_due(office.pool, office.keyring, line.carrier, second.number)
        await second.release()
        arrived = len(line.shelf.all())
    state = await office.pool.fetchval("SELECT state FROM messages")
    return [] if (arrived, state) == (1, "ambiguous") else [f"arrived {arrived} times and is {state}"]


async def _office(trial: Trial) -> Office:
    office = Office(await trial.database.pool("notification"), await trial.database.pool("keyring"))
    await office.learn()
    return office


async def _lease(trial: Trial) -> SenderLease:
    lease = SenderLease(trial.database.url("notification"))
    await lease.acquire()
    return lease
