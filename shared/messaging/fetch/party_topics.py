"""The reply topics to read: those of the catalogue's parties that exist in Kafka.

A list, not a pattern: after a query for the end of a deleted topic, aiokafka asks the broker for metadata of
that topic alone; a pattern then matches nothing else, and the replies of all other parties stay unread.
"""

from collections.abc import Awaitable, Callable, Collection

from shared.events import topics
from shared.observability.logs import get_logger

log = get_logger(__name__)
ListParties = Callable[[], Awaitable[Collection[str]]]


class PartyTopics:
    """The topics of all parties and, after each `select`, the parties whose topic is `missing`."""

    def __init__(self, list_parties: ListParties, topic_prefix: str) -> None:
        self.missing: tuple[str, ...] = ()
        self._list_parties, self._topic_prefix = list_parties, topic_prefix

    async def select(self, existing: Collection[str]) -> set[str]:
        """The topics to subscribe to, out of all existing ones."""
        readable: set[str] = set()
        missing: list[str] = []
        for party in sorted(await self._list_parties()):
            name = f"{self._topic_prefix}{topics.replies_topic(party).name}"
            if name in existing:
                readable.add(name)
            else:
                missing.append(party)
        if tuple(missing) != self.missing:
            log.warning("reply_topics.missing", parties=missing)
        self.missing = tuple(missing)
        return readable
