"""Plan messages about updates of cases. They are rendered once the contact is known."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
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
    ACCEPTED_DATE_FOLLOWS,
    ACCEPTED_UNDATED,
    APPOINTMENT,
    COMPLETED,
    COMPLETED_IN_PART,
    DATE_MOVED,
    EXTENDED,
    OVERDUE,
    RECEIVE,
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
from shared.catalogue.model.results import SeparateResult, separate_results
from shared.db.transaction import Tx, city_now
from shared.events.apology import Apology
from shared.events.case import CaseState, RequestDeclined
from shared.events.dossier import NO_ANSWER, WITHDRAWN
from shared.events.envelope import Event
from shared.events.identifiers import uuid7
from shared.events.steps import StepState
from shared.messaging.record.batch import Batch
from shared.observability.logs import get_logger
from shared.outcomes import StepOutcome
from shared.security import audit_chain
from shared.security.audit_chain import AuditLine
from shared.words import BilingualText

log = get_logger(__name__)
NEW_DATES = frozenset({DATE_MOVED, EXTENDED})
"""Templates about a date that replaced another one."""


async def plan_messages(tx: Tx, batch: Batch, *, template_cache: TemplateCache) -> None:
    """Insert a notice for every update that triggers one, and cancel outdated ones, also of this batch.

    Each silence goes to the audit chain with its reason.
    """
    catalogue, templates = await template_cache.current(tx)
    at = await city_now(tx)
    planned: list[Notice] = []
    for event in batch.events:
        notice = notice_for(event, catalogue, templates, at)
        if notice is not None:
            planned.append(notice)
    new: set[UUID] = set()
    if planned:
        new = await notices.insert(tx, planned)
    silent = [notice for notice in planned if notice.silence and notice.id in new]
    silent += await cancel_outdated(tx, batch.events, at)
    if silent:
        lines = [silence_audit_line(notice, str(notice.silence), at) for notice in silent]
        await audit_chain.append(tx, lines)


STOP_REASONS = {WITHDRAWN: text("facts.withdrawn"), NO_ANSWER: text("facts.no_answer")}
"""Texts for the reasons of a stop that have a code; an officer's own words are sent unchanged."""


def notice_for(
    event: Event, catalogue: Catalogue, templates: MessageTemplates, at: datetime
) -> Notice | None:
    """The notice that an update triggers, or None."""
    case_state: CaseState = event.data
    is_of_child = event.dossier_id not in {None, event.root}
    trigger = trigger_for(event.type, case_state, of_a_child=is_of_child)
    if trigger is None:
        return None
    if trigger.template == COMPLETED and _separate_results(event, catalogue):
        trigger = replace(trigger, template=COMPLETED_IN_PART)
    if trigger.template == ACCEPTED_UNDATED and _has_limit(event, catalogue):
        trigger = replace(trigger, template=ACCEPTED_DATE_FOLLOWS)
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
    """The facts that a message about this case may contain. Those of a private procedure are left out."""
    case_state: CaseState = event.data
    is_private = _is_private(event, catalogue)
    reason = _message_reason(case_state, catalogue, template, private=is_private)
    moved_from = case_state.moved_from
    if template == EXTENDED:
        moved_from = case_state.promised_due_at
    facts = MessageFacts(
        code=case_state.code,
        link_ref=case_state.link_ref,
        office=case_state.receiving_office_short,
        delivery=case_state.delivery,
        private=is_private,
        accepted_at=case_state.accepted_at,
        due_at=_message_date(case_state, template),
        moved_from=moved_from,
        wanted_by=_wanted_by(case_state, template),
        answer_by=_answer_by(case_state),
        reason_vi=reason.vi,
        reason_en=reason.en,
        rule_vi=reason.rule_vi,
        rule_en=reason.rule_en,
        count=case_state.explanation,
        denied=template == COMPLETED and case_state.outcome == StepOutcome.DENIED,
    )
    if case_state.request is not None:
        names = _item_names(event, catalogue, private=is_private)
        facts = replace(
            facts,
            wanted_count=len(case_state.request.items),
            items=tuple(name.vi for name in names),
            items_en=tuple(name.en for name in names),
            amount=case_state.request.amount,
        )
    if template == OVERDUE and case_state.apology is not None:
        facts = replace(facts, late=_lateness_facts(case_state.apology, private=is_private))
        if case_state.holder is not None and not is_private:
            facts = replace(facts, office=case_state.holder.short)
    if is_private:
        return facts
    results = _result_facts(_separate_results(event, catalogue))
    return replace(facts, steps=_step_facts(case_state), results=results)


def _step_of_message(case_state: CaseState, template: str) -> StepState | None:
    """The step that a message is about: the citizen's own act, or the one they are expected for."""
    if template == APPOINTMENT:
        return appointment_step(case_state)
    if template == YOUR_TURN:
        return waiting_person_step(case_state)
    return None


def _wanted_by(case_state: CaseState, template: str) -> datetime | None:
    """When the citizen is expected, or the end of their time to answer."""
    step = _step_of_message(case_state, template)
    if template == APPOINTMENT:
        if step is None or step.appointment is None:
            return None
        return step.appointment.at
    if case_state.request:
        return case_state.request.answer_by
    return step.due_at if step else None


def _answer_by(case_state: CaseState) -> datetime | None:
    """When the counter must have accepted or refused the dossier."""
    for step in case_state.steps:
        if step.step == RECEIVE:
            return step.due_at
    return None


def silence_audit_line(notice: Notice, reason: str, at: datetime) -> AuditLine:
    """The audit line of a notice that stays silent."""
    facts = {"template": notice.trigger.template, "because": notice.trigger.event_ref, "reason": reason}
    return AuditLine(notice.root_id, "message.silent", actor=SELF, at=at, facts=facts)


def _message_date(case_state: CaseState, template: str) -> datetime | None:
    """The date this message is about: as promised, as moved, or the one in an apology."""
    if template == OVERDUE:
        return case_state.apology.new_due_at if case_state.apology else None
    if template in NEW_DATES:
        return case_state.current_due_at
    return case_state.promised_due_at


def _lateness_facts(apology: Apology, *, private: bool) -> LatenessFacts:
    facts = LatenessFacts(apology.was_due_at, office="", minutes=apology.late_minutes)
    if private:
        return facts
    return replace(facts, office=apology.office_short, title_vi=apology.title_vi, title_en=apology.title_en)


def _is_private(event: Event, catalogue: Catalogue) -> bool:
    """An unknown procedure counts as private: a message that says too little does no harm."""
    procedure = _procedure(event, catalogue)
    return procedure is None or procedure.private


def _separate_results(event: Event, catalogue: Catalogue) -> tuple[SeparateResult[StepState], ...]:
    """Each result, once completed, if some results were granted and some denied."""
    procedure = _procedure(event, catalogue)
    if procedure is None or not event.data.outcome:
        return ()
    return separate_results(procedure, event.data.steps)


def _has_limit(event: Event, catalogue: Catalogue) -> bool:
    """Whether a date will be promised, once the calendar that it lies in is published."""
    procedure = _procedure(event, catalogue)
    return procedure is not None and procedure.total is not None


def _procedure(event: Event, catalogue: Catalogue) -> Procedure | None:
    if event.procedure is None:
        return None
    try:
        return catalogue.procedure_version(event.procedure.code, event.procedure.version)
    except KeyError:
        log.warning("message.procedure_unknown", procedure=event.procedure.code)
        return None


@dataclass(frozen=True, slots=True)
class _Reason:
    """Why something was decided, and the rule behind it, in both languages; empty where there is none."""

    vi: str = ""
    en: str = ""
    rule_vi: str = ""
    rule_en: str = ""


def _message_reason(case_state: CaseState, catalogue: Catalogue, template: str, *, private: bool) -> _Reason:
    """The reason a message gives. An office's own words about a private matter are not sent."""
    step = _step_of_message(case_state, template)
    if step is not None:
        reason = _Reason(step.title_vi, step.title_en)
    elif isinstance(case_state, RequestDeclined):
        return _Reason(case_state.text_vi, case_state.text_en)
    elif case_state.state == "stopped":
        stopped_reason = case_state.stopped_reason or ""
        words = STOP_REASONS.get(stopped_reason)
        if words is not None:
            return _Reason(words.vi, words.en)
        reason = _Reason(stopped_reason, stopped_reason)
    elif template == COMPLETED and case_state.outcome == StepOutcome.DENIED:
        reason = _denial_reason(case_state)
    elif case_state.extension_reason:
        reason = _Reason(case_state.extension_reason, case_state.extension_reason)
    else:
        return _refusal_reason(case_state, catalogue)
    return _Reason() if private else reason


def _denial_reason(case_state: CaseState) -> _Reason:
    """The words of the office that said no, and the rule behind them; of several, each in turn."""
    denied = [
        step for step in case_state.steps if step.state == "done" and step.outcome == StepOutcome.DENIED
    ]
    reasons = "; ".join(step.reason for step in denied if step.reason)
    rules = "; ".join(step.basis for step in denied if step.basis)
    return _Reason(reasons, reasons, rules, rules)


def _item_names(event: Event, catalogue: Catalogue, *, private: bool) -> list[BilingualText]:
    """The papers to bring."""
    procedure = _procedure(event, catalogue)
    if event.data.request is None or private or procedure is None:
        return []
    return [paper_names(item, procedure, catalogue) for item in event.data.request.items]


def _refusal_reason(case_state: CaseState, catalogue: Catalogue) -> _Reason:
    rule = case_state.refused_rule or ""
    for reason in catalogue.reasons():
        if reason.code == case_state.refused_reason:
            words = reason.words
            return _Reason(words.vi, words.en, rule or reason.rule.vi, rule or reason.rule.en)
    return _Reason(rule_vi=rule, rule_en=rule)


def _step_facts(case_state: CaseState) -> tuple[StepFacts, ...]:
    steps: list[StepFacts] = []
    for step in case_state.steps:
        if step.step != RECEIVE and step.state != "closed":
            steps.append(StepFacts(step.title_vi, step.title_en, step.office_short))
    return tuple(steps)


def _result_facts(results: Iterable[SeparateResult[StepState]]) -> tuple[ResultFacts, ...]:
    facts: list[ResultFacts] = []
    for result in results:
        step = result.step
        is_granted = result.outcome is StepOutcome.GRANTED
        reason = "" if is_granted else step.reason or ""
        facts.append(
            ResultFacts(step.title_vi, step.title_en, step.office_short, granted=is_granted, reason=reason)
        )
    return tuple(facts)
