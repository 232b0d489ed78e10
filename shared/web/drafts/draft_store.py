"""The table of drafts: encrypted for one browser and one acting person."""

import hashlib
import hmac
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import orjson
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from shared.clock import machine_now
from shared.db.transaction import Tx
from shared.security.seal import KEY_BYTES, DecryptionFailed, decrypt_field, encrypt_field
from shared.web.auth.sessions import Queryable
from shared.web.pages.form_draft import DRAFT_DAYS, FormDraft

DRAFT_LIFETIME = timedelta(days=DRAFT_DAYS)
MOST_DRAFTS = 8
"""Of one browser and person; the oldest one goes."""

MOST_BYTES = 64 * 1024
_AAD = "web_drafts.sealed"


@dataclass(frozen=True, slots=True)
class DraftOwner:
    """One browser used by one person. `id` finds the rows, `key` decrypts them; 32 bytes each."""

    id: bytes
    key: bytes

    @staticmethod
    def derive(secret: str, login: str) -> "DraftOwner":
        """The owner of a cookie's random value and an officer's login, which is empty for anybody else."""
        both = HKDF(SHA256(), 2 * KEY_BYTES, salt=None, info=f"motcua.draft:{login}".encode()).derive(
            secret.encode()
        )
        return DraftOwner(hashlib.sha256(both[:KEY_BYTES]).digest(), both[KEY_BYTES:])

    def draft_id(self, action: str) -> bytes:
        """The id of the draft of a form, which does not tell the form."""
        return hmac.digest(self.key, action.encode(), hashlib.sha256)


class DraftStore:
    """Saves, loads and deletes drafts."""

    def __init__(self, database: Queryable) -> None:
        self._database = database

    async def save(self, owner: DraftOwner, draft: FormDraft) -> FormDraft | None:
        """Save a draft in place of the one before. None if there is nothing, or too much, to keep."""
        content = orjson.dumps({"action": draft.action, "page": draft.page, "fields": draft.fields})
        if draft.is_empty or len(content) > MOST_BYTES:
            return None
        kept_until = machine_now() + DRAFT_LIFETIME
        await self._database.execute(
            """INSERT INTO web_drafts (id, owner, sealed, expires_at) VALUES ($1, $2, $3, $4)
               ON CONFLICT (id) DO UPDATE
                  SET sealed = excluded.sealed, expires_at = excluded.expires_at,
                      saved_at = clock_timestamp()""",
            owner.draft_id(draft.action),
            owner.id,
            encrypt_field(owner.key, content, aad=_AAD),
            kept_until,
        )
        await self._database.execute(
            """DELETE FROM web_drafts WHERE id IN (
                   SELECT id FROM web_drafts WHERE owner = $1 ORDER BY saved_at DESC, id OFFSET $2)""",
            owner.id,
            MOST_DRAFTS,
        )
        return replace(draft, kept_until=kept_until)

    async def load(self, owner: DraftOwner) -> dict[str, FormDraft]:
        """The drafts of an owner by the path that their form is sent to."""
        rows = await self._database.fetch(
            "SELECT sealed, expires_at FROM web_drafts WHERE owner = $1 AND expires_at > clock_timestamp()",
            owner.id,
        )
        drafts = [_read(owner, row["sealed"], row["expires_at"]) for row in rows]  # pyright: ignore[reportIndexIssue]
        return {draft.action: draft for draft in drafts if draft is not None}

    async def delete(self, owner: DraftOwner, action: str) -> None:
        """Delete the draft of a form."""
        await self._database.execute("DELETE FROM web_drafts WHERE id = $1", owner.draft_id(action))

    async def delete_all(self, owner: DraftOwner) -> None:
        """Delete all drafts of an owner."""
        await self._database.execute("DELETE FROM web_drafts WHERE owner = $1", owner.id)


async def delete_expired(tx: Tx, limit: int) -> int:
    """Delete drafts whose time is over, for a sweep. Returns their number."""
    rows = await tx.fetch(
        """DELETE FROM web_drafts WHERE id IN (
               SELECT id FROM web_drafts WHERE expires_at < clock_timestamp()
                LIMIT $1 FOR UPDATE SKIP LOCKED)
           RETURNING id""",
        limit,
    )
    return len(rows)


def _read(owner: DraftOwner, sealed: bytes, kept_until: datetime) -> FormDraft | None:
    try:
        content = orjson.loads(decrypt_field(owner.key, sealed, aad=_AAD))
    except DecryptionFailed:
        return None
    fields = tuple((name, value) for name, value in content["fields"])
    return FormDraft(content["action"], content["page"], fields, kept_until)
