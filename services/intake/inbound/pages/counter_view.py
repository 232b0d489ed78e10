"""Content of the counter's pages: the rows of the queue, and a dossier to decide on."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from services.intake.domain.dossier.dossier import Dossier
from services.intake.inbound.pages.choices import Choices, refusal_choices
from services.intake.usecases.list_waiting import WaitingPage
from services.intake.usecases.person import Person
from services.intake.usecases.show_case import TrackedDossier
from shared.catalogue import Catalogue, Fact, Procedure
from shared.catalogue.model.paper_names import paper_names
from shared.states import State
from shared.words import BilingualText

PROJECT = "project"
Situation = Literal["waiting", "stop", "papers_asked", "accepted", "stopped", "refused"]
AWAITED = frozenset({"supplement", "payment"})


@dataclass(frozen=True, slots=True)
class CounterRow:
    """A row of the queue. `missing`, `expired`: number of papers; `is_late`: the decision is overdue."""

    dossier: Dossier
    procedure_name: BilingualText
    channel_name: BilingualText
    missing: int
    expired: int
    is_late: bool


def counter_rows(queue: WaitingPage, catalogue: Catalogue) -> list[CounterRow]:
    """The rows of a page of the queue, in its order."""
    return [_row(dossier, catalogue, queue.now) for dossier in queue.dossiers]


def _row(dossier: Dossier, catalogue: Catalogue, now: datetime) -> CounterRow:
    return CounterRow(
        dossier=dossier,
        procedure_name=catalogue.procedure_version(dossier.procedure, dossier.version).short,
        channel_name=catalogue.channel(dossier.channel).name,
        missing=len(dossier.papers_to_bring),
        expired=len(dossier.expired_papers(now.date())),
        is_late=dossier.answer_by < now,
    )


@dataclass(frozen=True, slots=True)
class CounterView:
    """A dossier at the counter. `situation` names the template in `templates/counter`.

    `places`, `facts`: (label, answer). `defects`: missing and expired papers. `owed_items`: requested papers.
    """

    situation: Situation | None
    mark: str
    state: BilingualText
    channel: BilingualText
    is_late: bool
    places: list[tuple[BilingualText, str]]
    facts: list[tuple[BilingualText, Any]]
    defects: list[BilingualText]
    owed_items: Choices
    reasons: Choices
    refused_reason: BilingualText | None


def counter_view(
    tracked: TrackedDossier, person: Person | None, may_record: str | None, catalogue: Catalogue
) -> CounterView:
    """The content of the page. `person`: None once their key was erased; `may_record`: name of a form."""
    dossier = tracked.dossier
    today = tracked.now.date()
    procedure = catalogue.procedure_version(dossier.procedure, dossier.version)
    owed = tracked.standing.owed
    items = owed.items if owed else ()
    return CounterView(
        situation=situation(dossier, tracked.now),
        mark=counter_mark(dossier, may_record),
        state=catalogue.state_name(tracked.standing.state),
        channel=catalogue.channel(dossier.channel).name,
        is_late=dossier.answer_by < tracked.now,
        places=_places(dossier.place, catalogue),
        facts=_facts(person, catalogue),
        defects=_defects(dossier, procedure, catalogue, today),
        owed_items=[(item, paper_names(item, procedure, catalogue)) for item in items],
        reasons=refusal_choices(catalogue),
        refused_reason=_reason(dossier, catalogue),
    )


def situation(dossier: Dossier, now: datetime) -> Situation | None:
    """The situation of a dossier at the counter. `stop`: a person has to confirm form 05."""
    if dossier.state is State.SUBMITTED:
        return "waiting"
    is_overdue = dossier.supplement_request is not None and dossier.supplement_request.answer_by <= now
    if dossier.state is State.WITHDRAWAL_REQUESTED or is_overdue:
        return "stop"
    if dossier.supplement_request:
        return "papers_asked"
    return _ended_situation(dossier)


def _ended_situation(dossier: Dossier) -> Situation | None:
    if dossier.accepted_at:
        return "accepted"
    if dossier.stopped_at:
        return "stopped"
    if dossier.refused_at:
        return "refused"
    return None


def counter_mark(dossier: Dossier, may_record: str | None) -> str:
    """The name of the symbol beside the state."""
    if dossier.state is State.SUBMITTED or may_record in AWAITED:
        return "waiting"
    if dossier.state is State.ACCEPTED:
        return "done"
    return "refused"


def _places(place: Mapping[str, str], catalogue: Catalogue) -> list[tuple[BilingualText, str]]:
    lines = []
    for name, code in place.items():
        if name == PROJECT:
            answer = catalogue.project(code).name
        else:
            answer = catalogue.ward(code).name
        lines.append((catalogue.place_label(name), answer))
    return lines


def _facts(person: Person | None, catalogue: Catalogue) -> list[tuple[BilingualText, Any]]:
    if person is None:
        return []
    lines: list[tuple[BilingualText, Any]] = []
    for name, value in person.facts.items():
        fact = catalogue.fact(name)
        lines.append((fact.label, _answer_words(fact, value, catalogue)))
    return lines


def _answer_words(fact: Fact, value: Any, catalogue: Catalogue) -> Any:
    """The answer as people say it: the words of a choice, the name of a ward."""
    if isinstance(value, str):
        return fact.values.get(value, value)
    if isinstance(value, list):
        return [fact.values.get(item) or _place_name(item, catalogue) for item in value]
    return value


def _place_name(item: str, catalogue: Catalogue) -> str:
    try:
        return catalogue.ward(item).name
    except KeyError:
        return item


def _defects(
    dossier: Dossier, procedure: Procedure, catalogue: Catalogue, today: date
) -> list[BilingualText]:
    return [paper_names(item, procedure, catalogue) for item in dossier.defective_papers(today)]


def _reason(dossier: Dossier, catalogue: Catalogue) -> BilingualText | None:
    if dossier.refused_at is None or dossier.refused_reason is None:
        return None
    return catalogue.reason(dossier.refused_reason).words
