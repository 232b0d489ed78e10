"""What routing tells of a case, as its readers get it."""

from collections.abc import Sequence
from dataclasses import fields, replace
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID, uuid4

import orjson

from shared.actor import system_actor
from shared.clock import CITY_TZ
from shared.counted_days import CountedDays
from shared.events.body import Body, ProcedureRef
from shared.events.case import CaseHeadline, CaseState, CitizenRequest, MissingOffice, RequestDeclined
from shared.events.envelope import Event, decode_data, encode_data
from shared.events.steps import Appointment, Child, Holder, StepState
from shared.messaging.record.batch import Batch
from tests.builders.intake import FRIDAY

C = TypeVar("C", bound=CaseState)


def case_update(root: UUID, seq: int, state: str, code: str = "H26.X-260306-0001", **more: Any) -> Event:
    """The whole state of a case, in this state."""
    data = CaseState(
        code=code,
        subject_ref=uuid4(),
        link_ref="7K2M9QXA",
        kind="statutory",
        state=state,
        because="task.completed.v1",
        because_id="x",
        receiving_office="HPOL",
        receiving_office_short="Công an TP Hà Nội",
        delivery="electronic",
        submitted_at=FRIDAY,
        holder=Holder(office="HPOL", short="Công an TP Hà Nội", since=FRIDAY),
        **{"steps": [], **more},
    )
    return event(root, seq, data)


def extended(state: CaseState, body: type[C], **more: Any) -> C:
    """The same state as a body with more fields."""
    return body(**{field.name: getattr(state, field.name) for field in fields(state)} | more)


def declined(about: Event, why: str) -> Event:
    """The same state, and a request that could not be done."""
    said = {"declined": "dossier.withdrawal_requested.v1", "reason_code": "x", "text_vi": why, "text_en": why}
    data = extended(about.data, RequestDeclined, **said)
    return replace(about, data=data, value=record_value(data))


def owing(root: UUID, item: str) -> Event:
    """A case whose clock waits for a paper."""
    day = FRIDAY.date()
    line = CountedDays(day, day, 0.0, "tạm dừng", "paused")
    request = CitizenRequest(
        kind="supplement", office="HPOL", asked_at=FRIDAY, answer_by=FRIDAY, nth=1, items=(item,)
    )
    return case_update(
        root, 1, "supplement_requested", stage="processing", request=request, explanation=(line,)
    )


def outside_the_limit(root: UUID, actor: str | None) -> Event:
    """A case at work on a step that the limit does not count: an office's, or a person's own."""
    return case_update(root, 1, "in_process", steps=[tax_payment(actor, due_at=FRIDAY)])


def tax_payment(actor: str | None, state: str = "queued", **more: Any) -> StepState:
    """A step in the tax office's hands, or its own citizen's."""
    named = {"step": "citizen-pays", "title_vi": "nộp thuế", "title_en": "tax payment"}
    office = {"office": "TAX", "office_short": "Thuế Hà Nội"}
    return StepState(**{"task_id": uuid4(), **named, **office, "state": state, "actor": actor, **more})


def finished(step: str, outcome: str, **more: Any) -> StepState:
    """A step that the insurance office has done, with this word; called as it is named unless `more` says."""
    named = {"step": step, "title_vi": step, "title_en": step}
    office = {"office": "VSS", "office_short": "BHXH Hà Nội"}
    return StepState(**{"task_id": uuid4(), **named, **office, "state": "done", "outcome": outcome, **more})


def ended_apart(root: UUID) -> Event:
    """A case that has ended: the certificate was granted, the allowance was denied."""
    words = {"death": ("khai tử", "granted"), "survivor": ("tử tuất", "denied")}
    steps: list[StepState] = []
    for step, (title, outcome) in words.items():
        steps.append(finished(step, outcome, done_at=FRIDAY, title_vi=title))
    return case_update(root, 1, "completed", completed_at=FRIDAY, outcome="denied", steps=steps)


def waiting_for_an_office(root: UUID) -> Event:
    """An accepted case whose next office nobody can name yet."""
    missing = MissingOffice(
        role="WARD-EIU", field="place.parcel", value="00145", why="no office", since=FRIDAY
    )
    return case_update(root, 1, "accepted", unplaced=missing, current_due_at=FRIDAY.replace(day=25, hour=17))


def expecting_the_citizen(root: UUID, seq: int = 1, **more: Any) -> Event:
    """A case whose office expects its citizen at ten."""
    meeting = Appointment(**{"at": FRIDAY.replace(hour=10), "proposed_at": FRIDAY, **more})
    step = StepState(
        task_id=uuid4(),
        step="register",
        title_vi="đăng ký",
        title_en="registration",
        office="WARD-JUS.00070",
        office_short="Hộ tịch P. Hoàn Kiếm",
        state="queued",
        appointment=meeting,
    )
    return case_update(root, seq, "in_process", steps=[step], current_due_at=FRIDAY.replace(day=25, hour=17))


def with_a_child(root: UUID) -> Event:
    """A case whose step another dossier does; the record is about that one."""
    child = Child(
        dossier_id=uuid4(),
        code="H26.X-260306-0001.1",
        procedure=ProcedureRef(code="housing-condition-02", version=1),
        state="in_process",
        office="LRO.008",
        office_short="VPĐKĐĐ Hoàng Mai",
        opened_at=FRIDAY,
        due_at=datetime(2026, 3, 13, 17, tzinfo=CITY_TZ),
    )
    step = StepState(
        task_id=None,
        step="mau02-spouse",
        title_vi="điều kiện nhà ở (vợ, chồng)",
        title_en="housing condition (spouse)",
        office="LRO.008",
        office_short="VPĐKĐĐ Hoàng Mai",
        state="started",
        due_at=child.due_at,
        child=child,
    )
    return replace(case_update(root, 1, "in_process", steps=[step]), dossier_id=child.dossier_id)


def event(root: UUID, seq: int, data: Body) -> Event:
    """An event of another service, as read."""
    actor = system_actor("routing")
    return Event(uuid4(), "t", "/routing", str(root), FRIDAY, seq, data, actor, value=record_value(data))


def headlines(events: Sequence[Event]) -> Batch[Event[CaseHeadline]]:
    """The events as intake reads them."""
    read = (decode_data(CaseHeadline, orjson.loads(event.value)) for event in events)
    return Batch([replace(event, data=data) for event, data in zip(events, read, strict=True)])


def record_value(data: Body) -> bytes:
    """A record's value, as far as its data goes."""
    return encode_data(data)
