"""All messages and silences as decrypted JSON rows, to compare two databases."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from services.notification.store import listing
from services.notification.usecases.message_encryption import decrypt_message
from shared.clock import to_city_time
from shared.db.transaction import Tx
from shared.security.keyring import Keyring

REF = "<ref>"


async def dump_rows(conn: Tx, keyring: Keyring) -> list[dict[str, Any]]:
    """One row per message or silence, ordered by code, without ids, machine times, references and HTML."""
    rows = await listing.dump_rows(conn)
    keys = await keyring.find_keys(listing.subject_refs(rows))
    return [_dump_row(row, keys) for row in rows]


def _dump_row(row: Mapping[str, Any], keys: Mapping[Any, bytes]) -> dict[str, Any]:
    line = {
        "code": row["code"],
        "template": row["template"],
        "event": row["event"],
        "channel": row["channel"],
        "state": row["state"] or row["notice_state"],
        "reason": row["reason"] or row["silence"],
        "encoding": row["encoding"],
        "segments": row["segments"],
        "planned_at": _iso_or_none(row["planned_at"]),
        "sent_at": _iso_or_none(row["sent_at"]),
        "settled_at": _iso_or_none(row["settled_at"]),
    }
    key = keys.get(row["subject_ref"])
    if row["sealed"] is None or key is None:
        return line
    content = decrypt_message(key, row["id"], row["sealed"])
    return line | {
        "to": content.to,
        "subject": _without_ref(content.subject, row["link_ref"]),
        "text": _without_ref(content.text, row["link_ref"]),
    }


def _without_ref(text: str | None, ref: str | None) -> str | None:
    if text and ref:
        return text.replace(ref, REF)
    return text


def _iso_or_none(at: datetime | None) -> str | None:
    if at is None:
        return None
    return to_city_time(at).isoformat()
