"""The verbs of the door, ready to be called by many at once: what arrives together shares one commit."""

from collections.abc import Sequence
from dataclasses import dataclass

from services.intake.domain.dossier import Dossier
from services.intake.usecases.accept_or_refuse import Decision, accept_or_refuse
from services.intake.usecases.door import Door
from services.intake.usecases.filing import Filed, Filing
from services.intake.usecases.submit import submit
from shared.db.coalesce import Coalescer

LANES = 2
"""Batches of filings under way at once: one is judged while the other waits for PostgreSQL. A third found
nothing to do, and smaller batches cost more.
"""


@dataclass(frozen=True, slots=True)
class DoorWork:
    """Filings and decisions, coalesced without a timer."""

    door: Door
    filings: Coalescer[Filing, Filed]
    decisions: Coalescer[Decision, Dossier]


def door_work(door: Door) -> DoorWork:
    """The verbs over this door."""

    async def file(batch: Sequence[Filing]) -> Sequence[Filed | Exception]:
        return await submit(door, batch)

    async def decide(batch: Sequence[Decision]) -> Sequence[Dossier | Exception]:
        return await accept_or_refuse(door, batch)

    return DoorWork(door, Coalescer(file, lanes=LANES), Coalescer(decide))
