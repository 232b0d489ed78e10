"""Letters by email."""

from services.notification.domain.channels.channel import MessageChannel, RenderInput
from services.notification.domain.rendered_message import RenderedMessage
from services.notification.words import text
from shared.events.contacts import Contact


def _reaches(contact: Contact) -> bool:
    return bool(contact.email)


def _render(draft: RenderInput) -> RenderedMessage:
    language = draft.contact.language
    subject = draft.templates.email_subject(draft.template, draft.facts, language=language)
    letter = draft.letters.render(
        draft.template, subject, draft.facts, language=language, sender=draft.templates.sender
    )
    return RenderedMessage(
        to=str(draft.contact.email), text=letter.text, subject=letter.subject, html=letter.html
    )


EMAIL = MessageChannel("email", label=text("channels.email"), reaches=_reaches, render=_render)
