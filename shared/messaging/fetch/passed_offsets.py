"""Offsets without a record for us: the markers that end transactions, and the records of aborted ones.

Kafka counts them, so a partition that ends with one has an end that no record ever reaches.
"""

from collections.abc import Mapping

from aiokafka import TopicPartition

Offsets = Mapping[TopicPartition, int]


class PassedOffsets:
    """Compares the positions of a consumer with what was handled. Each offset is that of the next record."""

    def __init__(self) -> None:
        self._handled: dict[TopicPartition, int] = {}
        self._given_out: dict[TopicPartition, int] = {}

    def start_at(self, positions: Offsets) -> None:
        """Note the positions after a seek; a batch that was given out before is fetched again."""
        self._handled = dict(positions)
        self._given_out.clear()

    def give_out(self, offsets: Offsets) -> None:
        """Note the offsets after the records of a batch that is to be handled now."""
        self._given_out.update(offsets)

    def mark_handled(self, offsets: Offsets) -> None:
        """Note that everything before these offsets is handled."""
        for place, offset in offsets.items():
            self._handled[place] = max(self._handled.get(place, 0), offset)
            if self._given_out.get(place, 0) <= offset:
                self._given_out.pop(place, None)

    def beyond_handled(self, positions: Offsets) -> dict[TopicPartition, int]:
        """Those of these positions that lie beyond what was handled, with no record in between."""
        return {
            place: position
            for place, position in positions.items()
            if place not in self._given_out and position > self._handled.get(place, position)
        }
