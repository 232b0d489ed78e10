"""Texts on the phone."""

from services.notification.domain.channels.channel import MessageChannel, RenderInput
from services.notification.domain.rendered_message import RenderedMessage
from services.notification.domain.segments import measure_sms
from services.notification.words import text
from shared.events.contacts import Contact


def _reaches(contact: Contact) -> bool:
    """Who asked for a call gets no text."""
    return bool(contact.phone) and contact.text != "voice"


def _render(draft: RenderInput) -> RenderedMessage:
    return RenderedMessage(to=str(draft.contact.phone), text=draft.sms_text)


SMS = MessageChannel(
    "sms",
    label=text("channels.sms"),
    reaches=_reaches,
    render=_render,
    measure=measure_sms,
    gives_receipts=True,
)
