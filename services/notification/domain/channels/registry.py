"""Every channel, in the order in which a person is written to."""

from collections.abc import Mapping, Sequence

from services.notification.domain.channels.channel import MessageChannel
from services.notification.domain.channels.console import CONSOLE
from services.notification.domain.channels.email import EMAIL
from services.notification.domain.channels.sms import SMS
from shared.events.contacts import Contact

CHANNELS: Mapping[str, MessageChannel] = {channel.name: channel for channel in (SMS, EMAIL, CONSOLE)}
ALWAYS_ON = (SMS.name, EMAIL.name)
"""The channels of a service that is told nothing else."""


def delivery_channels(contact: Contact, names: Sequence[str] = ALWAYS_ON) -> tuple[MessageChannel, ...]:
    """Of the channels with these names those that reach the person: all at once where there are several."""
    return tuple(CHANNELS[name] for name in names if CHANNELS[name].reaches(contact))


def channels_with_receipts() -> list[str]:
    """The names of the channels whose carrier says later what arrived."""
    return [channel.name for channel in CHANNELS.values() if channel.gives_receipts]
