"""Dossiers come through the door: many at once, in one commit, each key once."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from uuid import UUID

from services.intake.domain.dossier.code import code_unit, format_code
from services.intake.domain.submission.admission import (
    AdmittedSubmission,
    admit_submission,
    apply_confirmations,
)
from services.intake.domain.submission.confirmations import DuplicateDossier, duplicate_scope
from services.intake.store import dossiers, seals, submissions
from services.intake.store.dossiers import ReferenceCollision
from services.intake.store.seals import SealedRow
from services.intake.store.submissions import KeyClaim, SubmissionLookup
from services.intake.usecases.context import IntakeContext
from services.intake.usecases.draft import (
    DossierDraft,
    create_draft,
    draft_audit_lines,
    draft_events,
    draft_receipt,
    draft_to_dossier,
    draft_to_row,
    with_new_link,
)
from services.intake.usecases.person import encrypt_person
from services.intake.usecases.submission_request import (
    Outcome,
    SubmissionReceipt,
    SubmissionRequest,
    repeated_receipt,
)
from shared.catalogue import Catalogue
from shared.db.pipeline import pipeline
from shared.db.transaction import Tx, read_connection, transaction
from shared.errors import Refused, RetryLater
from shared.messaging.publish import outbox
from shared.security import audit_chain

TRIES = 3


async def submit_dossiers(door: IntakeContext, filings: Sequence[SubmissionRequest]) -> list[Outcome]:
    """The outcome of each filing, in order. The same statements for one as for five hundred."""
    first = {filing.key: place for place, filing in reversed(list(enumerate(filings)))}
    outcomes: dict[int, Outcome] = {}
    drafts = await _judge(door, [(place, filings[place]) for place in sorted(first.values())], outcomes)
    for place, filed in (await _save(door, [draft for _, draft in drafts], [p for p, _ in drafts])).items():
        outcomes[place] = filed
    left = [place for place in range(len(filings)) if place not in outcomes]
    if left:  # a key sent twice at once, or taken by another process meanwhile: now it is an earlier one
        again = await submit_dossiers(door, [filings[place] for place in left])
        outcomes |= dict(zip(left, again, strict=True))
    return [outcomes[place] for place in range(len(filings))]


async def _judge(
    door: IntakeContext, filings: Sequence[tuple[int, SubmissionRequest]], outcomes: dict[int, Outcome]
) -> list[tuple[int, DossierDraft]]:
    """Answer what was filed before or must be refused; draft the rest."""
    async with read_connection(door.pool) as tx:
        sought = [_sought(door, filing) for _, filing in filings]
        known = await submissions.look_up(tx, sought)
    subjects = [earlier.subject_ref for earlier in known.earlier.values()]
    keys = await door.keyring.find_keys(subjects) if subjects else {}
    drafts: list[tuple[int, DossierDraft]] = []
    taken = set[tuple[bytes | None, str | None, str | None]]()
    for (place, filing), asked in zip(filings, sought, strict=True):
        earlier = known.earlier.get(filing.key)
        if earlier is not None:
            outcomes[place] = repeated_receipt(filing, earlier, keys)
            continue
        decided = _admitted(filing, known.twins.get(filing.key), door.catalogue.current, known.at)
        same = (asked.person_ref, asked.procedure, asked.project)
        if isinstance(decided, Refused):
            outcomes[place] = decided
        elif asked.person_ref is None or same not in taken:  # else: next round, when the first is there
            taken.add(same)
            drafts.append((place, create_draft(filing, decided, known.at)))
    return drafts


def _admitted(
    filing: SubmissionRequest, twin: DuplicateDossier | None, catalogue: Catalogue, at: datetime
) -> AdmittedSubmission | Refused:
    admission = admit_submission(filing.said, filing.unread, filing.actor, catalogue, at)
    return (
        admission if isinstance(admission, Refused) else apply_confirmations(admission, twin, catalogue, at)
    )


def _sought(door: IntakeContext, filing: SubmissionRequest) -> SubmissionLookup:
    """By its key alone, unless it is about something of which a person rarely wants two."""
    about, id_number = duplicate_scope(filing.said), filing.said.applicant.id_number
    if about is None or not id_number:
        return SubmissionLookup(filing.key, None, None, None)
    return SubmissionLookup(filing.key, door.keys.person_ref(id_number), filing.said.procedure, about)


async def _save(
    door: IntakeContext, drafts: Sequence[DossierDraft], places: Sequence[int]
) -> dict[int, SubmissionReceipt]:
    if not drafts:
        return {}
    making = asyncio.create_task(door.keyring.get_or_create_keys([draft.subject_ref for draft in drafts]))
    try:
        for _ in range(TRIES):
            try:
                async with transaction(door.pool) as tx:
                    saved = await _write(tx, door, drafts, making)
                break
            except ReferenceCollision:
                drafts = [with_new_link(draft) for draft in drafts]
        else:
            raise RetryLater("no free reference found")
    finally:
        making.cancel()  # without effect where it is done
        await asyncio.gather(making, return_exceptions=True)
    return {place: saved[draft.id] for place, draft in zip(places, drafts, strict=True) if draft.id in saved}


async def _write(
    tx: Tx, door: IntakeContext, drafts: Sequence[DossierDraft], making: asyncio.Future[dict[UUID, bytes]]
) -> dict[UUID, SubmissionReceipt]:
    """All tables of these drafts; those whose key was taken meanwhile are left out.

    The people's keys are made meanwhile, and lie on their disk before anything sealed with them is written.
    """
    day = drafts[0].at.date()
    serials = await submissions.claim_keys(tx, [_wanted(draft) for draft in drafts], day)
    made = [
        (draft, draft_to_dossier(draft, _code(draft, day, serials[draft.filing.key]), door.catalogue.current))
        for draft in drafts
        if draft.filing.key in serials
    ]
    if not made:
        return {}
    keys = await making
    with dossiers.detect_collision():
        async with pipeline(tx) as writes:
            await dossiers.insert(writes, [draft_to_row(door, draft, dossier) for draft, dossier in made])
            await seals.insert(writes, [_sealed(draft, keys) for draft, _ in made])
            await audit_chain.start_chains(writes, [line for one in made for line in draft_audit_lines(*one)])
            await outbox.append_events(
                writes, [event for one in made for event in draft_events(*one, keys[one[0].subject_ref])]
            )
    return {draft.id: draft_receipt(draft, dossier) for draft, dossier in made}


def _wanted(draft: DossierDraft) -> KeyClaim:
    filing, admission = draft.filing, draft.admission
    return KeyClaim(filing.key, filing.body_mac, draft.id, code_unit(admission.office), admission.answer_by)


def _code(draft: DossierDraft, day: date, serial: int) -> str:
    return format_code(code_unit(draft.admission.office), day, serial)


def _sealed(draft: DossierDraft, keys: Mapping[UUID, bytes]) -> SealedRow:
    """Who they are, and what a counter that turned them away wrote, under the person's own key."""
    return encrypt_person(keys[draft.subject_ref], draft.subject_ref, draft.admission.said, draft.secret)
