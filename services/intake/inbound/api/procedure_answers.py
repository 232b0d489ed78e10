"""Answers of the HTTP API about procedures."""

from pydantic import Field

from services.intake.domain.dossier.promise import format_first_limit
from shared.catalogue import Catalogue, PaperRule, Procedure
from shared.web.answers.answer import Answer
from shared.words import BilingualText
from shared.worktime import Limit


class NamedCode(Answer):
    """A code with its plain name in both languages."""

    code: str
    vi: str
    en: str


class LimitAnswer(Answer):
    """A legal limit, as unit and amount and as text."""

    unit: str
    amount: float
    vi: str = Field(examples=["10 ngày"])
    en: str


class ProcedurePaper(Answer):
    """A required paper, and in which cases it is required."""

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
    """Fees in đồng. Null: not fixed, ask at the counter (0 is free).

    `before_work_days`: the fee is due within so many working days of acceptance; work starts after it.
    """

    counter: int | None
    online: int | None
    before_work_days: int | None = None


class ProcedureAnswer(Answer):
    """What a citizen needs to know before filing. `deadline` null: no limit is set, no date is promised."""

    id: str = Field(examples=["judicial-record-1"])
    version: int
    national_code: str | None
    name_vi: str
    name_en: str
    description_vi: str
    description_en: str
    deadline: LimitAnswer | None
    channels: list[NamedCode]
    papers: list[ProcedurePaper]
    fees: FeesAnswer
    places: list[NamedCode]
    facts: list[AskedFactAnswer]
    delivery: list[NamedCode]
    auto_accept: bool


def _limit_answer(limit: Limit | None) -> LimitAnswer | None:
    if limit is None:
        return None
    words = format_first_limit(limit)
    return LimitAnswer(unit=limit.unit.value, amount=limit.amount, vi=words.vi, en=words.en)


def procedure_answer(procedure: Procedure, catalogue: Catalogue) -> ProcedureAnswer:
    """The answer for this version of a procedure."""
    return ProcedureAnswer(
        id=procedure.id,
        version=procedure.version,
        national_code=procedure.national_code,
        name_vi=procedure.name_vi,
        name_en=procedure.name_en,
        description_vi=procedure.description.vi,
        description_en=procedure.description.en,
        deadline=_limit_answer(procedure.total),
        channels=[_named_code(code, catalogue.channel(code).name) for code in procedure.channels],
        papers=[_paper_answer(rule, catalogue) for rule in procedure.papers],
        fees=FeesAnswer(
            counter=procedure.fees.counter,
            online=procedure.fees.online,
            before_work_days=procedure.fees.before_work_days,
        ),
        places=[_named_code(name, catalogue.place_label(name)) for name in procedure.place_names],
        facts=[
            _fact_answer(catalogue, question.name, required=question.required) for question in procedure.facts
        ],
        delivery=[_named_code(code, catalogue.delivery_name(code)) for code in procedure.outcome.delivery],
        auto_accept=procedure.auto_accept,
    )


def _paper_answer(rule: PaperRule, catalogue: Catalogue) -> ProcedurePaper:
    required = catalogue.paper_required(rule.required)
    return ProcedurePaper(
        type=rule.type,
        form=rule.form,
        vi=rule.name.vi,
        en=rule.name.en,
        required=rule.required,
        required_vi=required.vi,
        required_en=required.en,
    )


def _fact_answer(catalogue: Catalogue, name: str, *, required: bool) -> AskedFactAnswer:
    fact = catalogue.fact(name)
    return AskedFactAnswer(
        name=name,
        type=fact.type,
        vi=fact.label.vi,
        en=fact.label.en,
        required=required,
        values=list(fact.values),
    )


def _named_code(code: str, words: BilingualText) -> NamedCode:
    return NamedCode(code=code, vi=words.vi, en=words.en)
