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

MAX_TRIES = 3


async def submit_dossiers(context: IntakeContext, requests: Sequence[SubmissionRequest]) -> list[Outcome]:
    """The outcome of each filing, in order. The same statements for one as for five hundred."""
    index_by_key = {request.key: index for index, request in reversed(list(enumerate(requests)))}
    outcomes: dict[int, Outcome] = {}
    drafts = await _admit_or_answer(
        context, [(index, requests[index]) for index in sorted(index_by_key.values())], outcomes
    )
    for index, receipt in (
        await _save(context, [draft for _, draft in drafts], [index for index, _ in drafts])
    ).items():
        outcomes[index] = receipt
    unanswered = [index for index in range(len(requests)) if index not in outcomes]
    if (
        unanswered
    ):  # a key sent twice at once, or taken by another process meanwhile: now it is an earlier one
        repeated_outcomes = await submit_dossiers(context, [requests[index] for index in unanswered])
        outcomes |= dict(zip(unanswered, repeated_outcomes, strict=True))
    return [outcomes[index] for index in range(len(requests))]


async def _admit_or_answer(
    context: IntakeContext,
    numbered_requests: Sequence[tuple[int, SubmissionRequest]],
    outcomes: dict[int, Outcome],
) -> list[tuple[int, DossierDraft]]:
    """Answer what was filed before or must be refused; draft the rest."""
    async with read_connection(context.pool) as tx:
        lookups = [_lookup(context, request) for _, request in numbered_requests]
        found_submissions = await submissions.look_up(tx, lookups)
    subjects = [previous.subject_ref for previous in found_submissions.existing.values()]
    keys = await context.keyring.find_keys(subjects) if subjects else {}
    drafts: list[tuple[int, DossierDraft]] = []
    drafted = set[tuple[bytes | None, str | None, str | None]]()
    for (index, request), lookup in zip(numbered_requests, lookups, strict=True):
        previous = found_submissions.existing.get(request.key)
        if previous is not None:
            outcomes[index] = repeated_receipt(request, previous, keys)
            continue
        admission = _admit(
            request,
            found_submissions.duplicates.get(request.key),
            context.catalogue.current,
            found_submissions.at,
        )
        subject = (lookup.person_ref, lookup.procedure, lookup.project)
        if isinstance(admission, Refused):
            outcomes[index] = admission
        elif lookup.person_ref is None or subject not in drafted:  # else: next round, when the first is there
            drafted.add(subject)
            drafts.append((index, create_draft(request, admission, found_submissions.at)))
    return drafts


def _admit(
    request: SubmissionRequest, duplicate: DuplicateDossier | None, catalogue: Catalogue, at: datetime
) -> AdmittedSubmission | Refused:
    admission = admit_submission(request.submission, request.parse_errors, request.actor, catalogue, at)
    return (
        admission
        if isinstance(admission, Refused)
        else apply_confirmations(admission, duplicate, catalogue, at)
    )


def _lookup(context: IntakeContext, request: SubmissionRequest) -> SubmissionLookup:
    """By its key alone, unless it is about something of which a person rarely wants two."""
    project, id_number = duplicate_scope(request.submission), request.submission.applicant.id_number
    if project is None or not id_number:
        return SubmissionLookup(request.key, None, None, None)
    return SubmissionLookup(
        request.key, context.keys.person_ref(id_number), request.submission.procedure, project
    )


async def _save(
    context: IntakeContext, drafts: Sequence[DossierDraft], indexes: Sequence[int]
) -> dict[int, SubmissionReceipt]:
    if not drafts:
        return {}
    key_task = asyncio.create_task(
        context.keyring.get_or_create_keys([draft.subject_ref for draft in drafts])
    )
    try:
        for _ in range(MAX_TRIES):
            try:
                async with transaction(context.pool) as tx:
                    receipts = await _write(tx, context, drafts, key_task)
                break
            except ReferenceCollision:
                drafts = [with_new_link(draft) for draft in drafts]
        else:
            raise RetryLater("no free reference found")
    finally:
        key_task.cancel()  # without effect where it is done
        await asyncio.gather(key_task, return_exceptions=True)
    return {
        index: receipts[draft.id]
        for index, draft in zip(indexes, drafts, strict=True)
        if draft.id in receipts
    }


async def _write(
    tx: Tx,
    context: IntakeContext,
    drafts: Sequence[DossierDraft],
    key_task: asyncio.Future[dict[UUID, bytes]],
) -> dict[UUID, SubmissionReceipt]:
    """All tables of these drafts; those whose key was taken meanwhile are left out.

    The people's keys are made meanwhile, and lie on their disk before anything sealed with them is written.
    """
    day = drafts[0].at.date()
    serials = await submissions.claim_keys(tx, [_key_claim(draft) for draft in drafts], day)
    pairs = [
        (
            draft,
            draft_to_dossier(
                draft, _dossier_code(draft, day, serials[draft.filing.key]), context.catalogue.current
            ),
        )
        for draft in drafts
        if draft.filing.key in serials
    ]
    if not pairs:
        return {}
    keys = await key_task
    with dossiers.detect_collision():
        async with pipeline(tx) as writes:
            await dossiers.insert(writes, [draft_to_row(context, draft, dossier) for draft, dossier in pairs])
            await seals.insert(writes, [_sealed_row(draft, keys) for draft, _ in pairs])
            await audit_chain.start_chains(
                writes, [line for pair in pairs for line in draft_audit_lines(*pair)]
            )
            await outbox.append_events(
                writes, [event for pair in pairs for event in draft_events(*pair, keys[pair[0].subject_ref])]
            )
    return {draft.id: draft_receipt(draft, dossier) for draft, dossier in pairs}


def _key_claim(draft: DossierDraft) -> KeyClaim:
    request, admission = draft.filing, draft.admission
    return KeyClaim(request.key, request.body_mac, draft.id, code_unit(admission.office), admission.answer_by)


def _dossier_code(draft: DossierDraft, day: date, serial: int) -> str:
    return format_code(code_unit(draft.admission.office), day, serial)


def _sealed_row(draft: DossierDraft, keys: Mapping[UUID, bytes]) -> SealedRow:
    """Who they are, and what a counter that turned them away wrote, under the person's own key."""
    return encrypt_person(
        keys[draft.subject_ref], draft.subject_ref, draft.admission.submission, draft.secret
    )
