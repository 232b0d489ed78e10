"""What an office says of its task, by its topic or at its desk, and what that does to the case."""

from datetime import date, datetime

from services.routing.domain.acts.act_rules import act_rule
from services.routing.domain.case.case import Case, CaseChange, CaseUpdate, Cause, task_dispatches
from services.routing.domain.case.task import (
    CENTRE,
    HEAD,
    NoEffect,
    OfficeRequest,
    Task,
    TaskAct,
    TaskReply,
    TaskState,
    apply_act,
)
from services.routing.domain.clock.excluded_time import sync_pause
from services.routing.domain.plan import findings, plan, queries, reception
from services.routing.domain.plan.completion import complete_if_finished
from services.routing.words import refuse
from shared.actor import Actor
from shared.catalogue import Catalogue
from shared.clock import to_city_time
from shared.errors import Refused
from shared.events.agency import ANSWERED
from shared.events.case import STATUTORY, UPDATED

OPERATOR = "operator"
CENTRES_PARTY = "pasc"
OF_A_LETTER = frozenset({OfficeRequest.SIGNATURE, OfficeRequest.STOP, OfficeRequest.CONFIRMED_STOP})


def apply_office_reply(
    case: Case | None, said: TaskReply, catalogue: Catalogue, at: datetime
) -> CaseChange | NoEffect | Refused:
    """An office's answer: refused with a name, without effect, or a changed case."""
    task = case.task(said.task_id) if case else None
    if case is None or task is None:
        return refuse("unknown_task")
    return judge_reply(case, task, said, catalogue, at)


def judge_reply(
    case: Case, task: Task, said: TaskReply, catalogue: Catalogue, at: datetime
) -> CaseChange | NoEffect | Refused:
    """What is said of a task, and what it does to this case: the task's own, or its root."""
    wrong = reply_permission(task, said, catalogue, to_city_time(at).date()) or _cannot_follow(
        case, task, said
    )
    if wrong is not None:
        return wrong
    if isinstance(said.act, OfficeRequest):
        return act_rule(said.act, task)(case, task, said, catalogue, at)
    after = apply_act(task, said.act, said, at)
    match after:
        case Task():
            return _moved(case, after, said, catalogue, at)
        case NoEffect() | Refused():
            return after


def _cannot_follow(case: Case, task: Task, said: TaskReply) -> Refused | None:
    """What has to come first, or has no place in this kind of case."""
    if task.is_reception and not reception.is_reception_act(case, said.act):
        return refuse("decided_at_the_counter")
    if isinstance(said.act, OfficeRequest) and case.kind != STATUTORY:
        return refuse("no_form_applies")
    wrong = _letter_first(case, task, said)
    return wrong if wrong or isinstance(said.act, OfficeRequest) else _of_questions(case, task, said)


def reply_permission(task: Task, said: TaskReply, catalogue: Catalogue, today: date) -> Refused | None:
    """Whether this actor may speak for this task: the office named must be the task's, and the actor's."""
    if is_operator(said.actor):
        return refuse("operator_never_decides")
    return _wrong_party(task, said, catalogue, today) if said.party else _wrong_officer(task, said)


def _wrong_party(task: Task, said: TaskReply, catalogue: Catalogue, today: date) -> Refused | None:
    """A task stays with the party it was handed to, whoever serves the office by now."""
    party = said.party or ""
    if (party, said.office) == (task.party, task.office):
        return None
    if not catalogue.serves(party, said.office, today):
        return refuse("office_not_served", party=party, office=said.office)
    if task.party is None and said.office == task.office:
        return None
    return refuse("task_of_another_office", office=said.office)


def _wrong_officer(task: Task, said: TaskReply) -> Refused | None:
    if task.office == said.office == said.actor.office or _is_centres_head(task, said):
        return None
    return refuse("task_of_another_office", office=said.office)


def _is_centres_head(task: Task, said: TaskReply) -> bool:
    """The head of the Centre signs for its branches and points."""
    signs = (
        said.act is OfficeRequest.SIGNATURE
        and task.party == CENTRES_PARTY
        and said.office in {CENTRE, task.office}
    )
    return signs and (said.actor.office, said.actor.role) == (CENTRE, HEAD)


def _letter_first(case: Case, task: Task, said: TaskReply) -> Refused | None:
    """An apology is signed or, with its dossier, stopped; until then the step after it is nobody's."""
    if task.is_apology and said.act not in OF_A_LETTER:
        return refuse("a_letter_is_only_signed")
    if case.awaits_apology and task in plan.ready_steps(case):
        return refuse("letter_missing")
    return None


def _of_questions(case: Case, task: Task, said: TaskReply) -> Refused | None:
    """A question is answered once and before it is closed; the step that asked waits for the answers."""
    if not task.is_question:
        if said.because == ANSWERED:
            return refuse("not_a_question")
        return None if said.act is TaskAct.START else queries.refused_early(case, task)
    if task.state is TaskState.CLOSED and task.moved_to is None:
        return refuse("query_closed")
    if (
        task.state is TaskState.DONE
        and said.act is TaskAct.COMPLETE
        and said.reason not in {None, task.reason}
    ):
        return refuse("contradicts_earlier", outcome=task.reason or task.outcome or "")
    return None


def is_operator(actor: Actor) -> bool:
    """An officer of the Centre who moves work and never decides."""
    return actor.kind == "officer" and actor.role == OPERATOR


def _moved(
    case: Case, task: Task, said: TaskReply, catalogue: Catalogue, at: datetime
) -> CaseChange | Refused:
    if task.is_question and task.state is TaskState.DONE:
        return queries.record_answer(case, task, said, at)
    cause = Cause(said.because, said.because_id, said.actor, said.stated_at)
    moved = case.with_task(task)
    if task.state is not TaskState.DONE:
        moved = sync_pause(moved, catalogue, at)
        return CaseChange(moved, (CaseUpdate(UPDATED, moved, cause, at, task, said.reason),))
    if said.wants.found:
        wider = findings.apply_findings(moved, task, said.wants.found, catalogue, at)
        if isinstance(wider, Refused):
            return wider
        moved = wider
    handed = plan.queue_ready_steps(moved, catalogue, at)
    finished = complete_if_finished(CaseChange(handed, (), task_dispatches(case, handed)), cause, at)
    if isinstance(finished, Refused):
        return finished
    told = finished.told or (CaseUpdate(UPDATED, handed, cause, at),)
    return CaseChange(finished.case, tuple(_about(one, task, said.reason) for one in told), finished.sent)


def _about(told: CaseUpdate, task: Task, reason: str | None) -> CaseUpdate:
    return CaseUpdate(told.type, told.case, told.cause, told.at, task, reason)
