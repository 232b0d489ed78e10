"""Lists of messages for operators, without content and with masked addresses."""

from collections.abc import Mapping, Sequence
from typing import Any

import asyncpg

from services.notification.domain.rendered_message import mask_address
from services.notification.store import listing
from services.notification.usecases.message_encryption import decrypt_message
from shared.security.keyring import Keyring
from shared.security.seal import DecryptionFailed

ERASED = "–"


async def list_of_dossier(pool: asyncpg.Pool, keyring: Keyring, code: str) -> list[dict[str, Any]]:
    """One row per message or silence of this dossier."""
    return await _masked_rows(keyring, await listing.list_of_dossier(pool, code))


async def list_problems(
    pool: asyncpg.Pool, keyring: Keyring, state: str | None = None
) -> list[dict[str, Any]]:
    """One row per failed or ambiguous message (`state` None: both)."""
    return await _masked_rows(keyring, await listing.list_problems(pool, state))


async def _masked_rows(keyring: Keyring, rows: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    keys = await keyring.find_keys(listing.subject_refs(rows))
    return [_masked_row(row, keys.get(row["subject_ref"])) for row in rows]


def _masked_row(row: Mapping[str, Any], key: bytes | None) -> dict[str, Any]:
    hidden = ("sealed", "subject_ref", "notice_state")
    line = {name: value for name, value in row.items() if name not in hidden}
    line["to"] = _masked_address(row, key)
    if "notice_state" in row and line["state"] is None:
        line["state"] = row["notice_state"]
    return line


def _masked_address(row: Mapping[str, Any], key: bytes | None) -> str | None:
    if row["sealed"] is None:
        return None
    if key is None:
        return ERASED
    try:
        return mask_address(decrypt_message(key, row["id"], row["sealed"]).to)
    except DecryptionFailed:
        return ERASED
