"""When a subscription is said to be stuck: work waits and does not move, in time that only runs forward."""

from dataclasses import dataclass

from shared.messaging.consume.stall_detector import StallDetectors, StallThresholds


@dataclass
class Clock:
    """Turned by hand."""

    now: float = 1000.0

    def __call__(self) -> float:
        return self.now


def looks(*seen: tuple[float, int | None, int]) -> StallDetectors:
    """Looks at one subscription: seconds since the last, records waiting, batches ever handled."""
    clock = Clock()
    suspicions = StallDetectors(StallThresholds(complain=10, restart=60), clock)
    for seconds, waiting, handled in seen:
        clock.now += seconds
        suspicions.observe("case.updates", waiting, handled)
    return suspicions


def test_work_that_moves_is_no_complaint() -> None:
    assert looks((1, 900, 1), (20, 800, 2), (20, 700, 3)).problems() == []


def test_work_that_nobody_moves_is() -> None:
    assert looks((1, 900, 1), (11, 900, 1)).problems() == ["case.updates: stalled for 11 s"]


def test_nothing_to_do_is_no_complaint() -> None:
    assert looks((1, 5, 1), (9, 0, 1), (100, 0, 1)).problems() == []


def test_a_kafka_that_does_not_answer_is_one_too() -> None:
    told = looks((1, 0, 1), (5, None, 1), (11, None, 1)).problems()
    assert told == ["case.updates: Kafka has not answered for 11 s"]
    assert looks((1, 0, 1), (5, None, 1), (11, 0, 1)).problems() == []


def test_a_subscription_is_started_again_only_after_a_minute() -> None:
    suspicions = looks((1, 900, 1), (50, 900, 1))
    assert not suspicions.observe("case.updates", 900, 1)
    suspicions.clock.now += 20  # pyright: ignore[reportFunctionMemberAccess]  (our own clock)
    assert suspicions.observe("case.updates", 900, 1)
