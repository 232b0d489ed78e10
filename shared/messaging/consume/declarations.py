"""Checks of FastStream subscribers: topic, event types, acknowledgement."""

from typing import Any, get_args, get_origin

from faststream import AckPolicy
from faststream.exceptions import SetupError
from faststream.kafka.subscriber.usecase import BatchSubscriber

from shared.events import registry, topics
from shared.messaging.record.batch import Batch
from shared.messaging.record.routes import Route, event_route, replies_route

OWN_TOPICS = {topic.name: topic for topic in topics.SERVICE_TOPICS}


def route_of(subscriber: Any, topic_prefix: str) -> Route:
    """The route of a declared subscriber.

    Raises SetupError for a declaration that FastStream would accept but that could lose records: a handler
    of single messages, one that acknowledges itself, or two handlers of one topic.
    """
    names = [name.removeprefix(topic_prefix) for name in subscriber.topic_names]
    if not isinstance(subscriber, BatchSubscriber) or subscriber.ack_policy is not AckPolicy.MANUAL:
        raise SetupError(f"{names}: declare `batch=True` and a router with `ack_policy=AckPolicy.MANUAL`")
    if not subscriber.group_id or len(names) != 1 or len(subscriber.calls) != 1:
        raise SetupError(f"{names}: declare one topic, one handler and a `group_id`")
    subscriber._build_fastdepends_model()  # FastStream reads the handler's annotations only here
    if names[0] == topics.REPLIES_TEMPLATE:
        return replies_route()
    topic = OWN_TOPICS.get(names[0])
    if topic is None:
        raise SetupError(f"{names[0]}: no topic of this name")
    return _own_route(topic, _models(_batch_annotation(subscriber, topic)))


def _own_route(topic: topics.Topic, models: set[Any]) -> Route:
    """The types whose model the handler's annotation names: all of the topic for a plain `Batch[Event]`.

    A part of a model, alone as in `Batch[Event[CaseHeadline]]`, stands for every type that has this part.
    """
    declared = registry.TYPES.get(topic.name, {})
    if not models:
        return event_route(topic, frozenset(declared))
    part = next(iter(models & registry.PARTS.keys()), None)
    if part is not None and len(models) == 1:
        models = {model for model in declared.values() if issubclass(model, registry.PARTS[part])} or models
    strangers = models - set(declared.values())
    if strangers:
        raise SetupError(f"{topic.name}: carries no {', '.join(sorted(map(str, strangers)))}")
    return event_route(topic, frozenset(kind for kind, model in declared.items() if model in models), part)


def _batch_annotation(subscriber: BatchSubscriber, topic: topics.Topic) -> Any:
    dependant: Any = subscriber.calls[0].dependant
    for parameter in dependant.flat_params:
        if Batch in (parameter.field_type, get_origin(parameter.field_type)):
            return parameter.field_type
    raise SetupError(f"{topic.name}: its handler has no parameter of type `Batch`")


def _models(annotation: Any) -> set[Any]:
    """The set of A and B for `Batch[Event[A | B]]`; empty for a plain `Batch`."""
    for event in get_args(annotation):
        for data in get_args(event):
            return set(get_args(data)) or {data}
    return set()
