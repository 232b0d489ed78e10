"""The person behind a dossier, as sealed bytes and back."""

import base64
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import orjson

from services.intake.domain.dossier.submission import Applicant, ContactDetails, CounterVisit, Submission
from services.intake.store.seals import SealedRow, encrypt_columns
from shared.events import contacts
from shared.security.seal import encrypt_field


@dataclass(frozen=True, slots=True)
class Person:
    """What was sealed, opened: whose dossier, how to reach them, all they said, the file names."""

    applicant: Applicant
    contact: ContactDetails
    facts: dict[str, Any]
    files: tuple[str | None, ...]
    visit: CounterVisit | None
    secret: str
    refusal_text: str | None


def encrypt_person(key: bytes, subject_ref: UUID, said: Submission, secret: str) -> SealedRow:
    """Everything personal of a submission, column by column."""
    plain = {
        "applicant": orjson.dumps(said.applicant),
        "contact": orjson.dumps(said.contact),
        "facts": orjson.dumps(dict(said.facts)),
        "files": orjson.dumps([paper.file for paper in said.papers]),
        "visit": orjson.dumps(said.visit),
        "secret": secret.encode(),
    }
    if said.refused is not None:
        plain["refusal_text"] = said.refused.text.encode()
    return SealedRow(subject_ref, **encrypt_columns(key, subject_ref, plain))


def decrypt_person(key: bytes, row: SealedRow) -> Person:
    """All of it again."""

    def opened(column: str) -> Any:
        return orjson.loads(row.decrypt(key, column) or b"null")

    words = row.decrypt(key, "refusal_text")
    applicant, visit = opened("applicant"), opened("visit")
    born = applicant["born"]
    return Person(
        applicant=Applicant(**{**applicant, "born": date.fromisoformat(born) if born else None}),
        contact=ContactDetails(**opened("contact")),
        facts=opened("facts"),
        files=tuple(opened("files")),
        visit=_visit(visit) if visit else None,
        secret=decrypt_secret(key, row.subject_ref, row.secret),
        refusal_text=words.decode() if words is not None else None,
    )


def decrypt_secret(key: bytes, subject_ref: UUID, sealed_secret: bytes) -> str:
    """The secret as printed on the slip."""
    row = SealedRow(subject_ref, b"", b"", b"", b"", b"", sealed_secret)
    return (row.decrypt(key, "secret") or b"").decode()


def encrypt_contact_event(key: bytes, subject_ref: UUID, said: Submission) -> str:
    """The contact, sealed anew for its topic."""
    inside = contacts.Contact(
        phone=said.contact.phone,
        email=said.contact.email,
        language=said.contact.language,
        text=said.contact.text,
        name=said.applicant.name,
    )
    return base64.b64encode(
        encrypt_field(key, inside.to_bytes(), aad=contacts.contact_aad(subject_ref))
    ).decode()


def _visit(kept: dict[str, Any]) -> CounterVisit:
    synced = kept["synced_at"]
    return CounterVisit(kept["badge"], kept["offline"], datetime.fromisoformat(synced) if synced else None)
