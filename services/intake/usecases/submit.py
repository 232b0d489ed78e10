"""Dossiers come through the door: many at once, in one commit, each key once."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from services.intake.domain.admission import Admission, admit, looked_again
from services.intake.domain.code import unit_of, write_code
from services.intake.domain.second_look import Twin, object_of
from services.intake.store import dossiers, seals, submissions
from services.intake.store.dossiers import Collision
from services.intake.store.seals import SealedRow
from services.intake.store.submissions import Sought, Wanted
from services.intake.usecases.door import Door
from services.intake.usecases.draft import (
    Draft,
    audit_lines,
    dossier_of,
    drafted,
    events_of,
    filed_of,
    redrawn,
    row_of,
)
from services.intake.usecases.filing import Filed, Filing, Outcome, filed_before
from services.intake.usecases.person import seal_person
from shared.catalogue import Catalogue
from shared.db.gathered import gathered
from shared.db.transaction import Tx, reading, transaction
from shared.errors import Refused, RetryLater
from shared.messaging import outbox
from shared.security import audit_chain

TRIES = 3


async def submit(door: Door, filings: Sequence[Filing]) -> list[Outcome]:
    """The outcome of each filing, in order. The same statements for one as for five hundred."""
    first = {filing.key: place for place, filing in reversed(list(enumerate(filings)))}
    outcomes: dict[int, Outcome] = {}
    drafts = await _judge(door, [(place, filings[place]) for place in sorted(first.values())], outcomes)
    for place, filed in (await _save(door, [draft for _, draft in drafts], [p for p, _ in drafts])).items():
        outcomes[place] = filed
    left = [place for place in range(len(filings)) if place not in outcomes]
    if left:  # a key sent twice at once, or taken by another process meanwhile: now it is an earlier one
        again = await submit(door, [filings[place] for place in left])
        outcomes |= dict(zip(left, again, strict=True))
    return [outcomes[place] for place in range(len(filings))]


async def _judge(
    door: Door, filings: Sequence[tuple[int, Filing]], outcomes: dict[int, Outcome]
) -> list[tuple[int, Draft]]:
    """Answer what was filed before or must be refused; draft the rest."""
    async with reading(door.pool) as tx:
        sought = [_sought(door, filing) for _, filing in filings]
        known = await submissions.known(tx, sought)
    subjects = [earlier.subject_ref for earlier in known.earlier.values()]
    keys = await door.keyring.existing(subjects) if subjects else {}
    drafts: list[tuple[int, Draft]] = []
    taken = set[tuple[bytes | None, str | None, str | None]]()
    for (place, filing), asked in zip(filings, sought, strict=True):
        earlier = known.earlier.get(filing.key)
        if earlier is not None:
            outcomes[place] = filed_before(filing, earlier, keys)
            continue
        decided = _admitted(filing, known.twins.get(filing.key), door.catalogue.current, known.at)
        same = (asked.person_ref, asked.procedure, asked.project)
        if isinstance(decided, Refused):
            outcomes[place] = decided
        elif asked.person_ref is None or same not in taken:  # else: next round, when the first is there
            taken.add(same)
            drafts.append((place, drafted(filing, decided, known.at)))
    return drafts


def _admitted(filing: Filing, twin: Twin | None, catalogue: Catalogue, at: datetime) -> Admission | Refused:
    admission = admit(filing.said, filing.unread, filing.actor, catalogue, at)
    return admission if isinstance(admission, Refused) else looked_again(admission, twin, catalogue, at)


def _sought(door: Door, filing: Filing) -> Sought:
    """By its key alone, unless it is about something of which a person rarely wants two."""
    about, id_number = object_of(filing.said), filing.said.applicant.id_number
    if about is None or not id_number:
        return Sought(filing.key, None, None, None)
    return Sought(filing.key, door.keys.person_ref(id_number), filing.said.procedure, about)


async def _save(door: Door, drafts: Sequence[Draft], places: Sequence[int]) -> dict[int, Filed]:
    if not drafts:
        return {}
    making = asyncio.create_task(door.keyring.keys_for([draft.subject_ref for draft in drafts]))
    try:
        for _ in range(TRIES):
            try:
                async with transaction(door.pool) as tx:
                    saved = await _write(tx, door, drafts, making)
                break
            except Collision:
                drafts = [redrawn(draft) for draft in drafts]
        else:
            raise RetryLater("no free reference found")
    finally:
        making.cancel()  # without effect where it is done
        await asyncio.gather(making, return_exceptions=True)
    return {place: saved[draft.id] for place, draft in zip(places, drafts, strict=True) if draft.id in saved}


async def _write(
    tx: Tx, door: Door, drafts: Sequence[Draft], making: asyncio.Future[dict[UUID, bytes]]
) -> dict[UUID, Filed]:
    """All tables of these drafts; those whose key was taken meanwhile are left out.

    The people's keys are made meanwhile, and lie on their disk before anything sealed with them is written.
    """
    day = drafts[0].at.date()
    serials = await submissions.claim(tx, [_wanted(draft) for draft in drafts], day)
    made = [
        (draft, dossier_of(draft, _code(draft, day, serials[draft.filing.key]), door.catalogue.current))
        for draft in drafts
        if draft.filing.key in serials
    ]
    if not made:
        return {}
    keys = await making
    with dossiers.drawn_anew():
        async with gathered(tx) as writes:
            await dossiers.insert(writes, [row_of(door, draft, dossier) for draft, dossier in made])
            await seals.insert(writes, [_sealed(draft, keys) for draft, _ in made])
            await audit_chain.begin(writes, [line for one in made for line in audit_lines(*one)])
            await outbox.append(
                writes, [event for one in made for event in events_of(*one, keys[one[0].subject_ref])]
            )
    return {draft.id: filed_of(draft, dossier) for draft, dossier in made}


def _wanted(draft: Draft) -> Wanted:
    filing, admission = draft.filing, draft.admission
    return Wanted(filing.key, filing.body_mac, draft.id, unit_of(admission.office), admission.answer_by)


def _code(draft: Draft, day: date, serial: int) -> str:
    return write_code(unit_of(draft.admission.office), day, serial)


def _sealed(draft: Draft, keys: Mapping[UUID, bytes]) -> SealedRow:
    """Who they are, and what a counter that turned them away wrote, under the person's own key."""
    return seal_person(keys[draft.subject_ref], draft.subject_ref, draft.admission.said, draft.secret)
