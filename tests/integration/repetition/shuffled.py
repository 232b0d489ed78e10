"""Records as Kafka could bring them at worst: each three times, in any order that a topic's keys allow."""

from collections.abc import Iterable, Iterator, Sequence
from random import Random

from tests.builders.hostile import SentRecord

TIMES = 3
Placed = tuple[str, int, SentRecord]
"""A record with its topic and partition."""


def three_times_in_any_order(records: Sequence[Placed], dice: Random) -> list[Placed]:
    """Firsts of a key keep their order; repeats come anywhere later; keys and partitions mix at random."""
    queues = [_repeated(queue, dice) for queue in _by_key(records)]
    left = [iter(queue) for queue in queues]
    turns = [n for n, queue in enumerate(queues) for _ in queue]
    dice.shuffle(turns)
    return [next(left[turn]) for turn in turns]


def pieces(records: Sequence[Placed], dice: Random) -> Iterator[list[Placed]]:
    """The same in pieces of a few, so that reading and writing mix too."""
    rest = list(records)
    while rest:
        size = dice.randint(1, 25)
        yield rest[:size]
        rest = rest[size:]


def _by_key(records: Iterable[Placed]) -> list[list[Placed]]:
    queues: dict[tuple[str, bytes | None], list[Placed]] = {}
    for topic, partition, sent in records:
        queues.setdefault((topic, sent.key), []).append((topic, partition, sent))
    return list(queues.values())


def _repeated(queue: list[Placed], dice: Random) -> list[Placed]:
    """Each of these three times: shuffled, then renamed so that they are first met in their own order."""
    numbers = [n for n in range(len(queue)) for _ in range(TIMES)]
    dice.shuffle(numbers)
    names = {number: queue[n] for n, number in enumerate(dict.fromkeys(numbers))}
    return [names[number] for number in numbers]
