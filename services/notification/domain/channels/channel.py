"""What a channel is: whom it reaches, what it says, and how long that is."""

from collections.abc import Callable
from dataclasses import dataclass

from services.notification.domain.email import EmailTemplates
from services.notification.domain.facts import MessageFacts
from services.notification.domain.rendered_message import RenderedMessage
from services.notification.domain.segments import SmsLength
from services.notification.domain.templates import MessageTemplates
from shared.events.contacts import Contact
from shared.words import BilingualText


@dataclass(frozen=True, slots=True)
class RenderInput:
    """What a channel renders from: a template's name, its facts, and the texts and letters in force."""

    template: str
    facts: MessageFacts
    contact: Contact
    templates: MessageTemplates
    letters: EmailTemplates

    @property
    def sms_text(self) -> str:
        """The text for a phone, in the language and form that the person chose."""
        contact = self.contact
        return self.templates.render_sms(
            self.template, self.facts, language=contact.language, form=contact.text
        )


def without_length(_: str) -> SmsLength | None:
    """Nobody bills this channel by length."""
    return None


@dataclass(frozen=True, slots=True)
class MessageChannel:
    """One way to reach a person.

    `name` stands in tables, in settings and on `notification.results`; `label` is what an operator reads.
    `gives_receipts`: the carrier reports later whether a message arrived. Without receipts, a message that
    the carrier took stays `sent`. `local_only`: it shows what citizens read to others, and serves trials.
    """

    name: str
    label: BilingualText
    reaches: Callable[[Contact], bool]
    render: Callable[[RenderInput], RenderedMessage]
    measure: Callable[[str], SmsLength | None] = without_length
    gives_receipts: bool = False
    local_only: bool = False
