"""What an office says of its task, by its topic or at its desk, and what that does to the case."""

from datetime import date, datetime

from services.routing.domain import (
    findings,
    plan,
    queries,
    reception,
    refusals,
    refusals_of_kinds,
    refusals_of_letters,
    refusals_of_queries,
)
from services.routing.domain.case import Case, Cause, Change, Told, newly_sent
from services.routing.domain.finish import settle
from services.routing.domain.offices_ask import rule_for
from services.routing.domain.outside import levelled
from services.routing.domain.task import CENTRE, HEAD, Act, Ask, Nothing, Said, Task, TaskState, answer
from shared.actor import Actor
from shared.catalogue import Catalogue
from shared.clock import in_city
from shared.errors import Refused
from shared.events.agency import ANSWERED
from shared.events.case import STATUTORY, UPDATED

OPERATOR = "operator"
CENTRES_PARTY = "pasc"
OF_A_LETTER = frozenset({Ask.SIGNATURE, Ask.STOP, Ask.CONFIRMED_STOP})


def reply(case: Case | None, said: Said, catalogue: Catalogue, at: datetime) -> Change | Nothing | Refused:
    """An office's answer: refused with a name, without effect, or a changed case."""
    task = case.task(said.task_id) if case else None
    if case is None or task is None:
        return refusals.unknown_task()
    return judged(case, task, said, catalogue, at)


def judged(
    case: Case, task: Task, said: Said, catalogue: Catalogue, at: datetime
) -> Change | Nothing | Refused:
    """What is said of a task, and what it does to this case: the task's own, or its root."""
    wrong = may_answer(task, said, catalogue, in_city(at).date()) or _cannot_follow(case, task, said)
    if wrong is not None:
        return wrong
    if isinstance(said.act, Ask):
        return rule_for(said.act, task)(case, task, said, catalogue, at)
    after = answer(task, said.act, said, at)
    match after:
        case Task():
            return _moved(case, after, said, catalogue, at)
        case Nothing() | Refused():
            return after


def _cannot_follow(case: Case, task: Task, said: Said) -> Refused | None:
    """What has to come first, or has no place in this kind of case."""
    if task.is_receive and not reception.may_be_said(case, said.act):
        return refusals.decided_at_the_counter()
    if isinstance(said.act, Ask) and case.kind != STATUTORY:
        return refusals_of_kinds.no_form_applies()
    wrong = _letter_first(case, task, said)
    return wrong if wrong or isinstance(said.act, Ask) else _of_questions(case, task, said)


def may_answer(task: Task, said: Said, catalogue: Catalogue, today: date) -> Refused | None:
    """Whether this actor may speak for this task: the office named must be the task's, and the actor's."""
    if is_operator(said.actor):
        return refusals.operator_never_decides()
    return _wrong_party(task, said, catalogue, today) if said.party else _wrong_officer(task, said)


def _wrong_party(task: Task, said: Said, catalogue: Catalogue, today: date) -> Refused | None:
    """A task stays with the party it was handed to, whoever serves the office by now."""
    party = said.party or ""
    if (party, said.office) == (task.party, task.office):
        return None
    if not catalogue.serves(party, said.office, today):
        return refusals.office_not_served(party, said.office)
    if task.party is None and said.office == task.office:
        return None
    return refusals.task_of_another_office(said.office)


def _wrong_officer(task: Task, said: Said) -> Refused | None:
    if task.office == said.office == said.actor.office or _is_centres_head(task, said):
        return None
    return refusals.task_of_another_office(said.office)


def _is_centres_head(task: Task, said: Said) -> bool:
    """The head of the Centre signs for its branches and points."""
    signs = said.act is Ask.SIGNATURE and task.party == CENTRES_PARTY and said.office in {CENTRE, task.office}
    return signs and (said.actor.office, said.actor.role) == (CENTRE, HEAD)


def _letter_first(case: Case, task: Task, said: Said) -> Refused | None:
    """An apology is signed or, with its dossier, stopped; until then the step after it is nobody's."""
    if task.is_letter and said.act not in OF_A_LETTER:
        return refusals_of_letters.a_letter_is_only_signed()
    if case.waits_for_a_letter and task in plan.ready(case):
        return refusals_of_letters.letter_missing()
    return None


def _of_questions(case: Case, task: Task, said: Said) -> Refused | None:
    """A question is answered once and before it is closed; the step that asked waits for the answers."""
    if not task.is_question:
        if said.because == ANSWERED:
            return refusals_of_queries.not_a_question()
        return None if said.act is Act.START else queries.refused_early(case, task)
    if task.state is TaskState.CLOSED and task.moved_to is None:
        return refusals_of_queries.query_closed()
    if task.state is TaskState.DONE and said.act is Act.COMPLETE and said.reason not in {None, task.reason}:
        return refusals.contradicts_earlier(task.reason or task.outcome or "")
    return None


def is_operator(actor: Actor) -> bool:
    """An officer of the Centre who moves work and never decides."""
    return actor.kind == "officer" and actor.role == OPERATOR


def _moved(case: Case, task: Task, said: Said, catalogue: Catalogue, at: datetime) -> Change | Refused:
    if task.is_question and task.state is TaskState.DONE:
        return queries.answered(case, task, said, at)
    cause = Cause(said.because, said.because_id, said.actor, said.stated_at)
    moved = case.with_task(task)
    if task.state is not TaskState.DONE:
        moved = levelled(moved, catalogue, at)
        return Change(moved, (Told(UPDATED, moved, cause, at, task, said.reason),))
    if said.wants.found:
        wider = findings.found(moved, task, said.wants.found, catalogue, at)
        if isinstance(wider, Refused):
            return wider
        moved = wider
    handed = plan.hand_out(moved, catalogue, at)
    finished = settle(Change(handed, (), newly_sent(case, handed)), cause, at)
    if isinstance(finished, Refused):
        return finished
    told = finished.told or (Told(UPDATED, handed, cause, at),)
    return Change(finished.case, tuple(_about(one, task, said.reason) for one in told), finished.sent)


def _about(told: Told, task: Task, reason: str | None) -> Told:
    return Told(told.type, told.case, told.cause, told.at, task, reason)
