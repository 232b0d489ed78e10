"""Three hundred dossiers after three weeks in which two offices did little, and one late at each stage.

Everything happens by the services' own use cases, at the same instants each time; only ids are drawn anew.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from typing import Any
from uuid import UUID

from deploy.demo.agencies.hours import is_worked
from deploy.demo.dossiers import Filing, generate, project_owners
from services.intake.domain.acts.requests import RecordHandOver
from services.intake.domain.dossier.submission import CounterRefusal
from services.intake.usecases.submission_request import SubmissionRequest
from services.routing.domain.case.case import Case
from services.routing.domain.case.task import OfficeRequest, RequestDetails, Task, TaskAct
from services.routing.domain.case.task_kind import TaskKind
from services.routing.usecases.act_on_tasks import ActResult, DeskAct
from shared.actor import Actor
from shared.clock import CITY_TZ
from shared.states import State
from tests.builders.catalogue import catalogue
from tests.builders.counters import COUNTER
from tests.builders.hand_carried_city import HandCarriedCity
from tests.builders.intake import JUDICIAL, TRANSFER, body, filing
from tests.databases import Database

SEED, FILED = 14, 290
FIRST, LAST = date(2026, 1, 14), date(2026, 2, 3)
MORNING, AFTERNOON = time(9), time(16, 30)
NOW = datetime(2026, 2, 3, 10, tzinfo=CITY_TZ)
SILENT_FROM = datetime(2026, 1, 21, 0, 0, tzinfo=CITY_TZ)
SILENT = frozenset({"HPOL", "DOJ"})
"""Offices that say nothing from `SILENT_FROM` on: almost two weeks."""
WARD = "00070"
BY_OFFICERS = frozenset({"counter", "post", "home"})

MARITAL = JUDICIAL | {
    "procedure": "marital-status",
    "place": {"chosen": WARD, "residence": WARD},
    "facts": {"for_use": "kết hôn"},
    "delivery": "counter",
}
PERMIT = JUDICIAL | {
    "procedure": "building-permit-house",
    "place": {"chosen": WARD, "parcel": WARD},
    "facts": {"floors": 3, "area_m2": 60},
    "papers": [{"type": name, "file": f"{name}.pdf"} for name in ("DON-GPXD", "GCN", "BANVE")],
}
DISABILITY = JUDICIAL | {
    "procedure": "disability-certificate",
    "place": {"residence": WARD},
    "facts": {},
    "papers": [{"type": "MAU01KT", "file": "a.pdf"}],
    "delivery": "counter",
}
EXTRACT = JUDICIAL | {
    "procedure": "civil-status-extract",
    "place": {"chosen": "00004"},
    "facts": {"copies": 1, "register": "khai sinh"},
}
FAMILY = JUDICIAL | {
    "procedure": "social-housing-purchase",
    "channel": "investor",
    "place": {"project": "binh-minh", "residence": WARD},
    "facts": {"married": True, "labour_contract": False, "wants_loan": False},
    "papers": [{"type": name, "file": f"{name}.pdf"} for name in ("DON-NOXH", "MAU05")],
    "delivery": "investor",
}
INVESTOR = Actor(kind="investor", party="investor-alpha")


@dataclass
class World:
    """The city at `NOW`, and the code of the dossier at each stage."""

    city: HandCarriedCity
    at: dict[str, str] = field(default_factory=dict)
    kept: set[str] = field(default_factory=set)

    async def case(self, stage: str) -> Case:
        """The case at this stage, as routing has it."""
        return await self.city.case(self.at[stage])


def on(day: int, hour: int = 9, minute: int = 0) -> datetime:
    """An instant of January 2026."""
    return datetime(2026, 1, day, hour, minute, tzinfo=CITY_TZ)


async def late_world(database: Database) -> World:
    """The city on Tuesday 3 February 2026 at ten."""
    world = World(await HandCarriedCity.open(database, on(14)))
    waiting = sorted(generate(SEED, FILED), key=lambda filing: (filing.at, filing.key))
    for before, now in pairwise([on(13), *instants()]):
        await world.city.move_to(now)
        await _file(world.city, [one for one in waiting if before < one.at <= now])
        await _stages(world, now)
        await _counters_work(world)
        await _offices_work(world, now)
    await world.city.move_to(NOW)
    return world


def instants() -> Iterator[datetime]:
    """Twice each working day, then `NOW`'s morning."""
    day = FIRST
    while day < LAST:
        if is_worked(day):
            yield datetime.combine(day, MORNING, CITY_TZ)
            yield datetime.combine(day, AFTERNOON, CITY_TZ)
        day += timedelta(days=1)
    yield datetime.combine(LAST, MORNING, CITY_TZ)


async def _file(city: HandCarriedCity, filings: Sequence[Filing]) -> None:
    await city.file(*[_request(one) for one in filings])


def _request(one: Filing) -> SubmissionRequest:
    actor = COUNTER if one.body["channel"] in BY_OFFICERS else None
    if one.body["channel"] == "investor":
        actor = Actor(kind="investor", party=project_owners()[one.body["place"]["project"]])
    request = filing(one.body, key=UUID(one.key), actor=actor)
    confirmed = frozenset({"duplicate", "too_early", "expired_paper"})
    return replace(request, submission=replace(request.submission, confirmed=confirmed))


async def _counters_work(world: World) -> None:
    """Every counter accepts what came in, but for the dossiers that stand for a stage."""
    rows = await world.city.door.pool.fetch(
        "SELECT code FROM dossiers WHERE state = 'submitted' ORDER BY code"
    )
    codes = [row["code"] for row in rows if row["code"] not in world.kept]
    await world.city.decide(codes)


async def _offices_work(world: World, now: datetime) -> None:
    """Offices that are not silent finish what is due within a day, and heads sign their letters."""
    acts: list[DeskAct] = []
    for case in await world.city.open_cases():
        if case.code in world.kept:
            continue
        for member, task in case.family_tasks:
            if _is_worked_on(case, task, now):
                acts += _finishing_acts(world.city, member, task, now)
    answers = await world.city.all_act(acts)
    assert all(isinstance(answer, ActResult) for answer in answers), answers


def _is_worked_on(case: Case, task: Task, now: datetime) -> bool:
    is_silent = task.office in SILENT and now >= SILENT_FROM
    waits = case.state is not State.IN_PROCESS or task.is_reception or task.is_question
    if is_silent or waits or not task.is_open or task.due_at is None:
        return False
    return task.is_apology or (task.due_at - now < timedelta(days=1) and not case.awaits_apology)


def _finishing_acts(city: HandCarriedCity, case: Case, task: Task, now: datetime) -> list[DeskAct]:
    if task.is_apology:
        return [city.act_of(task, OfficeRequest.SIGNATURE, head=True)]
    acts: list[DeskAct] = []
    if task.kind is TaskKind.APPOINTMENT:
        meeting = RequestDetails(meet_at=now + timedelta(hours=1))
        acts = [city.act_of(task, OfficeRequest.APPOINTMENT, details=meeting)]
        acts.append(city.act_of(task, OfficeRequest.ARRIVAL))
    return [*acts, city.act_of(task, TaskAct.COMPLETE, outcome=outcome_of(case, task))]


def outcome_of(case: Case, task: Task) -> str | None:
    """`granted` for a step that decides; None for any other."""
    step = catalogue().procedure_version(case.procedure, case.version).find_step(task.step)
    return "granted" if step is not None and step.outcomes else None


async def _stages(world: World, now: datetime) -> None:
    """What happens at this instant to the dossiers that stand for a stage."""
    script = _Script(world)
    step = script.steps.get(now)
    if step is not None:
        await step()


class _Script:
    """The story of each dossier that stands for a stage."""

    def __init__(self, world: World) -> None:
        self.world, self.city = world, world.city
        self.steps = {
            on(14): self.file_all,
            on(15): self.accept,
            on(15, 16, 30): self.ask_first,
            on(20): self.accept_late,
            on(21): self.redate_for_thursday,
            on(19, 16, 30): self.end,
            on(29): self.miss_again,
            on(30): self.redate_for_next_week,
            datetime(2026, 2, 2, 9, tzinfo=CITY_TZ): self.ask_last,
        }

    async def file_all(self) -> None:
        """On the first morning all of them are handed in."""
        bodies = {
            "door": MARITAL,
            "accepted_late": MARITAL,
            "late": MARITAL,
            "redated": MARITAL,
            "new_date_passed": MARITAL,
            "denied": MARITAL,
            "granted": MARITAL,
            "returned": MARITAL,
            "refused": MARITAL,
            "late_at_silent": JUDICIAL,
            "late_step": PERMIT,
            "papers_unanswered": TRANSFER,
            "papers_owed": TRANSFER,
            "late_then_asked": TRANSFER,
            "citizen_pays": TRANSFER,
            "two_desks": PERMIT,
            "stopped": TRANSFER,
            "appointment_missed": DISABILITY,
            "child_late": FAMILY,
        }
        for number, (stage, raw) in enumerate(bodies.items()):
            actor = INVESTOR if raw["channel"] == "investor" else None
            who = {"applicant__name": f"Ngô Ví Dụ {number + 1}", "contact__phone": f"09000001{number:02}"}
            (receipt,) = await self.city.file(filing(body(raw, **who), key=UUID(int=number + 1), actor=actor))
            self.world.at[stage] = receipt.code
            self.world.kept.add(receipt.code)

    async def accept(self) -> None:
        """On the second, their counters accept all but those that are late at the door, or refused."""
        late_at_door = {"door", "accepted_late", "refused", "late_at_silent"}
        await self.city.decide(code for stage, code in self.world.at.items() if stage not in late_at_door)
        refusal = CounterRefusal("not_for_us", "Hồ sơ này nộp ở phường nơi ông/bà thường trú.", "")
        await self.city.decide([self.world.at["refused"]], refusal)

    async def ask_first(self) -> None:
        """In the afternoon one office asks for papers, one step goes on, one appointment is made."""
        papers = RequestDetails(("GCN",), answer_by=on(23, 17))
        await self.act("papers_unanswered", "check", OfficeRequest.SUPPLEMENT, details=papers)
        await self.act("stopped", "check", OfficeRequest.SUPPLEMENT, details=papers)
        await self.act("citizen_pays", "check", TaskAct.COMPLETE)
        await self.act("citizen_pays", "tax-notice", TaskAct.COMPLETE)
        await self.act("two_desks", "appraise", TaskAct.COMPLETE)
        await self.act("appointment_missed", "convene", TaskAct.COMPLETE)
        meeting = RequestDetails(meet_at=on(19))
        await self.act("appointment_missed", "assess", OfficeRequest.APPOINTMENT, details=meeting)
        await self.act("late_at_silent", "intake", TaskAct.COMPLETE)
        for stage in ("denied", "granted", "returned"):
            await self.act(stage, "check", TaskAct.COMPLETE)
        for step in ("file", "investor-check"):
            await self.try_act("child_late", step, TaskAct.COMPLETE)

    async def accept_late(self) -> None:
        """Three working days after it should have been; another office asks for papers in time."""
        await self.city.decide([self.world.at["accepted_late"]])
        await self.act(
            "papers_owed", "check", OfficeRequest.SUPPLEMENT, details=_papers_until_late_february()
        )
        await self.act("appointment_missed", "assess", OfficeRequest.ABSENCE)

    async def redate_for_thursday(self) -> None:
        """One letter is signed with a date that passes too."""
        day = RequestDetails(new_day=date(2026, 1, 22))
        await self.act("new_date_passed", "letter", OfficeRequest.SIGNATURE, head=True, details=day)

    async def end(self) -> None:
        """Three get their answers; one of them is no."""
        denial = "Sổ hộ tịch ghi ông/bà đang có đăng ký kết hôn chưa chấm dứt."
        await self.act("denied", "sign", TaskAct.COMPLETE, outcome="denied", reason=denial)
        for stage in ("granted", "returned"):
            await self.act(stage, "sign", TaskAct.COMPLETE, outcome="granted")
        await self.city.record(self.world.at["returned"], RecordHandOver("counter", "self"))

    async def miss_again(self) -> None:
        """A second appointment is missed."""
        meeting = RequestDetails(meet_at=on(30))
        await self.act("appointment_missed", "assess", OfficeRequest.APPOINTMENT, details=meeting)

    async def redate_for_next_week(self) -> None:
        """Another letter is signed, with a date still ahead; what was never brought ends a dossier."""
        day = RequestDetails(new_day=date(2026, 2, 6))
        await self.act("redated", "letter", OfficeRequest.SIGNATURE, head=True, details=day)
        await self.act("appointment_missed", "assess", OfficeRequest.ABSENCE)
        await self.act("stopped", "check", OfficeRequest.STOP, reason="Không bổ sung giấy chứng nhận.")
        await self.act("stopped", "check", OfficeRequest.CONFIRMED_STOP, head=True)

    async def ask_last(self) -> None:
        """Yesterday papers were asked for a dossier that was late already."""
        await self.act(
            "late_then_asked", "check", OfficeRequest.SUPPLEMENT, details=_papers_until_late_february()
        )

    async def act(self, stage: str, step: str, act: TaskAct | OfficeRequest, **details: Any) -> None:
        """An act of the office that has this step, which must have its effect."""
        case = await self.world.case(stage)
        tasks = [(member, task) for member, task in case.family_tasks if task.step == step and task.is_open]
        assert tasks, (stage, step, [(task.step, task.state) for task in case.tasks])
        member, task = tasks[0]
        if act is TaskAct.COMPLETE:
            details = {"outcome": outcome_of(member, task), **details}
        answer = await self.city.act(task, act, **details)
        assert isinstance(answer, ActResult), (stage, step, answer)

    async def try_act(self, stage: str, step: str, act: TaskAct) -> None:
        """The same where the dossier has such a step open."""
        case = await self.world.case(stage)
        if any(task.step == step and task.is_open for task in case.tasks):
            await self.act(stage, step, act)


def _papers_until_late_february() -> RequestDetails:
    return RequestDetails(("GCN",), answer_by=datetime(2026, 2, 20, 17, tzinfo=CITY_TZ))
