"""Where a dossier stands for its citizen: the door's own facts, overlaid by what routing last said."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.intake.domain.dossier import Dossier
from services.intake.domain.state import State
from shared.catalogue import Catalogue, Procedure
from shared.catalogue.results import results_apart
from shared.catalogue.words import Words
from shared.clock import in_city
from shared.worktime import Line, working_days_between
from shared.worktime.jsonl.writing import line_of

BEFORE_ACCEPTANCE = frozenset({"draft", "submitted"})
RECEIVE, INTAKE = "receive", "intake"
CITIZEN = "citizen"
COMPLETED, RETURNED, STOPPED = "completed", "returned", "stopped"
ENDED = frozenset({"refused", COMPLETED, RETURNED, STOPPED})


@dataclass(frozen=True, slots=True)
class Holder:
    """Who has the dossier in hands, by the name people know."""

    office: str
    short: str
    since: datetime


@dataclass(frozen=True, slots=True)
class Child:
    """The dossier that does a step: who has it (or had it), until when, and how it stands."""

    code: str
    office_short: str
    state: str
    due_at: datetime | None
    completed_at: datetime | None
    outcome: str | None


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the way. `state`: waiting, queued, started, declined, done or closed.

    `actor`: the person whose own act it waits for; None: the office's. `child`: the dossier that does it.
    """

    step: str
    title_vi: str
    title_en: str
    office: str
    office_short: str
    state: str
    due_at: datetime | None
    done_at: datetime | None
    actor: str | None = None
    child: Child | None = None
    outcome: str | None = None

    @property
    def is_open(self) -> bool:
        """It is somebody's turn."""
        return self.state in {"queued", "started"}


@dataclass(frozen=True, slots=True)
class Owed:
    """What the citizen must do before the clock goes on: bring these papers, or pay this much (đồng)."""

    items: tuple[str, ...]
    amount: int | None
    answer_by: datetime


@dataclass(frozen=True, slots=True)
class Passed:
    """The new date came and went too: when the head of which office and the city were told.

    `whose` time it was then: office, citizen (whose answer was awaited), or outside the legal limit.
    """

    told_at: datetime
    office_short: str
    whose: str


@dataclass(frozen=True, slots=True)
class Apology:
    """What the head of the late office signed: how late in working minutes, and the one new date."""

    office_short: str
    title_vi: str
    title_en: str
    was_due_at: datetime
    late_minutes: int
    new_due_at: datetime
    signed_at: datetime
    passed: Passed | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """Other offices that a step asked: how many answered, who has not yet, who never did."""

    title_vi: str
    title_en: str
    asked: int
    answered: int
    awaited: tuple[str, ...]
    silent: tuple[str, ...]
    reason: str | None


@dataclass(frozen=True, slots=True)
class Declined:
    """The last request of the citizen's that could not be done: why, and when that was said."""

    why: Words
    at: datetime


@dataclass(frozen=True, slots=True)
class Standing:
    """All a citizen asks first: where is it, until when, what is done.

    `office_sought_since`: accepted, and the office of its next step cannot be named yet.
    `stopped_reason`: the office's own words, `withdrawn` or `no_answer`; `extension_reason`: the head's.
    """

    state: str
    holder: Holder | None
    promised_due_at: datetime | None
    due_at: datetime | None
    explanation: tuple[Line, ...]
    steps: tuple[Step, ...]
    completed_at: datetime | None
    outcome: str | None
    owed: "Owed | None" = None
    apology: Apology | None = None
    asked: tuple[Asked, ...] = ()
    office_sought_since: datetime | None = None
    stopped_reason: str | None = None
    extension_reason: str | None = None
    declined: Declined | None = None

    def results_apart(self, procedure: Procedure) -> tuple[Step, ...]:
        """Each result, where there is one in the end and some was granted and some denied."""
        return results_apart(procedure, self.steps) if self.state in {COMPLETED, RETURNED} else ()

    @property
    def your_turn(self) -> Step | None:
        """The step that waits for the citizen's own act."""
        return next((step for step in self.steps if step.is_open and step.actor == CITIZEN), None)

    @property
    def stands(self) -> Step | None:
        """The step outside the limit for which the clock stands."""
        stands = self.promised_due_at and not self.due_at and not self.ended
        return next((step for step in self.steps if step.is_open), None) if stands else None

    @property
    def ended(self) -> bool:
        """Is nobody working on it any more?"""
        return self.state in ENDED


def standing(dossier: Dossier, told: Mapping[str, Any] | None, catalogue: Catalogue) -> Standing:
    """The dossier's place in the process now. Before acceptance the door knows best, afterwards routing.

    While something is owed there is no date: it is counted again from the citizen's answer.
    """
    by_routing = told if told and _counts(dossier, told) else {}
    kept = by_routing.get("kept") or {}
    state = str(by_routing.get("state") or dossier.state.value)
    return Standing(
        state=state,
        holder=_holder(dossier, told or {}, state, catalogue),
        promised_due_at=dossier.promised_due_at,
        due_at=_instant(by_routing.get("current_due_at")) if by_routing else dossier.promised_due_at,
        explanation=tuple(line_of(line) for line in by_routing.get("explanation", ())) or dossier.explanation,
        steps=tuple(_step(step) for step in _shown(dossier, (told or {}).get("steps", ()))),
        completed_at=_instant(by_routing.get("completed_at")),
        outcome=by_routing.get("outcome"),
        owed=_owed(by_routing.get("request")) or _owed_at_the_door(dossier),
        apology=_apology(by_routing.get("apology")),
        asked=tuple(_asked(one) for one in by_routing.get("queries") or ()),
        office_sought_since=_instant((by_routing.get("unplaced") or {}).get("since")),
        stopped_reason=kept.get("stopped") or dossier.stopped_reason,
        extension_reason=kept.get("extended"),
        declined=_declined(kept.get("declined")),
    )


def working_days_left(catalogue: Catalogue, dossier: Dossier, due: datetime, now: datetime) -> int:
    """How many working days are left to a due date, by the receiving office's calendar."""
    if due.date() <= now.date():
        return 0
    calendar = catalogue.calendar(catalogue.office(dossier.receiving_office).calendar, now)
    return working_days_between(calendar, now.date(), due.date())


def _counts(dossier: Dossier, told: Mapping[str, Any]) -> bool:
    before = told.get("state") in BEFORE_ACCEPTANCE or told.get("stage") == INTAKE
    return dossier.state is State.ACCEPTED and not before


def _holder(dossier: Dossier, told: Mapping[str, Any], state: str, catalogue: Catalogue) -> Holder | None:
    if state in ENDED:
        return None
    said = told.get("holder")
    if said and _counts(dossier, told):
        return Holder(said["office"], said["short"], _must(said["since"]))
    office = catalogue.office(dossier.receiving_office)
    return Holder(office.id, office.short, dossier.accepted_at or dossier.submitted_at)


def _shown(dossier: Dossier, steps: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The work after the door: receiving, and `intake` where the counter's act did it, are told apart."""
    return [step for step in steps if not _at_the_door(dossier, step)]


def _at_the_door(dossier: Dossier, step: Mapping[str, Any]) -> bool:
    by_counter = not dossier.auto_accepted and step["office"] == dossier.receiving_office
    return step["step"] == RECEIVE or (step["step"] == INTAKE and by_counter)


def _owed(said: Mapping[str, Any] | None) -> Owed | None:
    if said is None:
        return None
    return Owed(tuple(said["items"]), said["amount"], _must(said["answer_by"]))


def _apology(said: Mapping[str, Any] | None) -> Apology | None:
    """A draft is the office's own affair: a date is promised once somebody has signed for it."""
    if said is None or not said["signed_at"]:
        return None
    return Apology(
        office_short=said["office_short"],
        title_vi=said["title_vi"],
        title_en=said["title_en"],
        was_due_at=_must(said["was_due_at"]),
        late_minutes=said["late_minutes"],
        new_due_at=_must(said["new_due_at"]),
        signed_at=_must(said["signed_at"]),
        passed=_passed(said.get("passed")),
    )


def _passed(said: Mapping[str, Any] | None) -> Passed | None:
    return Passed(_must(said["told_at"]), said["office_short"], said["whose"]) if said else None


def _declined(said: Mapping[str, Any] | None) -> Declined | None:
    return Declined(Words(said["vi"], said["en"]), _must(said["at"])) if said else None


def _owed_at_the_door(dossier: Dossier) -> Owed | None:
    asked = dossier.asked
    return Owed(asked.items, None, asked.answer_by) if asked else None


def _asked(said: Mapping[str, Any]) -> Asked:
    return Asked(
        title_vi=said["title_vi"],
        title_en=said["title_en"],
        asked=said["asked"],
        answered=said["answered"],
        awaited=tuple(said["awaited"]),
        silent=tuple(said["silent"]),
        reason=said["reason"],
    )


def _step(said: Mapping[str, Any]) -> Step:
    return Step(
        step=said["step"],
        title_vi=said["title_vi"],
        title_en=said["title_en"],
        office=said["office"],
        office_short=said["office_short"],
        state=said["state"],
        due_at=_instant(said.get("due_at")),
        done_at=_instant(said.get("done_at")),
        actor=said.get("actor"),
        child=_child(said.get("child")),
        outcome=said.get("outcome"),
    )


def _child(said: Mapping[str, Any] | None) -> Child | None:
    if said is None:
        return None
    holder = said.get("holder") or {}
    return Child(
        code=said["code"],
        office_short=holder.get("short") or said["office_short"],
        state=said["state"],
        due_at=_instant(said.get("due_at")),
        completed_at=_instant(said.get("completed_at")),
        outcome=said.get("outcome"),
    )


def _instant(text: str | None) -> datetime | None:
    return _must(text) if text else None


def _must(text: str) -> datetime:
    return in_city(datetime.fromisoformat(text))
