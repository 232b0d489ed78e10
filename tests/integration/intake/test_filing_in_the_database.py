"""Filing: one key one dossier, codes without gaps, nothing personal in the open, the same cost for many."""

import asyncio
import re
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from services.intake.domain.submission.filing_limits import FilingLimits
from services.intake.usecases.context import IntakeContext
from services.intake.usecases.dump_world import dump_rows
from services.intake.usecases.submission_request import SubmissionReceipt
from services.intake.usecases.submit_dossiers import submit_dossiers
from shared.actor import Actor
from shared.db.transaction import transaction
from shared.errors import RefusalKind, Refused
from shared.security import audit_chain
from shared.states import State
from tests.builders.counters import COUNTER
from tests.builders.intake import (
    ALPHA,
    FRIDAY,
    MARRIAGE,
    NO_LIMITS,
    TRANSFER,
    CountingPool,
    PoolFor,
    body,
    file_dossiers,
    filing,
)
from tests.databases import Database

pytestmark = pytest.mark.integration


async def outbox(door: IntakeContext) -> list[tuple[str, str]]:
    found = await door.pool.fetch("SELECT topic, headers FROM outbox ORDER BY position")
    kind = re.compile(rb'"ce_type","vn[.]motcua[.]([^"]+)"')
    return [(row["topic"], kind.search(row["headers"]).group(1).decode()) for row in found]  # pyright: ignore[reportOptionalMemberAccess]


async def test_a_dossier_accepted_by_rule_is_told_with_its_promise_at_once(door: IntakeContext) -> None:
    (answer,) = await file_dossiers(door, filing())
    assert (answer.code, answer.state) == ("H26.X-260306-0001", State.ACCEPTED)
    assert await outbox(door) == [
        ("citizen.contacts", "contact.changed.v1"),
        ("dossier.events", "dossier.submitted.v1"),
        ("dossier.events", "dossier.accepted.v1"),
    ]


async def test_elsewhere_it_waits_for_the_counter(door: IntakeContext) -> None:
    (answer,) = await file_dossiers(door, filing(body(MARRIAGE)))
    assert answer.state is State.SUBMITTED
    assert answer.receiving_office == "PASC-SP.00004"
    assert answer.answer_by.isoformat() == "2026-03-09T09:30:00+07:00"
    assert [kind for _, kind in await outbox(door)] == ["contact.changed.v1", "dossier.submitted.v1"]


async def test_the_same_key_and_body_is_the_same_dossier_with_the_same_secret(door: IntakeContext) -> None:
    once = filing()
    (first,) = await file_dossiers(door, once)
    (again,) = await file_dossiers(door, once)
    assert (first.fresh, again.fresh) == (True, False)
    assert again == replace(first, fresh=False)
    assert len(await outbox(door)) == 3


async def test_a_key_sent_twice_at_the_same_moment_is_one_dossier(door: IntakeContext) -> None:
    once = filing()
    outcomes = await file_dossiers(door, once, once, once)
    assert {outcome.code for outcome in outcomes} == {"H26.X-260306-0001"}
    assert [outcome.fresh for outcome in outcomes] == [True, False, False]


async def test_another_body_under_a_used_key_is_refused(door: IntakeContext) -> None:
    key = uuid4()
    await file_dossiers(door, filing(key=key))
    (refused,) = await submit_dossiers(door, [filing(body(facts={"for_use": "du học"}), key=key)])
    assert isinstance(refused, Refused)
    assert (refused.code, refused.kind) == ("key_used", RefusalKind.CONFLICT)


async def test_a_refused_body_leaves_its_key_free_for_the_mended_one(door: IntakeContext) -> None:
    key = uuid4()
    (wrong,) = await submit_dossiers(door, [filing(body(contact__phone="+8490000012"), key=key)])
    assert isinstance(wrong, Refused)
    assert [error.field for error in wrong.errors] == ["contact.phone"]
    (answer,) = await file_dossiers(door, filing(key=key))
    assert answer.fresh


async def test_serials_count_by_office_and_day_and_ten_thousand_follows(
    door: IntakeContext, database: Database
) -> None:
    await door.pool.execute("INSERT INTO code_serials VALUES ('H26.X', '2026-03-06', 9998)")
    answers = await file_dossiers(door, filing(), filing(body(TRANSFER)), filing(), filing(body(TRANSFER)))
    assert [answer.code for answer in answers] == [
        "H26.X-260306-9999",
        "H26.103.25.8-260306-0001",
        "H26.X-260306-10000",
        "H26.103.25.8-260306-0002",
    ]
    await database.set_clock(FRIDAY.replace(day=9))
    (tomorrow,) = await file_dossiers(door, filing())
    assert tomorrow.code == "H26.X-260309-0001"


async def test_batches_at_once_share_the_units_serials_and_a_key_that_is_in_both(door: IntakeContext) -> None:
    once = filing()
    batches = [
        [filing(body(MARRIAGE if n % 2 else TRANSFER)) for n in range(20)] + [filing(), once]
        for _ in range(4)
    ]
    answers = await asyncio.gather(*(file_dossiers(door, *batch) for batch in batches))
    codes = {answer.code for batch in answers for answer in batch}
    assert Counter(code.split("-")[0] for code in codes) == {
        "H26.103.25.8": 40,
        "H26.103.26.1": 40,
        "H26.X": 5,
    }
    for unit in ("H26.103.25.8", "H26.103.26.1", "H26.X"):
        serials = sorted(code[-4:] for code in codes if code.startswith(f"{unit}-"))
        assert serials == [f"{n:04}" for n in range(1, len(serials) + 1)]
    assert sum(answer.fresh for batch in answers for answer in batch) == len(codes)


async def test_only_a_counter_files_at_the_counter_and_only_an_investor_its_own_project(
    door: IntakeContext,
) -> None:
    at_counter = body(MARRIAGE, channel="counter")
    homes = body(
        procedure="social-housing-purchase",
        channel="investor",
        place={"project": "binh-minh", "residence": "00103"},
        delivery="investor",
        facts={"married": False},
    )
    beta = Actor(kind="investor", party="investor-beta")
    outcomes = await submit_dossiers(
        door,
        [
            filing(at_counter),
            filing(at_counter, actor=COUNTER),
            filing(homes),
            filing(homes, actor=beta),
            filing(homes, actor=ALPHA),
        ],
    )
    kinds = [outcome.kind if isinstance(outcome, Refused) else "filed" for outcome in outcomes]
    assert kinds == [
        RefusalKind.UNAUTHENTICATED,
        "filed",
        RefusalKind.UNAUTHENTICATED,
        RefusalKind.FORBIDDEN,
        "filed",
    ]


async def test_nothing_personal_stands_in_the_open(door: IntakeContext) -> None:
    await file_dossiers(door, filing(), filing(body(MARRIAGE)))
    tables = ("dossiers", "dossier_seals", "submissions", "outbox", "audit_lines", "code_serials")
    for table in tables:
        text = str(await door.pool.fetch(f"SELECT t::text FROM {table} t"))  # noqa: S608  (names from above)
        for planted in ("Ví Dụ", "099058770566", "900000042", "vidu042", "1958-03-01", "tokhai.pdf"):
            assert planted not in text, (table, planted)


async def test_the_canonical_dump_opens_the_seals_and_knows_no_ids(door: IntakeContext) -> None:
    (answer,) = await file_dossiers(door, filing())
    async with transaction(door.pool) as tx:
        (row,) = await dump_rows(tx, door.keyring)
    assert row["person"]["name"] == "Ngô Ví Dụ Việt"
    assert row["person"]["phone"] == "+84900000042"
    assert answer.secret not in str(row)
    assert str(answer.dossier_id) not in str(row)


async def test_filing_without_a_credential_has_a_limit_a_day(door: IntakeContext, database: Database) -> None:
    door = replace(door, limits=FilingLimits(phone=3, email=0, person=0, address=0))
    flood = [filing(body(facts={"for_use": f"việc {n}"})) for n in range(8)]
    batches = await asyncio.gather(*(submit_dossiers(door, flood[n : n + 2]) for n in range(0, 8, 2)))
    outcomes = [outcome for batch in batches for outcome in batch]
    refused = [outcome for outcome in outcomes if isinstance(outcome, Refused)]
    assert len(refused) == 5
    assert {(one.code, one.kind, one.errors[0].field) for one in refused} == {
        ("filed_often", RefusalKind.TOO_OFTEN, "contact.phone")
    }
    assert refused[0].retry_after_seconds == 15 * 3600
    await file_dossiers(door, filing(actor=COUNTER), filing(body(contact__phone="0900000043")))
    assert await door.pool.fetchval("SELECT max(filed) FROM filing_counts") == 3
    first = next(n for n, one in enumerate(outcomes) if not isinstance(one, Refused))
    (again,) = await file_dossiers(door, flood[first])
    assert not again.fresh
    await database.set_clock(FRIDAY + timedelta(days=3))
    await file_dossiers(door, filing())
    assert await door.pool.fetchval("SELECT count(*) FROM filing_counts") == 1


@pytest.mark.parametrize("kind", ["phone", "email", "person", "address"])
async def test_each_limit_counts_alone(door: IntakeContext, kind: str) -> None:
    door = replace(door, limits=replace(NO_LIMITS, **{kind: 1}))
    first, second = (replace(filing(), address="192.0.2.7") for _ in range(2))
    outcomes = await submit_dossiers(door, [first, second])
    assert [getattr(outcome, "code", "") for outcome in outcomes] == ["H26.X-260306-0001", "filed_often"]


async def test_five_hundred_cost_as_many_statements_as_one(door: IntakeContext, pool_for: PoolFor) -> None:
    async def cost(n: int) -> int:
        counting = CountingPool(door.pool)
        watched = replace(door, pool=counting)
        outcomes = await submit_dossiers(watched, [filing(body(MARRIAGE)) for _ in range(n)])
        assert all(isinstance(outcome, SubmissionReceipt) for outcome in outcomes)
        return len(counting.seen)

    assert await cost(1) == await cost(500) == 3, "what was there before, key and serial, the rest"


async def test_every_filing_has_its_line_in_a_chain_that_verifies(door: IntakeContext) -> None:
    await file_dossiers(door, *(filing() for _ in range(3)))
    async with transaction(door.pool) as tx:
        result = await audit_chain.verify(tx)
    assert (result.roots, result.lines, result.is_intact) == (3, 6, True)
