"""What the tracking page says, and in which order: where, until when, what you must do; then all the rest."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from services.intake.domain.dossier import Dossier
from services.intake.domain.followed_case import Declined
from services.intake.domain.standing import (
    COMPLETED,
    ENDED,
    INTAKE,
    RETURNED,
    Standing,
    working_days_left,
)
from services.intake.store.views import Notice
from services.intake.usecases.show_case import Shown
from shared.catalogue import Catalogue, Procedure, Reason
from shared.catalogue.asked import asked_in_words
from shared.catalogue.words import Words
from shared.events.steps import Child, StepState

_STEP_MARKS = {"done": "done", "closed": "skipped", "waiting": "next"}
_DENIED = Words("bị từ chối", "denied")
_FILED, _RECEIVED, _HANDED_OVER = Words("nộp", "filed"), Words("nhận", "received"), Words("trả", "result")

DECLINED_SHOWN = timedelta(days=30)
"""How long the page speaks of a request that could not be done."""

TOGETHER = timedelta(hours=1)
"""Ways of saying one thing set out together; a carrier that is away keeps one of them back."""

MESSAGES = {
    "submitted": Words("đã nhận được hồ sơ", "the dossier came in"),
    "accepted": Words("đã tiếp nhận, kèm ngày hẹn", "accepted, with the date"),
    "accepted_undated": Words("đã tiếp nhận, chưa hẹn ngày", "accepted, no date yet"),
    "refused": Words("không được tiếp nhận", "not accepted"),
    "completed": Words("đã có kết quả", "the result is ready"),
    "completed_in_part": Words("đã có kết quả từng việc", "there is a result for each part"),
    "overdue": Words("xin lỗi vì trễ hẹn, kèm ngày hẹn lại", "an apology for being late, with the new date"),
    "date_moved": Words("ngày hẹn thay đổi", "the date has moved"),
    "supplement": Words("cần bổ sung giấy tờ", "papers are needed"),
    "payment": Words("cần nộp tiền", "a fee is to be paid"),
    "withdrawal": Words("đã ghi nhận yêu cầu rút", "your withdrawal is recorded"),
    "request_declined": Words("yêu cầu không thực hiện được", "your request could not be done"),
    "stopped": Words("dừng giải quyết", "work has stopped"),
    "extended": Words("gia hạn, ngày hẹn mới", "extended, with a new date"),
    "reminder": Words("nhắc bạn sắp hết hạn", "a reminder that your time is running out"),
    "your_turn": Words("đến lượt bạn làm một việc", "it is your turn"),
}
WAYS = {
    "sms": Words("tin nhắn", "text message"),
    "email": Words("thư điện tử", "email"),
    "letter": Words("thư giấy", "letter"),
    "voice": Words("gọi điện", "call"),
}
FATES = {
    "planned": Words("sắp gửi", "about to be sent"),
    "sent": Words("đã gửi", "sent"),
    "delivered": Words("đã đến máy bạn", "reached you"),
    "failed": Words("không gửi được", "could not be sent"),
    "ambiguous": Words("chưa rõ đã đến hay chưa", "not known if it reached you"),
    "suppressed": Words("không cần gửi", "not needed"),
}


@dataclass(frozen=True, slots=True)
class LineStep:
    """A step of the line: its title, how far it is, a date if there is one, and the dossier that does it."""

    title: Words
    state: str
    at: datetime | None = None
    child: Child | None = None
    child_state: Words | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """What was said about the dossier, in words: when it was first said, and what became of it each way."""

    about: Words
    at: datetime
    ways: tuple[tuple[Words, Words], ...]


@dataclass(frozen=True, slots=True)
class TrackingView:
    """Everything the page draws. `late_again`: the one new date has passed too."""

    dossier: Dossier
    standing: Standing
    procedure: Procedure
    state: Words
    office_short: str
    late: bool
    late_again: bool
    working_days: int | None
    steps: list[LineStep]
    results_apart: tuple[StepState, ...]
    declined: Declined | None
    owed: tuple[Words, ...]
    messages: list[Told]
    reason: Reason | None
    reason_text: str | None
    delivery: Words
    now: datetime


def tracking_view(shown: Shown, reason_text: str | None, catalogue: Catalogue) -> TrackingView:
    """The page's content, from what is known."""
    dossier, where, now = shown.dossier, shown.standing, shown.now
    procedure = catalogue.procedure_version(dossier.procedure, dossier.version)
    due = where.due_at
    return TrackingView(
        dossier=dossier,
        standing=where,
        procedure=procedure,
        state=catalogue.state_name(where.state),
        office_short=catalogue.office(dossier.receiving_office).short,
        late=bool(due and now > due and not where.ended),
        late_again=where.is_late_again(now),
        working_days=working_days_left(catalogue, dossier, due, now) if due else None,
        steps=_with_states(_line(dossier, where, procedure), catalogue),
        results_apart=where.results_apart(procedure),
        owed=tuple(asked_in_words(item, procedure, catalogue) for item in _owed_items(where)),
        declined=where.declined if where.declined and now - where.declined.at < DECLINED_SHOWN else None,
        messages=[_told(ways) for ways in said_together(shown.notices)],
        reason=next((r for r in catalogue.reasons() if r.code == dossier.refused_reason), None),
        reason_text=reason_text or None,
        delivery=catalogue.delivery_name(dossier.delivery),
        now=now,
    )


def _owed_items(where: Standing) -> tuple[str, ...]:
    return where.owed.items if where.owed else ()


def said_together(notices: Iterable[Notice]) -> list[list[Notice]]:
    """The same said by several ways is one line: a text and an email of one fact, not two of a kind."""
    groups: list[list[Notice]] = []
    for notice in notices:
        open_to_it = (group for group in groups if _belongs(notice, group))
        group = next(open_to_it, None)
        if group is None:
            groups.append([notice])
        else:
            group.append(notice)
    return groups


def _belongs(notice: Notice, group: Sequence[Notice]) -> bool:
    return (
        notice.template == group[0].template
        and notice.channel not in {one.channel for one in group}
        and notice.first_at - group[0].first_at < TOGETHER
    )


def _told(said: Sequence[Notice]) -> Told:
    ways = tuple((_known(WAYS, one.channel), _known(FATES, one.state)) for one in said)
    return Told(_known(MESSAGES, said[0].template), said[0].first_at, ways)


def _with_states(line: list[LineStep], catalogue: Catalogue) -> list[LineStep]:
    return [replace(step, child_state=_of(step.child, catalogue)) for step in line]


def _of(child: Child | None, catalogue: Catalogue) -> Words | None:
    if child is None:
        return None
    return _DENIED if child.outcome == "denied" else catalogue.state_name(child.state)


def _line(dossier: Dossier, where: Standing, procedure: Procedure) -> list[LineStep]:
    refused = where.state == "refused"
    received = "done" if dossier.accepted_at or refused else "now"
    line = [
        LineStep(_FILED, "done", dossier.submitted_at),
        LineStep(_RECEIVED, received, dossier.accepted_at or dossier.refused_at),
    ]
    if refused:
        return line
    if any(step.step == INTAKE for step in where.steps):  # accepted by rule: the office receives as a step
        line.pop()
    return [*line, *_middle(dossier, where, procedure), _last(where)]


def _middle(dossier: Dossier, where: Standing, procedure: Procedure) -> list[LineStep]:
    if where.steps:
        return [
            LineStep(
                Words(step.title_vi, step.title_en),
                _STEP_MARKS.get(step.state, "now"),
                step.done_at,
                step.child,
            )
            for step in where.steps
        ]
    planned = procedure.plan(dossier.routing_facts)
    to_come = "skipped" if where.ended else "next"
    return [LineStep(step.title, to_come) for step in planned if step.id != "intake"]


def _last(where: Standing) -> LineStep:
    if where.state == RETURNED:
        return LineStep(_HANDED_OVER, "done", where.completed_at)
    if where.state == COMPLETED:
        return LineStep(_HANDED_OVER, "now", where.completed_at)
    return LineStep(_HANDED_OVER, "skipped" if where.state in ENDED else "next")


def _known(words: dict[str, Words], name: str) -> Words:
    return words.get(name, Words(name, name))
