"""To whom a deadline goes: holder, head, city; and what nobody has in hands goes to the Centre first."""

from collections.abc import Iterator
from datetime import datetime

from services.routing.domain.acts import apology
from services.routing.domain.case.case import (
    BY_RULE,
    CENTRE_SHORT,
    Case,
    CaseChange,
    CaseUpdate,
    Cause,
    TaskDispatch,
)
from services.routing.domain.case.fired_deadline import ClockScope, DeadlineLevel, FiredDeadline, Recipient
from services.routing.domain.case.replacing import replace
from services.routing.domain.case.task import CENTRE, Task
from services.routing.domain.clock.reminders import UNANSWERED
from services.routing.domain.deadlines.deadlines import (
    DeadlineCache,
    NextDeadline,
    RunningClock,
    is_unassigned,
    pending_instants,
    running_clocks,
)
from services.routing.domain.plan import queries
from shared.catalogue import Catalogue
from shared.events.case import APOLOGY_DRAFTED, BREACHED, NEW_DATE_PASSED, UPDATED, WARNING

ESCALATED = "deadline.escalated.v1"
"""Why a case is told anew when only the one who must act on its lateness changed."""

ORDER = tuple(DeadlineLevel)
RANKS = tuple(Recipient)


def fire_deadlines(
    case: Case, catalogue: Catalogue, now: datetime, known: DeadlineCache | None = None
) -> CaseChange | None:
    """Every instant of this case that has come and was not told of, in order, each once; None: there is none.

    After a downtime that may be several of one clock: all are put on record, and all but the last are marked.
    """
    known = known or DeadlineCache(catalogue, now)
    come = [d for one in running_clocks(case) for d in known.instants_of(one, case) if d.at <= now]
    told: list[CaseUpdate] = []
    sent: tuple[TaskDispatch, ...] = ()
    while due := list(pending_instants(come, case, now)):
        first = min(due, key=_turn)
        alarm = _alarm(first, case, catalogue, now, overtaken=_is_overtaken(first, due))
        come = [d for d in come if d is not first]
        case = replace(case, alarms=(*case.alarms, alarm))
        told.append(_told(alarm, first.clock, case, now))
        silent = _silence(first, case, catalogue, now)
        if silent is not None:
            case, sent = silent.case, (*sent, *silent.sent)
            told += silent.told
            alive = {one.about for one in running_clocks(case)}
            come = [d for d in come if d.clock.about in alive]
        if (
            alarm.scope is ClockScope.DOSSIER
            and alarm.level is DeadlineLevel.BREACH
            and case.child_id is None
        ):
            case = apology.draft_apology(case, alarm.due_at, catalogue, now)
            told += _drafted(case, alarm, now)
    return CaseChange(case, tuple(told), sent) if told else None


def _turn(one: NextDeadline) -> tuple[datetime, int, ClockScope]:
    return one.at, ORDER.index(one.level), one.clock.scope


def _silence(first: NextDeadline, case: Case, catalogue: Catalogue, now: datetime) -> CaseChange | None:
    """What no answer in time means, by the rule of the step that asked."""
    asked = first.clock.task
    if asked is None or not asked.is_question or first.level is not DeadlineLevel.BREACH:
        return None
    return queries.close_by_silence(case, asked, catalogue, now)


def current_escalation(case: Case) -> FiredDeadline | None:
    """Who must act on this case's lateness: the highest that was told, while that very date still counts.

    A dossier is late by the date of the law; the new date stands beside it.
    """
    by_law = (a for a in case.alarms if a.scope is not ClockScope.NEW_DATE)
    late = [a for a in by_law if not a.level.is_warning and a.to is not Recipient.HOLDER]
    if not late:
        return None
    keys = {one.key for one in running_clocks(case)}
    found = (a for a in late if (a.about, a.due_at) in keys)
    return max(found, key=lambda a: (RANKS.index(a.to), a.scope == "dossier", a.fired_at), default=None)


def _alarm(
    deadline: NextDeadline, case: Case, catalogue: Catalogue, now: datetime, *, overtaken: bool
) -> FiredDeadline:
    one = deadline.clock
    held = one.task or case.current_task
    to = _rank(deadline.level, held)
    if one.task is not None and one.task.is_question and queries.escalates_to_lead(case, one.task, catalogue):
        held, to = queries.lead_task(case, one.task) or held, Recipient.HOLDER
    office, short = _office(to, held, case)
    if one.scope is ClockScope.REQUEST and case.request is not None:
        to = Recipient.CITIZEN if deadline.level.is_warning else Recipient.HOLDER
        office, short = case.request.office, catalogue.office(case.request.office).short
    if one.scope is ClockScope.NEW_DATE and deadline.level is DeadlineLevel.BREACH:
        to, (office, short) = Recipient.HEAD, _who_answers(held, case)
    return FiredDeadline(
        scope=one.scope,
        about=one.about,
        level=deadline.level,
        due_at=one.due_at,
        at=deadline.at,
        fired_at=now,
        to=to,
        office=office,
        office_short=short,
        step=one.task.step if one.task else None,
        overtaken=overtaken,
    )


def _rank(level: DeadlineLevel, held: Task | None) -> Recipient:
    match level:
        case DeadlineLevel.THREE_QUARTERS | DeadlineLevel.ONE_DAY | DeadlineLevel.TWO_HOURS:
            return Recipient.HOLDER
        case DeadlineLevel.BREACH:
            return Recipient.OPERATOR if held is not None and is_unassigned(held) else Recipient.HEAD
        case DeadlineLevel.HEAD:
            return Recipient.HEAD
        case DeadlineLevel.CITY:
            return Recipient.CITY


def _office(to: Recipient, held: Task | None, case: Case) -> tuple[str, str]:
    """The desk that hears of it; the city's leaders read the Centre's board."""
    if to in {Recipient.OPERATOR, Recipient.CITY} or (
        to is Recipient.HOLDER and held is not None and held.desk_office == CENTRE
    ):
        return CENTRE, CENTRE_SHORT
    return (held.office, held.office_short) if held else (case.receiving_office, case.receiving_short)


def _who_answers(held: Task | None, case: Case) -> tuple[str, str]:
    """Whose head is told of a broken new date: of the office that has it, else of the one that signed."""
    letter = case.apology
    if letter is not None and (held is None or held.desk_office == CENTRE):
        return letter.office, letter.office_short
    return _office(Recipient.HEAD, held, case)


def _is_overtaken(first: NextDeadline, due: list[NextDeadline]) -> bool:
    return any(d.clock.about == first.clock.about and d.at > first.at for d in due)


def _told(alarm: FiredDeadline, one: RunningClock, case: Case, now: datetime) -> CaseUpdate:
    kind, fact = _names(alarm.level, alarm.scope)
    cause = Cause(fact, f"{alarm.about}/{alarm.level.value}/{alarm.due_at.isoformat()}", BY_RULE)
    return CaseUpdate(kind, case, cause, now, one.task, alarm=alarm)


def _drafted(case: Case, alarm: FiredDeadline, now: datetime) -> Iterator[CaseUpdate]:
    """CaseUpdate right behind the breach that it answers."""
    if case.apology is not None:
        cause = Cause(APOLOGY_DRAFTED, f"{case.apology.ref}/drafted", BY_RULE)
        yield CaseUpdate(APOLOGY_DRAFTED, case, cause, now, case.task(case.apology.ref), alarm=alarm)


def _names(level: DeadlineLevel, scope: ClockScope) -> tuple[str, str]:
    if level.is_warning:
        return WARNING, WARNING
    if scope is ClockScope.REQUEST:
        return UPDATED, UNANSWERED
    if level is not DeadlineLevel.BREACH:
        return UPDATED, ESCALATED
    told = NEW_DATE_PASSED if scope is ClockScope.NEW_DATE else BREACHED
    return told, told
