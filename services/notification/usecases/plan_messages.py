"""Which changes of a case are told to the citizen. The words are written once the contact is known."""

from datetime import datetime

from services.notification.domain.facts import CountLine, Facts, Step
from services.notification.domain.message import call_for
from services.notification.domain.wording import Wordbook
from services.notification.store import notices
from services.notification.store.notices import Notice
from services.notification.usecases.announce import SELF
from services.notification.usecases.know_words import Words
from shared.catalogue import Catalogue
from shared.db.transaction import Tx, city_now
from shared.events.case import CaseState
from shared.events.envelope import Event
from shared.events.identifiers import uuid7
from shared.messaging.batch import Batch
from shared.observability.logs import get_logger
from shared.security import audit_chain
from shared.security.audit_chain import AuditLine

log = get_logger(__name__)
RECEIVE = "receive"


async def plan_messages(tx: Tx, batch: Batch, *, words: Words) -> None:
    """Keep a notice for every update that calls for one; each silence is signed with its reason."""
    catalogue, book = await words.current(tx)
    at = await city_now(tx)
    found = [notice for event in batch.events if (notice := notice_of(event, catalogue, book, at))]
    if not found:
        return
    new = await notices.insert(tx, found)
    silent = [notice for notice in found if notice.silence and notice.id in new]
    await audit_chain.append(tx, [silence_line(notice, str(notice.silence), at) for notice in silent])


def notice_of(event: Event, catalogue: Catalogue, book: Wordbook, at: datetime) -> Notice | None:
    """The notice an update calls for, or None."""
    said: CaseState = event.data
    call = call_for(event.type, said.because, said.because_id, dated=said.promised_due_at is not None)
    if call is None:
        return None
    return Notice(
        id=uuid7(),
        call=call,
        subject_ref=said.subject_ref,
        root_id=event.root,
        dossier_id=event.dossier_id,
        facts=facts_of(event, catalogue),
        planned_at=at,
        silence=book.silence(call.event, event.channel),
        traceparent=event.traceparent,
    )


def facts_of(event: Event, catalogue: Catalogue) -> Facts:
    """What a text may say of this case. What a private procedure is about is left out here, for good."""
    said: CaseState = event.data
    private = _private(event, catalogue)
    reason_vi, reason_en, rule_vi, rule_en = _refusal(said, catalogue)
    return Facts(
        code=said.code,
        link_ref=said.link_ref,
        office=said.receiving_office_short,
        delivery=said.delivery,
        private=private,
        accepted_at=said.accepted_at,
        due_at=said.current_due_at if said.moved_from else said.promised_due_at,
        moved_from=said.moved_from,
        answer_by=next((step.due_at for step in said.steps if step.step == RECEIVE), None),
        reason_vi=reason_vi,
        reason_en=reason_en,
        rule_vi=rule_vi,
        rule_en=rule_en,
        steps=() if private else _steps(said),
        count=_count(said),
    )


def silence_line(notice: Notice, why: str, at: datetime) -> AuditLine:
    """The signature under a silence."""
    facts = {"template": notice.call.template, "because": notice.call.event_ref, "reason": why}
    return AuditLine(notice.root_id, "message.silent", SELF, at, facts)


def _private(event: Event, catalogue: Catalogue) -> bool:
    """Unknown counts as private: a text that says too little does no harm."""
    if event.procedure is None:
        return True
    try:
        return catalogue.procedure_version(event.procedure.code, event.procedure.version).private
    except KeyError:
        log.warning("message.procedure_unknown", procedure=event.procedure.code)
        return True


def _refusal(said: CaseState, catalogue: Catalogue) -> tuple[str, str, str, str]:
    known = {reason.code: reason for reason in catalogue.reasons()}
    reason = known.get(said.refused_reason or "")
    if reason is None:
        return "", "", said.refused_rule or "", said.refused_rule or ""
    rule_vi, rule_en = said.refused_rule or reason.rule.vi, said.refused_rule or reason.rule.en
    return reason.words.vi, reason.words.en, rule_vi, rule_en


def _steps(said: CaseState) -> tuple[Step, ...]:
    told = (step for step in said.steps if step.step != RECEIVE and step.state != "closed")
    return tuple(Step(step.title_vi, step.title_en, step.office_short) for step in told)


def _count(said: CaseState) -> tuple[CountLine, ...]:
    return tuple(
        CountLine(line.from_.isoformat(), line.to.isoformat(), line.why, line.why_en)
        for line in said.explanation
    )
