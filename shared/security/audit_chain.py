"""The audit chain: lines linked by hashes per root dossier, so that anyone can detect changes."""

import hashlib
import os
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, NamedTuple
from uuid import UUID

import orjson

from shared.actor import Actor
from shared.db.array_rows import ArrayRows
from shared.db.transaction import Tx

GENESIS = bytes(32)
SALT_BYTES = 16


@dataclass(frozen=True, slots=True)
class AuditLine:
    """One act on one root dossier. `facts`: references and values of the process, no personal data."""

    root_id: UUID
    act: str
    actor: Actor
    at: datetime
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ChainFault:
    """A fault of a chain at line `n`. `reason`: altered, missing, relinked or cut, with an explanation."""

    root_id: UUID
    n: int
    reason: str


@dataclass(frozen=True, slots=True)
class VerifyResult:
    """The result of verifying all chains of a schema."""

    roots: int
    lines: int
    faults: list[ChainFault]

    @property
    def is_intact(self) -> bool:
        """Whether no chain has a fault."""
        return not self.faults


@dataclass(frozen=True, slots=True)
class ChainedLine:
    """A stored line with its hashes."""

    n: int
    content: bytes
    salt: bytes
    commitment: bytes
    previous: bytes
    hash: bytes


class _LineRow(NamedTuple):
    root_id: UUID
    n: int
    at: datetime
    actor: str
    act: str
    facts: str
    salt: bytes
    commitment: bytes
    previous: bytes
    hash: bytes


class _HeadRow(NamedTuple):
    root_id: UUID
    n: int
    hash: bytes


_LINES = ArrayRows(_LineRow)
_HEADS = ArrayRows(_HeadRow, first=len(_LineRow._fields) + 1, name="head")
_LINES_SQL = f"""
WITH written AS (
    INSERT INTO audit_lines (root_id, n, at, actor, act, facts, salt, commitment, previous, hash)
    SELECT root_id, n, at, actor::jsonb, act, facts::jsonb, salt, commitment, previous, hash
      FROM {_LINES.sql})"""  # noqa: S608  (our own)

_START_SQL = f"""{_LINES_SQL}
              INSERT INTO audit_heads ({_HEADS.columns}) SELECT {_HEADS.columns} FROM {_HEADS.sql}"""  # noqa: S608  (our own)

_APPEND_SQL = f"""{_LINES_SQL}
             UPDATE audit_heads SET n = head.n, hash = head.hash FROM {_HEADS.sql}
              WHERE audit_heads.root_id = head.root_id"""  # noqa: S608  (our own)


async def append(tx: Tx, lines: Sequence[AuditLine]) -> None:
    """Append lines, in this order, to the chains of their roots, in two statements."""
    if not lines:
        return
    roots = sorted({line.root_id for line in lines})
    heads = await tx.fetch(
        """INSERT INTO audit_heads (root_id, n, hash) SELECT root_id, 0, $2 FROM unnest($1::uuid[]) AS root_id
           ON CONFLICT (root_id) DO UPDATE SET n = audit_heads.n RETURNING root_id, n, hash""",
        roots,
        GENESIS,
    )
    last = {row["root_id"]: (int(row["n"]), bytes(row["hash"])) for row in heads}
    await _insert(tx, link_lines(lines, last), last, _APPEND_SQL)


async def start_chains(tx: Tx, lines: Sequence[AuditLine]) -> None:
    """Insert the first lines of roots created in this transaction, in one statement.

    Nothing else can append to these chains yet. Fails for a root that has a chain already.
    """
    if not lines:
        return
    last = {line.root_id: (0, GENESIS) for line in lines}
    await _insert(tx, link_lines(lines, last), last, _START_SQL)


def link_lines(
    lines: Sequence[AuditLine], last: dict[UUID, tuple[int, bytes]]
) -> list[tuple[AuditLine, ChainedLine]]:
    """Link each line to the previous one. `last` (number and hash by root) is updated. Salts are random."""
    salts = os.urandom(SALT_BYTES * len(lines))
    return [
        (line, _link(line, last, salts[n * SALT_BYTES : (n + 1) * SALT_BYTES]))
        for n, line in enumerate(lines)
    ]


async def verify(conn: Tx) -> VerifyResult:
    """Verify every chain of this schema, from its first line to its head."""
    rows = await conn.fetch(
        """SELECT root_id, n, at, actor::text AS actor, act, facts::text AS facts,
                  salt, commitment, previous, hash
             FROM audit_lines ORDER BY root_id, n"""
    )
    heads = {
        row["root_id"]: (int(row["n"]), bytes(row["hash"]))
        for row in await conn.fetch("SELECT root_id, n, hash FROM audit_heads")
    }
    chains: dict[UUID, list[ChainedLine]] = defaultdict(list, {root: [] for root in heads})
    for row in rows:
        chains[row["root_id"]].append(_stored(row))
    faults = [fault for root, links in chains.items() for fault in find_fault(root, links, heads.get(root))]
    return VerifyResult(roots=len(chains), lines=len(rows), faults=faults)


def find_fault(root: UUID, links: Sequence[ChainedLine], head: tuple[int, bytes] | None) -> list[ChainFault]:
    """The first fault of one chain; empty if there is none. Needs no database."""
    previous = GENESIS
    for number, link in enumerate(links, start=1):
        fault = _fault(link, number, previous)
        if fault:
            return [ChainFault(root, number, fault)]
        previous = link.hash
    if head != (len(links), previous):
        return [ChainFault(root, len(links), "cut: the head names another last line")]
    return []


def commitment_bytes(line: AuditLine, n: int) -> bytes:
    """The bytes that a line's commitment covers, in canonical form."""
    return _canonical(
        root=str(line.root_id),
        n=n,
        at=line.at,
        actor=line.actor.to_json(),
        act=line.act,
        facts=dict(line.facts),
    )


def _fault(link: ChainedLine, number: int, previous: bytes) -> str | None:
    if link.n != number:
        return "missing: a line is gone"
    if link.previous != previous:
        return "relinked: it does not follow the line before it"
    if link.commitment != hashlib.sha256(link.salt + link.content).digest():
        return "altered: the content is not what was committed to"
    if link.hash != _hash(previous, link.commitment):
        return "altered: the hash is not that of its content"
    return None


def _link(line: AuditLine, last: dict[UUID, tuple[int, bytes]], salt: bytes) -> ChainedLine:
    n, previous = last[line.root_id]
    content = commitment_bytes(line, n + 1)
    commitment = hashlib.sha256(salt + content).digest()
    link = ChainedLine(n + 1, content, salt, commitment, previous, _hash(previous, commitment))
    last[line.root_id] = (link.n, link.hash)
    return link


def _hash(previous: bytes, commitment: bytes) -> bytes:
    return hashlib.sha256(previous + commitment).digest()


def _canonical(*, root: str, n: int, at: datetime, actor: Any, act: str, facts: Any) -> bytes:
    instant = at.astimezone(UTC).isoformat(timespec="microseconds")
    content = {"root": root, "n": n, "at": instant, "actor": actor, "act": act, "facts": facts}
    return orjson.dumps(content, option=orjson.OPT_SORT_KEYS)


def _stored(row: Mapping[str, Any]) -> ChainedLine:
    content = _canonical(
        root=str(row["root_id"]),
        n=row["n"],
        at=row["at"],
        actor=orjson.loads(row["actor"]),
        act=row["act"],
        facts=orjson.loads(row["facts"]),
    )
    return ChainedLine(row["n"], content, row["salt"], row["commitment"], row["previous"], row["hash"])


async def _insert(
    tx: Tx,
    linked: Sequence[tuple[AuditLine, ChainedLine]],
    heads: Mapping[UUID, tuple[int, bytes]],
    statement: str,
) -> None:
    rows = [_line_row(line, link) for line, link in linked]
    head_rows = [_HeadRow(root_id=root, n=n, hash=hash) for root, (n, hash) in heads.items()]
    await tx.execute(statement, *_LINES.parameters(rows), *_HEADS.parameters(head_rows))


def _line_row(line: AuditLine, link: ChainedLine) -> _LineRow:
    return _LineRow(
        root_id=line.root_id,
        n=link.n,
        at=line.at,
        actor=orjson.dumps(line.actor.to_json()).decode(),
        act=line.act,
        facts=orjson.dumps(dict(line.facts)).decode(),
        salt=link.salt,
        commitment=link.commitment,
        previous=link.previous,
        hash=link.hash,
    )
