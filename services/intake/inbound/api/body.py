"""The JSON body of a submission. Invalid fields become errors, the others are kept."""

from collections.abc import Set
from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, ValidationError

from services.intake.domain.dossier import submission
from services.intake.domain.dossier.submission import CounterRefusal
from services.intake.words import field_error, text
from shared.errors import FieldError

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


def _require_iso_date(value: Any) -> Any:
    """Reject numbers, which pydantic would take as a timestamp. Raises ValueError."""
    if isinstance(value, str | date | None):
        return value
    raise ValueError("a date is written YYYY-MM-DD")


def _empty_to_none(value: Any) -> Any:
    """None for an empty or blank text: an empty entry of a form means no entry."""
    if isinstance(value, str) and not value.strip():
        return None
    return value


_CLEAN = r"^[^\x00-\x1f\x7f]*$"
_Bounded60 = Annotated[str, StringConstraints(max_length=60, strip_whitespace=True, pattern=_CLEAN)]
_Bounded254 = Annotated[str, StringConstraints(max_length=254, strip_whitespace=True, pattern=_CLEAN)]
ShortText = Annotated[_Bounded60 | None, BeforeValidator(_empty_to_none)]
LongText = Annotated[_Bounded254 | None, BeforeValidator(_empty_to_none)]
PlaceCode = _Bounded60
DateText = Annotated[date | None, BeforeValidator(_require_iso_date), BeforeValidator(_empty_to_none)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=False)


class ApplicantBody(_Part):
    """The person the dossier is about."""

    name: LongText = None
    sex: Literal["nam", "nữ", "khác"] | None = None
    born: DateText = None
    id_number: ShortText = None


class ContactBody(_Part):
    """How to reach the person: phone or email, or a letter where an officer files."""

    phone: ShortText = None
    email: LongText = None
    language: Literal["vi", "en"] = "vi"
    text: Literal["plain", "short", "full", "voice"] = "plain"
    letter: bool = False


class PaperBody(_Part):
    """A declared paper. `file`: the file name, or `paper` if it was shown at the counter."""

    type: ShortText = None
    form: ShortText = None
    file: LongText = None
    bytes: Annotated[int, Field(ge=1, le=2**40, strict=True)] | None = None
    issued_on: DateText = None
    holder: Literal["self", "spouse", "child", "parent", "other"] | None = None


class VisitBody(_Part):
    """The visit of a mobile team during which the dossier was filed."""

    badge: ShortText = None
    offline: bool = False
    synced_at: datetime | None = None


class ImmediateRefusalBody(_Part):
    """A refusal by the counter (form 03) in the act of filing."""

    reason_code: str = Field(max_length=60)
    text: str = Field(default="", max_length=2000, pattern=r"^[^\x00]*$")
    rule: str = Field(default="", max_length=300, pattern=r"^[^\x00]*$")


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
    confirmed: list[Literal["duplicate", "too_early"]] = Field(default=[], max_length=2)
    refused: ImmediateRefusalBody | None = None


ERROR_CODES = {"extra_forbidden": "unknown_field", "string_pattern_mismatch": "bad_characters"}
"""Our code by pydantic's type of error; `wrong_type` for every other."""


def parse_submission(raw: dict[str, Any]) -> tuple[submission.Submission, tuple[FieldError, ...]]:
    """The submission without its invalid fields, and an error for each of those."""
    try:
        return _to_domain(SubmissionBody.model_validate(raw)), ()
    except ValidationError as error:
        details = error.errors()
    codes: dict[tuple[int | str, ...], str] = {}
    for detail in details:
        path = _existing_part(raw, tuple(detail["loc"]))
        codes[path] = ERROR_CODES.get(str(detail["type"]), "wrong_type")
    errors = tuple(field_error(_path_text(path), code) for path, code in codes.items())
    readable_body = _without_parts(raw, codes.keys())
    try:
        return _to_domain(SubmissionBody.model_validate(readable_body)), errors
    except ValidationError:
        return submission.Submission(), errors


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
        applicant=submission.Applicant(**body.applicant.model_dump()),
        contact=submission.ContactDetails(**body.contact.model_dump()),
        filed_by=body.filed_by,
        facts=body.facts,
        papers=tuple(submission.Paper(**paper.model_dump()) for paper in body.papers),
        delivery=body.delivery,
        visit=submission.CounterVisit(**body.visit.model_dump()) if body.visit else None,
        confirmed=frozenset(body.confirmed),
        refusal=CounterRefusal(**body.refused.model_dump()) if body.refused else None,
    )
