"""The person behind a dossier: sealed columns, opened only with the subject's own data key."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from shared.db.transaction import Tx
from shared.security.seal import FieldCipher, decrypt_field, encrypt_field

COLUMNS = ("applicant", "contact", "facts", "files", "visit", "secret", "refusal_text")


@dataclass(frozen=True, slots=True)
class SealedRow:
    """One person's sealed columns as stored."""

    subject_ref: UUID
    applicant: bytes
    contact: bytes
    facts: bytes
    files: bytes
    visit: bytes
    secret: bytes
    refusal_text: bytes | None = None

    def decrypt(self, key: bytes, column: str) -> bytes | None:
        """The plaintext of one column; None where nothing was sealed."""
        sealed: bytes | None = getattr(self, column)
        return (
            None
            if sealed is None
            else decrypt_field(key, sealed, aad=associated_data(column, self.subject_ref))
        )


def associated_data(column: str, subject_ref: UUID | str) -> str:
    """What binds a sealed column to its place and person."""
    return f"dossier_seals.{column}.{subject_ref}"


def encrypt_column(key: bytes, subject_ref: UUID, column: str, plaintext: bytes) -> bytes:
    """A column's bytes under the person's key."""
    return encrypt_field(key, plaintext, aad=associated_data(column, subject_ref))


def encrypt_columns(key: bytes, subject_ref: UUID, plain: Mapping[str, bytes]) -> dict[str, bytes]:
    """Several columns of one person, sealed one by one; the key is made ready once."""
    cipher, ref = FieldCipher(key), str(subject_ref)
    return {column: cipher.encrypt(text, aad=associated_data(column, ref)) for column, text in plain.items()}


async def insert(tx: Tx, rows: Sequence[SealedRow]) -> None:
    """New rows, one statement for all."""
    await tx.execute(
        """INSERT INTO dossier_seals
                  (subject_ref, applicant, contact, facts, files, visit, secret, refusal_text)
           SELECT subject_ref, applicant, contact, facts, files, visit, secret, refusal_text
             FROM unnest($1::uuid[], $2::bytea[], $3::bytea[], $4::bytea[], $5::bytea[], $6::bytea[],
                         $7::bytea[], $8::bytea[])
                  AS new (subject_ref, applicant, contact, facts, files, visit, secret, refusal_text)""",
        [row.subject_ref for row in rows],
        [row.applicant for row in rows],
        [row.contact for row in rows],
        [row.facts for row in rows],
        [row.files for row in rows],
        [row.visit for row in rows],
        [row.secret for row in rows],
        [row.refusal_text for row in rows],
    )


async def set_refusal_text(tx: Tx, texts: Sequence[tuple[UUID, bytes]]) -> None:
    """The officers' own words, sealed, one statement for all."""
    await tx.execute(
        """UPDATE dossier_seals SET refusal_text = new.words
             FROM unnest($1::uuid[], $2::bytea[]) AS new (subject_ref, words)
            WHERE dossier_seals.subject_ref = new.subject_ref""",
        [subject for subject, _ in texts],
        [words for _, words in texts],
    )


async def sealed_rows(tx: Tx, subject_refs: Sequence[UUID]) -> dict[UUID, SealedRow]:
    """The sealed rows of these people."""
    rows = await tx.fetch(
        """SELECT subject_ref, applicant, contact, facts, files, visit, secret, refusal_text
             FROM dossier_seals WHERE subject_ref = ANY($1)""",
        list(subject_refs),
    )
    return {row["subject_ref"]: SealedRow(**dict(row)) for row in rows}
