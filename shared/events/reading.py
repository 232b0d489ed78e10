"""Decoding of events from records, with the invalid field in case of an error."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NamedTuple
from uuid import UUID

import orjson
from pydantic import AwareDatetime, TypeAdapter, ValidationError

from shared.events.body import Body
from shared.events.envelope import CommonFields, Event, decode_data, own_names
from shared.events.wire import old_form
from shared.events.wire.attributes import SEQUENCE, is_old_form, sequence_of, short_type, trace_of
from shared.events.words import text
from shared.words import BilingualText
from shared.words.expected import CHOICE_ERRORS, expected_words

Place = tuple[str, int, int]
"""Topic, partition, offset."""
NOWHERE: Place = ("", -1, -1)
WRONG_FIELD = text("records.wrong_field")
WRONG_HEADER = text("records.wrong_header")
_TIME = TypeAdapter(AwareDatetime)
_COMMON = TypeAdapter(CommonFields)


@dataclass(eq=False)
class InvalidRecord(Exception):
    """A record that does not match its topic's contract: problem, field and remedy."""

    code: str
    field: str
    en: str
    vi: str

    def __str__(self) -> str:
        return f"{self.code} at {self.field}: {self.en}"


@dataclass(frozen=True, kw_only=True)
class _Envelope(CommonFields):
    """A value in the form before, with the data inside."""

    data: dict[str, Any]
    causation_id: str | None = None


_ENVELOPE = TypeAdapter(_Envelope)


def parse_time(head: Mapping[str, str]) -> datetime:
    """Parse the record's `ce_time`, with an offset. Raises InvalidRecord."""
    try:
        at = _TIME.validate_python(head["ce_time"])
        at.astimezone(UTC)  # overflows in the first and last year
        return at
    except (ValidationError, OverflowError):
        raise invalid_record("bad_header", "ce_time", text("records.write_rfc3339")) from None


def decode_headers(raw: Iterable[tuple[str, bytes | None]]) -> dict[str, str]:
    """Decode the headers. Raises InvalidRecord for one that is not UTF-8, or a duplicate."""
    headers: dict[str, str] = {}
    for name, value in raw:
        if "\ufffd" in name:
            raise invalid_record("header_not_utf8", "headers", text("records.header_names_in_utf8"))
        if (lower_name := name.lower()) in headers and lower_name.startswith("ce_"):
            raise invalid_record("header_twice", lower_name, text("records.header_once"))
        try:
            headers[lower_name] = (value or b"").decode()
        except UnicodeDecodeError:
            raise invalid_record("header_not_utf8", name, text("records.header_in_utf8")) from None
    return headers


def parse_event(
    *,
    key: bytes | None,
    value: bytes | None,
    head: Mapping[str, str],
    model: type[Body],
    source: str,
    place: Place = NOWHERE,
) -> Event:
    """Parse one of our events from its record. Raises InvalidRecord."""
    subject = parse_key(key, head)
    if head.get("ce_source") != source:
        raise invalid_record("wrong_source", "ce_source", text("records.other_source", source=source))
    seq = sequence_of(head.get)
    if seq is None:
        raise invalid_record("bad_header", SEQUENCE, text("records.count_in_digits"))
    try:
        parts = _parts(parse_json(value), head, model)
        return Event(
            id=UUID(head["ce_id"]),
            type=short_type(head["ce_type"]),
            source=source,
            key=subject,
            time=parse_time(head),
            seq=seq,
            data=parts.data,
            actor=parts.common.actor,
            dossier_id=parts.common.dossier_id,
            procedure=parts.common.procedure,
            channel=parts.common.channel,
            causation_id=parts.causation_id,
            traceparent=trace_of(head.get),
            topic=place[0],
            partition=place[1],
            offset=place[2],
            value=value or b"",
        )
    except KeyError as missing:
        raise invalid_record(
            "missing_header", str(missing.args[0]), text("records.send_this_header")
        ) from None
    except ValidationError as error:
        raise invalid_from_validation(error) from None
    except ValueError as error:
        raise invalid_record(
            "bad_header", "ce_id", BilingualText(WRONG_HEADER.vi, str(error)[:200])
        ) from None


class _Parts(NamedTuple):
    common: CommonFields
    data: Body
    causation_id: str | None


def _parts(document: dict[str, Any], head: Mapping[str, str], model: type[Body]) -> _Parts:
    """The parts of a value, in the form that its `ce_type` says. Raises InvalidRecord or ValidationError."""
    if is_old_form(head["ce_type"]):
        envelope = _ENVELOPE.validate_python(document)
        return _Parts(envelope, _old_data(model, envelope.data), envelope.causation_id)
    refuse_envelope(document, head["ce_type"])
    common = document
    if type_names := own_names(model):
        common = {name: value for name, value in document.items() if name not in type_names}
    return _Parts(_COMMON.validate_python(common), decode_data(model, document), head.get("ce_causationid"))


def _old_data(model: type[Body], raw: dict[str, Any]) -> Body:
    try:
        return decode_data(model, old_form.upgraded(raw))
    except ValidationError as error:
        raise invalid_from_validation(error, "data.") from None


def refuse_envelope(document: Mapping[str, Any], ce_type: str) -> None:
    """Raise InvalidRecord for an envelope of the form before beside a type of today's."""
    if old_form.is_envelope(document):
        raise invalid_record("mixed_form", "data", text("records.without_envelope", type=ce_type))


def parse_json(value: bytes | None) -> dict[str, Any]:
    """Parse the value as a JSON object. Raises InvalidRecord."""
    if value is None:
        raise invalid_record("null_value", "value", text("records.empty_value"))
    try:
        body = orjson.loads(value)
    except (orjson.JSONDecodeError, RecursionError):
        raise invalid_record("not_json", "value", text("records.not_json")) from None
    if not isinstance(body, dict):
        raise invalid_record("not_an_object", "value", text("records.not_an_object"))
    return body


def invalid_from_validation(error: ValidationError, prefix: str = "") -> InvalidRecord:
    """The error of the first invalid field. `prefix`: the part of the value that was validated."""
    first = error.errors(include_url=False, include_input=False)[0]
    path = ".".join(str(part) for part in first["loc"]) or "value"
    if first["type"] in CHOICE_ERRORS:
        words = expected_words(first.get("ctx", {}).get("expected", ""))
        return invalid_record("bad_field", f"{prefix}{path}", text("records.one_of", words=words))
    return invalid_record("bad_field", f"{prefix}{path}", BilingualText(WRONG_FIELD.vi, first["msg"][:200]))


def invalid_record(code: str, field: str, remedy: BilingualText) -> InvalidRecord:
    """An InvalidRecord with a remedy in both languages."""
    return InvalidRecord(code=code, field=field, en=remedy.en, vi=remedy.vi)


def parse_key(key: bytes | None, head: Mapping[str, str]) -> str:
    """Decode the record's key, which must equal its ce_subject. Raises InvalidRecord."""
    if key is None:
        raise invalid_record("no_key", "key", text("records.key_missing"))
    try:
        subject = key.decode()
    except UnicodeDecodeError:
        raise invalid_record("key_not_utf8", "key", text("records.key_in_utf8")) from None
    if subject != head.get("ce_subject"):
        raise invalid_record("wrong_key", "key", text("records.key_repeats_subject"))
    return subject
