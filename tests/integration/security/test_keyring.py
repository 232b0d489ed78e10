"""One key a person, in a database of its own; erasing it erases them."""

import asyncio
from uuid import uuid4

import asyncpg
import pytest

from shared.security.keyring import Keyring
from shared.security.seal import DecryptionFailed, decrypt_field, encrypt_field
from tests.databases import Database

pytestmark = pytest.mark.integration
MASTER = bytes(range(32))


@pytest.fixture
async def pool(database: Database) -> asyncpg.Pool:
    """The keyring's own database."""
    return await database.pool("keyring")


async def test_a_person_keeps_the_key_given_first(pool: asyncpg.Pool) -> None:
    keyring, one, other = Keyring(pool, MASTER), uuid4(), uuid4()
    first = await keyring.get_or_create_keys([one])
    both = await keyring.get_or_create_keys([one, other, one])
    assert both[one] == first[one] != both[other]
    assert await keyring.find_keys([one, other, uuid4()]) == both


async def test_two_processes_making_keys_at_once_agree(pool: asyncpg.Pool) -> None:
    people = [uuid4() for _ in range(50)]
    mine, theirs = await asyncio.gather(
        Keyring(pool, MASTER).get_or_create_keys(people),
        Keyring(pool, MASTER).get_or_create_keys(people[::-1]),
    )
    assert mine == theirs


async def test_a_destroyed_key_opens_nothing_and_a_new_one_is_another(pool: asyncpg.Pool) -> None:
    keyring, one = Keyring(pool, MASTER), uuid4()
    sealed = encrypt_field((await keyring.get_or_create_keys([one]))[one], b"x", aad="t.c.1")
    assert await keyring.erase_keys([one, uuid4()]) == 1
    assert await keyring.find_keys([one]) == {}
    with pytest.raises(DecryptionFailed):
        decrypt_field((await keyring.get_or_create_keys([one]))[one], sealed, aad="t.c.1")


async def test_without_the_master_key_the_keyring_is_worth_nothing(pool: asyncpg.Pool) -> None:
    one = uuid4()
    await Keyring(pool, MASTER).get_or_create_keys([one])
    with pytest.raises(DecryptionFailed):
        await Keyring(pool, bytes(32)).find_keys([one])


async def test_a_key_copied_to_another_person_does_not_open(pool: asyncpg.Pool) -> None:
    keyring, one, other = Keyring(pool, MASTER), uuid4(), uuid4()
    await keyring.get_or_create_keys([one, other])
    await pool.execute(
        """UPDATE data_keys SET wrapped = (SELECT wrapped FROM data_keys WHERE subject_ref = $1)
            WHERE subject_ref = $2""",
        one,
        other,
    )
    with pytest.raises(DecryptionFailed):
        await keyring.find_keys([other])
