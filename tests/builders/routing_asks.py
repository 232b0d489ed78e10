"""What offices and citizens ask for once a dossier is accepted, judged by the rules alone."""

from dataclasses import replace
from datetime import datetime
from uuid import uuid4

from services.routing.domain.acts.office_replies import apply_office_reply
from services.routing.domain.case.case import Case, CaseChange, Cause
from services.routing.domain.case.task import NoEffect, OfficeRequest, RequestDetails, Task, TaskReply
from services.routing.usecases.act_on_tasks import FACTS
from shared.actor import Actor
from shared.clock import CITY_TZ
from shared.errors import Refused
from tests.builders.routing import acceptance, opened, rules, submitted_case, task_of

CITIZEN = Actor(kind="citizen")


def on(month: int, day: int, hour: int = 10, minute: int = 0) -> datetime:
    """An instant of 2026 in the city."""
    return datetime(2026, month, day, hour, minute, tzinfo=CITY_TZ)


def land_transfer(at: datetime | None = None) -> Case:
    """Accepted on Thu 12 Feb 2026, 8 working days, promised for Tue 3 March; the land registry checks it."""
    begun = at or on(2, 12)
    case = opened(submitted_case("land-transfer", at=begun), begun)
    return acceptance(case, begun, due=on(3, 3, 17)).case


def act_by_office(
    case: Case,
    what: OfficeRequest,
    at: datetime,
    *,
    step: str = "check",
    task: Task | None = None,
    by: Actor | None = None,
    reason: str | None = None,
    wants: RequestDetails | None = None,
) -> CaseChange | NoEffect | Refused:
    """The step's own party (or this officer of its office) asks."""
    task = task or task_of(case, step)
    party = None if by else task.party
    actor = replace(by, office=by.office or task.office) if by else Actor(kind="party", party=party)
    said = TaskReply(
        task_id=task.id,
        act=what,
        office=task.office,
        actor=actor,
        cause=FACTS[what],
        cause_id=str(uuid4()),
        party=party,
        reason=reason,
        details=wants or RequestDetails(),
    )
    return apply_office_reply(case, said, rules(at))


def papers(*items: str, basis: str | None = None, approved_by: str | None = None) -> RequestDetails:
    """Form 02, to be answered by the end of February."""
    return RequestDetails(items or ("Giấy chứng nhận bản gốc",), on(2, 27, 17), basis, approved_by)


def money(amount: int = 1_500_000) -> RequestDetails:
    """A payment, due by the end of February."""
    return RequestDetails(amount=amount, answer_by=on(2, 27, 17))


def case_after(found: CaseChange | NoEffect | Refused) -> Case:
    """The case after it; it must have had an effect."""
    assert isinstance(found, CaseChange), found
    return found.case


def code_of(found: CaseChange | NoEffect | Refused) -> str:
    """Why it had no effect."""
    assert isinstance(found, Refused), found
    return found.code


def cause(fact: str) -> Cause:
    """The citizen's word."""
    return Cause(fact, str(uuid4()), CITIZEN)
