"""Dossiers as routing sees them: events of intake, cases built by the rules, answers of offices."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from services.routing.domain.acts import intake_events
from services.routing.domain.acts.reassignment import Reassignment, ReassignMode
from services.routing.domain.case.case import Case, CaseChange, Cause, FiledPaper
from services.routing.domain.case.rules import Rules
from services.routing.domain.case.task import (
    NoEffect,
    OfficeRequest,
    RequestDetails,
    Task,
    TaskAct,
    TaskReply,
)
from services.routing.domain.case.task_kind import TaskKind
from services.routing.domain.family.children import start_children
from services.routing.domain.family.family import apply_reply
from services.routing.domain.plan.outcomes import allowed_outcomes
from services.routing.usecases.act_on_tasks import FACTS
from shared.actor import Actor
from shared.clock import CITY_TZ
from shared.errors import Refused
from shared.events import dossier, topics
from shared.events.body import Body, ProcedureRef
from shared.events.case import REASSIGNED
from shared.events.dossier import DossierAccepted, DossierRefused, DossierSubmitted, PaperRef
from shared.events.envelope import NewEvent
from shared.states import State
from tests.builders.catalogue import catalogue

FRIDAY = datetime(2026, 3, 6, 9, 0, tzinfo=CITY_TZ)
MONDAY = datetime(2026, 3, 9, 17, 0, tzinfo=CITY_TZ)
COUNTER = Actor(kind="officer", id="canbo.quay", role="counter")
OPERATOR = Actor(kind="officer", id="dieuphoi", office="PASC", role="operator")
WARD = "00070"
REASONS = {TaskAct.DECLINE: "không thuộc địa bàn", "denied": "chưa đủ điều kiện"}
"""What an office writes when it gives a task back, and when its answer is no."""
HERE: Mapping[str, str] = dict.fromkeys(
    ("chosen", "residence", "parcel", "business", "dwelling", "register"), WARD
) | {"project": "sao-mai"}


def rules(at: datetime = FRIDAY) -> Rules:
    """What a rule decides by at this instant."""
    return Rules(catalogue(), at)


def submitted_case(
    procedure: str = "marital-status",
    *,
    facts: Mapping[str, bool | int | str] | None = None,
    at: datetime = FRIDAY,
    place: Mapping[str, str] = HERE,
    papers: Sequence[FiledPaper] = (),
) -> Case:
    """A dossier as it comes in, before its case is opened."""
    known = catalogue().procedure(procedure, at.date())
    office = catalogue().receiving_office(known, place, at.date())
    return Case(
        root=uuid4(),
        code=f"H26.1-260306-{uuid4().int % 10**8:08}",
        state=State.SUBMITTED,
        procedure=procedure,
        version=known.version,
        channel="online",
        subject_ref=uuid4(),
        link_ref="7K2M9QXA",
        place=place,
        facts=facts or {},
        delivery="electronic",
        filed_by="self",
        receiving_office=office.id,
        receiving_short=office.short,
        auto_accept=known.is_auto_accepted(place),
        submitted_at=at,
        papers=tuple(papers),
    )


def opened(case: Case, at: datetime = FRIDAY) -> Case:
    """Its case, opened."""
    cause = Cause(dossier.SUBMITTED, str(uuid4()), Actor(kind="citizen"))
    return intake_events.open_case(case, MONDAY, cause, rules(at)).case


def acceptance(case: Case, at: datetime = FRIDAY, due: datetime | None = None) -> CaseChange:
    """What accepting it does."""
    said = intake_events.Acceptance(at, case.version, due or at.replace(day=16, hour=17), ())
    change = intake_events.accept_case(case, said, Cause(dossier.ACCEPTED, str(uuid4()), COUNTER), rules(at))
    assert isinstance(change, CaseChange), change
    return start_children(change, rules(at))


def under_way(
    procedure: str = "marital-status", *, facts: Mapping[str, bool | int | str] | None = None
) -> Case:
    """An accepted case with its first offices at work."""
    return acceptance(opened(submitted_case(procedure, facts=facts))).case


def task_of(case: Case, step: str) -> Task:
    """The step as it stands; `mau02-self/sign` is a step of the child that does the first."""
    own, _, of_child = step.partition("/")
    child = case.child_of(own) if of_child else None
    return next(
        task
        for task in (child.current_tasks if child else case.current_tasks)
        if task.step == (of_child if child else step)
    )


def says(
    case: Case,
    step: str,
    act: TaskAct,
    *,
    party: str | None = None,
    office: str | None = None,
    outcome: str | None = None,
    at: datetime = FRIDAY,
) -> CaseChange | NoEffect | Refused:
    """What the step's own party (or another) says by its topic. A step that decides is granted."""
    task = task_of(case, step)
    if act is TaskAct.COMPLETE and outcome is None:
        outcome = usual_outcome(case, step)
    speaking = party or task.party or "nobody"
    said = TaskReply(
        task_id=task.id,
        act=act,
        office=office or task.office,
        actor=Actor(kind="party", party=speaking),
        cause=FACTS[act],
        cause_id=str(uuid4()),
        party=speaking,
        outcome=outcome,
        reason=REASONS.get(outcome or act),
    )
    decided = apply_reply(case, said, rules(at))
    return start_children(decided, rules(at)) if isinstance(decided, CaseChange) else decided


def usual_outcome(case: Case, step: str) -> str | None:
    """Granted, for a step that decides."""
    own, _, of_child = step.partition("/")
    owner = case.child_of(own) if of_child else case
    assert owner is not None
    return next(iter(allowed_outcomes(owner, task_of(case, step), rules())), None)


def asks(
    case: Case, step: str, request: OfficeRequest, *, at: datetime = FRIDAY, meet_at: datetime | None = None
) -> CaseChange | NoEffect | Refused:
    """What the step's own party asks of it."""
    task = task_of(case, step)
    reply = TaskReply(
        task_id=task.id,
        act=request,
        office=task.office,
        actor=Actor(kind="party", party=task.party),
        cause=FACTS[request],
        cause_id=str(uuid4()),
        party=task.party,
        details=RequestDetails(meet_at=meet_at),
    )
    return apply_reply(case, reply, rules(at))


def met(case: Case, step: str, at: datetime = FRIDAY) -> Case:
    """The case with the citizen come for this step."""
    proposal = asks(case, step, OfficeRequest.APPOINTMENT, at=at, meet_at=at + timedelta(hours=1))
    assert isinstance(proposal, CaseChange), proposal
    arrival = asks(proposal.case, step, OfficeRequest.ARRIVAL, at=at)
    assert isinstance(arrival, CaseChange), arrival
    return arrival.case


def after(case: Case, *steps: str, act: TaskAct = TaskAct.COMPLETE, outcome: str | None = None) -> Case:
    """The case once these steps' own offices have said so, with the citizen come where a step needs it."""
    for step in steps:
        if task_of(case, step).kind is TaskKind.APPOINTMENT and act is TaskAct.COMPLETE:
            case = met(case, step)
        change = says(case, step, act, outcome=outcome)
        assert isinstance(change, CaseChange), change
        case = change.case
    return case


def resending(
    case: Case,
    step: str,
    office: str,
    *,
    actor: Actor = OPERATOR,
    reason: str = "chuyển",
    way: ReassignMode = ReassignMode.REROUTE,
) -> Reassignment:
    """An operator's act on a step, or its head's."""
    task = task_of(case, step)
    return Reassignment(task.id, office, reason, Cause(REASSIGNED, f"{task.id}/{way}", actor), way)


def submitted_event(case: Case) -> NewEvent:
    """What intake publishes when it came in."""
    data = DossierSubmitted(
        code=case.code,
        submitted_at=case.submitted_at,
        receiving_office=case.receiving_office,
        place=dict(case.place),
        facts=dict(case.facts),
        papers=[PaperRef(type=one.type, form=one.form, holder=one.holder) for one in case.papers],
        delivery=case.delivery,
        filed_by=case.filed_by,
        subject_ref=case.subject_ref,
        link_ref=case.link_ref,
        answer_by=MONDAY,
        auto_accept=case.auto_accept,
    )
    return _event(case, dossier.SUBMITTED, data, Actor(kind="citizen"))


def accepted_event(case: Case, due: datetime | None = None) -> NewEvent:
    """What intake publishes when the counter accepts it."""
    data = DossierAccepted(
        code=case.code,
        accepted_at=case.submitted_at,
        promised_due_at=due or case.submitted_at.replace(day=16, hour=17),
        explanation=(),
        receiving_office=case.receiving_office,
        competent_office=case.receiving_office,
    )
    return _event(case, dossier.ACCEPTED, data, COUNTER)


def refused_event(case: Case) -> NewEvent:
    """What intake publishes when the counter refuses it."""
    data = DossierRefused(code=case.code, refused_at=case.submitted_at, reason_code="missing_paper")
    return _event(case, dossier.REFUSED, data, COUNTER)


def _event(case: Case, type: str, data: Body, actor: Actor) -> NewEvent:
    return NewEvent(
        topic=topics.DOSSIER_EVENTS.name,
        key=str(case.root),
        type=type,
        data=data,
        actor=actor,
        time=case.submitted_at,
        dossier_id=UUID(str(case.root)),
        procedure=ProcedureRef(code=case.procedure, version=case.version),
        channel=case.channel,
    )
