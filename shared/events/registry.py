"""The registry of event types: topic and model of data. Tests compare it with recorded samples."""

from collections.abc import Iterable

from shared.events import agency, case, catalogue, contacts, dossier, notices, topics
from shared.events.body import Body
from shared.events.envelope import Event
from shared.events.reading import NOWHERE, Place, decode_headers, invalid_record, parse_event
from shared.events.wire.attributes import short_type, wire_types
from shared.events.words import text

TYPES: dict[str, dict[str, type[Body]]] = {
    topics.DOSSIER_EVENTS.name: {
        dossier.SUBMITTED: dossier.DossierSubmitted,
        dossier.ACCEPTED: dossier.DossierAccepted,
        dossier.REFUSED: dossier.DossierRefused,
        dossier.WITHDRAWAL_REQUESTED: dossier.WithdrawalRequested,
        dossier.WITHDRAWAL_CANCELLED: dossier.WithdrawalCancelled,
        dossier.SUPPLEMENTED: dossier.DossierSupplemented,
        dossier.SUPPLEMENT_REQUESTED: dossier.DossierSupplementRequested,
        dossier.STOPPED: dossier.DossierStopped,
        dossier.PAID: dossier.DossierPaid,
        dossier.RETURNED: dossier.DossierReturned,
    },
    topics.CASE_UPDATES.name: {
        case.OPENED: case.CaseState,
        case.UPDATED: case.CaseState,
        case.ROUTED: case.CaseState,
        case.COMPLETED: case.CaseState,
        case.MOVED: case.CaseState,
        case.DECLINED: case.RequestDeclined,
        case.WARNING: case.DeadlineFired,
        case.BREACHED: case.DeadlineFired,
        case.REASSIGNED: case.TaskReassigned,
        case.APOLOGY_DRAFTED: case.CaseState,
        case.APOLOGY_ISSUED: case.CaseState,
        case.NEW_DATE_PASSED: case.DeadlineFired,
        case.QUERY_CLOSED: case.CaseState,
        case.CHILD_OPENED: case.ChildUpdated,
        case.CHILD_COMPLETED: case.ChildUpdated,
        case.CHILD_FAILED: case.ChildUpdated,
    },
    topics.CITIZEN_CONTACTS.name: {contacts.CHANGED: contacts.ContactChanged},
    topics.NOTIFICATION_RESULTS.name: {
        notices.result_type(state): notices.NotificationResult for state in notices.STATES
    },
    topics.CATALOGUE_VERSIONS.name: {
        f"{kind}.version_published.v1": catalogue.CatalogueItemPublished for kind in catalogue.KINDS
    },
}

PARTS: dict[type[Body], type[Body]] = {case.CaseHeadline: case.CaseState}
"""Parts that a consumer may decode in place of the whole data, by model."""

TO_PARTIES: dict[str, type[Body]] = {
    agency.QUEUED: agency.TaskQueued,
    agency.ASKED: agency.SubqueryAsked,
    agency.CLOSED: agency.TaskClosed,
    agency.REJECTED: agency.ReplyRejected,
}


def types_of(topic: topics.Topic) -> tuple[str, ...]:
    """All event types of one of our topics."""
    return tuple(TYPES[topic.name])


OWNERS = {topic.name: topics.SOURCES[topic.owner] for topic in topics.SERVICE_TOPICS}


def decode(
    topic: str,
    key: bytes | None,
    value: bytes | None,
    raw_headers: Iterable[tuple[str, bytes | None]],
    *,
    place: Place = NOWHERE,
    part: type[Body] | None = None,
) -> Event:
    """Decode an event from a raw record of one of our topics. Raises InvalidRecord.

    With `part`, only that part of the data is decoded and validated.
    """
    head = decode_headers(raw_headers)
    models = TYPES.get(topic, {})
    model = models.get(short_type(head.get("ce_type", "")))
    if model is None:
        raise invalid_record(
            "unknown_type", "ce_type", text("records.unknown_type", types=wire_types(models))
        )
    return parse_event(
        key=key, value=value, head=head, model=part or model, source=OWNERS[topic], place=place
    )
