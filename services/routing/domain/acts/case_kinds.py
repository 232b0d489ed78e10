"""Cases that are no dossiers: questions, visits, problems, letters, follow-ups. Each has one task."""

from dataclasses import dataclass
from uuid import UUID

from services.routing.domain.acts import intake_events
from services.routing.domain.case.case import Case, CaseChange, Cause
from services.routing.domain.case.position import ProcessPosition
from services.routing.domain.case.rules import Rules
from services.routing.domain.case.state import next_position
from services.routing.domain.case.task import NoEffect
from services.routing.words import refuse
from shared.actor import Actor
from shared.catalogue import NoOffice
from shared.clock import to_city_time
from shared.errors import Refused
from shared.events.identifiers import derived_id
from shared.states import State, StateEvent

OPENED_BY = {
    "question": "question.asked.v1",
    "visit": "visit.requested.v1",
    "problem": "problem.reported.v1",
    "letter": "letter.received.v1",
    "follow_up": "follow_up.opened.v1",
}
"""Event type that opens a case of each kind."""

PREFIX = {"question": "HOI", "visit": "NHA", "problem": "PA", "letter": "THU", "follow_up": "TD"}
"""Prefix of the code of each kind; no dossier's code begins so."""


@dataclass(frozen=True, slots=True)
class CaseRequest:
    """A request to open a case. `about`: code of a dossier; `ref`: where its text is stored, never the text.

    `key` is chosen by the caller: the same key again is a retry.
    """

    key: UUID
    kind: str
    ward: str
    actor: Actor
    about: str = ""
    ref: str = ""

    @property
    def root(self) -> UUID:
        """The id of the case, derived from key and caller, so that a retry finds it."""
        return derived_id(self.key, "case", self.actor.id or self.actor.party or self.actor.kind)


def open_owner_case(
    existing: Case | None, request: CaseRequest, rules: Rules
) -> CaseChange | NoEffect | Refused:
    """Open the case and queue its owner's task. The case has no legal date; only the task has a due date."""
    if existing is not None:
        if (existing.kind, existing.place.get("chosen")) == (request.kind, request.ward):
            return NoEffect("already_applied")
        return refuse("key_of_another_case")
    case = _new_case(request, rules)
    if isinstance(case, Refused):
        return case
    cause = Cause(OPENED_BY[request.kind], str(request.key), request.actor)
    opened = intake_events.open_case(case, rules.now, cause=cause, rules=rules)
    accepted = intake_events.accept_case(
        opened.case,
        intake_events.Acceptance(rules.now, case.version, None, ()),
        cause=cause,
        rules=rules,
    )
    if isinstance(accepted, Refused):
        return accepted
    return opened.then(accepted)


def _new_case(request: CaseRequest, rules: Rules) -> Case | Refused:
    position = next_position(ProcessPosition(State.DRAFT), StateEvent.SUBMITTED)
    kind = rules.catalogue.kind(request.kind)
    if request.kind not in OPENED_BY or kind is None or isinstance(position, Refused):
        return refuse("unknown_kind", kind=request.kind)
    place = {"chosen": request.ward}
    try:
        office = rules.catalogue.receiving_office(kind, place, rules.today)
    except NoOffice:
        return refuse("unknown_ward", ward=request.ward)
    facts: dict[str, str] = {}
    if request.about:
        facts["about"] = request.about
    if request.ref:
        facts["ref"] = request.ref
    return Case(
        root=request.root,
        code=f"{PREFIX[request.kind]}-{to_city_time(rules.now):%y%m%d}-{request.root.hex[-10:].upper()}",
        kind=request.kind,
        state=position.state,
        procedure=kind.id,
        version=kind.version,
        channel="counter",
        subject_ref=derived_id(request.root, "subject"),
        link_ref="",
        place=place,
        facts=facts,
        delivery="",
        filed_by=request.actor.kind,
        receiving_office=office.id,
        receiving_short=office.short,
        auto_accept=True,
        submitted_at=rules.now,
    )
