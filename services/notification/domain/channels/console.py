"""What citizens would read on their phones, in the service's own log: for runs without phones."""

from services.notification.domain.channels.channel import MessageChannel, RenderInput
from services.notification.domain.rendered_message import RenderedMessage
from services.notification.words import text
from shared.events.contacts import Contact


def _reaches(_: Contact) -> bool:
    """Everybody, also those who left no phone and no email."""
    return True


def _render(draft: RenderInput) -> RenderedMessage:
    contact = draft.contact
    return RenderedMessage(to=contact.phone or contact.email or "", text=draft.sms_text)


CONSOLE = MessageChannel(
    "console",
    label=text("channels.console"),
    reaches=_reaches,
    render=_render,
    local_only=True,
)
