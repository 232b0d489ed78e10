"""Which event goes to which verb. Nothing else."""

from collections.abc import Callable
from functools import partial

import asyncpg

from services.notification.domain.templates import SenderIdentity
from services.notification.usecases.plan_messages import plan_messages
from services.notification.usecases.remember_contact import remember_contact
from services.notification.usecases.template_cache import TemplateCache, save_published
from shared.db.transaction import Tx, after_commit
from shared.events import contacts, registry, topics
from shared.events.catalogue import KINDS, published_type
from shared.messaging.consume.consumer import Consumer
from shared.messaging.record.batch import Batch, Handler

Wake = Callable[[asyncpg.Pool], None]


def subscribe(consumer: Consumer, template_cache: TemplateCache, sender: SenderIdentity, wake: Wake) -> None:
    """Cases, contacts and the catalogue; `ring` wakes who writes the messages, after the commit."""
    version_types = tuple(published_type(kind) for kind in KINDS)
    consumer.subscribe(topics.CATALOGUE_VERSIONS, version_types, partial(save_published, sender=sender))
    case_types = registry.types_of(topics.CASE_UPDATES)
    consumer.subscribe(
        topics.CASE_UPDATES,
        case_types,
        _wake_after(wake, partial(plan_messages, template_cache=template_cache)),
    )
    consumer.subscribe(topics.CITIZEN_CONTACTS, (contacts.CHANGED,), _wake_after(wake, remember_contact))


def _wake_after(wake: Wake, handler: Handler) -> Handler:
    async def handle(tx: Tx, batch: Batch) -> None:
        await handler(tx, batch)
        after_commit(wake)

    return handle
