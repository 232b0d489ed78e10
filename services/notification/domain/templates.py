"""The texts of the catalogue, checked when they are loaded, and written for one case at a time."""

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
    """The catalogue's texts cannot be used: each fault with its template and field."""

    faults: tuple[str, ...]

    def __str__(self) -> str:
        return "; ".join(self.faults)


@dataclass(frozen=True, slots=True)
class SenderIdentity:
    """What is the same in every text of one city: its public name and its hotline."""

    public_name: str
    hotline: str

    def short_link(self, ref: str) -> str:
        """The short address in a text. It opens a page that asks for the secret, and carries no right."""
        return f"{self.public_name}/t/{ref}"


@dataclass(frozen=True, slots=True)
class MessageTemplates:
    """The texts in force, by template and field. `digest` says which version a message was written from."""

    digest: str
    texts: Mapping[str, Mapping[str, str]]
    sender: SenderIdentity
    silences: Mapping[str, str]

    def silence_reason(self, event: str, filed_through: str | None) -> str | None:
        """Why nothing is said of this event to who filed this way, or None. Each silence has its reason."""
        fact = event.rsplit(".v", 1)[0]
        return self.silences.get(fact) or self.silences.get(f"{fact}.{filed_through}")

    def render_sms(self, template: str, facts: MessageFacts, *, language: str, form: str) -> str:
        """The text for a phone. English has one form; Vietnamese has the three a person chooses from."""
        name = ENGLISH if language == "en" else FORMS.get(form, FORMS["plain"])
        marked = name in (FORMS["short"], FORMS["full"])
        values = template_values(facts, self.sender, marked=marked, english=name == ENGLISH)
        return self.texts[template][name].format_map(values)

    def email_subject(self, template: str, facts: MessageFacts, *, language: str) -> str:
        """The subject of the letter; it never names the procedure."""
        english = language == "en"
        values = template_values(facts, self.sender, marked=not english, english=english)
        return self.texts[template][SUBJECTS.get(language, SUBJECTS["vi"])].format_map(values)


def load_templates(digest: str, content: Mapping[str, Any], sender: SenderIdentity) -> MessageTemplates:
    """The wordbook of a published `messages` item. Raises InvalidTemplates naming every fault at once."""
    by_key = _templates_by_key(content.get("templates", {}))
    faults = [fault for key in VARIABLES for fault in _template_faults(key, by_key.get(key), sender)]
    if faults:
        raise InvalidTemplates(tuple(faults))
    texts = {key: {name: by_key[key][name] for name in FIELDS} for key in VARIABLES}
    return MessageTemplates(digest, texts, sender, dict(content.get("silence", {})))


def template_values(
    facts: MessageFacts, sender: SenderIdentity, *, marked: bool, english: bool = False
) -> dict[str, str]:
    """The variables of one case; names and amounts lose their marks inside an unaccented text."""
    values = {
        "ma": facts.code,
        "mk": facts.code.split("-", 1)[-1],
        "link": sender.short_link(facts.link_ref),
        "tel": sender.hotline,
        "don_vi": facts.office if marked else strip_diacritics(facts.office),
    }
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
    """Papers are counted and not named: what an office writes of them does not fit, nor belong, in a text."""
    papers_words = text("facts.papers", count=facts.wanted_count)
    papers = papers_words.en if english else papers_words.vi
    money = format_money(facts.amount or 0)
    values = {"giay_to": papers, "so_tien": money}
    return values if marked else {name: strip_diacritics(value) for name, value in values.items()}


def template_variables(text: str) -> Sequence[str]:
    """The names in a text; ValueError for anything that is more than a name in braces."""
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
    return templates if isinstance(templates, Mapping) else {row["key"]: row for row in templates}


def _template_faults(key: str, row: Mapping[str, str] | None, sender: SenderIdentity) -> list[str]:
    if row is None:
        return [f"messages: template {key} is missing"]
    return [
        f"messages: {key}.{name}: {fault}"
        for name in FIELDS
        for fault in _field_faults(row.get(name), name, VARIABLES[key], sender)
    ]


def _field_faults(text: str | None, name: str, allowed: frozenset[str], sender: SenderIdentity) -> list[str]:
    if not text:
        return ["is missing"]
    try:
        unknown_names = sorted(set(template_variables(text)) - allowed)
    except ValueError as error:
        return [str(error)]
    if unknown_names:
        return [f"unknown variable {', '.join(unknown_names)}"]
    return _length_faults(text, name, sender)


def _length_faults(text: str, name: str, sender: SenderIdentity) -> list[str]:
    """Measured as sent, with the longest values that occur: stripping a mark too few costs a segment."""
    if name in SUBJECTS.values():
        return []
    marked = name in (FORMS["short"], FORMS["full"])
    longest = LONGEST if marked else {key: strip_diacritics(value) for key, value in LONGEST.items()}
    values = {**longest, "link": sender.short_link(LINK_REF), "tel": sender.hotline}
    length = measure_sms(text.format_map(values))
    return [] if _is_short_enough(length, name) else [f"{length.units} units of {length.encoding}, too long"]


def _is_short_enough(length: SmsLength, name: str) -> bool:
    if name == FORMS["full"]:
        return length.segments <= 3
    if name == FORMS["short"]:
        return length.segments == 1
    return length.encoding == GSM7 and length.segments == 1
