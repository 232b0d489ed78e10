"""One data key a person, wrapped by the master key, in a database of its own. No key, no data."""

from collections.abc import Sequence
from pathlib import Path
from uuid import UUID

import asyncpg

from shared.security.seal import KEY_BYTES, decrypt_field, encrypt_field, new_key

MIGRATIONS = Path(__file__).parent / "migrations"


class Keyring:
    """Data keys by subject. Nothing is cached, so a destroyed key is gone for every process at once."""

    def __init__(self, pool: asyncpg.Pool, master_key: bytes) -> None:
        if len(master_key) != KEY_BYTES:
            raise ValueError(f"the master key has {len(master_key)} bytes, it needs {KEY_BYTES}")
        self._pool = pool
        self._master = master_key

    async def find_keys(self, subject_refs: Sequence[UUID]) -> dict[UUID, bytes]:
        """The keys these people have; whoever was erased or never came is absent."""
        rows = await self._pool.fetch(
            "SELECT subject_ref, wrapped FROM data_keys WHERE subject_ref = ANY($1)", list(subject_refs)
        )
        return {row["subject_ref"]: self._unwrap(row["subject_ref"], row["wrapped"]) for row in rows}

    async def get_or_create_keys(self, subject_refs: Sequence[UUID]) -> dict[UUID, bytes]:
        """A key for each of these people, made where there is none: one write, and one read if any has one.

        Most are new, and a key that was written is known without reading it back.
        """
        new_keys = {ref: new_key() for ref in sorted(set(subject_refs))}
        rows = await self._pool.fetch(
            """INSERT INTO data_keys (subject_ref, wrapped)
               SELECT * FROM unnest($1::uuid[], $2::bytea[]) ON CONFLICT (subject_ref) DO NOTHING
               RETURNING subject_ref""",
            list(new_keys),
            [self._wrap(ref, key) for ref, key in new_keys.items()],
        )
        created = {row["subject_ref"] for row in rows}
        existing_refs = [ref for ref in new_keys if ref not in created]  # another process may have been first
        existing_keys = await self.find_keys(existing_refs) if existing_refs else {}
        return existing_keys | {ref: new_keys[ref] for ref in created}

    async def erase_keys(self, subject_refs: Sequence[UUID]) -> int:
        """Erase these people's keys, and with them all that was sealed under them. How many there were."""
        erased = await self._pool.fetch(
            "DELETE FROM data_keys WHERE subject_ref = ANY($1) RETURNING subject_ref", list(subject_refs)
        )
        return len(erased)

    def _wrap(self, ref: UUID, key: bytes) -> bytes:
        return encrypt_field(self._master, key, aad=_aad(ref))

    def _unwrap(self, ref: UUID, wrapped: bytes) -> bytes:
        return decrypt_field(self._master, wrapped, aad=_aad(ref))


def _aad(ref: UUID) -> str:
    return f"data_keys.wrapped.{ref}"
