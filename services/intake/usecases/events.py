"""Intake's events: facts without personal data, and the contact encrypted for notification."""

from datetime import datetime
from uuid import UUID

from services.intake.domain.acts.requests import ActEvent
from services.intake.domain.dossier.dossier import Dossier
from shared.actor import Actor
from shared.events import contacts, topics
from shared.events import dossier as wire
from shared.events.body import ProcedureRef
from shared.events.envelope import NewEvent
from shared.events.identifiers import uuid7


def submitted_event(
    dossier: Dossier, actor: Actor, traceparent: str | None, confirmed: tuple[str, ...] = ()
) -> NewEvent:
    """The dossier was filed. `confirmed`: the questions that the person answered with yes."""
    data = wire.DossierSubmitted(
        code=dossier.code,
        submitted_at=dossier.submitted_at,
        receiving_office=dossier.receiving_office,
        place=dict(dossier.place),
        facts=dict(dossier.routing_facts),
        papers=[
            wire.PaperRef(type=paper.type, form=paper.form, issued_on=paper.issued_on, holder=paper.holder)
            for paper in dossier.papers
        ],
        delivery=dossier.delivery,
        filed_by=dossier.filed_by,
        subject_ref=dossier.subject_ref,
        link_ref=dossier.link_ref,
        answer_by=dossier.answer_by,
        auto_accept=dossier.auto_accepted,
        confirmed=confirmed,
    )
    return dossier_event(
        dossier, wire.SUBMITTED, data, actor=actor, at=dossier.submitted_at, traceparent=traceparent
    )


def accepted_event(
    dossier: Dossier, actor: Actor, at: datetime, traceparent: str | None, cause: UUID | None = None
) -> NewEvent:
    """The dossier was accepted, with its promised date."""
    data = wire.DossierAccepted(
        code=dossier.code,
        accepted_at=dossier.accepted_at or at,
        promised_due_at=dossier.promised_due_at,
        explanation=dossier.explanation,
        receiving_office=dossier.receiving_office,
        competent_office=dossier.competent_office,
    )
    return dossier_event(
        dossier, wire.ACCEPTED, data, actor=actor, at=at, traceparent=traceparent, cause=cause
    )


def refused_event(dossier: Dossier, actor: Actor, at: datetime, traceparent: str | None) -> NewEvent:
    """The dossier was refused. The officer's own text is not published."""
    data = wire.DossierRefused(
        code=dossier.code,
        refused_at=dossier.refused_at or at,
        reason_code=dossier.refused_reason or "",
        rule=dossier.refused_rule,
    )
    return dossier_event(dossier, wire.REFUSED, data, actor=actor, at=at, traceparent=traceparent)


def contact_changed_event(
    subject_ref: UUID, sealed: str, *, actor: Actor, at: datetime, traceparent: str | None
) -> NewEvent:
    """The person's contact changed. Only notification can decrypt it."""
    return NewEvent(
        topic=topics.CITIZEN_CONTACTS.name,
        key=str(subject_ref),
        type=contacts.CHANGED,
        data=contacts.ContactChanged(subject_ref=subject_ref, sealed=sealed),
        actor=actor,
        time=at,
        traceparent=traceparent,
        id=uuid7(),
    )


def dossier_event(
    dossier: Dossier,
    type: str,
    data: wire.DossierSubmitted | wire.DossierAccepted | wire.DossierRefused | ActEvent,
    *,
    actor: Actor,
    at: datetime,
    traceparent: str | None,
    cause: UUID | None = None,
) -> NewEvent:
    """An event of `dossier.events`, keyed by the root dossier. `cause`: the id of the event behind it."""
    return NewEvent(
        topic=topics.DOSSIER_EVENTS.name,
        key=str(dossier.root_id),
        type=type,
        data=data,
        actor=actor,
        time=at,
        dossier_id=dossier.id,
        procedure=ProcedureRef(code=dossier.procedure, version=dossier.version),
        channel=dossier.channel,
        causation_id=str(cause) if cause else None,
        traceparent=traceparent,
    )


def iso_text(at: datetime | None) -> str | None:
    """An instant in ISO 8601, as audit lines write it."""
    return at.isoformat() if at else None
