"""Notices whose person can now be reached become messages: one a channel, worded and sealed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

import asyncpg

from services.notification.domain import message as rules
from services.notification.domain.channels.channel import MessageChannel, RenderInput
from services.notification.domain.channels.registry import ALWAYS_ON, delivery_channels
from services.notification.domain.email import EmailTemplates
from services.notification.domain.expiry import expires_at
from services.notification.domain.templates import MessageTemplates
from services.notification.store import messages, notices, published_states
from services.notification.store.messages import Message
from services.notification.store.notices import Notice
from services.notification.usecases.message_encryption import encrypt_message
from services.notification.usecases.plan_messages import silence_audit_line
from services.notification.usecases.publish_transitions import MessageTransition, publish_transitions
from services.notification.usecases.reconcile import restore_states
from services.notification.usecases.template_cache import TemplateCache
from shared.db.transaction import Tx, city_now, transaction
from shared.events.contacts import Contact, contact_aad
from shared.events.identifiers import uuid7
from shared.security import audit_chain
from shared.security.keyring import Keyring
from shared.security.seal import decrypt_field


@dataclass(frozen=True, slots=True)
class RenderContext:
    """What rendering needs beside the database: keys, texts and letters, the channels switched on."""

    keyring: Keyring
    templates: TemplateCache
    letters: EmailTemplates
    channels: Sequence[str] = ALWAYS_ON


@dataclass(frozen=True, slots=True)
class RenderResult:
    """What became of one notice: its messages, or the reason for none."""

    notice: Notice
    messages: tuple[Message, ...] = ()
    silence: str | None = None


async def render_messages(pool: asyncpg.Pool, context: RenderContext, *, limit: int = 200) -> int:
    """Write all that can be written now, `limit` at most; how many notices that settled.

    The keys come from another database, so they are fetched before the transaction begins.
    """
    candidates = await notices.list_reachable(pool, limit)
    if not candidates:
        return 0
    keys = await context.keyring.find_keys([candidate.subject_ref for candidate in candidates])
    async with transaction(pool) as tx:
        _, templates = await context.templates.current(tx)
        locked = await notices.lock_waiting(tx, [candidate.id for candidate in candidates])
        renderer = MessageRenderer(
            templates,
            context.letters,
            await published_states.message_ids_of(tx, [notice for notice, _ in locked]),
            context.channels,
        )
        results = [
            render_notice(notice, sealed, keys.get(notice.subject_ref), renderer) for notice, sealed in locked
        ]
        await _save(tx, results, set(renderer.ids.values()))
    return len(results)


@dataclass(frozen=True, slots=True)
class MessageRenderer:
    """The words to write with, and the ids of messages told before the database was set back."""

    templates: MessageTemplates
    letters: EmailTemplates
    ids: Mapping[tuple[UUID, str], UUID] = field(default_factory=dict)
    channels: Sequence[str] = ALWAYS_ON


def render_notice(
    notice: Notice, sealed: bytes, key: bytes | None, renderer: MessageRenderer
) -> RenderResult:
    """The messages of one notice, in the person's language and form; silent when there is no way to reach."""
    if key is None:
        return RenderResult(notice, silence=rules.ERASED)
    plain = decrypt_field(key, sealed, aad=contact_aad(notice.subject_ref))
    try:
        contact = Contact.from_bytes(plain)
    except ValueError:
        return RenderResult(notice, silence=rules.UNREADABLE_CONTACT)
    channels = delivery_channels(contact, renderer.channels)
    if not channels:
        return RenderResult(notice, silence=rules.NO_ADDRESS)
    return RenderResult(
        notice, tuple(_message(notice, channel, contact, key, renderer) for channel in channels)
    )


async def _save(tx: Tx, results: Sequence[RenderResult], known_ids: set[UUID]) -> None:
    at = await city_now(tx)
    drafts = [message for result in results for message in result.messages]
    new = await messages.insert(tx, drafts)
    await notices.mark_handled(tx, [(result.notice.id, result.silence) for result in results])
    silent = [silence_audit_line(result.notice, result.silence, at) for result in results if result.silence]
    await audit_chain.append(tx, silent)
    await publish_transitions(
        tx,
        [
            MessageTransition(message, rules.MessageState.PLANNED)
            for message in drafts
            if message.id in new - known_ids
        ],
        at,
    )
    if known_ids:
        await restore_states(tx, sorted(known_ids))


def _message(
    notice: Notice, channel: MessageChannel, contact: Contact, key: bytes, renderer: MessageRenderer
) -> Message:
    content = channel.render(
        RenderInput(
            template=notice.trigger.template,
            facts=notice.facts,
            contact=contact,
            templates=renderer.templates,
            letters=renderer.letters,
        )
    )
    length = channel.measure(content.text)
    id = renderer.ids.get((notice.id, channel.name)) or uuid7()
    return Message(
        id=id,
        notice_id=notice.id,
        event_ref=notice.trigger.event_ref,
        event=notice.trigger.event,
        subject_ref=notice.subject_ref,
        root_id=notice.root_id,
        dossier_id=notice.dossier_id,
        code=notice.facts.code,
        template=notice.trigger.template,
        words_digest=renderer.templates.digest,
        channel=channel.name,
        sealed=encrypt_message(key, id, content),
        encoding=length.encoding if length else None,
        segments=length.segments if length else None,
        planned_at=notice.planned_at,
        traceparent=notice.traceparent,
        useful_until=expires_at(notice.trigger.template, notice.facts),
        waits_on=notice.waits_on,
    )
