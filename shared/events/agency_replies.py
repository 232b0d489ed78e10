"""`agency.<party>.replies`: replies of a party about its tasks."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import AliasChoices, AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from shared.events.agency import OLD_REPLY_TYPES, REPLY_TYPES, WITHOUT_NUL
from shared.events.reading import (
    invalid_from_validation,
    invalid_record,
    parse_json,
    parse_key,
    parse_time,
    refuse_envelope,
)
from shared.events.wire.attributes import is_old_form, short_type, wire_type, wire_types
from shared.events.wire.old_form import is_envelope
from shared.events.words import text
from shared.outcomes import StepOutcome
from shared.typed_input import field_types

Line = Annotated[
    str, Field(min_length=1, max_length=300, pattern=WITHOUT_NUL), field_types.line(300, shortest=1)
]
"""A short text, as a defect, a name or a rule, without personal data."""


class RequestFields(BaseModel):
    """Fields of a reply beside its reason. All are optional; the rules check which ones a reply needs."""

    model_config = ConfigDict(extra="ignore", frozen=True)
    items: tuple[Line, ...] = Field(default=(), max_length=50)
    answer_by: AwareDatetime | None = Field(
        default=None, validation_alias=AliasChoices("answer_by", "pay_by")
    )
    basis: Line | None = None
    approved_by: Line | None = None
    amount: int | None = Field(default=None, ge=0, le=10**12)
    rule: Line | None = None
    days: int | None = Field(default=None, ge=0, le=1000)
    offices: tuple[Line, ...] = Field(default=(), max_length=50)
    found: tuple[Line, ...] = Field(default=(), max_length=50)
    meet_at: AwareDatetime | None = None


NOTHING_ASKED = RequestFields()


class ReplyData(RequestFields):
    task_id: UUID
    office: str = Field(min_length=1, max_length=80, pattern=WITHOUT_NUL)
    outcome: StepOutcome | None = None
    reason: (
        Annotated[str, Field(max_length=2000, pattern=WITHOUT_NUL), field_types.paragraphs(2000)] | None
    ) = Field(default=None, validation_alias=AliasChoices("reason", "defect", "question", "answer"))


class DossierOfReply(BaseModel):
    """The dossier that a reply is about, as its task names it."""

    model_config = ConfigDict(extra="ignore")
    dossier_id: UUID


class ReplyBody(ReplyData, DossierOfReply):
    """The value of a reply: its data, behind the dossier."""


class OldReplyBody(DossierOfReply):
    """The value of a reply in the form before."""

    data: ReplyData


@dataclass(frozen=True, slots=True)
class AgencyReply:
    """A party's reply. `stated_at`: the time that the party gives; the city's own time of receipt counts.

    `is_old_form`: written as before types had their prefix.
    """

    id: str
    type: str
    party: str
    root: UUID
    dossier_id: UUID
    task_id: UUID
    office: str
    outcome: StepOutcome | None
    reason: str | None
    stated_at: datetime
    asked: RequestFields = NOTHING_ASKED
    is_old_form: bool = False
    topic: str = ""
    partition: int = -1
    offset: int = -1


def parse_reply(
    *, party: str, key: bytes | None, value: bytes | None, head: Mapping[str, str]
) -> AgencyReply:
    """Parse a reply from its record. Raises InvalidRecord."""
    for name in ("ce_specversion", "ce_id", "ce_type", "ce_source", "ce_subject", "ce_time"):
        if not head.get(name):
            raise invalid_record("missing_header", name, text("records.send_header", name=name))
    kind = _reply_type(head["ce_type"])
    if head["ce_source"] != f"/party/{party}":
        raise invalid_record("wrong_source", "ce_source", text("records.write_party", party=party))
    subject = parse_key(key, head)
    try:
        root = UUID(subject)
        stated_at = parse_time(head)
        dossier_id, data = _dossier_and_data(parse_json(value), head["ce_type"])
    except ValidationError as error:
        raise invalid_from_validation(error) from None
    except ValueError:
        raise invalid_record("bad_subject", "ce_subject", text("records.repeat_subject")) from None
    if len(head["ce_id"]) > 200 or "\x00" in head["ce_id"]:
        raise invalid_record("bad_field", "ce_id", text("records.shorter_id"))
    return AgencyReply(
        id=head["ce_id"],
        type=kind,
        party=party,
        root=root,
        dossier_id=dossier_id,
        task_id=data.task_id,
        office=data.office,
        outcome=data.outcome,
        reason=data.reason,
        stated_at=stated_at,
        asked=data,
        is_old_form=is_old_form(head["ce_type"]),
    )


def _reply_type(ce_type: str) -> str:
    """The short name of a reply's type. Raises InvalidRecord."""
    if is_old_form(ce_type):
        kind = OLD_REPLY_TYPES.get(ce_type)
    else:
        kind = short_type(ce_type)
    if kind not in REPLY_TYPES:
        raise invalid_record(
            "unknown_type", "ce_type", text("records.use_one_of", types=wire_types(REPLY_TYPES))
        )
    return kind


def _dossier_and_data(document: dict[str, Any], ce_type: str) -> tuple[UUID, ReplyData]:
    """The dossier and the data of a value in the form that its type says.

    Raises ValidationError, and InvalidRecord for a type of one form with a value of the other.
    """
    if not is_old_form(ce_type):
        refuse_envelope(document, ce_type)
        body = ReplyBody.model_validate(document)
        return body.dossier_id, body
    if "task_id" in document and not is_envelope(document):
        new_type = wire_type(OLD_REPLY_TYPES[ce_type])
        raise invalid_record("mixed_form", "ce_type", text("records.type_of_today", type=new_type))
    old_body = OldReplyBody.model_validate(document)
    return old_body.dossier_id, old_body.data
