"""The JSON body of a submission. Invalid fields become errors, the others are kept."""

from collections.abc import Set
from dataclasses import replace
from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    WithJsonSchema,
)

from services.intake.domain.dossier import submission
from services.intake.domain.dossier.submission import CounterRefusal
from services.intake.words import field_error, text
from shared.errors import FieldError
from shared.typed_input import email_address, field_types, id_number, phone
from shared.typed_input import words as typed_words
from shared.typed_input.days import BirthDate, read_birth_date, read_day

EXAMPLE: dict[str, Any] = {
    "procedure": "judicial-record-1",
    "channel": "online",
    "place": {},
    "applicant": {
        "name": text("examples.applicant").vi,
        "sex": "nam",
        "born": "1958-03-01",
        "id_number": "099058770566",
    },
    "contact": {"phone": "+84900000042", "email": "vidu042@example.vn", "language": "vi", "text": "plain"},
    "filed_by": "self",
    "facts": {"for_use": text("examples.use").vi},
    "papers": [{"type": "TOKHAI", "file": "tokhai.pdf", "bytes": 2571264}],
    "delivery": "electronic",
}
"""A realistic body for the API documentation."""


def _empty_to_none(value: Any) -> Any:
    """None for an empty or blank text: an empty entry of a form means no entry."""
    if isinstance(value, str) and not value.strip():
        return None
    return value


def _read_phone(typed: str) -> str | FieldError:
    number = phone.read_phone(typed, field="")
    return number if isinstance(number, FieldError) else number.e164


_EmptyIsNone = BeforeValidator(_empty_to_none)
_Line60 = Annotated[str, Field(max_length=60), field_types.line(60)]
_Line254 = Annotated[str, Field(max_length=254), field_types.line(254)]
ShortText = Annotated[_Line60 | None, _EmptyIsNone]
LongText = Annotated[_Line254 | None, _EmptyIsNone]
PersonName = Annotated[Annotated[str, Field(max_length=254), field_types.name(254)] | None, _EmptyIsNone]
PlaceCode = Annotated[
    str, StringConstraints(max_length=60, strip_whitespace=True, pattern=r"^[^\x00-\x1f\x7f]*$")
]
_Phone = Annotated[str, Field(max_length=phone.LONGEST), field_types.read(_read_phone)]
_Email = Annotated[
    str,
    Field(max_length=email_address.LONGEST),
    field_types.read(lambda typed: email_address.read_email(typed, field="")),
]
_IdNumber = Annotated[
    str,
    Field(max_length=id_number.LONGEST),
    field_types.read(lambda typed: id_number.read_id_number(typed, field="")),
]
PhoneText = Annotated[_Phone | None, _EmptyIsNone]
EmailText = Annotated[_Email | None, _EmptyIsNone]
IdNumberText = Annotated[_IdNumber | None, _EmptyIsNone]
DayText = Annotated[
    date | None, field_types.read_before(lambda typed: read_day(typed, field="")), _EmptyIsNone
]
BirthDateText = Annotated[
    BirthDate | None,
    field_types.read_before(lambda typed: read_birth_date(typed, field="")),
    _EmptyIsNone,
    WithJsonSchema(
        {
            "anyOf": [{"type": "string"}, {"type": "null"}],
            "description": "A day, or the year alone where the papers have no more.",
        }
    ),
]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=False)


class ApplicantBody(_Part):
    """The person the dossier is about."""

    name: PersonName = None
    sex: Literal["nam", "nữ", "khác"] | None = None
    born: BirthDateText = None
    id_number: IdNumberText = None


class ContactBody(_Part):
    """How to reach the person: phone or email, or a letter where an officer files."""

    phone: PhoneText = None
    email: EmailText = None
    language: Literal["vi", "en"] = "vi"
    text: Literal["plain", "short", "full", "voice"] = "plain"
    letter: bool = False


class PaperBody(_Part):
    """A declared paper. `file`: the file name, or `paper` if it was shown at the counter."""

    type: ShortText = None
    form: ShortText = None
    file: LongText = None
    bytes: Annotated[int, Field(ge=1, le=2**40, strict=True)] | None = None
    issued_on: DayText = None
    holder: Literal["self", "spouse", "child", "parent", "other"] | None = None


class VisitBody(_Part):
    """The visit of a mobile team during which the dossier was filed."""

    badge: ShortText = None
    offline: bool = False
    synced_at: datetime | None = None


class ImmediateRefusalBody(_Part):
    """A refusal by the counter (form 03) in the act of filing."""

    reason_code: str = Field(max_length=60)
    text: Annotated[str, field_types.paragraphs(2000)] = Field(default="", max_length=2000)
    rule: Annotated[str, field_types.line(300)] = Field(default="", max_length=300)


class SubmissionBody(_Part):
    """A submission: a line of the samples without `expect`, `submitted_at` and `submission_id`."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "required": ["procedure", "channel", "applicant", "contact", "filed_by", "papers", "delivery"],
            "examples": [EXAMPLE],
        },
    )

    procedure: ShortText = None
    channel: Literal["online", "vneid", "kiosk", "counter", "post", "home", "investor"] | None = None
    place: dict[str, PlaceCode] = {}
    applicant: ApplicantBody = ApplicantBody()
    contact: ContactBody = ContactBody()
    filed_by: Literal["self", "proxy", "officer"] | None = None
    facts: dict[str, Any] = {}
    papers: list[PaperBody] = []
    delivery: ShortText = None
    visit: VisitBody | None = None
    confirmed: list[Literal["duplicate", "too_early", "id_mismatch"]] = Field(default=[], max_length=3)
    refused: ImmediateRefusalBody | None = None


def parse_submission(raw: dict[str, Any]) -> tuple[submission.Submission, tuple[FieldError, ...]]:
    """The submission without its invalid fields, and an error for each of those."""
    try:
        return _to_domain(SubmissionBody.model_validate(raw)), ()
    except ValidationError as error:
        details = error.errors()
    by_path: dict[tuple[int | str, ...], FieldError] = {}
    for detail in details:
        path = _existing_part(raw, tuple(detail["loc"]))
        by_path[path] = _field_error(_path_text(path), detail)
    errors = tuple(by_path.values())
    readable_body = _without_parts(raw, by_path.keys())
    try:
        return _to_domain(SubmissionBody.model_validate(readable_body)), errors
    except ValidationError:
        return submission.Submission(), errors


def _field_error(field: str, detail: Any) -> FieldError:
    """The reader's own error, or ours for an error of pydantic."""
    read = field_types.reader_error(detail)
    if read is not None:
        return replace(read, field=field)
    match detail["type"]:
        case "extra_forbidden":
            return field_error(field, "unknown_field")
        case "string_pattern_mismatch":
            return typed_words.field_error(field, "bad_characters")
        case "string_too_long":
            return typed_words.field_error(field, "too_long", most=detail["ctx"]["max_length"])
        case "too_long":
            return field_error(field, "too_many", most=detail["ctx"]["max_length"])
        case _:
            return field_error(field, "wrong_type")


def _existing_part(raw: Any, location: tuple[int | str, ...]) -> tuple[int | str, ...]:
    """The part of an error's location that exists in the body: pydantic adds names of union branches."""
    path: list[int | str] = []
    for step in location:
        match raw:
            case dict() if step in raw:
                raw = raw[step]
            case list() if isinstance(step, int):
                raw = raw[step]
            case _:
                break
        path.append(step)
    return tuple(path)


def _path_text(path: tuple[int | str, ...]) -> str:
    return ".".join(str(step) for step in path) or "body"


def _without_parts(raw: Any, paths: Set[tuple[int | str, ...]], path: tuple[int | str, ...] = ()) -> Any:
    """A copy of the body without these parts. An item of a list becomes `{}`, so that indexes stay.

    It takes time in proportion to the body, however many parts are left out.
    """
    if isinstance(raw, dict):
        fields: dict[str, Any] = {}
        for name, value in raw.items():
            if (*path, name) not in paths:
                fields[name] = _without_parts(value, paths, (*path, name))
        return fields
    if isinstance(raw, list):
        items: list[Any] = []
        for index, value in enumerate(raw):
            is_left_out = (*path, index) in paths
            items.append({} if is_left_out else _without_parts(value, paths, (*path, index)))
        return items
    return raw


def _to_domain(body: SubmissionBody) -> submission.Submission:
    return submission.Submission(
        procedure=body.procedure,
        channel=body.channel,
        place=body.place,
        applicant=submission.Applicant(**dict(body.applicant)),
        contact=submission.ContactDetails(**body.contact.model_dump()),
        filed_by=body.filed_by,
        facts=body.facts,
        papers=tuple(submission.Paper(**paper.model_dump()) for paper in body.papers),
        delivery=body.delivery,
        visit=submission.CounterVisit(**body.visit.model_dump()) if body.visit else None,
        confirmed=frozenset(body.confirmed),
        refusal=CounterRefusal(**body.refused.model_dump()) if body.refused else None,
    )
