"""The table `dossier_seals`: personal data of a dossier, encrypted per column with the person's own key."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from shared.db.table import Table, json_parameter
from shared.db.transaction import Tx
from shared.security.seal import FieldCipher, decrypt_field, encrypt_field


@dataclass(frozen=True, slots=True)
class SealedRow:
    """One person's encrypted columns as stored."""

    subject_ref: UUID
    applicant: bytes
    contact: bytes
    facts: bytes
    files: bytes
    visit: bytes
    secret: bytes
    refusal_text: bytes | None = None

    def decrypt(self, key: bytes, column: str) -> bytes | None:
        """The plaintext of one column; None if the column is NULL."""
        sealed: bytes | None = getattr(self, column)
        if sealed is None:
            return None
        return decrypt_column(key, self.subject_ref, column, sealed)


TABLE = Table("dossier_seals", SealedRow, key="subject_ref")


def associated_data(column: str, subject_ref: UUID | str) -> str:
    """The associated data that binds an encrypted column to its place and person."""
    return f"dossier_seals.{column}.{subject_ref}"


def encrypt_column(key: bytes, subject_ref: UUID, column: str, plaintext: bytes) -> bytes:
    """A column's bytes under the person's key."""
    return encrypt_field(key, plaintext, aad=associated_data(column, subject_ref))


def decrypt_column(key: bytes, subject_ref: UUID, column: str, sealed: bytes) -> bytes:
    """The plaintext of a column's bytes."""
    return decrypt_field(key, sealed, aad=associated_data(column, subject_ref))


def encrypt_columns(key: bytes, subject_ref: UUID, plain: Mapping[str, bytes]) -> dict[str, bytes]:
    """The encrypted columns of one person; the key schedule is computed once."""
    cipher = FieldCipher(key)
    ref = str(subject_ref)
    return {column: cipher.encrypt(text, aad=associated_data(column, ref)) for column, text in plain.items()}


async def insert(tx: Tx, rows: Sequence[SealedRow]) -> None:
    """Insert new rows in one statement."""
    await TABLE.insert(tx, rows)


async def set_refusal_text(tx: Tx, texts: Mapping[UUID, bytes]) -> None:
    """Store the encrypted texts of refusals, by person, in one statement."""
    refusals = json_parameter([{"subject_ref": ref, "refusal_text": text} for ref, text in texts.items()])
    await tx.execute(
        f"""UPDATE dossier_seals SET refusal_text = given.refusal_text FROM {TABLE.rows_sql}
             WHERE dossier_seals.subject_ref = given.subject_ref""",  # noqa: S608  (our own table)
        refusals,
    )


async def sealed_rows(tx: Tx, subject_refs: Sequence[UUID]) -> dict[UUID, SealedRow]:
    """The encrypted rows of these people, by reference."""
    rows = await tx.fetch(
        f"SELECT {TABLE.columns} FROM dossier_seals WHERE subject_ref = ANY($1)",  # noqa: S608  (our own columns)
        list(subject_refs),
    )
    return {row["subject_ref"]: TABLE.read(row) for row in rows}
