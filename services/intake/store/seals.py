"""The person behind a dossier: sealed columns, opened only with the subject's own data key."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from shared.db.table import Table, json_parameter
from shared.db.transaction import Tx
from shared.security.seal import FieldCipher, decrypt_field, encrypt_field


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


TABLE = Table("dossier_seals", SealedRow, key="subject_ref")


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
    await TABLE.insert(tx, rows)


async def set_refusal_text(tx: Tx, texts: Mapping[UUID, bytes]) -> None:
    """The officers' own words of these people's dossiers, sealed, one statement for all."""
    refusals = json_parameter([{"subject_ref": ref, "refusal_text": text} for ref, text in texts.items()])
    await tx.execute(
        f"""UPDATE dossier_seals SET refusal_text = given.refusal_text FROM {TABLE.rows_sql}
             WHERE dossier_seals.subject_ref = given.subject_ref""",  # noqa: S608  (our own table)
        refusals,
    )


async def sealed_rows(tx: Tx, subject_refs: Sequence[UUID]) -> dict[UUID, SealedRow]:
    """The sealed rows of these people."""
    rows = await tx.fetch(
        f"SELECT {TABLE.columns} FROM dossier_seals WHERE subject_ref = ANY($1)",  # noqa: S608  (our own columns)
        list(subject_refs),
    )
    return {row["subject_ref"]: TABLE.read(row) for row in rows}
