"""A letter as mail programs want it: plain text first, the same as HTML beside it."""

from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from uuid import UUID

from services.notification.domain.rendered_message import RenderedMessage
from services.notification.words import text
from shared.clock import machine_now

SENDER_NAME = text("letters.sender").vi


def build_email(id: UUID, content: RenderedMessage, sender: str) -> EmailMessage:
    """The mail of one message; its Message-ID is the message's own id, so that a double would show."""
    name, _, domain = sender.partition("@")
    mail = EmailMessage(policy=SMTP)
    mail["From"] = Address(SENDER_NAME, name, domain)
    mail["To"] = content.to
    mail["Subject"] = content.subject or ""
    mail["Date"] = format_datetime(machine_now())
    mail["Message-ID"] = f"<{id}@{domain}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(content.text)
    if content.html:
        mail.add_alternative(content.html, subtype="html")
    return mail
