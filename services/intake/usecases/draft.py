"""From an admitted submission to a dossier: its row, its first audit lines and events, its receipt."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from services.intake.domain.dossier.dossier import Dossier, accept, refuse_dossier
from services.intake.domain.dossier.dossier import submit as submit_dossier
from services.intake.domain.dossier.secret import generate_link_ref, generate_secret
from services.intake.domain.submission.access import slip_holder_actor
from services.intake.domain.submission.admission import AdmittedSubmission
from services.intake.domain.submission.fact_rules import routing_facts
from services.intake.store.dossiers import DossierRow
from services.intake.usecases import events
from services.intake.usecases.context import IntakeContext
from services.intake.usecases.person import encrypt_contact_event
from services.intake.usecases.submission_request import SubmissionReceipt, SubmissionRequest
from shared.actor import Actor, system_actor
from shared.catalogue import Catalogue
from shared.errors import Refused
from shared.events.envelope import NewEvent
from shared.events.identifiers import uuid7
from shared.security.audit_chain import AuditLine
from shared.states import State


@dataclass(frozen=True, slots=True)
class DossierDraft:
    """An admitted submission with the random references generated for it."""

    filing: SubmissionRequest
    admission: AdmittedSubmission
    at: datetime
    id: UUID
    subject_ref: UUID
    link_ref: str
    secret: str

    @property
    def actor(self) -> Actor:
        """The authenticated caller, or the holder of the slip."""
        return self.filing.actor or slip_holder_actor(self.filing.submission.filed_by)


def create_draft(filing: SubmissionRequest, admission: AdmittedSubmission, at: datetime) -> DossierDraft:
    """The admitted submission with a new id, link reference and secret."""
    return DossierDraft(
        filing=filing,
        admission=admission,
        at=at,
        id=uuid7(),
        subject_ref=uuid7(),
        link_ref=generate_link_ref(),
        secret=generate_secret(),
    )


def with_new_link(draft: DossierDraft) -> DossierDraft:
    """The draft with another link reference, after a collision."""
    return replace(draft, link_ref=generate_link_ref())


def draft_to_dossier(draft: DossierDraft, code: str, catalogue: Catalogue) -> Dossier:
    """The dossier of a draft: refused, accepted or submitted. Raises Refused by the state table."""
    at = draft.at
    admission, submission = draft.admission, draft.admission.submission
    dossier = Dossier(
        id=draft.id,
        root_id=draft.id,
        code=code,
        state=State.DRAFT,
        procedure=admission.procedure.id,
        version=admission.procedure.version,
        channel=submission.channel or "",
        subject_ref=draft.subject_ref,
        link_ref=draft.link_ref,
        place=dict(submission.place),
        routing_facts=routing_facts(catalogue, submission.facts),
        papers=admission.papers,
        papers_to_bring=admission.papers_to_bring,
        delivery=submission.delivery or "",
        filed_by=submission.filed_by or "",
        receiving_office=admission.office.id,
        competent_office=admission.competent_office,
        submitted_at=at,
        answer_by=admission.answer_by,
        auto_accepted=admission.promise is not None,
    )
    outcome = _first_decision(dossier, admission, at)
    if isinstance(outcome, Refused):
        raise outcome
    return outcome


def _first_decision(dossier: Dossier, admission: AdmittedSubmission, at: datetime) -> Dossier | Refused:
    """Refuse or accept the dossier in the act of filing, or let it wait for the counter."""
    if admission.submission.refusal is not None:
        return refuse_dossier(dossier, admission.submission.refusal, at)
    if admission.promise is not None:
        return accept(dossier, dossier.version, admission.promise, at)
    return submit_dossier(dossier)


def draft_to_row(context: IntakeContext, draft: DossierDraft, dossier: Dossier) -> DossierRow:
    """The dossier with keyed hashes of the identity number and the secret."""
    return DossierRow(
        dossier,
        person_ref=context.keys.person_ref(draft.admission.submission.applicant.id_number or ""),
        secret_mac=context.keys.secret_mac(draft.secret),
    )


def draft_audit_lines(draft: DossierDraft, dossier: Dossier) -> list[AuditLine]:
    """The first lines of the dossier's audit chain."""
    facts = {"code": dossier.code, "procedure": dossier.procedure, "channel": dossier.channel}
    if draft.admission.confirmed:
        facts |= {"confirmed": ",".join(draft.admission.confirmed)}
    root_id, actor = dossier.root_id, draft.actor
    lines = [AuditLine(root_id, "dossier.submitted", actor=actor, at=dossier.submitted_at, facts=facts)]
    if dossier.auto_accepted:
        promise = {"promised_due_at": events.iso_text(dossier.promised_due_at), "by": "rule"}
        at = dossier.accepted_at or dossier.submitted_at
        rule = system_actor("intake")
        lines.append(AuditLine(root_id, "dossier.accepted", actor=rule, at=at, facts=promise))
    if dossier.refused_at:
        refusal = {"reason_code": dossier.refused_reason, "rule": dossier.refused_rule}
        at = dossier.refused_at
        lines.append(AuditLine(root_id, "dossier.refused", actor=actor, at=at, facts=refusal))
    return lines


def draft_events(draft: DossierDraft, dossier: Dossier, key: bytes) -> list[NewEvent]:
    """The first events. The contact comes first, so that a consumer of the dossier can reach the person."""
    at, trace = dossier.submitted_at, draft.filing.traceparent
    contact = encrypt_contact_event(key, draft.subject_ref, draft.admission.submission)
    new_events = [
        events.contact_changed_event(draft.subject_ref, contact, actor=draft.actor, at=at, traceparent=trace),
        events.submitted_event(dossier, draft.actor, trace, draft.admission.confirmed),
    ]
    if dossier.auto_accepted:
        new_events.append(
            events.accepted_event(dossier, system_actor("intake"), at, trace, cause=new_events[-1].id)
        )
    if dossier.refused_at:
        new_events.append(events.refused_event(dossier, draft.actor, at, trace))
    return new_events


def draft_receipt(draft: DossierDraft, dossier: Dossier) -> SubmissionReceipt:
    """The receipt of a new submission."""
    return SubmissionReceipt(
        dossier_id=dossier.id,
        code=dossier.code,
        secret=draft.secret,
        state=dossier.state,
        link_ref=dossier.link_ref,
        receiving_office=dossier.receiving_office,
        answer_by=dossier.answer_by,
        fresh=True,
    )
