"""Papers asked for during processing, and a withdrawal thought better of, through Kafka and PostgreSQL."""

import asyncio
from datetime import datetime

import pytest

from services.routing.domain.case.case import Case
from services.routing.domain.clock.reminders import UNANSWERED
from services.routing.store import board, history
from shared.db.transaction import city_now, transaction
from shared.events import dossier, topics
from shared.events.agency import SUPPLEMENT_ASKED
from shared.events.body import Body, ProcedureRef
from shared.events.case import DECLINED, UPDATED, WARNING
from shared.events.dossier import DossierSupplemented, WithdrawalCancelled, WithdrawalRequested
from shared.events.envelope import NewEvent
from tests.builders.routing import accepted_event, submitted_case, submitted_event, task_of
from tests.builders.routing_asks import CITIZEN, on
from tests.builders.wire import until
from tests.integration.routing.conftest import World

pytestmark = pytest.mark.integration
THURSDAY, FRIDAY, AFTER_TET, PROMISED = on(2, 12), on(2, 13, 14), on(2, 23), on(3, 3, 17)


def citizen_event(case: Case, type: str, data: Body, at: datetime) -> NewEvent:
    """What intake publishes of a citizen's act."""
    return NewEvent(
        topic=topics.DOSSIER_EVENTS.name,
        key=str(case.root),
        type=type,
        data=data,
        actor=CITIZEN,
        time=at,
        dossier_id=case.root,
        procedure=ProcedureRef(code=case.procedure, version=case.version),
        channel=case.channel,
    )


async def asked_for_papers(world: World) -> Case:
    """Accepted on a Thursday before Tết; on Friday the land registry asks for a paper, by its topic."""
    await world.database.set_clock(THURSDAY)
    case = submitted_case("land-transfer", at=THURSDAY)
    await world.intake_says([submitted_event(case), accepted_event(case, PROMISED)])
    registry = world.agency("land-registry")
    task = await asyncio.to_thread(registry.next)
    await world.database.set_clock(FRIDAY)
    wanted = {"items": ["Giấy chứng nhận bản gốc"], "answer_by": on(2, 27, 17).isoformat()}
    registry.reply(task, SUPPLEMENT_ASKED, id="form-02", **wanted)
    registry.reply(task, SUPPLEMENT_ASKED, id="form-02", **wanted)
    registry.reply(task, SUPPLEMENT_ASKED, id="form-02-again", **wanted)
    return await world.until_state(case, "supplement_requested")


async def life_of(world: World, case: Case) -> list[tuple[str, str]]:
    """What was told of the case, in order: how, and because of what."""
    async with transaction(world.routing) as tx:
        return [(line.type, line.because) for line in await history.read_history(tx, case.root)]


async def test_the_citizen_answers_and_the_date_is_counted_anew(world: World) -> None:
    waiting = await asked_for_papers(world)
    assert (waiting.current_due_at, waiting.promised_due_at) == (None, PROMISED)
    await world.database.set_clock(AFTER_TET)
    given = DossierSupplemented(code=waiting.code, stage="processing", answered_at=AFTER_TET, items=[])
    await world.intake_says([citizen_event(waiting, dossier.SUPPLEMENTED, given, AFTER_TET)])
    running = await world.until_state(waiting, "in_process")
    assert running.current_due_at == on(3, 4, 17)
    assert [(event.fact.value, event.at) for event in running.ledger] == [
        ("supplement_requested", FRIDAY),
        ("supplemented", AFTER_TET),
    ]
    shown = (await world.get("operator", f"/v1/cases/{waiting.code}")).json()
    assert shown["explanation"][1]["why"].endswith("tạm dừng tính")
    assert (await life_of(world, waiting))[-2:] == [
        (UPDATED, SUPPLEMENT_ASKED),
        (UPDATED, dossier.SUPPLEMENTED),
    ]


async def test_nearly_over_the_citizen_is_reminded_and_once_over_office_and_board_see_it(
    world: World,
) -> None:
    waiting = await asked_for_papers(world)
    await world.database.set_clock(on(2, 27, 8))
    await until(lambda: _was_told(world, waiting, WARNING))
    await world.database.set_clock(on(2, 27, 17))
    assert (await counted_on_the_board(world)).unanswered == 0
    await world.database.set_clock(on(2, 27, 17, 1))
    await until(lambda: _is_because(world, waiting, UNANSWERED))
    assert (await counted_on_the_board(world)).unanswered == 1
    shown = (await world.get("operator", f"/v1/cases/{waiting.code}")).json()
    said = [
        (one["scope"], one["level"], one["to"]) for one in shown["deadlines"] if one["late_by"] is not None
    ]
    assert said == [("request", "one_day", "citizen"), ("request", "breach", "holder")]
    assert shown["state"] == "supplement_requested"


async def test_a_withdrawal_asked_in_a_pause_and_cancelled_leaves_it_paused(world: World) -> None:
    waiting = await asked_for_papers(world)
    await world.database.set_clock(AFTER_TET)
    ask = WithdrawalRequested(code=waiting.code, asked_at=AFTER_TET, by="self")
    asked = citizen_event(waiting, dossier.WITHDRAWAL_REQUESTED, ask, AFTER_TET)
    await world.intake_says([asked, citizen_event(waiting, dossier.WITHDRAWAL_REQUESTED, ask, AFTER_TET)])
    withdrawn = await world.until_state(waiting, "withdrawal_requested")
    assert withdrawn.resume_to == waiting.position
    cancel = WithdrawalCancelled(code=waiting.code, cancelled_at=AFTER_TET, by="self")
    cancelled = citizen_event(waiting, dossier.WITHDRAWAL_CANCELLED, cancel, AFTER_TET)
    await world.intake_says(
        [cancelled, citizen_event(waiting, dossier.WITHDRAWAL_CANCELLED, cancel, AFTER_TET)]
    )
    await until(lambda: _was_told(world, waiting, DECLINED))
    still = await world.case(waiting)
    assert still == waiting
    assert (await life_of(world, waiting))[-3:] == [
        (UPDATED, dossier.WITHDRAWAL_REQUESTED),
        (UPDATED, dossier.WITHDRAWAL_CANCELLED),
        (DECLINED, dossier.WITHDRAWAL_CANCELLED),
    ]


async def test_written_at_one_desk_and_confirmed_at_another_it_is_stopped(world: World) -> None:
    waiting = await asked_for_papers(world)
    registry = world.agencies[0]
    path = f"/v1/tasks/{task_of(waiting, 'check').id}"
    office = task_of(waiting, "check").office
    stop = {"office": office, "reason": "không bổ sung giấy tờ"}
    first = await world.post("registrar", f"{path}/ask-stop", stop)
    alone = await world.post("registrar", f"{path}/confirm-stop", {"office": office})
    assert (first.status_code, alone.json()["code"]) == (200, "second_person_needed")
    second = await world.post("second-registrar", f"{path}/confirm-stop", {"office": office})
    assert (second.status_code, second.json()["state"]) == (200, "closed")
    stopped = await world.until_state(waiting, "stopped")
    assert (stopped.current_due_at, stopped.holder) == (PROMISED, None)
    assert (await asyncio.to_thread(registry.next)).type == "task.closed.v1"
    again = await world.post("second-registrar", f"{path}/confirm-stop", {"office": office})
    assert again.json() == second.json()


async def counted_on_the_board(world: World) -> board.BoardCounts:
    """The board's figures by the city's clock as it stands."""
    async with transaction(world.routing) as tx:
        now = await city_now(tx)
        return await board.board_counts(tx, board.BoardSpan(now, now, now))


async def _is_because(world: World, case: Case, fact: str) -> bool:
    return fact in [because for _, because in await life_of(world, case)]


async def _was_told(world: World, case: Case, type: str) -> bool:
    return type in [told for told, _ in await life_of(world, case)]
