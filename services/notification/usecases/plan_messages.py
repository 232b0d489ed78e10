"""Which changes of a case are told to the citizen. The words are written once the contact is known."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from services.notification.domain.expiry import awaited_action
from services.notification.domain.facts import (
    ExplanationLine,
    LatenessFacts,
    MessageFacts,
    ResultFacts,
    StepFacts,
)
from services.notification.domain.message import (
    COMPLETED,
    COMPLETED_IN_PART,
    DATE_MOVED,
    EXTENDED,
    OVERDUE,
    YOUR_TURN,
    trigger_for,
    waiting_person_step,
)
from services.notification.domain.templates import MessageTemplates
from services.notification.store import notices
from services.notification.store.notices import Notice
from services.notification.usecases.cancel_outdated import cancel_outdated
from services.notification.usecases.publish_transitions import SELF
from services.notification.usecases.template_cache import TemplateCache
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


async def plan_messages(tx: Tx, batch: Batch, *, words: TemplateCache) -> None:
    """Keep a notice for every update that calls for one; each silence is signed with its reason.

    What waits to be said and is no longer true is called back, be it of this very batch.
    """
    catalogue, book = await words.current(tx)
    at = await city_now(tx)
    found = [notice for event in batch.events if (notice := notice_for(event, catalogue, book, at))]
    new = await notices.insert(tx, found) if found else set[UUID]()
    silent = [notice for notice in found if notice.silence and notice.id in new]
    silent += await cancel_outdated(tx, batch.events, at)
    if silent:
        await audit_chain.append(
            tx, [silence_audit_line(notice, str(notice.silence), at) for notice in silent]
        )


def notice_for(event: Event, catalogue: Catalogue, book: MessageTemplates, at: datetime) -> Notice | None:
    """The notice an update calls for, or None."""
    said: CaseState = event.data
    call = trigger_for(event.type, said, of_a_child=event.dossier_id not in {None, event.root})
    if call is None:
        return None
    if call.template == COMPLETED and _apart(event, catalogue):
        call = replace(call, template=COMPLETED_IN_PART)
    return Notice(
        id=uuid7(),
        call=call,
        subject_ref=said.subject_ref,
        root_id=event.root,
        dossier_id=event.dossier_id,
        facts=message_facts(event, catalogue, call.template),
        planned_at=at,
        silence=book.silence_reason(call.event, event.channel),
        traceparent=event.traceparent,
        waits_on=awaited_action(call.template, said),
    )


def message_facts(event: Event, catalogue: Catalogue, template: str) -> MessageFacts:
    """What a text may say of this case. What a private procedure is about is left out here, for good."""
    said: CaseState = event.data
    private = _private(event, catalogue)
    turn = waiting_person_step(said) if template == YOUR_TURN else None
    reason_vi, reason_en, rule_vi, rule_en = (
        _of_turn(turn, private=private) if turn else _reason(said, catalogue, private=private)
    )
    wanted, apology = said.request, said.apology if template == OVERDUE else None
    return MessageFacts(
        code=said.code,
        link_ref=said.link_ref,
        office=_holder(said) if apology and not private else said.receiving_office_short,
        delivery=said.delivery,
        private=private,
        accepted_at=said.accepted_at,
        due_at=_date(said, template),
        moved_from=said.promised_due_at if template == EXTENDED else said.moved_from,
        wanted_by=wanted.answer_by if wanted else turn.due_at if turn else None,
        wanted_count=len(wanted.items) if wanted else 0,
        **_items(event, catalogue, private=private),
        amount=wanted.amount if wanted else None,
        answer_by=next((step.due_at for step in said.steps if step.step == RECEIVE), None),
        reason_vi=reason_vi,
        reason_en=reason_en,
        rule_vi=rule_vi,
        rule_en=rule_en,
        steps=() if private else _steps(said),
        count=_count(said),
        results=() if private else _results(_apart(event, catalogue)),
        late=_late(apology, private=private) if apology else None,
    )


def silence_audit_line(notice: Notice, why: str, at: datetime) -> AuditLine:
    """The signature under a silence."""
    facts = {"template": notice.call.template, "because": notice.call.event_ref, "reason": why}
    return AuditLine(notice.root_id, "message.silent", SELF, at, facts)


def _date(said: CaseState, template: str) -> datetime | None:
    """The date this message is about: as promised, as moved, or the one an apology gives."""
    if template == OVERDUE:
        return said.apology.new_due_at if said.apology else None
    return said.current_due_at if template in NEW_DATES else said.promised_due_at


def _holder(said: CaseState) -> str:
    """Who has it now; the receiving office where nobody need do anything more."""
    return said.holder.short if said.holder else said.receiving_office_short


def _late(apology: Apology, *, private: bool) -> LatenessFacts:
    if private:
        return LatenessFacts(apology.was_due_at, "", apology.late_minutes)
    named = (apology.title_vi, apology.title_en)
    return LatenessFacts(apology.was_due_at, apology.office_short, apology.late_minutes, *named)


def _private(event: Event, catalogue: Catalogue) -> bool:
    """Unknown counts as private: a text that says too little does no harm."""
    procedure = _procedure(event, catalogue)
    return procedure is None or procedure.private


def _apart(event: Event, catalogue: Catalogue) -> tuple[StepState, ...]:
    """Each result of a dossier that has ended, where some was granted and some denied."""
    procedure, said = _procedure(event, catalogue), event.data
    return separate_results(procedure, said.steps) if procedure and said.outcome else ()


def _procedure(event: Event, catalogue: Catalogue) -> Procedure | None:
    if event.procedure is None:
        return None
    try:
        return catalogue.procedure_version(event.procedure.code, event.procedure.version)
    except KeyError:
        log.warning("message.procedure_unknown", procedure=event.procedure.code)
        return None


def _reason(said: CaseState, catalogue: Catalogue, *, private: bool) -> tuple[str, str, str, str]:
    """Why, in both languages, and the rule. An office's own words about a private matter are not sent."""
    if isinstance(said, RequestDeclined):
        return said.text_vi, said.text_en, "", ""
    if said.state == "stopped":
        return *_stop_reason(said.stopped_reason or "", private=private), "", ""
    if said.extension_reason:
        return ("", "", "", "") if private else (said.extension_reason, said.extension_reason, "", "")
    return _refusal(said, catalogue)


def _items(event: Event, catalogue: Catalogue, *, private: bool) -> dict[str, tuple[str, ...]]:
    """What is to be brought, in both languages."""
    wanted, procedure = event.data.request, _procedure(event, catalogue)
    if wanted is None or private or procedure is None:
        return {}
    named = [paper_names(item, procedure, catalogue) for item in wanted.items]
    return {"items": tuple(each.vi for each in named), "items_en": tuple(each.en for each in named)}


def _of_turn(turn: StepState, *, private: bool) -> tuple[str, str, str, str]:
    return ("", "", "", "") if private else (turn.title_vi, turn.title_en, "", "")


def _stop_reason(reason: str, *, private: bool) -> tuple[str, str]:
    if reason == WITHDRAWN:
        return "bạn đã xin rút hồ sơ", "you asked to withdraw it"
    if reason == NO_ANSWER:
        return "giấy tờ cần bổ sung chưa có trong thời hạn", "the papers asked for did not come in time"
    return ("", "") if private else (reason, reason)


def _refusal(said: CaseState, catalogue: Catalogue) -> tuple[str, str, str, str]:
    known = {reason.code: reason for reason in catalogue.reasons()}
    reason = known.get(said.refused_reason or "")
    if reason is None:
        return "", "", said.refused_rule or "", said.refused_rule or ""
    rule_vi, rule_en = said.refused_rule or reason.rule.vi, said.refused_rule or reason.rule.en
    return reason.words.vi, reason.words.en, rule_vi, rule_en


def _steps(said: CaseState) -> tuple[StepFacts, ...]:
    told = (step for step in said.steps if step.step != RECEIVE and step.state != "closed")
    return tuple(StepFacts(step.title_vi, step.title_en, step.office_short) for step in told)


def _results(apart: Iterable[StepState]) -> tuple[ResultFacts, ...]:
    return tuple(
        ResultFacts(step.title_vi, step.title_en, step.office_short, step.outcome != DENIED) for step in apart
    )


def _count(said: CaseState) -> tuple[ExplanationLine, ...]:
    return tuple(
        ExplanationLine(line.from_.isoformat(), line.to.isoformat(), line.why, line.why_en)
        for line in said.explanation
    )
