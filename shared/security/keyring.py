"""The keyring: one data key per person, wrapped by the master key, in its own database."""

from collections.abc import Sequence
from pathlib import Path
from uuid import UUID

import asyncpg

from shared.security.seal import KEY_BYTES, decrypt_field, encrypt_field, new_key

MIGRATIONS = Path(__file__).parent / "migrations"


class Keyring:
    """Data keys by person. Nothing is cached, so an erased key is gone for every process at once."""

    def __init__(self, pool: asyncpg.Pool, master_key: bytes) -> None:
        if len(master_key) != KEY_BYTES:
            raise ValueError(f"the master key has {len(master_key)} bytes, it needs {KEY_BYTES}")
        self._pool = pool
        self._master = master_key

    async def find_keys(self, subject_refs: Sequence[UUID]) -> dict[UUID, bytes]:
        """The existing keys of these people, by reference."""
        rows = await self._pool.fetch(
            "SELECT subject_ref, wrapped FROM data_keys WHERE subject_ref = ANY($1)", list(subject_refs)
        )
        return {row["subject_ref"]: self._unwrap(row["subject_ref"], row["wrapped"]) for row in rows}

    async def get_or_create_keys(self, subject_refs: Sequence[UUID]) -> dict[UUID, bytes]:
        """The keys of these people, created where missing: one write, and one read if some exist.

        Most are new, and a written key need not be read back.
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
        existing_refs = [
            ref for ref in new_keys if ref not in created
        ]  # another process may have created it first
        existing_keys = await self.find_keys(existing_refs) if existing_refs else {}
        return existing_keys | {ref: new_keys[ref] for ref in created}

    async def erase_keys(self, subject_refs: Sequence[UUID]) -> int:
        """Erase keys, and with them all data encrypted with them. Returns how many existed."""
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
