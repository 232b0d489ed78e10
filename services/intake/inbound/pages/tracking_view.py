"""What the tracking page says, and in which order: where, until when, what you must do; then all the rest."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from services.intake.domain.dossier.dossier import Dossier
from services.intake.domain.tracking.dossier_status import (
    CITIZEN,
    COMPLETED,
    ENDED,
    INTAKE,
    RETURNED,
    DossierStatus,
    working_days_left,
)
from services.intake.domain.tracking.followed_case import Declined
from services.intake.inbound.pages.tracking_situation import (
    DateKind,
    Situation,
    date_kind,
    is_late,
    new_date_passed,
    situation,
    status_mark,
)
from services.intake.store.views import MessageView
from services.intake.usecases.show_case import TrackedDossier
from services.intake.words import group, text
from shared.catalogue import Catalogue, Procedure, RefusalReason
from shared.catalogue.model.paper_names import paper_names
from shared.events.steps import Child, StepState
from shared.words import BilingualText

_STEP_MARKS = {"done": "done", "closed": "skipped", "waiting": "next"}
_DENIED = text("tracking.denied")
_FILED, _RECEIVED = text("tracking.filed"), text("tracking.received")
_HANDED_OVER = text("tracking.handed_over")

DECLINED_SHOWN_FOR = timedelta(days=30)
"""How long the page speaks of a request that could not be done."""

GROUPING_WINDOW = timedelta(hours=1)
"""Ways of saying one thing set out together; a carrier that is away keeps one of them back."""

TEMPLATE_NAMES: Mapping[str, BilingualText] = group("message_names")
CHANNEL_NAMES: Mapping[str, BilingualText] = group("message_channels")
STATE_NAMES: Mapping[str, BilingualText] = group("message_states")


@dataclass(frozen=True, slots=True)
class ProgressStep:
    """A step of the line: its title, how far it is, a date if there is one, and the dossier that does it."""

    title: BilingualText
    state: str
    at: datetime | None = None
    child: Child | None = None
    child_state: BilingualText | None = None

    @property
    def child_due_at(self) -> datetime | None:
        """When the dossier that does the step is due, while it is at it."""
        if self.child is None or self.child.completed_at:
            return None
        return self.child.due_at


@dataclass(frozen=True, slots=True)
class MessageLine:
    """What was said about the dossier, in words: when it was first said, and what became of it each way."""

    about: BilingualText
    at: datetime
    ways: tuple[tuple[BilingualText, BilingualText], ...]


@dataclass(frozen=True, slots=True)
class TrackingView:
    """Everything the page draws; for `situation`, `date_kind`, `new_date_passed` see `tracking_situation`."""

    dossier: Dossier
    standing: DossierStatus
    procedure: Procedure
    state: BilingualText
    office_short: str
    situation: Situation
    mark: str
    date_kind: DateKind
    is_late: bool
    new_date_passed: str | None
    working_days: int | None
    steps: list[ProgressStep]
    results_apart: tuple[StepState, ...]
    declined: Declined | None
    owed: tuple[BilingualText, ...]
    messages: list[MessageLine]
    reason: RefusalReason | None
    reason_text: str | None
    delivery: BilingualText
    now: datetime

    @property
    def is_denied(self) -> bool:
        """The offices decided no."""
        return self.standing.outcome == "denied"

    @property
    def holder_short(self) -> str:
        """The office to look for it."""
        return self.standing.holder.short if self.standing.holder else self.office_short

    @property
    def keeps_its_date(self) -> bool:
        """It has a date, which has not passed."""
        return self.standing.due_at is not None and not self.is_late

    @property
    def missed_new_date(self) -> datetime | None:
        """The new date that the offices let pass before there was a result."""
        apology = self.standing.apology
        if apology is None or apology.passed is None or apology.passed.whose == CITIZEN:
            return None
        return apology.new_due_at


def tracking_view(tracked: TrackedDossier, reason_text: str | None, catalogue: Catalogue) -> TrackingView:
    """The page's content, from what is known."""
    dossier, status, now = tracked.dossier, tracked.standing, tracked.now
    procedure = catalogue.procedure_version(dossier.procedure, dossier.version)
    due = status.due_at
    return TrackingView(
        dossier=dossier,
        standing=status,
        procedure=procedure,
        state=catalogue.state_name(status.state),
        office_short=catalogue.office(dossier.receiving_office).short,
        situation=situation(status),
        mark=status_mark(status, now),
        date_kind=date_kind(status, now),
        is_late=is_late(status, now),
        new_date_passed=new_date_passed(status, now),
        working_days=working_days_left(catalogue, dossier, due, now) if due else None,
        steps=_with_states(_progress(dossier, status, procedure), catalogue),
        results_apart=status.separate_results(procedure),
        owed=tuple(paper_names(item, procedure, catalogue) for item in _owed_items(status)),
        declined=status.declined
        if status.declined and now - status.declined.at < DECLINED_SHOWN_FOR
        else None,
        messages=[_message_line(group) for group in group_notices(tracked.notices)],
        reason=next(
            (reason for reason in catalogue.reasons() if reason.code == dossier.refused_reason), None
        ),
        reason_text=reason_text or None,
        delivery=catalogue.delivery_name(dossier.delivery),
        now=now,
    )


def _owed_items(status: DossierStatus) -> tuple[str, ...]:
    return status.owed.items if status.owed else ()


def group_notices(notices: Iterable[MessageView]) -> list[list[MessageView]]:
    """The same said by several ways is one line: a text and an email of one fact, not two of a kind."""
    groups: list[list[MessageView]] = []
    for notice in notices:
        matching = (group for group in groups if _belongs(notice, group))
        group = next(matching, None)
        if group is None:
            groups.append([notice])
        else:
            group.append(notice)
    return groups


def _belongs(notice: MessageView, group: Sequence[MessageView]) -> bool:
    return (
        notice.template == group[0].template
        and notice.channel not in {earlier.channel for earlier in group}
        and notice.first_at - group[0].first_at < GROUPING_WINDOW
    )


def _message_line(notices: Sequence[MessageView]) -> MessageLine:
    ways = tuple(
        (_name_or_code(CHANNEL_NAMES, notice.channel), _name_or_code(STATE_NAMES, notice.state))
        for notice in notices
    )
    return MessageLine(_name_or_code(TEMPLATE_NAMES, notices[0].template), notices[0].first_at, ways)


def _with_states(line: list[ProgressStep], catalogue: Catalogue) -> list[ProgressStep]:
    return [replace(step, child_state=_child_state(step.child, catalogue)) for step in line]


def _child_state(child: Child | None, catalogue: Catalogue) -> BilingualText | None:
    if child is None:
        return None
    return _DENIED if child.outcome == "denied" else catalogue.state_name(child.state)


def _progress(dossier: Dossier, status: DossierStatus, procedure: Procedure) -> list[ProgressStep]:
    refused = status.state == "refused"
    received = "done" if dossier.accepted_at or refused else "now"
    line = [
        ProgressStep(_FILED, "done", dossier.submitted_at),
        ProgressStep(_RECEIVED, received, dossier.accepted_at or dossier.refused_at),
    ]
    if refused:
        return line
    if any(step.step == INTAKE for step in status.steps):  # accepted by rule: the office receives as a step
        line.pop()
    return [*line, *_middle_steps(dossier, status, procedure), _last_step(status)]


def _middle_steps(dossier: Dossier, status: DossierStatus, procedure: Procedure) -> list[ProgressStep]:
    if status.steps:
        return [
            ProgressStep(
                BilingualText(step.title_vi, step.title_en),
                _STEP_MARKS.get(step.state, "now"),
                step.done_at,
                step.child,
            )
            for step in status.steps
        ]
    planned = procedure.plan(dossier.routing_facts)
    mark = "skipped" if status.is_closed else "next"
    return [ProgressStep(step.title, mark) for step in planned if step.id != "intake"]


def _last_step(status: DossierStatus) -> ProgressStep:
    if status.state == RETURNED:
        return ProgressStep(_HANDED_OVER, "done", status.completed_at)
    if status.state == COMPLETED:
        return ProgressStep(_HANDED_OVER, "now", status.completed_at)
    return ProgressStep(_HANDED_OVER, "skipped" if status.state in ENDED else "next")


def _name_or_code(names: Mapping[str, BilingualText], code: str) -> BilingualText:
    return names.get(code, BilingualText(code, code))
