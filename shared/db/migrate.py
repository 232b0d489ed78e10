"""Forward-only migrations: plain `.sql` files, applied once each, in order, by one process at a time."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import asyncpg

from shared.db.transaction import Tx

_LOCK = 0x6D6F7463  # "motc"; the second half of the key is the schema
_TABLE = """
CREATE TABLE IF NOT EXISTS schema_migrations (
    stream text NOT NULL, file text NOT NULL, checksum text NOT NULL,
    applied_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    PRIMARY KEY (stream, file))"""


@dataclass(eq=False)
class MigrationChanged(Exception):
    """The content of an applied migration has changed. Migrations must never be edited."""

    stream: str
    file: str

    def __str__(self) -> str:
        return f"{self.stream}/{self.file} was changed after it was applied; add a new file instead"


async def migrate(pool: asyncpg.Pool, streams: Sequence[tuple[str, Path]]) -> list[str]:
    """Apply missing migrations to this role's schema, and return them. Processes may call it concurrently."""
    applied: list[str] = []
    async with pool.acquire() as connection:
        tx = connection
        await tx.execute("SELECT pg_advisory_lock($1, hashtext(current_schema()))", _LOCK)
        try:
            await tx.execute(_TABLE)
            for stream, folder in streams:
                applied += await _apply_stream(tx, stream, folder)  # pyright: ignore[reportArgumentType]
        finally:
            await tx.execute("SELECT pg_advisory_unlock($1, hashtext(current_schema()))", _LOCK)
    return applied


async def _apply_stream(tx: Tx, stream: str, folder: Path) -> list[str]:
    rows = await tx.fetch("SELECT file, checksum FROM schema_migrations WHERE stream = $1", stream)
    checksums = {row["file"]: row["checksum"] for row in rows}
    applied: list[str] = []
    for file, text in _read(folder):
        checksum = hashlib.sha256(text.encode()).hexdigest()
        if file in checksums:
            if checksums[file] != checksum:
                raise MigrationChanged(stream, file)
            continue
        await _apply(tx, stream, file, text, checksum)
        applied.append(f"{stream}/{file}")
    return applied


def _read(folder: Path) -> list[tuple[str, str]]:
    return [(path.name, path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.sql"))]


async def _apply(tx: Tx, stream: str, file: str, text: str, checksum: str) -> None:
    async with tx.transaction():
        await tx.execute(text)
        await tx.execute(
            "INSERT INTO schema_migrations (stream, file, checksum) VALUES ($1, $2, $3)",
            stream,
            file,
            checksum,
        )
