"""What a subscriber declares: the event types of its annotation, and the declarations that are refused."""

from typing import Any

import pytest
from faststream import AckPolicy
from faststream.exceptions import IncorrectState, SetupError
from faststream.kafka import KafkaRouter

from shared.events import dossier, registry
from shared.events.case import CaseHeadline, CaseState
from shared.events.dossier import DossierAccepted, DossierRefused
from shared.events.envelope import Event
from shared.messaging.consume.broker import Broker
from shared.messaging.fetch.party_topics import PartyTopics
from shared.messaging.record.batch import Batch

NOWHERE = "127.0.0.1:9"


async def take_two(batch: Batch[Event[DossierAccepted | DossierRefused]]) -> None:
    """Takes two types."""


async def take_all(batch: Batch[Event]) -> None:
    """Takes every type."""


async def take_foreign(batch: Batch[Event[CaseState]]) -> None:
    """Names the data of another topic."""


async def take_headlines(batch: Batch[Event[CaseHeadline]]) -> None:
    """Takes a part of every case update."""


async def take_a_part_and_a_whole(batch: Batch[Event[CaseHeadline | CaseState]]) -> None:
    """Names a part beside a whole model."""


async def take_nothing(records: list[Any]) -> None:
    """Takes no batch of ours."""


def broker_for(*handlers: Any, topic: str = "dossier.events", **options: Any) -> Broker:
    """A broker with one subscriber a handler, never started."""
    router = KafkaRouter(ack_policy=options.pop("ack_policy", AckPolicy.MANUAL))
    declared = {"batch": True, "group_id": "routing.dossier.events"} | options
    for handler in handlers:
        router.subscriber(topic, **declared)(handler)
    broker = Broker(NOWHERE, pool=None, service="routing")  # pyright: ignore[reportArgumentType]  (never used)
    broker.include_router(router)
    return broker


def test_the_annotation_says_which_types_are_taken() -> None:
    [reader] = broker_for(take_two).readers
    assert reader.route.types == {dossier.ACCEPTED, dossier.REFUSED}


def test_an_annotation_without_data_takes_every_type() -> None:
    [reader] = broker_for(take_all).readers
    assert reader.route.types == set(registry.TYPES["dossier.events"])


def test_a_part_stands_for_every_type_that_has_it() -> None:
    [reader] = broker_for(take_headlines, topic="case.updates").readers
    assert reader.route.part is CaseHeadline
    updates = registry.TYPES["case.updates"]
    assert reader.route.types == {kind for kind, model in updates.items() if issubclass(model, CaseState)}


@pytest.mark.parametrize(
    ("handlers", "options"),
    [
        ((take_two,), {"batch": False}),
        ((take_two,), {"ack_policy": AckPolicy.ACK}),
        ((take_two,), {"group_id": None}),
        ((take_two,), {"topic": "dossier.event"}),
        ((take_two,), {"topic": "agency.{party}.replies"}),
        ((take_two, take_two), {}),
        ((take_foreign,), {}),
        ((take_headlines,), {}),
        ((take_a_part_and_a_whole,), {"topic": "case.updates"}),
        ((take_nothing,), {}),
    ],
    ids=[
        "single messages", "acknowledges by itself", "no group", "no such topic", "replies without parties",
        "two handlers of one topic", "another topic's data", "a part of another topic's data",
        "a part and a whole", "no batch",
    ],
)  # fmt: skip
def test_a_declaration_that_breaks_a_guarantee_is_refused(
    handlers: tuple[Any, ...], options: dict[str, Any]
) -> None:
    with pytest.raises(SetupError):
        broker_for(*handlers, **options)


async def test_a_declared_publisher_sends_nothing() -> None:
    broker = broker_for(take_two)
    publisher = broker.publisher("case.updates")
    with pytest.raises(IncorrectState):
        await publisher.publish(b"{}")


async def test_only_parties_of_the_catalogue_with_a_topic_are_read() -> None:
    async def list_parties() -> list[str]:
        return ["water", "tax"]

    parties = PartyTopics(list_parties, "t1.")
    names = await parties.select({"t1.agency.tax.replies", "t1.agency.evil.replies", "agency.water.replies"})
    assert names == {"t1.agency.tax.replies"}
    assert parties.missing == ("water",)
