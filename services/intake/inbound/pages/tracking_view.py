"""Content of the tracking page: where the dossier is, until when, what the citizen must do, and the rest."""

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
    late_steps,
    new_date_passed,
    situation,
    status_mark,
)
from services.intake.store.views import MessageView
from services.intake.usecases.show_case import TrackedDossier
from services.intake.words import group, text
from shared.catalogue import Catalogue, Procedure, RefusalReason
from shared.catalogue.model.paper_names import paper_names
from shared.catalogue.model.results import SeparateResult
from shared.events.steps import Child, StepState
from shared.outcomes import StepOutcome
from shared.words import BilingualText

_STEP_MARKS = {
    "done": "done",
    "closed": "skipped",
    "waiting": "next",
    "queued": "now",
    "started": "now",
    "declined": "now",
}
_DENIED = text("tracking.denied")
_FILED, _RECEIVED = text("tracking.filed"), text("tracking.received")
_HANDED_OVER = text("tracking.handed_over")

DECLINED_SHOWN_FOR = timedelta(days=30)
"""How long the page shows a declined request."""

GROUPING_WINDOW = timedelta(hours=1)
"""Messages about one fact start together, but an unavailable carrier may delay one of them."""

TEMPLATE_NAMES: Mapping[str, BilingualText] = group("message_names")
CHANNEL_NAMES: Mapping[str, BilingualText] = group("message_channels")
STATE_NAMES: Mapping[str, BilingualText] = group("message_states")


@dataclass(frozen=True, slots=True)
class ProgressStep:
    """A step of the progress line. `state`: done, now, next or skipped; `child`: the dossier that does it."""

    title: BilingualText
    state: str
    at: datetime | None = None
    child: Child | None = None
    child_state: BilingualText | None = None

    @property
    def child_due_at(self) -> datetime | None:
        """The due date of the child dossier; None once it is completed."""
        if self.child is None or self.child.completed_at:
            return None
        return self.child.due_at


@dataclass(frozen=True, slots=True)
class MessageLine:
    """One fact told to the citizen: first time, and (channel, state) of each message."""

    about: BilingualText
    at: datetime
    ways: tuple[tuple[BilingualText, BilingualText], ...]


@dataclass(frozen=True, slots=True)
class TrackingView:
    """The content of the page. For `situation`, `date_kind`, `new_date_passed` see `tracking_situation`.

    `phone`: of the office that has the dossier; None where only the hotline is known.
    """

    dossier: Dossier
    standing: DossierStatus
    procedure: Procedure
    state: BilingualText
    office_short: str
    situation: Situation
    mark: str
    date_kind: DateKind
    is_late: bool
    late_steps: tuple[StepState, ...]
    new_date_passed: str | None
    working_days: int | None
    steps: list[ProgressStep]
    results_apart: tuple[SeparateResult[StepState], ...]
    declined: Declined | None
    owed: tuple[BilingualText, ...]
    messages: list[MessageLine]
    reason: RefusalReason | None
    reason_text: str | None
    delivery: BilingualText
    phone: str | None
    now: datetime

    @property
    def is_answer_late(self) -> bool:
        """Whether it still waits at the counter after the instant by which it had to be answered."""
        return self.situation == "submitted" and self.dossier.is_answer_late(self.now)

    @property
    def is_owed_late(self) -> bool:
        """Whether the citizen's time to answer is over; an answer still counts until a stop."""
        return self.standing.owed is not None and self.now > self.standing.owed.answer_by

    @property
    def is_denied(self) -> bool:
        """Whether the result is a denial."""
        return self.standing.outcome == StepOutcome.DENIED

    @property
    def is_granted(self) -> bool:
        """Whether the result is what was asked for. A word that nobody knows is neither."""
        return self.standing.outcome == StepOutcome.GRANTED

    @property
    def denials(self) -> tuple[StepState, ...]:
        """The steps that ended with a no, each with the office's reason."""
        return tuple(
            step
            for step in self.standing.steps
            if step.state == "done" and step.outcome == StepOutcome.DENIED
        )

    @property
    def holder_short(self) -> str:
        """The office that works on the dossier, or received it."""
        if self.standing.holder:
            return self.standing.holder.short
        return self.office_short

    @property
    def keeps_its_date(self) -> bool:
        """Whether it has a due date that has not passed."""
        return self.standing.due_at is not None and not self.is_late

    @property
    def missed_new_date(self) -> datetime | None:
        """The new date of the apology, if it passed while the office worked on the dossier."""
        apology = self.standing.apology
        if apology is None or apology.passed is None or apology.passed.whose == CITIZEN:
            return None
        return apology.new_due_at


def tracking_view(tracked: TrackedDossier, reason_text: str | None, catalogue: Catalogue) -> TrackingView:
    """The content of the page. `reason_text`: the officer's own words about a refusal."""
    dossier = tracked.dossier
    status = tracked.standing
    now = tracked.now
    procedure = catalogue.procedure_version(dossier.procedure, dossier.version)
    steps = _progress(dossier, status, procedure)
    working_days = None
    if status.due_at is not None:
        working_days = working_days_left(catalogue, dossier, status.due_at, now)
    return TrackingView(
        dossier=dossier,
        standing=status,
        procedure=procedure,
        state=catalogue.state_name(status.state),
        office_short=catalogue.office(dossier.receiving_office).short,
        situation=situation(status),
        mark=status_mark(status, now, is_answer_late=dossier.is_answer_late(now)),
        date_kind=date_kind(status, now, has_limit=procedure.total is not None),
        is_late=is_late(status, now),
        late_steps=late_steps(status, now),
        new_date_passed=new_date_passed(status, now),
        working_days=working_days,
        steps=[_with_child_state(step, catalogue) for step in steps],
        results_apart=status.separate_results(procedure),
        owed=tuple(paper_names(item, procedure, catalogue) for item in _owed_items(status)),
        declined=_recently_declined(status, now),
        messages=[_message_line(group) for group in group_notices(tracked.notices)],
        reason=_refusal_reason(dossier, catalogue),
        reason_text=reason_text or None,
        delivery=catalogue.delivery_name(dossier.delivery),
        phone=catalogue.phone_of(status.holder.office if status.holder else dossier.receiving_office),
        now=now,
    )


def _owed_items(status: DossierStatus) -> tuple[str, ...]:
    return status.owed.items if status.owed else ()


def _recently_declined(status: DossierStatus, now: datetime) -> Declined | None:
    declined = status.declined
    if declined is None or now - declined.at >= DECLINED_SHOWN_FOR:
        return None
    return declined


def _refusal_reason(dossier: Dossier, catalogue: Catalogue) -> RefusalReason | None:
    for reason in catalogue.reasons():
        if reason.code == dossier.refused_reason:
            return reason
    return None


def group_notices(notices: Iterable[MessageView]) -> list[list[MessageView]]:
    """Group the messages about one fact: a text and an email with the same template within an hour."""
    groups: list[list[MessageView]] = []
    for notice in notices:
        for earlier in groups:
            if _belongs(notice, earlier):
                earlier.append(notice)
                break
        else:
            groups.append([notice])
    return groups


def _belongs(notice: MessageView, group: Sequence[MessageView]) -> bool:
    return (
        notice.template == group[0].template
        and notice.channel not in {earlier.channel for earlier in group}
        and notice.first_at - group[0].first_at < GROUPING_WINDOW
    )


def _message_line(notices: Sequence[MessageView]) -> MessageLine:
    first = notices[0]
    ways: list[tuple[BilingualText, BilingualText]] = []
    for notice in notices:
        channel = _name_or_code(CHANNEL_NAMES, notice.channel)
        ways.append((channel, _name_or_code(STATE_NAMES, notice.state)))
    return MessageLine(_name_or_code(TEMPLATE_NAMES, first.template), first.first_at, tuple(ways))


def _with_child_state(step: ProgressStep, catalogue: Catalogue) -> ProgressStep:
    if step.child is None:
        return step
    if step.child.outcome == StepOutcome.DENIED:
        return replace(step, child_state=_DENIED)
    return replace(step, child_state=catalogue.state_name(step.child.state))


def _progress(dossier: Dossier, status: DossierStatus, procedure: Procedure) -> list[ProgressStep]:
    refused = status.state == "refused"
    is_decided = dossier.accepted_at is not None or refused
    received = "done" if is_decided else "now"
    line = [
        ProgressStep(_FILED, "done", dossier.submitted_at),
        ProgressStep(_RECEIVED, received, dossier.accepted_at or dossier.refused_at),
    ]
    if refused:
        return line
    if any(step.step == INTAKE for step in status.steps):
        line.pop()  # accepted by rule: receiving the dossier is a step of its office
    return [*line, *_middle_steps(dossier, status, procedure), _last_step(status)]


def _middle_steps(dossier: Dossier, status: DossierStatus, procedure: Procedure) -> list[ProgressStep]:
    if status.steps:
        return [_progress_step(step) for step in status.steps]
    planned = procedure.plan(dossier.routing_facts)
    mark = "skipped" if status.is_closed else "next"
    return [ProgressStep(step.title, mark) for step in planned if step.id != "intake"]


def _progress_step(step: StepState) -> ProgressStep:
    title = BilingualText(step.title_vi, step.title_en)
    return ProgressStep(title, _STEP_MARKS[step.state], step.done_at, step.child)


def _last_step(status: DossierStatus) -> ProgressStep:
    if status.state == RETURNED:
        return ProgressStep(_HANDED_OVER, "done", status.completed_at)
    if status.state == COMPLETED:
        return ProgressStep(_HANDED_OVER, "now", status.completed_at)
    return ProgressStep(_HANDED_OVER, "skipped" if status.state in ENDED else "next")


def _name_or_code(names: Mapping[str, BilingualText], code: str) -> BilingualText:
    return names.get(code, BilingualText(code, code))
