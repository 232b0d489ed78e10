"""What machines get back from the door."""

from datetime import date, datetime
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.intake.domain.dossier import Dossier
from services.intake.domain.promise import limit_words
from services.intake.usecases.show_case import Shown
from services.intake.usecases.submit import Filed
from shared.catalogue import Catalogue, Procedure
from shared.catalogue.words import Words
from shared.worktime.jsonl.writing import line_object

CODE = "H26.103.25.7-250908-0112"


class Answer(BaseModel):
    """An answer of ours: what it holds is in its schema."""

    model_config = ConfigDict(frozen=True, populate_by_name=True)


class Named(Answer):
    """A code with its lay name in both languages."""

    code: str
    vi: str
    en: str


class Deadline(Answer):
    """A legal limit. Null where none is set: then no date is promised."""

    unit: str
    amount: float
    vi: str = Field(examples=["10 ngày"])
    en: str


class ProcedurePaper(Answer):
    """A paper of the list, and when it is needed."""

    type: str
    form: str | None
    vi: str
    en: str
    required: str
    required_vi: str
    required_en: str


class AskedFactAnswer(Answer):
    """A question of the form."""

    name: str
    type: str
    vi: str
    en: str
    required: bool
    values: list[str]


class FeesAnswer(Answer):
    """In đồng. Null is not free: ask at the counter.

    `before_work_days`: it is asked for at acceptance, to be paid within so many working days; no work before.
    """

    counter: int | None
    online: int | None
    before_work_days: int | None = None


class ProcedureAnswer(Answer):
    """What a citizen asks before any form: by when, how, with which papers, for how much."""

    id: str = Field(examples=["judicial-record-1"])
    version: int
    national_code: str | None
    name_vi: str
    name_en: str
    description_vi: str
    description_en: str
    deadline: Deadline | None
    channels: list[Named]
    papers: list[ProcedurePaper]
    fees: FeesAnswer
    places: list[Named]
    facts: list[AskedFactAnswer]
    delivery: list[Named]
    auto_accept: bool


class FiledAnswer(Answer):
    """The answer to a submission; the same again for the same key and body."""

    dossier_id: UUID
    code: str = Field(examples=[CODE])
    secret: str = Field(examples=["7K2M9QXA4D"])
    state: str = Field(examples=["submitted"])
    tracking_url: str
    receiving_office: str = Field(examples=["PASC-BR.7"])
    answer_by: datetime


class ExplanationAnswer(Answer):
    """Some days in a row, how many count, and why."""

    from_: date = Field(alias="from")
    to: date
    counts: int | float
    why: str
    why_en: str


class DecisionAnswer(Answer):
    """A dossier after the counter decided. `promised_due_at` null: no date is promised."""

    code: str = Field(examples=[CODE])
    state: str = Field(examples=["accepted"])
    accepted_at: datetime | None
    promised_due_at: datetime | None
    explanation: list[ExplanationAnswer]
    refused_at: datetime | None = None
    reason_code: str | None = None


class WaitingAnswer(Answer):
    """A dossier waiting at the counter. `missing`: papers still to bring; `expired`: past their last day."""

    code: str = Field(examples=[CODE])
    procedure: str
    receiving_office: str
    channel: str
    state: str
    submitted_at: datetime
    answer_by: datetime
    missing: list[str]
    expired: list[str]


class DossierAnswer(Answer):
    """A dossier without a word about whom it concerns."""

    code: str = Field(examples=[CODE])
    dossier_id: UUID
    state: str
    door_state: str
    procedure: str
    version: int
    channel: str
    filed_by: str
    delivery: str
    receiving_office: str
    competent_office: str
    holder: str | None
    submitted_at: datetime
    answer_by: datetime
    accepted_at: datetime | None
    promised_due_at: datetime | None
    due_at: datetime | None
    refused_at: datetime | None
    refused_reason: str | None
    completed_at: datetime | None
    missing: list[str]
    messages: list["MessageAnswer"]


class HolderAnswer(Answer):
    """Who has the dossier in hands."""

    office: str
    name: str = Field(examples=["Công an TP Hà Nội"])
    since: datetime


class ChildAnswer(Answer):
    """The dossier that does a step: who has it, its own date, how it stands. `outcome`: granted, denied."""

    code: str
    office: str
    state: str
    due_at: datetime | None
    completed_at: datetime | None
    outcome: str | None


class StepAnswer(Answer):
    """A step of the way. `state`: waiting, queued, started, declined, done, closed.

    `actor`: the person whose own act it waits for (citizen, householder); null: it is the office's.
    `child`: the dossier that does the step, or did.
    """

    step: str
    title_vi: str
    title_en: str
    office: str
    state: str
    due_at: datetime | None
    done_at: datetime | None
    actor: str | None
    child: ChildAnswer | None


class MessageAnswer(Answer):
    """A message about the dossier: what it told, by which way, what became of it. Never its text."""

    template: str = Field(examples=["submitted"])
    channel: str = Field(examples=["sms"])
    state: str = Field(examples=["delivered"])
    at: datetime


def filed_answer(filed: Filed, own_url: str) -> FiledAnswer:
    """What the filer gets. The address asks for the secret; it never holds it."""
    return FiledAnswer(
        dossier_id=filed.dossier_id,
        code=filed.code,
        secret=filed.secret,
        state=filed.state.value,
        tracking_url=f"{own_url}/t/{filed.link_ref}",
        receiving_office=filed.receiving_office,
        answer_by=filed.answer_by,
    )


def decision_answer(dossier: Dossier) -> DecisionAnswer:
    """What the counter gets."""
    return DecisionAnswer(
        code=dossier.code,
        state=dossier.state.value,
        accepted_at=dossier.accepted_at,
        promised_due_at=dossier.promised_due_at,
        explanation=[ExplanationAnswer.model_validate(line_object(line)) for line in dossier.explanation],
        refused_at=dossier.refused_at,
        reason_code=dossier.refused_reason,
    )


def waiting_answer(dossier: Dossier, today: date) -> WaitingAnswer:
    """A line of a counter's list."""
    return WaitingAnswer(
        code=dossier.code,
        procedure=dossier.procedure,
        receiving_office=dossier.receiving_office,
        channel=dossier.channel,
        state=dossier.state.value,
        submitted_at=dossier.submitted_at,
        answer_by=dossier.answer_by,
        missing=[str(wanted) for wanted in dossier.wanted],
        expired=[paper.type for paper in dossier.expired(today)],
    )


def dossier_answer(shown: Shown) -> DossierAnswer:
    """A dossier for an operator."""
    dossier, where = shown.dossier, shown.standing
    return DossierAnswer(
        code=dossier.code,
        dossier_id=dossier.id,
        state=where.state,
        door_state=dossier.state.value,
        procedure=dossier.procedure,
        version=dossier.version,
        channel=dossier.channel,
        filed_by=dossier.filed_by,
        delivery=dossier.delivery,
        receiving_office=dossier.receiving_office,
        competent_office=dossier.competent_office,
        holder=where.holder.office if where.holder else None,
        submitted_at=dossier.submitted_at,
        answer_by=dossier.answer_by,
        accepted_at=dossier.accepted_at,
        promised_due_at=dossier.promised_due_at,
        due_at=where.due_at,
        refused_at=dossier.refused_at,
        refused_reason=dossier.refused_reason,
        completed_at=where.completed_at,
        missing=[str(wanted) for wanted in dossier.wanted],
        messages=message_answers(shown),
    )


def procedure_answer(procedure: Procedure, catalogue: Catalogue) -> ProcedureAnswer:
    """The first screen of a procedure, as data."""
    vi, en = limit_words(procedure.total)
    total = procedure.total
    return ProcedureAnswer(
        id=procedure.id,
        version=procedure.version,
        national_code=procedure.national_code,
        name_vi=procedure.name_vi,
        name_en=procedure.name_en,
        description_vi=procedure.description.vi,
        description_en=procedure.description.en,
        deadline=Deadline(unit=total.unit.value, amount=total.amount, vi=vi, en=en) if total else None,
        channels=[_named(code, catalogue.channel(code).name) for code in procedure.channels],
        papers=[
            ProcedurePaper(
                type=rule.type,
                form=rule.form,
                vi=rule.name.vi,
                en=rule.name.en,
                required=rule.required,
                required_vi=catalogue.paper_required(rule.required).vi,
                required_en=catalogue.paper_required(rule.required).en,
            )
            for rule in procedure.papers
        ],
        fees=FeesAnswer(
            counter=procedure.fees.counter,
            online=procedure.fees.online,
            before_work_days=procedure.fees.before_work_days,
        ),
        places=[_named(name, catalogue.place_label(name)) for name in procedure.place_names],
        facts=[_fact(catalogue, asked.name, required=asked.required) for asked in procedure.facts],
        delivery=[_named(code, catalogue.delivery_name(code)) for code in procedure.outcome.delivery],
        auto_accept=procedure.auto_accept,
    )


def _fact(catalogue: Catalogue, name: str, *, required: bool) -> AskedFactAnswer:
    fact = catalogue.fact(name)
    return AskedFactAnswer(
        name=name,
        type=fact.type,
        vi=fact.label.vi,
        en=fact.label.en,
        required=required,
        values=list(fact.values),
    )


def _named(code: str, words: Words) -> Named:
    return Named(code=code, vi=words.vi, en=words.en)


def message_answers(shown: Shown) -> list[MessageAnswer]:
    """What was sent about it, and what became of it."""
    return [
        MessageAnswer(template=n.template, channel=n.channel, state=n.state, at=n.at) for n in shown.notices
    ]
