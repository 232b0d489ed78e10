"""Submit dossiers: a batch in one transaction, one dossier per idempotency key."""

import asyncio
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from services.intake.domain.dossier.code import code_unit, format_code
from services.intake.domain.dossier.dossier import Dossier
from services.intake.domain.submission.admission import (
    AdmittedSubmission,
    admit_submission,
    apply_confirmations,
)
from services.intake.domain.submission.confirmations import DuplicateDossier, duplicate_scope
from services.intake.domain.submission.filing_limits import FilingLimit, limit_refusal, limits_of
from services.intake.store import dossiers, filing_counts, seals, submissions
from services.intake.store.dossiers import DossierRow, ReferenceCollision
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
    SubmissionRequest,
    repeated_receipt,
)
from shared.db.pipeline import pipeline
from shared.db.transaction import Tx, read_connection, transaction
from shared.errors import Refused, RetryLater
from shared.events.envelope import NewEvent
from shared.messaging.publish import outbox
from shared.security import audit_chain
from shared.security.audit_chain import AuditLine

MAX_TRIES = 3


async def submit_dossiers(context: IntakeContext, requests: Sequence[SubmissionRequest]) -> list[Outcome]:
    """The outcome of each submission, in order. A batch of any size takes the same number of statements."""
    index_by_key = {request.key: index for index, request in reversed(list(enumerate(requests)))}
    outcomes: dict[int, Outcome] = {}
    first_of_each_key = [(index, requests[index]) for index in sorted(index_by_key.values())]
    drafts = await _admit_or_answer(context, first_of_each_key, outcomes)
    saved = await _save(context, [draft for _, draft in drafts])
    for index, draft in drafts:
        if draft.id in saved:
            outcomes[index] = saved[draft.id]
    unanswered = [index for index in range(len(requests)) if index not in outcomes]
    if unanswered:
        # A key twice in this batch, or claimed by another process meanwhile: it is an earlier one now.
        repeated_outcomes = await submit_dossiers(context, [requests[index] for index in unanswered])
        outcomes |= dict(zip(unanswered, repeated_outcomes, strict=True))
    return [outcomes[index] for index in range(len(requests))]


async def _admit_or_answer(
    context: IntakeContext,
    numbered_requests: Sequence[tuple[int, SubmissionRequest]],
    outcomes: dict[int, Outcome],
) -> list[tuple[int, DossierDraft]]:
    """Put the outcomes of repeated and refused submissions into `outcomes`; draft the others."""
    async with read_connection(context.pool) as tx:
        lookups = [_lookup(context, request) for _, request in numbered_requests]
        earlier = await submissions.look_up(tx, lookups)
    subjects = [previous.subject_ref for previous in earlier.existing.values()]
    keys = await context.keyring.find_keys(subjects) if subjects else {}
    drafts: list[tuple[int, DossierDraft]] = []
    drafted = set[tuple[bytes | None, str | None, str | None]]()
    for (index, request), lookup in zip(numbered_requests, lookups, strict=True):
        previous = earlier.existing.get(request.key)
        if previous is not None:
            outcomes[index] = repeated_receipt(request, previous, keys)
            continue
        duplicate = earlier.duplicates.get(request.key)
        admission = _admit(context, request, duplicate, earlier.at)
        subject = (lookup.person_ref, lookup.procedure, lookup.project)
        if isinstance(admission, Refused):
            outcomes[index] = admission
        elif lookup.person_ref is None or subject not in drafted:
            # A second one of the same person and project waits for the next round, when the first is stored.
            drafted.add(subject)
            drafts.append((index, create_draft(request, admission, earlier.at)))
    return drafts


def _admit(
    context: IntakeContext, request: SubmissionRequest, duplicate: DuplicateDossier | None, at: datetime
) -> AdmittedSubmission | Refused:
    catalogue = context.catalogue.current
    admission = admit_submission(
        request.submission,
        request.parse_errors,
        actor=request.actor,
        catalogue=catalogue,
        at=at,
        foreign_phones=context.foreign_phones,
    )
    if isinstance(admission, Refused):
        return admission
    return apply_confirmations(admission, duplicate, catalogue, at)


def _lookup(context: IntakeContext, request: SubmissionRequest) -> SubmissionLookup:
    """Look for the key, and for a duplicate where the submission is about a project."""
    project = duplicate_scope(request.submission)
    id_number = request.submission.applicant.id_number
    if project is None or not id_number:
        return SubmissionLookup(request.key, None, None, None)
    person_ref = context.keys.person_ref(id_number)
    return SubmissionLookup(request.key, person_ref, request.submission.procedure, project)


async def _save(context: IntakeContext, drafts: Sequence[DossierDraft]) -> dict[UUID, Outcome]:
    """The receipts, and refusals of filings too many, by draft id.

    A draft whose key another process claimed has none.
    """
    if not drafts:
        return {}
    subjects = [draft.subject_ref for draft in drafts]
    key_task = asyncio.create_task(context.keyring.get_or_create_keys(subjects))
    try:
        for _ in range(MAX_TRIES):
            try:
                async with transaction(context.pool) as tx:
                    return await _write(tx, context, drafts, key_task)
            except ReferenceCollision:
                drafts = [with_new_link(draft) for draft in drafts]
        raise RetryLater("no free reference found")
    finally:
        key_task.cancel()  # no effect on a finished task
        await asyncio.gather(key_task, return_exceptions=True)


async def _write(
    tx: Tx,
    context: IntakeContext,
    drafts: Sequence[DossierDraft],
    key_task: asyncio.Future[dict[UUID, bytes]],
) -> dict[UUID, Outcome]:
    """Write these drafts to all tables, except those whose key another process claimed meanwhile.

    The people's keys are created meanwhile; they are durable before anything encrypted with them is written.
    """
    day = drafts[0].at.date()
    counted = await _count_drafts(tx, context, drafts, day)
    outcomes: dict[UUID, Outcome] = dict(counted.refused)
    drafts = [draft for draft in drafts if draft.id not in counted.refused]
    serials = await submissions.claim_keys(tx, [_key_claim(draft) for draft in drafts], day)
    pairs: list[tuple[DossierDraft, Dossier]] = []
    for draft in drafts:
        serial = serials.get(draft.filing.key)
        if serial is not None:
            code = format_code(code_unit(draft.admission.office), day, serial)
            pairs.append((draft, draft_to_dossier(draft, code, context.catalogue.current)))
    if not pairs:
        return outcomes
    keys = await key_task
    rows: list[DossierRow] = []
    sealed_rows: list[SealedRow] = []
    audit_lines: list[AuditLine] = []
    new_events: list[NewEvent] = []
    for draft, dossier in pairs:
        key = keys[draft.subject_ref]
        rows.append(draft_to_row(context, draft, dossier))
        sealed_rows.append(encrypt_person(key, draft.subject_ref, draft.admission.submission, draft.secret))
        audit_lines += draft_audit_lines(draft, dossier)
        new_events += draft_events(draft, dossier, key)
    with dossiers.detect_collision():
        async with pipeline(tx) as writes:
            await dossiers.insert(writes, rows)
            await seals.insert(writes, sealed_rows)
            await audit_chain.start_chains(writes, audit_lines)
            await outbox.append_events(writes, new_events)
            filed = Counter(ref for draft, _ in pairs for ref in counted.refs[draft.id])
            if filed:
                await filing_counts.add(writes, filed, day)
    outcomes |= {draft.id: draft_receipt(draft, dossier) for draft, dossier in pairs}
    return outcomes


@dataclass(frozen=True, slots=True)
class _CountedDrafts:
    """What each draft counts against, and the refusals of those that are too many, by draft id."""

    refs: Mapping[UUID, Sequence[bytes]]
    refused: Mapping[UUID, Refused]


async def _count_drafts(
    tx: Tx, context: IntakeContext, drafts: Sequence[DossierDraft], day: date
) -> _CountedDrafts:
    """Lock the counts of anonymous drafts, and refuse those beyond a limit. A credential has no limit."""
    limits = {draft.id: _draft_limits(context, draft) for draft in drafts}
    refs = {ref for draft_limits in limits.values() for ref in draft_limits}
    filed = await filing_counts.lock_counts(tx, refs, day) if refs else {}
    refused: dict[UUID, Refused] = {}
    for draft in drafts:
        draft_limits = limits[draft.id]
        exceeded = [limit for ref, limit in draft_limits.items() if filed[ref] >= limit.most]
        if exceeded:
            refused[draft.id] = limit_refusal(exceeded[0], draft.at)
            continue
        for ref in draft_limits:
            filed[ref] += 1
    return _CountedDrafts({id: list(draft_limits) for id, draft_limits in limits.items()}, refused)


def _draft_limits(context: IntakeContext, draft: DossierDraft) -> dict[bytes, FilingLimit]:
    if draft.filing.actor is not None:
        return {}
    limits = limits_of(draft.admission.submission, draft.filing.address, context.limits)
    return {context.keys.filing_ref(limit.kind, limit.subject): limit for limit in limits}


def _key_claim(draft: DossierDraft) -> KeyClaim:
    return KeyClaim(
        key=draft.filing.key,
        body_mac=draft.filing.body_mac,
        dossier_id=draft.id,
        unit=code_unit(draft.admission.office),
        answer_by=draft.admission.answer_by,
    )
