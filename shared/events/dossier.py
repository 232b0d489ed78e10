"""`dossier.events`: what intake says was handed in. No personal data: references only."""

from datetime import date, datetime
from uuid import UUID

from pydantic import Field

from shared.events.envelope import Body


class ExplanationLine(Body):
    """One line of how a date was counted (clock.md, rule 15): dates inclusive, `why` in Vietnamese."""

    from_: date = Field(alias="from")
    to: date
    counts: float
    why: str
    why_en: str


class PaperRef(Body):
    """A declared paper, without its name or bytes."""

    type: str
    form: str | None = None
    issued_on: date | None = None
    holder: str | None = None


class DossierSubmitted(Body):
    """A dossier came through the door (state 1). `facts` holds only those the plan depends on."""

    code: str
    submitted_at: datetime
    receiving_office: str
    place: dict[str, str]
    facts: dict[str, bool | int | str]
    papers: list[PaperRef]
    delivery: str
    filed_by: str
    subject_ref: UUID
    link_ref: str
    answer_by: datetime
    auto_accept: bool


class DossierAccepted(Body):
    """The counter accepted it (form 01): the first promise, computed once and frozen."""

    code: str
    accepted_at: datetime
    promised_due_at: datetime | None
    explanation: list[ExplanationLine]
    receiving_office: str
    competent_office: str


class DossierRefused(Body):
    """The counter did not accept it (form 03). The officer's own words stay with intake."""

    code: str
    refused_at: datetime
    reason_code: str
    rule: str | None = None


SUBMITTED = "dossier.submitted.v1"
ACCEPTED = "dossier.accepted.v1"
REFUSED = "dossier.refused.v1"
