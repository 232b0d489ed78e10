"""Decisions at the counter and what the topics tell: one statement a table, for one or five hundred."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

import pytest

from services.intake.domain.dossier.dossier import Dossier
from services.intake.domain.dossier.submission import CounterRefusal
from services.intake.domain.tracking.dossier_status import OwedByCitizen
from services.intake.store import views
from services.intake.usecases.catalogue_replica import CatalogueReplica
from services.intake.usecases.context import IntakeContext
from services.intake.usecases.decide_dossiers import Decision, decide_dossiers
from services.intake.usecases.save_views import save_case_views, save_message_states
from services.intake.usecases.show_case import track_by_code
from shared.db.transaction import transaction
from shared.errors import Refused
from shared.events.envelope import Event
from shared.events.notices import NotificationResult
from shared.messaging.record import positions
from shared.messaging.record.batch import Batch
from shared.security import audit_chain
from shared.states import State
from tests.builders.case_updates import case_update, event, headlines, owing
from tests.builders.counters import COUNTER
from tests.builders.intake import (
    FRIDAY,
    MARRIAGE,
    CountingPool,
    body,
    file_dossiers,
    filing,
    publish,
)
from tests.builders.statements import statements

pytestmark = pytest.mark.integration


def result(root: UUID, seq: int, message: UUID, state: str, minutes: int = 0) -> Event:
    data = NotificationResult(
        message_id=message,
        template="submitted",
        channel="sms",
        state=state,
        because="case.opened.v1",
        because_id="x",
        at=FRIDAY + timedelta(minutes=minutes),
    )
    return event(root, seq, data)


async def test_a_batch_of_decisions_is_folded_in_order(door: IntakeContext) -> None:
    first, second = await file_dossiers(door, filing(body(MARRIAGE)), filing(body(MARRIAGE)))
    no = CounterRefusal("papers_incomplete", "Thiếu giấy.", "")
    outcomes = await decide_dossiers(
        door,
        [
            Decision(first.code, COUNTER),
            Decision(first.code, COUNTER, no),
            Decision(second.code, COUNTER, no),
            Decision("H26.1-260306-0001", COUNTER),
        ],
    )
    states = [o.state if isinstance(o, Dossier) else o.code for o in outcomes]
    assert states == [State.ACCEPTED, "already_decided", State.REFUSED, "no_such_dossier"]
    async with transaction(door.pool) as tx:
        assert (await audit_chain.verify(tx)).lines == 4


async def test_an_officers_own_words_are_sealed(door: IntakeContext) -> None:
    (one,) = await file_dossiers(door, filing(body(MARRIAGE)))
    await decide_dossiers(door, [Decision(one.code, COUNTER, CounterRefusal("other", "Ông Ví Dụ", ""))])
    for table in ("dossiers", "dossier_seals", "outbox", "audit_lines"):
        assert "Ông Ví Dụ" not in str(await door.pool.fetch(f"SELECT t::text FROM {table} t"))  # noqa: S608


@pytest.mark.parametrize("refusal", [None, CounterRefusal("other", "x", "y")])
async def test_five_hundred_decisions_cost_what_one_costs(
    door: IntakeContext, refusal: CounterRefusal | None
) -> None:
    answers = await file_dossiers(door, *(filing(body(MARRIAGE)) for _ in range(501)))

    async def cost(codes: Sequence[str]) -> int:
        counting = CountingPool(door.pool)
        watched = replace(door, pool=counting)
        outcomes = await decide_dossiers(watched, [Decision(code, COUNTER, refusal) for code in codes])
        assert not any(isinstance(outcome, Refused) for outcome in outcomes)
        return len(counting.seen)

    assert await cost([answers[0].code]) == await cost([answer.code for answer in answers[1:]])


async def test_the_last_state_told_is_the_one_a_citizen_sees(door: IntakeContext) -> None:
    (one,) = await file_dossiers(door, filing())
    async with transaction(door.pool) as tx:
        await save_case_views(
            tx,
            headlines([case_update(one.dossier_id, n, s) for n, s in ((1, "accepted"), (2, "in_process"))]),
        )
        await save_case_views(tx, headlines([case_update(one.dossier_id, 3, "completed")]))
        await save_case_views(
            tx, headlines([case_update(one.dossier_id, 2, "in_process")])
        )  # an old one, replayed
    assert (await track_by_code(door, one.code, one.secret)).standing.state == "completed"


async def test_in_a_pause_the_citizen_sees_what_is_owed_and_no_date(door: IntakeContext) -> None:
    (one,) = await file_dossiers(door, filing())
    async with transaction(door.pool) as tx:
        await save_case_views(tx, headlines([owing(one.dossier_id, "Tờ khai")]))
    shown = (await track_by_code(door, one.code, one.secret)).standing
    assert (shown.due_at, shown.promised_due_at is None) == (None, False)
    assert shown.owed == OwedByCitizen(("Tờ khai",), None, FRIDAY)
    assert [why.why_vi for why in shown.explanation] == ["tạm dừng"]


async def test_what_routing_heard_before_acceptance_never_hides_the_counters_decision(
    door: IntakeContext,
) -> None:
    (one,) = await file_dossiers(door, filing(body(MARRIAGE)))
    await decide_dossiers(door, [Decision(one.code, COUNTER)])
    async with transaction(door.pool) as tx:
        await save_case_views(tx, headlines([case_update(one.dossier_id, 1, "submitted")]))
    assert (await track_by_code(door, one.code, one.secret)).standing.state == "accepted"


async def test_a_message_keeps_when_it_was_first_told_and_its_last_fate(door: IntakeContext) -> None:
    (one,) = await file_dossiers(door, filing())
    message = uuid4()
    fates = [result(one.dossier_id, n, message, s, n) for n, s in enumerate(("planned", "sent"), 1)]
    async with transaction(door.pool) as tx:
        await save_message_states(tx, Batch(fates))
        await save_message_states(tx, Batch([result(one.dossier_id, 3, message, "delivered", 3)]))
        (kept,) = await views.notices_of(tx, one.dossier_id)
    assert (kept.state, kept.first_at) == ("delivered", FRIDAY + timedelta(minutes=1))


async def test_following_costs_the_same_for_one_and_for_five_hundred(door: IntakeContext) -> None:
    async def cost(n: int) -> int:
        roots = [uuid4() for _ in range(n)]
        async with transaction(door.pool) as tx:
            with statements(tx) as seen:
                await save_case_views(tx, headlines([case_update(root, 1, "accepted") for root in roots]))
                await save_message_states(tx, Batch([result(root, 1, uuid4(), "sent") for root in roots]))
        return len(seen)

    assert await cost(1) == await cost(500)


async def test_what_is_followed_is_written_with_the_numbers_noted(door: IntakeContext) -> None:
    root = uuid4()
    async with transaction(door.pool) as tx:
        with statements(tx) as seen:
            await positions.save_sequences(tx, {("case.updates", str(root)): 1})
            await save_case_views(tx, headlines([case_update(root, 1, "accepted")]))
            await positions.save_sequences(tx, {("notification.results", str(root)): 1})
            await save_message_states(tx, Batch([result(root, 1, uuid4(), "sent")]))
    assert len(seen) == 2


async def test_the_catalogue_is_remembered_and_read_again_after_a_restart(door: IntakeContext) -> None:
    copy = CatalogueReplica(door.pool)
    assert await copy.unavailable_reason() == "not published yet"
    await publish(copy, door.pool)
    after_restart = CatalogueReplica(door.pool)
    await after_restart.load()
    assert len(after_restart.current.procedures(FRIDAY.date())) == 16
