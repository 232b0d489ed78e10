"""Which changes of a case are told to the citizen. The words are written once the contact is known."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from services.notification.domain.expiry import awaited_action
from services.notification.domain.facts import (
    LatenessFacts,
    MessageFacts,
    ResultFacts,
    StepFacts,
)
from services.notification.domain.message import (
    APPOINTMENT,
    COMPLETED,
    COMPLETED_IN_PART,
    DATE_MOVED,
    EXTENDED,
    OVERDUE,
    YOUR_TURN,
    appointment_step,
    trigger_for,
    waiting_person_step,
)
from services.notification.domain.templates import MessageTemplates
from services.notification.store import notices
from services.notification.store.notices import Notice
from services.notification.usecases.cancel_outdated import cancel_outdated
from services.notification.usecases.publish_transitions import SELF
from services.notification.usecases.template_cache import TemplateCache
from services.notification.words import text
from shared.catalogue import Catalogue, Procedure
from shared.catalogue.model.paper_names import paper_names
from shared.catalogue.model.results import DENIED, separate_results
from shared.db.transaction import Tx, city_now
from shared.events.apology import Apology
from shared.events.case import CaseState, RequestDeclined
from shared.events.dossier import NO_ANSWER, WITHDRAWN
from shared.events.envelope import Event
from shared.events.identifiers import uuid7
from shared.events.steps import StepState
from shared.messaging.record.batch import Batch
from shared.observability.logs import get_logger
from shared.security import audit_chain
from shared.security.audit_chain import AuditLine

log = get_logger(__name__)
RECEIVE = "receive"
NEW_DATES = frozenset({DATE_MOVED, EXTENDED})
"""Texts about a date that took another's place."""


async def plan_messages(tx: Tx, batch: Batch, *, template_cache: TemplateCache) -> None:
    """Keep a notice for every update that calls for one; each silence is signed with its reason.

    What waits to be said and is no longer true is called back, be it of this very batch.
    """
    catalogue, templates = await template_cache.current(tx)
    at = await city_now(tx)
    planned = [notice for event in batch.events if (notice := notice_for(event, catalogue, templates, at))]
    new = await notices.insert(tx, planned) if planned else set[UUID]()
    silent = [notice for notice in planned if notice.silence and notice.id in new]
    silent += await cancel_outdated(tx, batch.events, at)
    if silent:
        await audit_chain.append(
            tx, [silence_audit_line(notice, str(notice.silence), at) for notice in silent]
        )


STOP_REASONS = {WITHDRAWN: text("facts.withdrawn"), NO_ANSWER: text("facts.no_answer")}
"""What a citizen reads of a stop that somebody decided by rule; an officer's own words go as they are."""


def notice_for(
    event: Event, catalogue: Catalogue, templates: MessageTemplates, at: datetime
) -> Notice | None:
    """The notice an update calls for, or None."""
    case_state: CaseState = event.data
    trigger = trigger_for(event.type, case_state, of_a_child=event.dossier_id not in {None, event.root})
    if trigger is None:
        return None
    if trigger.template == COMPLETED and _separate_results(event, catalogue):
        trigger = replace(trigger, template=COMPLETED_IN_PART)
    return Notice(
        id=uuid7(),
        trigger=trigger,
        subject_ref=case_state.subject_ref,
        root_id=event.root,
        dossier_id=event.dossier_id,
        facts=message_facts(event, catalogue, trigger.template),
        planned_at=at,
        silence=templates.silence_reason(trigger.event, event.channel),
        traceparent=event.traceparent,
        waits_on=awaited_action(trigger.template, case_state),
    )


def message_facts(event: Event, catalogue: Catalogue, template: str) -> MessageFacts:
    """What a text may say of this case. What a private procedure is about is left out here, for good."""
    case_state: CaseState = event.data
    is_private = _is_private(event, catalogue)
    turn = _step_of_message(case_state, template)
    reason_vi, reason_en, rule_vi, rule_en = (
        _turn_reason(turn, private=is_private)
        if turn
        else _reason_and_rule(case_state, catalogue, private=is_private)
    )
    request, apology = case_state.request, case_state.apology if template == OVERDUE else None
    return MessageFacts(
        code=case_state.code,
        link_ref=case_state.link_ref,
        office=_holder_name(case_state) if apology and not is_private else case_state.receiving_office_short,
        delivery=case_state.delivery,
        private=is_private,
        accepted_at=case_state.accepted_at,
        due_at=_message_date(case_state, template),
        moved_from=case_state.promised_due_at if template == EXTENDED else case_state.moved_from,
        wanted_by=_wanted_by(case_state, template),
        wanted_count=len(request.items) if request else 0,
        **_item_names(event, catalogue, private=is_private),
        amount=request.amount if request else None,
        answer_by=next((step.due_at for step in case_state.steps if step.step == RECEIVE), None),
        reason_vi=reason_vi,
        reason_en=reason_en,
        rule_vi=rule_vi,
        rule_en=rule_en,
        steps=() if is_private else _step_facts(case_state),
        count=case_state.explanation,
        results=() if is_private else _result_facts(_separate_results(event, catalogue)),
        late=_lateness_facts(apology, private=is_private) if apology else None,
    )


def _step_of_message(case_state: CaseState, template: str) -> StepState | None:
    """The step that a message is about: the person's own act, or the one they are expected for."""
    if template == APPOINTMENT:
        return appointment_step(case_state)
    return waiting_person_step(case_state) if template == YOUR_TURN else None


def _wanted_by(case_state: CaseState, template: str) -> datetime | None:
    """When the citizen is expected, or until when they are waited for."""
    step = _step_of_message(case_state, template)
    if template == APPOINTMENT:
        return step.appointment.at if step and step.appointment else None
    if case_state.request:
        return case_state.request.answer_by
    return step.due_at if step else None


def silence_audit_line(notice: Notice, reason: str, at: datetime) -> AuditLine:
    """The signature under a silence."""
    facts = {"template": notice.trigger.template, "because": notice.trigger.event_ref, "reason": reason}
    return AuditLine(notice.root_id, "message.silent", SELF, at, facts)


def _message_date(case_state: CaseState, template: str) -> datetime | None:
    """The date this message is about: as promised, as moved, or the one an apology gives."""
    if template == OVERDUE:
        return case_state.apology.new_due_at if case_state.apology else None
    return case_state.current_due_at if template in NEW_DATES else case_state.promised_due_at


def _holder_name(case_state: CaseState) -> str:
    """Who has it now; the receiving office where nobody need do anything more."""
    return case_state.holder.short if case_state.holder else case_state.receiving_office_short


def _lateness_facts(apology: Apology, *, private: bool) -> LatenessFacts:
    if private:
        return LatenessFacts(apology.was_due_at, "", apology.late_minutes)
    titles = (apology.title_vi, apology.title_en)
    return LatenessFacts(apology.was_due_at, apology.office_short, apology.late_minutes, *titles)


def _is_private(event: Event, catalogue: Catalogue) -> bool:
    """Unknown counts as private: a text that says too little does no harm."""
    procedure = _procedure(event, catalogue)
    return procedure is None or procedure.private


def _separate_results(event: Event, catalogue: Catalogue) -> tuple[StepState, ...]:
    """Each result of a dossier that has ended, where some was granted and some denied."""
    procedure, case_state = _procedure(event, catalogue), event.data
    return separate_results(procedure, case_state.steps) if procedure and case_state.outcome else ()


def _procedure(event: Event, catalogue: Catalogue) -> Procedure | None:
    if event.procedure is None:
        return None
    try:
        return catalogue.procedure_version(event.procedure.code, event.procedure.version)
    except KeyError:
        log.warning("message.procedure_unknown", procedure=event.procedure.code)
        return None


def _reason_and_rule(
    case_state: CaseState, catalogue: Catalogue, *, private: bool
) -> tuple[str, str, str, str]:
    """Why, in both languages, and the rule. An office's own words about a private matter are not sent."""
    if isinstance(case_state, RequestDeclined):
        return case_state.text_vi, case_state.text_en, "", ""
    if case_state.state == "stopped":
        return *_stop_reason(case_state.stopped_reason or "", private=private), "", ""
    if case_state.extension_reason:
        return (
            ("", "", "", "")
            if private
            else (case_state.extension_reason, case_state.extension_reason, "", "")
        )
    return _refusal_reason(case_state, catalogue)


def _item_names(event: Event, catalogue: Catalogue, *, private: bool) -> dict[str, tuple[str, ...]]:
    """What is to be brought, in both languages."""
    request, procedure = event.data.request, _procedure(event, catalogue)
    if request is None or private or procedure is None:
        return {}
    names = [paper_names(item, procedure, catalogue) for item in request.items]
    return {"items": tuple(name.vi for name in names), "items_en": tuple(name.en for name in names)}


def _turn_reason(turn: StepState, *, private: bool) -> tuple[str, str, str, str]:
    return ("", "", "", "") if private else (turn.title_vi, turn.title_en, "", "")


def _stop_reason(reason: str, *, private: bool) -> tuple[str, str]:
    words = STOP_REASONS.get(reason)
    if words:
        return words.vi, words.en
    return ("", "") if private else (reason, reason)


def _refusal_reason(case_state: CaseState, catalogue: Catalogue) -> tuple[str, str, str, str]:
    reasons = {reason.code: reason for reason in catalogue.reasons()}
    reason = reasons.get(case_state.refused_reason or "")
    if reason is None:
        return "", "", case_state.refused_rule or "", case_state.refused_rule or ""
    rule_vi, rule_en = case_state.refused_rule or reason.rule.vi, case_state.refused_rule or reason.rule.en
    return reason.words.vi, reason.words.en, rule_vi, rule_en


def _step_facts(case_state: CaseState) -> tuple[StepFacts, ...]:
    steps = (step for step in case_state.steps if step.step != RECEIVE and step.state != "closed")
    return tuple(StepFacts(step.title_vi, step.title_en, step.office_short) for step in steps)


def _result_facts(results: Iterable[StepState]) -> tuple[ResultFacts, ...]:
    return tuple(
        ResultFacts(step.title_vi, step.title_en, step.office_short, step.outcome != DENIED)
        for step in results
    )
