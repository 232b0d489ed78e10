"""Chains in the database: appended in sets, verified whole, broken by any tampering."""

from datetime import datetime
from uuid import UUID, uuid4

import asyncpg
import pytest

from shared.actor import Actor
from shared.clock import CITY_TZ
from shared.db.transaction import transaction
from shared.security.audit_chain import AuditLine, VerifyResult, append, start_chains, verify
from tests.builders.statements import statements
from tests.databases import Database

pytestmark = pytest.mark.integration
AT = datetime(2026, 3, 6, 9, 0, 0, 123456, tzinfo=CITY_TZ)
OFFICER = Actor(kind="officer", id="canbo.hk", office="PASC-BR.1", role="counter")


@pytest.fixture
async def pool(database: Database) -> asyncpg.Pool:
    """Any service's schema has the tables."""
    return await database.pool("intake")


def line(root: UUID, act: str = "dossier.accepted") -> AuditLine:
    return AuditLine(root, act, OFFICER, AT, {"code": "H26.X-260306-0001", "đúng hạn": True, "days": 3.5})


async def write(pool: asyncpg.Pool, lines: list[AuditLine]) -> None:
    async with transaction(pool) as tx:
        await append(tx, lines)


async def check(pool: asyncpg.Pool) -> VerifyResult:
    async with transaction(pool) as tx:
        return await verify(tx)


async def test_lines_of_many_roots_appended_over_time_verify(pool: asyncpg.Pool) -> None:
    roots = [uuid4() for _ in range(5)]
    await write(pool, [line(root) for root in roots for _ in range(3)])
    await write(pool, [line(roots[0], "dossier.completed"), line(uuid4())])
    result = await check(pool)
    assert (result.roots, result.lines, result.faults) == (6, 17, [])


async def test_a_chain_that_was_begun_goes_on_and_verifies(pool: asyncpg.Pool) -> None:
    one, other = uuid4(), uuid4()
    async with transaction(pool) as tx:
        await start_chains(tx, [line(one), line(other), line(one)])
    await write(pool, [line(one, "dossier.completed")])
    result = await check(pool)
    assert (result.roots, result.lines, result.faults) == (2, 4, [])


async def test_no_chain_is_begun_twice(pool: asyncpg.Pool) -> None:
    root = uuid4()
    await write(pool, [line(root)])
    with pytest.raises(asyncpg.UniqueViolationError):
        async with transaction(pool) as tx:
            await start_chains(tx, [line(root)])
    assert (await check(pool)).lines == 1


@pytest.mark.parametrize(
    ("tampering", "why"),
    [
        ("UPDATE audit_lines SET facts = '{}' WHERE n = 2", "altered"),
        ('UPDATE audit_lines SET actor = \'{"kind": "system"}\' WHERE n = 2', "altered"),
        ("UPDATE audit_lines SET at = at + interval '1 microsecond' WHERE n = 2", "altered"),
        ("UPDATE audit_lines SET act = 'other' WHERE n = 2", "altered"),
        ("DELETE FROM audit_lines WHERE n = 2", "missing"),
        ("DELETE FROM audit_lines WHERE n = 3", "cut"),
        ("DELETE FROM audit_lines", "cut"),
    ],
)
async def test_tampering_is_found(pool: asyncpg.Pool, tampering: str, why: str) -> None:
    root = uuid4()
    await write(pool, [line(root), line(root), line(root)])
    await pool.execute(tampering)
    (fault,) = (await check(pool)).faults
    assert fault.root_id == root
    assert fault.reason.startswith(why)


async def test_what_was_rolled_back_leaves_no_gap(pool: asyncpg.Pool) -> None:
    root = uuid4()
    await write(pool, [line(root)])
    with pytest.raises(ZeroDivisionError):
        async with transaction(pool) as tx:
            await append(tx, [line(root)])
            raise ZeroDivisionError
    await write(pool, [line(root)])
    assert (await check(pool)).is_intact


async def test_appending_costs_the_same_statements_for_one_and_for_five_hundred(pool: asyncpg.Pool) -> None:
    costs = []
    for count in (1, 500):
        async with transaction(pool) as tx:
            with statements(tx) as seen:
                await append(tx, [line(uuid4()) for _ in range(count)])
        costs.append(len(seen))
    assert costs[0] == costs[1]
