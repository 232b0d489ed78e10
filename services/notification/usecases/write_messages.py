"""Notices whose person can now be reached become messages: one a channel, worded and sealed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

import asyncpg

from services.notification.domain import message as rules
from services.notification.domain.letter import Letters
from services.notification.domain.segments import measure
from services.notification.domain.usefulness import useful_until
from services.notification.domain.wording import Wordbook
from services.notification.domain.words import Words as Text
from services.notification.store import messages, notices, told_before
from services.notification.store.messages import Message
from services.notification.store.notices import Notice
from services.notification.usecases.announce import Step, announce
from services.notification.usecases.know_words import Words
from services.notification.usecases.plan_messages import silence_line
from services.notification.usecases.reconcile import settle
from services.notification.usecases.sealed_words import seal_words
from shared.db.transaction import Tx, city_now, transaction
from shared.events.contacts import Contact, contact_aad
from shared.events.identifiers import uuid7
from shared.security import audit_chain
from shared.security.keyring import Keyring
from shared.security.seal import open_sealed


@dataclass(frozen=True, slots=True)
class Desk:
    """What writing needs beside the database: keys, the texts in force, the letters' layout."""

    keyring: Keyring
    words: Words
    letters: Letters


@dataclass(frozen=True, slots=True)
class Written:
    """What became of one notice: its messages, or the reason for none."""

    notice: Notice
    messages: tuple[Message, ...] = ()
    silence: str | None = None


async def write_messages(pool: asyncpg.Pool, desk: Desk, *, limit: int = 200) -> int:
    """Write all that can be written now, `limit` at most; how many notices that settled.

    The keys come from another database, so they are fetched before the transaction begins.
    """
    candidates = await notices.reachable(pool, limit)
    if not candidates:
        return 0
    keys = await desk.keyring.existing([each.subject_ref for each in candidates])
    async with transaction(pool) as tx:
        _, book = await desk.words.current(tx)
        taken = await notices.take(tx, [each.id for each in candidates])
        pen = Pen(book, desk.letters, await told_before.of(tx, [notice for notice, _ in taken]))
        written = [write(notice, sealed, keys.get(notice.subject_ref), pen) for notice, sealed in taken]
        await _save(tx, written, set(pen.ids.values()))
    return len(written)


@dataclass(frozen=True, slots=True)
class Pen:
    """The words to write with, and the ids of messages told before the database was set back."""

    book: Wordbook
    letters: Letters
    ids: Mapping[tuple[UUID, str], UUID] = field(default_factory=dict)


def write(notice: Notice, sealed: bytes, key: bytes | None, pen: Pen) -> Written:
    """The messages of one notice, in the person's language and form; silent when there is no way to reach."""
    if key is None:
        return Written(notice, silence=rules.ERASED)
    contact = Contact.from_bytes(open_sealed(key, sealed, aad=contact_aad(notice.subject_ref)))
    channels = rules.channels(contact)
    if not channels:
        return Written(notice, silence=rules.NO_ADDRESS)
    return Written(notice, tuple(_message(notice, channel, contact, key, pen) for channel in channels))


async def _save(tx: Tx, written: Sequence[Written], told: set[UUID]) -> None:
    at = await city_now(tx)
    drafts = [message for each in written for message in each.messages]
    new = await messages.insert(tx, drafts)
    await notices.settle(tx, [(each.notice.id, each.silence) for each in written])
    silent = [silence_line(each.notice, each.silence, at) for each in written if each.silence]
    await audit_chain.append(tx, silent)
    await announce(tx, [Step(m, rules.State.PLANNED) for m in drafts if m.id in new - told], at)
    if told:
        await settle(tx, sorted(told))


def _message(notice: Notice, channel: str, contact: Contact, key: bytes, pen: Pen) -> Message:
    text = _sms(notice, contact, pen.book) if channel == rules.SMS else _letter(notice, contact, pen)
    length = measure(text.text) if channel == rules.SMS else None
    id = pen.ids.get((notice.id, channel)) or uuid7()
    return Message(
        id=id,
        notice_id=notice.id,
        event_ref=notice.call.event_ref,
        event=notice.call.event,
        subject_ref=notice.subject_ref,
        root_id=notice.root_id,
        dossier_id=notice.dossier_id,
        code=notice.facts.code,
        template=notice.call.template,
        words_digest=pen.book.digest,
        channel=channel,
        sealed=seal_words(key, id, text),
        encoding=length.encoding if length else None,
        segments=length.segments if length else None,
        planned_at=notice.planned_at,
        traceparent=notice.traceparent,
        useful_until=useful_until(notice.call.template, notice.facts),
        waits_on=notice.waits_on,
    )


def _sms(notice: Notice, contact: Contact, book: Wordbook) -> Text:
    said = book.sms(notice.call.template, notice.facts, language=contact.language, form=contact.text)
    return Text(to=str(contact.phone), text=said)


def _letter(notice: Notice, contact: Contact, pen: Pen) -> Text:
    template, facts, language = notice.call.template, notice.facts, contact.language
    subject = pen.book.subject(template, facts, language=language)
    letter = pen.letters.write(template, subject, facts, language=language, sender=pen.book.sender)
    return Text(to=str(contact.email), text=letter.text, subject=letter.subject, html=letter.html)
