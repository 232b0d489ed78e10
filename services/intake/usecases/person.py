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
    """The decrypted data of an applicant: identity, contact, facts, file names, secret."""

    applicant: Applicant
    contact: ContactDetails
    facts: dict[str, Any]
    files: tuple[str | None, ...]
    visit: CounterVisit | None
    secret: str
    refusal_text: str | None


def encrypt_person(key: bytes, subject_ref: UUID, submission: Submission, secret: str) -> SealedRow:
    """Everything personal of a submission, column by column."""
    plain = {
        "applicant": orjson.dumps(submission.applicant),
        "contact": orjson.dumps(submission.contact),
        "facts": orjson.dumps(dict(submission.facts)),
        "files": orjson.dumps([paper.file for paper in submission.papers]),
        "visit": orjson.dumps(submission.visit),
        "secret": secret.encode(),
    }
    if submission.refusal is not None:
        plain["refusal_text"] = submission.refusal.text.encode()
    return SealedRow(subject_ref, **encrypt_columns(key, subject_ref, plain))


def decrypt_person(key: bytes, row: SealedRow) -> Person:
    """Decrypt all columns of the row."""

    def decrypt_column(column: str) -> Any:
        return orjson.loads(row.decrypt(key, column) or b"null")

    refusal_text = row.decrypt(key, "refusal_text")
    applicant, visit = decrypt_column("applicant"), decrypt_column("visit")
    born = applicant["born"]
    return Person(
        applicant=Applicant(**{**applicant, "born": date.fromisoformat(born) if born else None}),
        contact=ContactDetails(**decrypt_column("contact")),
        facts=decrypt_column("facts"),
        files=tuple(decrypt_column("files")),
        visit=_visit(visit) if visit else None,
        secret=decrypt_secret(key, row.subject_ref, row.secret),
        refusal_text=refusal_text.decode() if refusal_text is not None else None,
    )


def decrypt_secret(key: bytes, subject_ref: UUID, sealed_secret: bytes) -> str:
    """The secret as printed on the slip."""
    row = SealedRow(subject_ref, b"", b"", b"", b"", b"", sealed_secret)
    return (row.decrypt(key, "secret") or b"").decode()


def encrypt_contact_event(key: bytes, subject_ref: UUID, submission: Submission) -> str:
    """The contact, encrypted for its topic, as base64."""
    contact = contacts.Contact(
        phone=submission.contact.phone,
        email=submission.contact.email,
        language=submission.contact.language,
        text=submission.contact.text,
        name=submission.applicant.name,
    )
    return base64.b64encode(
        encrypt_field(key, contact.to_bytes(), aad=contacts.contact_aad(subject_ref))
    ).decode()


def _visit(stored: dict[str, Any]) -> CounterVisit:
    synced = stored["synced_at"]
    return CounterVisit(
        stored["badge"], stored["offline"], datetime.fromisoformat(synced) if synced else None
    )
