"""The message templates of the catalogue: checks when they are loaded, and rendering."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from services.notification.domain.facts import (
    MessageFacts,
    format_date,
    format_money,
    format_short_date,
    format_time,
)
from services.notification.words import text
from shared.catalogue.texts.message_check import compose_texts, message_errors
from shared.catalogue.texts.message_contract import (
    ENGLISH_FORM,
    FALLBACKS,
    FIELDS,
    SMS_FIELDS,
    SUBJECTS,
    TEMPLATE_VARIABLES,
    VIETNAMESE_FORMS,
)
from shared.words.diacritics import strip_diacritics


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
        """The text message. Vietnamese has three forms (plain, short, full), English has one.

        Raises KeyError for an unknown language or form.
        """
        name = SMS_FIELDS[language, form]
        marked = name in (VIETNAMESE_FORMS["short"], VIETNAMESE_FORMS["full"])
        values = template_values(facts, self.sender, marked=marked, english=name == ENGLISH_FORM)
        return self.texts[template][name].format_map(values)

    def email_subject(self, template: str, facts: MessageFacts, *, language: str) -> str:
        """The subject of the email; it never names the procedure. Raises KeyError for an unknown language."""
        name = SUBJECTS[language]
        english = language == "en"
        values = template_values(facts, self.sender, marked=not english, english=english)
        return self.texts[template][name].format_map(values)


def check_templates(content: Mapping[str, Any]) -> tuple[str, ...]:
    """All that is wrong with a `messages` item, with its place, as `motcua catalogue check` says it."""
    return tuple(f"{'.'.join(path)}: {fault}" for path, fault in message_errors(compose_texts(content)))


def load_templates(digest: str, content: Mapping[str, Any], sender: SenderIdentity) -> MessageTemplates:
    """The templates of a `messages` item that was checked when it came. Raises InvalidTemplates.

    An item of an earlier release has what that release needed, which is more than is checked here.
    """
    content = compose_texts(content)
    texts: dict[str, Mapping[str, str]] = {}
    faults: list[str] = []
    for key in TEMPLATE_VARIABLES:
        try:
            templates = content["templates"]
            template = templates.get(key) or templates[FALLBACKS.get(key, key)]
            texts[key] = {name: template[name] for name in FIELDS}
        except (KeyError, TypeError, AttributeError):
            faults.append(f"templates.{key}: is missing")
    if faults:
        raise InvalidTemplates(tuple(faults))
    return MessageTemplates(digest, texts, sender, dict(content.get("silence") or {}))


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
