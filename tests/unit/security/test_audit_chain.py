"""A stranger checks a chain without our database: any change to history shows."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from shared.actor import Actor
from shared.security.audit_chain import GENESIS, AuditLine, ChainedLine, find_fault, link_lines

ROOT = UUID("019bb9d8-ecc0-7c5e-89d4-84d692efa6b7")
NINE = datetime(2026, 1, 14, 9, tzinfo=UTC)


def lines(count: int) -> list[AuditLine]:
    officer = Actor(kind="officer", id="canbo.hk", office="PASC-BR.1")
    return [
        AuditLine(
            ROOT, "dossier.accepted", officer, NINE + timedelta(hours=n), {"n": n, "đủ": True, "days": 3.5}
        )
        for n in range(count)
    ]


def linked(count: int) -> tuple[list[ChainedLine], tuple[int, bytes]]:
    last = {ROOT: (0, GENESIS)}
    return [link for _, link in link_lines(lines(count), last)], last[ROOT]


def test_a_chain_as_written_holds() -> None:
    links, head = linked(3)
    assert find_fault(ROOT, links, head) == []


def test_the_same_act_twice_gives_different_commitments() -> None:
    assert linked(1)[0][0].commitment != linked(1)[0][0].commitment


Tamper = Callable[[list[ChainedLine]], list[ChainedLine]]


@pytest.mark.parametrize(
    ("tamper", "line", "why"),
    [
        (lambda x: [x[0], replace(x[1], content=b"{}"), x[2]], 2, "altered"),
        (lambda x: [x[0], x[2]], 2, "missing"),
        (lambda x: [x[0], replace(x[2], n=2)], 2, "relinked"),
        (lambda x: [x[0], replace(x[1], hash=bytes(32)), x[2]], 2, "altered"),
        (lambda x: x[:2], 2, "cut"),
        (lambda x: [], 0, "cut"),
    ],
)
def test_any_change_is_found_at_its_line(tamper: Tamper, line: int, why: str) -> None:
    links, head = linked(3)
    (fault,) = find_fault(ROOT, tamper(links), head)
    assert fault.n == line
    assert fault.reason.startswith(why)
