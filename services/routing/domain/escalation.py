"""To whom a deadline goes: holder, head, city; and what nobody has in hands goes to the Centre first."""

from collections.abc import Iterator
from datetime import datetime

from services.routing.domain import letters, queries
from services.routing.domain.alarm import Alarm, Level, Rank, Scope
from services.routing.domain.case import BY_RULE, CENTRE_SHORT, Case, Cause, Change, Sent, Told
from services.routing.domain.deadlines import Clock, Deadline, Instants, is_unassigned, running, to_come
from services.routing.domain.reminders import UNANSWERED
from services.routing.domain.task import CENTRE, Task
from services.routing.domain.values import replace
from shared.catalogue import Catalogue
from shared.events.case import APOLOGY_DRAFTED, BREACHED, NEW_DATE_PASSED, UPDATED, WARNING

ESCALATED = "deadline.escalated.v1"
"""Why a case is told anew when only the one who must act on its lateness changed."""

ORDER = tuple(Level)
RANKS = tuple(Rank)


def fire(case: Case, catalogue: Catalogue, now: datetime, known: Instants | None = None) -> Change | None:
    """Every instant of this case that has come and was not told of, in order, each once; None: there is none.

    After a downtime that may be several of one clock: all are put on record, and all but the last are marked.
    """
    known = known or Instants(catalogue, now)
    come = [d for one in running(case) for d in known.of(one, case) if d.at <= now]
    told: list[Told] = []
    sent: tuple[Sent, ...] = ()
    while due := list(to_come(come, case, now)):
        first = min(due, key=_turn)
        alarm = _alarm(first, case, catalogue, now, overtaken=_is_overtaken(first, due))
        come = [d for d in come if d is not first]
        case = replace(case, alarms=(*case.alarms, alarm))
        told.append(_told(alarm, first.clock, case, now))
        silent = _silence(first, case, catalogue, now)
        if silent is not None:
            case, sent = silent.case, (*sent, *silent.sent)
            told += silent.told
            alive = {one.about for one in running(case)}
            come = [d for d in come if d.clock.about in alive]
        if alarm.scope is Scope.DOSSIER and alarm.level is Level.BREACH and case.child_id is None:
            case = letters.drafted(case, alarm.due_at, catalogue, now)
            told += _drafted(case, alarm, now)
    return Change(case, tuple(told), sent) if told else None


def _turn(one: Deadline) -> tuple[datetime, int, Scope]:
    return one.at, ORDER.index(one.level), one.clock.scope


def _silence(first: Deadline, case: Case, catalogue: Catalogue, now: datetime) -> Change | None:
    """What no answer in time means, by the rule of the step that asked."""
    asked = first.clock.task
    if asked is None or not asked.is_question or first.level is not Level.BREACH:
        return None
    return queries.silence_is_consent(case, asked, catalogue, now)


def standing(case: Case) -> Alarm | None:
    """Who must act on this case's lateness: the highest that was told, while that very date still counts.

    A dossier is late by the date of the law; the new date stands beside it.
    """
    by_law = (a for a in case.alarms if a.scope is not Scope.NEW_DATE)
    late = [a for a in by_law if not a.level.is_warning and a.to is not Rank.HOLDER]
    if not late:
        return None
    keys = {one.key for one in running(case)}
    found = (a for a in late if (a.about, a.due_at) in keys)
    return max(found, key=lambda a: (RANKS.index(a.to), a.scope == "dossier", a.fired_at), default=None)


def _alarm(deadline: Deadline, case: Case, catalogue: Catalogue, now: datetime, *, overtaken: bool) -> Alarm:
    one = deadline.clock
    held = one.task or case.in_hands
    to = _rank(deadline.level, held)
    if one.task is not None and one.task.is_question and queries.lead_answers(case, one.task, catalogue):
        held, to = queries.lead_of(case, one.task) or held, Rank.HOLDER
    office, short = _office(to, held, case)
    if one.scope is Scope.REQUEST and case.request is not None:
        to = Rank.CITIZEN if deadline.level.is_warning else Rank.HOLDER
        office, short = case.request.office, catalogue.office(case.request.office).short
    if one.scope is Scope.NEW_DATE and deadline.level is Level.BREACH:
        to, (office, short) = Rank.HEAD, _who_answers(held, case)
    return Alarm(
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


def _rank(level: Level, held: Task | None) -> Rank:
    match level:
        case Level.THREE_QUARTERS | Level.ONE_DAY | Level.TWO_HOURS:
            return Rank.HOLDER
        case Level.BREACH:
            return Rank.OPERATOR if held is not None and is_unassigned(held) else Rank.HEAD
        case Level.HEAD:
            return Rank.HEAD
        case Level.CITY:
            return Rank.CITY


def _office(to: Rank, held: Task | None, case: Case) -> tuple[str, str]:
    """The desk that hears of it; the city's leaders read the Centre's board."""
    if to in {Rank.OPERATOR, Rank.CITY} or (to is Rank.HOLDER and held is not None and held.desk == CENTRE):
        return CENTRE, CENTRE_SHORT
    return (held.office, held.office_short) if held else (case.receiving_office, case.receiving_short)


def _who_answers(held: Task | None, case: Case) -> tuple[str, str]:
    """Whose head is told of a broken new date: of the office that has it, else of the one that signed."""
    letter = case.apology
    if letter is not None and (held is None or held.desk == CENTRE):
        return letter.office, letter.office_short
    return _office(Rank.HEAD, held, case)


def _is_overtaken(first: Deadline, due: list[Deadline]) -> bool:
    return any(d.clock.about == first.clock.about and d.at > first.at for d in due)


def _told(alarm: Alarm, one: Clock, case: Case, now: datetime) -> Told:
    kind, fact = _names(alarm.level, alarm.scope)
    cause = Cause(fact, f"{alarm.about}/{alarm.level.value}/{alarm.due_at.isoformat()}", BY_RULE)
    return Told(kind, case, cause, now, one.task, alarm=alarm)


def _drafted(case: Case, alarm: Alarm, now: datetime) -> Iterator[Told]:
    """Told right behind the breach that it answers."""
    if case.apology is not None:
        cause = Cause(APOLOGY_DRAFTED, f"{case.apology.ref}/drafted", BY_RULE)
        yield Told(APOLOGY_DRAFTED, case, cause, now, case.task(case.apology.ref), alarm=alarm)


def _names(level: Level, scope: Scope) -> tuple[str, str]:
    if level.is_warning:
        return WARNING, WARNING
    if scope is Scope.REQUEST:
        return UPDATED, UNANSWERED
    if level is not Level.BREACH:
        return UPDATED, ESCALATED
    told = NEW_DATE_PASSED if scope is Scope.NEW_DATE else BREACHED
    return told, told
