"""The message templates of the catalogue: checks when they are loaded, and rendering."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from string import Formatter
from typing import Any

from services.notification.domain import message
from services.notification.domain.facts import (
    MessageFacts,
    format_date,
    format_money,
    format_short_date,
    format_time,
)
from services.notification.domain.segments import GSM7, SmsLength, measure_sms
from services.notification.words import text
from shared.words.diacritics import strip_diacritics

FORMS = {"plain": "sms_vi_plain", "short": "sms_vi_short", "full": "sms_vi_full"}
ENGLISH = "sms_en"
SUBJECTS = {"vi": "email_subject_vi", "en": "email_subject_en"}
FIELDS = (*FORMS.values(), ENGLISH, *SUBJECTS.values())
LINK_REF = "7K2M9QXA"
ALWAYS = frozenset({"ma", "mk", "link", "tel", "don_vi"})
DATED = frozenset({"gio", "ngay", "n5", "hen", "h5"})
VARIABLES: Mapping[str, frozenset[str]] = {
    message.SUBMITTED: ALWAYS,
    message.ANSWER_LATE: ALWAYS | {"ngay", "n5"},
    message.ACCEPTED: ALWAYS | DATED,
    message.ACCEPTED_UNDATED: ALWAYS | {"gio", "ngay", "n5"},
    message.REFUSED: ALWAYS,
    message.COMPLETED: ALWAYS,
    message.COMPLETED_IN_PART: ALWAYS,
    message.DATE_MOVED: ALWAYS | DATED,
    message.SUPPLEMENT: ALWAYS | {"giay_to", "ngay", "n5"},
    message.PAYMENT: ALWAYS | {"so_tien", "ngay", "n5"},
    message.WITHDRAWAL: ALWAYS,
    message.REQUEST_DECLINED: ALWAYS,
    message.STOPPED: ALWAYS,
    message.EXTENDED: ALWAYS | DATED,
    message.OVERDUE: ALWAYS | {"hen", "h5"},
    message.REMINDER: ALWAYS | {"ngay", "n5"},
    message.YOUR_TURN: ALWAYS | {"ngay", "n5"},
    message.APPOINTMENT: ALWAYS | {"gio", "ngay", "n5"},
}
LONGEST = {
    "ma": "H26.103.25.7-250908-011234",
    "mk": "250908-0112",
    "gio": "14:30",
    "ngay": "25/11/2026",
    "hen": "30/11/2026",
    "n5": "25/11",
    "h5": "30/11",
    "don_vi": text("longest_values.office").vi,
    "giay_to": text("longest_values.paper").vi,
    "so_tien": format_money(125_000_000),
}


@dataclass(eq=False)
class InvalidTemplates(Exception):
    """The catalogue's templates are invalid. `faults`: each names its template and field."""

    faults: tuple[str, ...]

    def __str__(self) -> str:
        return "; ".join(self.faults)


@dataclass(frozen=True, slots=True)
class SenderIdentity:
    """The city's public name and hotline, which every message contains."""

    public_name: str
    hotline: str

    def short_link(self, ref: str) -> str:
        """The short address in a text. It opens a page that asks for the secret."""
        return f"{self.public_name}/t/{ref}"


@dataclass(frozen=True, slots=True)
class MessageTemplates:
    """The templates in force, by key and field. `digest`: their version; `silences`: reason by event."""

    digest: str
    texts: Mapping[str, Mapping[str, str]]
    sender: SenderIdentity
    silences: Mapping[str, str]

    def silence_reason(self, event: str, filed_through: str | None) -> str | None:
        """Why no message is sent about this event for dossiers of this channel; None if one is."""
        fact = event.rsplit(".v", 1)[0]
        return self.silences.get(fact) or self.silences.get(f"{fact}.{filed_through}")

    def render_sms(self, template: str, facts: MessageFacts, *, language: str, form: str) -> str:
        """The text message. Vietnamese has three forms (plain, short, full), English has one."""
        name = FORMS.get(form, FORMS["plain"])
        if language == "en":
            name = ENGLISH
        marked = name in (FORMS["short"], FORMS["full"])
        values = template_values(facts, self.sender, marked=marked, english=name == ENGLISH)
        return self.texts[template][name].format_map(values)

    def email_subject(self, template: str, facts: MessageFacts, *, language: str) -> str:
        """The subject of the email; it never names the procedure."""
        english = language == "en"
        values = template_values(facts, self.sender, marked=not english, english=english)
        name = SUBJECTS.get(language, SUBJECTS["vi"])
        return self.texts[template][name].format_map(values)


def load_templates(digest: str, content: Mapping[str, Any], sender: SenderIdentity) -> MessageTemplates:
    """The templates of a published `messages` item. Raises InvalidTemplates with all faults."""
    by_key = _templates_by_key(content.get("templates", {}))
    faults: list[str] = []
    for key in VARIABLES:
        faults += _template_faults(key, by_key.get(key), sender)
    if faults:
        raise InvalidTemplates(tuple(faults))
    texts: dict[str, Mapping[str, str]] = {}
    for key in VARIABLES:
        texts[key] = {name: by_key[key][name] for name in FIELDS}
    return MessageTemplates(digest, texts, sender, dict(content.get("silence", {})))


def template_values(
    facts: MessageFacts, sender: SenderIdentity, *, marked: bool, english: bool = False
) -> dict[str, str]:
    """The variables of a template. Without `marked`, names and amounts lose their diacritics."""
    values = {
        "ma": facts.code,
        "mk": facts.code.split("-", 1)[-1],
        "link": sender.short_link(facts.link_ref),
        "tel": sender.hotline,
        "don_vi": facts.office if marked else strip_diacritics(facts.office),
    }
    if facts.answer_by:
        values |= {"ngay": format_date(facts.answer_by), "n5": format_short_date(facts.answer_by)}
    if facts.accepted_at:
        at = facts.accepted_at
        values |= {"gio": format_time(at), "ngay": format_date(at), "n5": format_short_date(at)}
    if facts.due_at:
        values |= {"hen": format_date(facts.due_at), "h5": format_short_date(facts.due_at)}
    if facts.moved_from:
        values |= {"ngay": format_date(facts.moved_from), "n5": format_short_date(facts.moved_from)}
    if facts.wanted_by:
        values |= {"ngay": format_date(facts.wanted_by), "n5": format_short_date(facts.wanted_by)}
        values["gio"] = format_time(facts.wanted_by)
        values |= _owed_values(facts, marked=marked, english=english)
    return values


def _owed_values(facts: MessageFacts, *, marked: bool, english: bool) -> dict[str, str]:
    """Papers are counted, not named: their names do not fit into a text message."""
    papers_words = text("facts.papers", count=facts.wanted_count)
    papers = papers_words.en if english else papers_words.vi
    money = format_money(facts.amount or 0)
    if not marked:
        papers = strip_diacritics(papers)
        money = strip_diacritics(money)
    return {"giay_to": papers, "so_tien": money}


def template_variables(text: str) -> Sequence[str]:
    """The variables in a template. Raises ValueError for anything but a plain name in braces."""
    names: list[str] = []
    for _, name, spec, conversion in Formatter().parse(text):
        if name is None:
            continue
        if not name.isidentifier() or spec or conversion:
            raise ValueError(f"{{{name}}} is not a plain variable")
        names.append(name)
    return names


def _templates_by_key(
    templates: Mapping[str, Any] | Sequence[Mapping[str, Any]],
) -> Mapping[str, Mapping[str, str]]:
    if isinstance(templates, Mapping):
        return templates
    return {row["key"]: row for row in templates}


def _template_faults(key: str, row: Mapping[str, str] | None, sender: SenderIdentity) -> list[str]:
    if row is None:
        return [f"messages: template {key} is missing"]
    faults: list[str] = []
    for name in FIELDS:
        fault = _field_fault(row.get(name), name, VARIABLES[key], sender)
        if fault is not None:
            faults.append(f"messages: {key}.{name}: {fault}")
    return faults


def _field_fault(text: str | None, name: str, allowed: frozenset[str], sender: SenderIdentity) -> str | None:
    if not text:
        return "is missing"
    try:
        unknown_names = sorted(set(template_variables(text)) - allowed)
    except ValueError as error:
        return str(error)
    if unknown_names:
        return f"unknown variable {', '.join(unknown_names)}"
    return _length_fault(text, name, sender)


def _length_fault(text: str, name: str, sender: SenderIdentity) -> str | None:
    """Measure the text with the longest values that occur, encoded as it is sent."""
    if name in SUBJECTS.values():
        return None
    values = dict(LONGEST)
    if name not in (FORMS["short"], FORMS["full"]):
        values = {key: strip_diacritics(value) for key, value in LONGEST.items()}
    values |= {"link": sender.short_link(LINK_REF), "tel": sender.hotline}
    length = measure_sms(text.format_map(values))
    if _is_short_enough(length, name):
        return None
    return f"{length.units} units of {length.encoding}, too long"


def _is_short_enough(length: SmsLength, name: str) -> bool:
    if name == FORMS["full"]:
        return length.segments <= 3
    if name == FORMS["short"]:
        return length.segments == 1
    return length.encoding == GSM7 and length.segments == 1
