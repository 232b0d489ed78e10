"""The status of a dossier for its citizen: intake's own fields, replaced by routing's last update."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from services.intake.domain.dossier.dossier import Dossier, OpenSupplementRequest
from services.intake.domain.tracking.followed_case import Declined, FollowedCase
from shared.catalogue import Catalogue, Procedure
from shared.catalogue.model.results import SeparateResult, separate_results
from shared.events.apology import Apology
from shared.events.case import CaseState, CitizenRequest
from shared.events.steps import Holder, Query, StepState
from shared.states import State
from shared.worktime import CountedDays, working_days_between

BEFORE_ACCEPTANCE = frozenset({"draft", "submitted"})
RECEIVE, INTAKE = "receive", "intake"
CITIZEN = "citizen"
COMPLETED, RETURNED, STOPPED = "completed", "returned", "stopped"
ENDED = frozenset({"refused", COMPLETED, RETURNED, STOPPED})


@dataclass(frozen=True, slots=True)
class OwedByCitizen:
    """What the citizen must do before the clock goes on: bring these papers, or pay this much (đồng)."""

    items: tuple[str, ...]
    amount: int | None
    answer_by: datetime


@dataclass(frozen=True, slots=True)
class DossierStatus:
    """Where a dossier is, until when, and which steps are done.

    `apology`: once it is signed. `office_sought_since`: accepted, and its next office cannot be named yet.
    `stopped_reason`: the office's own words, `withdrawn` or `no_answer`; `extension_reason`: the head's.
    """

    state: str
    holder: Holder | None
    promised_due_at: datetime | None
    due_at: datetime | None
    explanation: tuple[CountedDays, ...]
    steps: tuple[StepState, ...]
    completed_at: datetime | None = None
    outcome: str | None = None
    owed: OwedByCitizen | None = None
    apology: Apology | None = None
    queries: tuple[Query, ...] = ()
    office_sought_since: datetime | None = None
    stopped_reason: str | None = None
    extension_reason: str | None = None
    declined: Declined | None = None

    def separate_results(self, procedure: Procedure) -> tuple[SeparateResult[StepState], ...]:
        """Each result, once completed, if some results were granted and some denied."""
        if self.state not in {COMPLETED, RETURNED}:
            return ()
        return separate_results(procedure, self.steps)

    @property
    def citizen_step(self) -> StepState | None:
        """The open step that waits for an act of the citizen."""
        return next((step for step in self.steps if step.is_open and step.actor == CITIZEN), None)

    @property
    def pausing_step(self) -> StepState | None:
        """The open step outside the limit, while it stops the clock."""
        is_paused = self.promised_due_at and not self.due_at and not self.is_closed
        if not is_paused:
            return None
        return next((step for step in self.steps if step.is_open), None)

    def is_late_again(self, now: datetime) -> bool:
        """Whether the new date of the apology has passed too."""
        if self.apology is None or self.apology.new_due_at is None or self.is_closed:
            return False
        return now > self.apology.new_due_at

    @property
    def is_closed(self) -> bool:
        """Whether the process has ended."""
        return self.state in ENDED


def dossier_status(dossier: Dossier, followed: FollowedCase | None, catalogue: Catalogue) -> DossierStatus:
    """The status now: from intake's fields before acceptance, from routing's last update afterwards.

    While the citizen owes something there is no due date: it is counted again from the answer. An apology
    is part of the status once it is signed; its draft is internal to the office.
    """
    if followed is None:
        return _status_before_routing(dossier, steps=(), catalogue=catalogue)
    case = followed.state
    steps = _after_acceptance(dossier, case.steps)
    if not _is_followed(dossier, case):
        return _status_before_routing(dossier, steps=steps, catalogue=catalogue)
    apology = case.apology
    if apology is not None and not apology.is_signed:
        apology = None
    return DossierStatus(
        state=case.state,
        holder=_holder(dossier, case, catalogue),
        promised_due_at=dossier.promised_due_at or case.promised_due_at,
        due_at=case.current_due_at,
        explanation=case.explanation or dossier.explanation,
        steps=steps,
        completed_at=case.completed_at,
        outcome=case.outcome,
        owed=_owed_by_citizen(case.request or dossier.supplement_request),
        apology=apology,
        queries=case.queries,
        office_sought_since=case.unplaced.since if case.unplaced else None,
        stopped_reason=followed.reasons.stopped or dossier.stopped_reason,
        extension_reason=followed.reasons.extended,
        declined=followed.reasons.declined,
    )


def working_days_left(catalogue: Catalogue, dossier: Dossier, due: datetime, now: datetime) -> int:
    """Working days from today to the due date, by the receiving office's calendar; 0 once it is reached."""
    if due.date() <= now.date():
        return 0
    calendar = catalogue.working_calendar(catalogue.office(dossier.receiving_office).calendar, now)
    return working_days_between(calendar, now.date(), due.date())


def _status_before_routing(
    dossier: Dossier, *, steps: tuple[StepState, ...], catalogue: Catalogue
) -> DossierStatus:
    return DossierStatus(
        state=dossier.state.value,
        holder=_holder(dossier, None, catalogue),
        promised_due_at=dossier.promised_due_at,
        due_at=dossier.promised_due_at,
        explanation=dossier.explanation,
        steps=steps,
        owed=_owed_by_citizen(dossier.supplement_request),
        stopped_reason=dossier.stopped_reason,
    )


def _is_followed(dossier: Dossier, case: CaseState) -> bool:
    is_before_acceptance = case.state in BEFORE_ACCEPTANCE or case.stage == INTAKE
    return dossier.state is State.ACCEPTED and not is_before_acceptance


def _holder(dossier: Dossier, case: CaseState | None, catalogue: Catalogue) -> Holder | None:
    state = case.state if case else dossier.state.value
    if state in ENDED:
        return None
    if case and case.holder:
        return case.holder
    office = catalogue.office(dossier.receiving_office)
    since = dossier.accepted_at or dossier.submitted_at
    return Holder(office=office.id, short=office.short, since=since)


def _after_acceptance(dossier: Dossier, steps: Sequence[StepState]) -> tuple[StepState, ...]:
    """The steps after acceptance, without `receive`, and without `intake` where the counter did it."""
    return tuple(step for step in steps if not _is_receiving_step(dossier, step))


def _is_receiving_step(dossier: Dossier, step: StepState) -> bool:
    by_counter = not dossier.auto_accepted and step.office == dossier.receiving_office
    return step.step == RECEIVE or (step.step == INTAKE and by_counter)


def _owed_by_citizen(request: CitizenRequest | OpenSupplementRequest | None) -> OwedByCitizen | None:
    if request is None:
        return None
    amount = request.amount if isinstance(request, CitizenRequest) else None
    return OwedByCitizen(request.items, amount, request.answer_by)
