"""Encryption and decryption of the personal data behind a dossier."""

import base64
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson

from services.intake.domain.dossier.submission import Applicant, ContactDetails, CounterVisit, Submission
from services.intake.store.seals import SealedRow, decrypt_column, encrypt_columns
from shared.events import contacts
from shared.security.seal import encrypt_field
from shared.typed_input.days import BirthDate, read_birth_date


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
    """The personal data of a submission, encrypted column by column."""
    plain = {
        "applicant": _applicant_json(submission.applicant),
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
    """All columns of the row, decrypted with the person's key."""

    def decrypt_json(column: str) -> Any:
        return orjson.loads(row.decrypt(key, column) or b"null")

    refusal_text = row.decrypt(key, "refusal_text")
    applicant = decrypt_json("applicant")
    if applicant["born"]:
        applicant["born"] = _birth_date(applicant["born"])
    visit = decrypt_json("visit")
    return Person(
        applicant=Applicant(**applicant),
        contact=ContactDetails(**decrypt_json("contact")),
        facts=decrypt_json("facts"),
        files=tuple(decrypt_json("files")),
        visit=_visit(visit) if visit else None,
        secret=decrypt_secret(key, row.subject_ref, row.secret),
        refusal_text=refusal_text.decode() if refusal_text is not None else None,
    )


def decrypt_secret(key: bytes, subject_ref: UUID, sealed_secret: bytes) -> str:
    """The secret as printed on the slip."""
    return decrypt_column(key, subject_ref, "secret", sealed_secret).decode()


def encrypt_contact_event(key: bytes, subject_ref: UUID, submission: Submission) -> str:
    """The contact, encrypted for its topic, as base64."""
    contact = contacts.Contact(
        phone=submission.contact.phone,
        email=submission.contact.email,
        language=submission.contact.language,
        text=submission.contact.text,
        name=submission.applicant.name,
    )
    sealed = encrypt_field(key, contact.to_bytes(), aad=contacts.contact_aad(subject_ref))
    return base64.b64encode(sealed).decode()


def _applicant_json(applicant: Applicant) -> bytes:
    """The applicant with the date of birth by ISO 8601, the year alone where only it is known."""
    born = str(applicant.born) if applicant.born else None
    return orjson.dumps(
        {"name": applicant.name, "sex": applicant.sex, "born": born, "id_number": applicant.id_number}
    )


def _birth_date(stored: str) -> BirthDate | None:
    born = read_birth_date(stored, field="")
    return born if isinstance(born, BirthDate) else None


def _visit(stored: dict[str, Any]) -> CounterVisit:
    synced_at = None
    if stored["synced_at"]:
        synced_at = datetime.fromisoformat(stored["synced_at"])
    return CounterVisit(stored["badge"], stored["offline"], synced_at)
