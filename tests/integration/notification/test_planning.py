"""From a case update and a contact, in either order, to exactly one message a channel."""

import json

import pytest

from services.notification.store.notices import read_facts
from services.notification.usecases.plan_messages import plan_messages
from services.notification.usecases.remember_contact import remember_contact
from shared.db.transaction import transaction
from shared.events.contacts import Contact
from tests.builders.notification import BOTH, DUE, CaseEvents, Office, batch, dossiers
from tests.builders.statements import statements

pytestmark = pytest.mark.integration


async def test_a_dossier_is_told_by_text_and_letter(office: Office) -> None:
    (told,) = dossiers(1)
    await office.meet([told])
    await office.hear(told.opened(), told.accepted())
    await office.write()
    assert await office.states() == [
        ("accepted", "email", "planned"),
        ("accepted", "sms", "planned"),
        ("submitted", "email", "planned"),
        ("submitted", "sms", "planned"),
    ]


async def test_what_an_office_asks_for_and_how_it_ended_is_told_too(office: Office) -> None:
    told, other = dossiers(2)
    await office.meet([told, other])
    await office.hear(
        told.supplement_requested("Giấy chứng nhận bản gốc"),
        told.supplement_requested("Giấy chứng nhận bản gốc"),
    )
    await office.hear(other.extended(DUE), other.stopped("không bổ sung giấy tờ"))
    await office.write()
    assert await office.states() == [
        (template, channel, "planned")
        for template in ("extended", "stopped", "supplement")
        for channel in ("email", "sms")
    ]


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("no_answer", "giấy tờ cần bổ sung chưa có trong thời hạn"),
        ("withdrawn", "bạn đã xin rút hồ sơ"),
        ("Thửa đất đang tranh chấp.", "Thửa đất đang tranh chấp."),
    ],
)
async def test_a_stop_is_explained_in_words_and_never_by_its_code(
    office: Office, said: str, why: str
) -> None:
    (told,) = dossiers(1, procedure="land-transfer")
    await office.meet([told])
    await office.hear(told.stopped(said))
    facts = read_facts(json.loads(await office.pool.fetchval("SELECT facts::text FROM notices")))
    assert facts.reason_vi == why


@pytest.mark.parametrize(("procedure", "why"), [("land-transfer", "phải đo lại"), ("judicial-record-1", "")])
async def test_an_extension_gives_its_reason_unless_the_matter_is_private(
    office: Office, procedure: str, why: str
) -> None:
    (told,) = dossiers(1, procedure=procedure)
    await office.meet([told])
    await office.hear(told.extended(DUE, "phải đo lại"))
    facts = read_facts(json.loads(await office.pool.fetchval("SELECT facts::text FROM notices")))
    assert facts.reason_vi == why


async def test_a_reminder_is_of_use_until_the_time_to_answer_is_over(office: Office) -> None:
    (told,) = dossiers(1)
    await office.meet([told])
    await office.hear(told.reminded(), told.reminded())
    await office.write()
    assert await office.states() == [("reminder", channel, "planned") for channel in ("email", "sms")]
    assert await office.pool.fetchval("SELECT every(useful_until = $1) FROM messages", DUE)


async def test_an_end_in_parts_is_told_as_one_and_the_letter_says_which(office: Office) -> None:
    (told,) = dossiers(1, procedure="death-interlinked")
    await office.meet([told])
    await office.hear(told.ended_apart())
    await office.write()
    assert await office.states() == [
        ("completed_in_part", channel, "planned") for channel in ("email", "sms")
    ]
    facts = read_facts(json.loads(await office.pool.fetchval("SELECT facts::text FROM notices")))
    assert [(each.title_vi, each.granted) for each in facts.results] == [
        ("khai tử", True),
        ("tử tuất", False),
    ]


async def test_a_contact_that_comes_later_completes_what_was_waiting(office: Office) -> None:
    (told,) = dossiers(1)
    await office.hear(told.opened())
    assert await office.write() == 0
    await office.meet([told])
    assert await office.write() == 1
    assert await office.states() == [("submitted", "email", "planned"), ("submitted", "sms", "planned")]


async def test_the_same_update_twice_is_one_message(office: Office) -> None:
    (told,) = dossiers(1)
    await office.meet([told])
    await office.hear(told.opened())
    await office.hear(told.opened(), told.opened())
    await office.write()
    await office.write()
    assert len(await office.states()) == 2


async def test_the_text_waiting_for_nobody_stays_silent_with_its_reason(office: Office) -> None:
    (told,) = dossiers(1)
    await office.meet([told], Contact(phone="+84900000001", email=None, text="voice"))
    await office.hear(told.opened())
    await office.write()
    assert await office.states() == []
    assert await _silences(office) == ["no_phone_for_texts_and_no_email"]


async def test_a_dossier_filed_at_the_counter_gets_no_text_at_submission_and_one_at_acceptance(
    office: Office,
) -> None:
    (told,) = dossiers(1, channel="counter")
    await office.meet([told])
    await office.hear(told.opened(), told.accepted())
    await office.write()
    assert {template for template, _, _ in await office.states()} == {"accepted"}
    assert await _silences(office) == ["the slip handed over at the counter says it"]
    signed = await office.pool.fetchval("SELECT facts FROM audit_lines WHERE act = 'message.silent'")
    assert signed["reason"] == "the slip handed over at the counter says it"


async def test_a_date_that_the_calendar_does_not_reach_is_said_to_follow(office: Office) -> None:
    (told,) = dossiers(1)
    await office.meet([told])
    await office.hear(told.accepted(due=None))
    await office.write()
    assert {template for template, _, _ in await office.states()} == {"accepted_date_follows"}


async def test_an_erased_person_gets_nothing(office: Office) -> None:
    (told,) = dossiers(1)
    await office.meet([told])
    await office.hear(told.opened())
    await office.keyring.erase_keys([told.subject])
    await office.write()
    assert await office.states() == []
    assert await _silences(office) == ["the_person_was_erased"]


async def test_changes_the_citizen_is_not_written_about_leave_nothing(office: Office) -> None:
    (told,) = dossiers(1)
    await office.hear(told.started())
    assert await office.pool.fetchval("SELECT count(*) FROM notices") == 0


async def test_no_number_address_or_word_lies_open_in_the_tables(office: Office) -> None:
    (told,) = dossiers(1)
    await office.meet([told])
    await office.hear(told.opened())
    await office.write()
    for table in ("contacts", "notices", "messages", "outbox", "audit_lines"):
        rows = await office.pool.fetch(f"SELECT {table}::text AS row FROM {table}")  # noqa: S608
        found = " ".join(row["row"] for row in rows)
        for planted in (str(BOTH.phone), str(BOTH.email), "doi kiem tra"):
            assert planted not in found
            assert planted.encode().hex() not in found


async def _silences(office: Office) -> list[str]:
    rows = await office.pool.fetch("SELECT silence FROM notices WHERE state = 'silent'")
    return [row["silence"] for row in rows]


async def _planning_cost(office: Office, told: list[CaseEvents]) -> int:
    async with transaction(office.pool) as tx:
        await office.words.current(tx)
        with statements(tx) as seen:
            events = [event for each in told for event in (each.opened(), each.accepted())]
            await plan_messages(tx, batch(events), template_cache=office.words)
        return len(seen)


async def test_planning_costs_the_same_statements_for_one_and_for_five_hundred(office: Office) -> None:
    one = await _planning_cost(office, dossiers(1))
    assert await _planning_cost(office, dossiers(500)) == one
    counter = await _planning_cost(office, dossiers(1, channel="counter"))
    assert await _planning_cost(office, dossiers(500, channel="counter")) == counter


async def test_remembering_costs_the_same_statements_for_one_and_for_five_hundred(office: Office) -> None:
    costs = []
    for count in (1, 500):
        told = dossiers(count)
        keys = await office.keyring.get_or_create_keys([each.subject for each in told])
        async with transaction(office.pool) as tx:
            with statements(tx) as seen:
                await remember_contact(tx, batch([each.contact(BOTH, keys[each.subject]) for each in told]))
            costs.append(len(seen))
    assert costs[0] == costs[1]
