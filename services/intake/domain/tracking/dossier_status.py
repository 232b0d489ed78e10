"""Where a dossier stands for its citizen: the door's own facts, overlaid by what routing last said."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from services.intake.domain.dossier.dossier import Dossier, OpenSupplementRequest
from services.intake.domain.tracking.followed_case import Declined, FollowedCase
from shared.catalogue import Catalogue, Procedure
from shared.catalogue.model.results import separate_results
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

    def separate_results(self, procedure: Procedure) -> tuple[StepState, ...]:
        """Each result, where there is one in the end and some was granted and some denied."""
        return separate_results(procedure, self.steps) if self.state in {COMPLETED, RETURNED} else ()

    @property
    def citizen_step(self) -> StepState | None:
        """The step that waits for the citizen's own act."""
        return next((step for step in self.steps if step.is_open and step.actor == CITIZEN), None)

    @property
    def pausing_step(self) -> StepState | None:
        """The step outside the limit for which the clock stands."""
        is_paused = self.promised_due_at and not self.due_at and not self.is_closed
        return next((step for step in self.steps if step.is_open), None) if is_paused else None

    def is_late_again(self, now: datetime) -> bool:
        """The one new date has passed too."""
        new_date = self.apology.new_due_at if self.apology else None
        return new_date is not None and now > new_date and not self.is_closed

    @property
    def is_closed(self) -> bool:
        """Is nobody working on it any more?"""
        return self.state in ENDED


def dossier_status(dossier: Dossier, followed: FollowedCase | None, catalogue: Catalogue) -> DossierStatus:
    """The dossier's place in the process now. Before acceptance intake knows best, afterwards routing.

    While something is owed there is no date: it is counted again from the citizen's answer. A draft of an
    apology is the office's own affair: a date is promised once somebody has signed for it.
    """
    case = followed.state if followed else None
    steps = _after_acceptance(dossier, case.steps if case else ())
    if followed is None or case is None or not _is_followed(dossier, case):
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
    return DossierStatus(
        state=case.state,
        holder=_holder(dossier, case, catalogue),
        promised_due_at=dossier.promised_due_at,
        due_at=case.current_due_at,
        explanation=case.explanation or dossier.explanation,
        steps=steps,
        completed_at=case.completed_at,
        outcome=case.outcome,
        owed=_owed_by_citizen(case.request or dossier.supplement_request),
        apology=case.apology if case.apology and case.apology.is_signed else None,
        queries=case.queries,
        office_sought_since=case.unplaced.since if case.unplaced else None,
        stopped_reason=followed.reasons.stopped or dossier.stopped_reason,
        extension_reason=followed.reasons.extended,
        declined=followed.reasons.declined,
    )


def working_days_left(catalogue: Catalogue, dossier: Dossier, due: datetime, now: datetime) -> int:
    """How many working days are left to a due date, by the receiving office's calendar."""
    if due.date() <= now.date():
        return 0
    calendar = catalogue.calendar(catalogue.office(dossier.receiving_office).calendar, now)
    return working_days_between(calendar, now.date(), due.date())


def _is_followed(dossier: Dossier, case: CaseState) -> bool:
    is_before_acceptance = case.state in BEFORE_ACCEPTANCE or case.stage == INTAKE
    return dossier.state is State.ACCEPTED and not is_before_acceptance


def _holder(dossier: Dossier, case: CaseState | None, catalogue: Catalogue) -> Holder | None:
    if (case.state if case else dossier.state.value) in ENDED:
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
    return OwedByCitizen(
        request.items, request.amount if isinstance(request, CitizenRequest) else None, request.answer_by
    )
