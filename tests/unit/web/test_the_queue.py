"""Who is let in: as many as will be done soon, a handful always, and nobody takes all the places."""

from dataclasses import dataclass

from shared.web.protection.request_queue import ALWAYS_ADMITTED, Limits, RequestQueue


@dataclass
class Clock:
    """A clock that is turned by hand."""

    now: float = 100.0

    def __call__(self) -> float:
        return self.now


def a_queue(places: int = 1000, seconds: float = 2.0) -> tuple[RequestQueue, Clock]:
    clock = Clock()
    return RequestQueue(Limits(places, seconds), clock), clock


def fill(queue: RequestQueue, count: int, callers: int = 10) -> int:
    """So many come, from several callers; how many got a place."""
    return sum(queue.enter(f"caller {n % callers}") is None for n in range(count))


def test_no_more_than_there_are_places() -> None:
    queue, _ = a_queue(places=100)
    assert fill(queue, 150) == 100


def test_what_would_wait_too_long_is_turned_away_at_once() -> None:
    queue, clock = a_queue(seconds=2.0)
    fill(queue, 100)
    for n in range(60):  # one in 0.1 s: the forty left are four seconds of work
        clock.now += 0.1
        queue.leave(f"caller {n % 10}")
    turned_away = queue.enter("next")
    assert turned_away is not None
    assert not turned_away.greedy
    assert 3 < turned_away.seconds < 5


def test_a_place_given_back_is_free_again() -> None:
    queue, _ = a_queue(places=10)
    fill(queue, 10)
    queue.leave("caller 3")
    assert fill(queue, 10) == 1


def test_when_nothing_is_finished_any_more_only_a_handful_waits() -> None:
    queue, clock = a_queue(seconds=2.0)
    fill(queue, 50)
    clock.now += 2.1
    assert queue.enter("next") is not None
    for n in range(50 - ALWAYS_ADMITTED + 1):
        queue.leave(f"caller {n % 10}")
    assert queue.enter("next") is None


def test_an_empty_queue_forgets_a_slow_hour() -> None:
    queue, clock = a_queue(seconds=2.0)
    fill(queue, 20)
    for n in range(20):
        clock.now += 1
        queue.leave(f"caller {n % 10}")
    assert fill(queue, 100) == 100


def test_one_caller_gets_half_of_the_places() -> None:
    queue, _ = a_queue(places=100)
    mine = [queue.enter("greedy") for _ in range(60)]
    assert mine.count(None) == 50
    assert all(turned_away.greedy for turned_away in mine if turned_away)
    assert queue.enter("another") is None


def test_two_hundred_who_share_a_commit_count_as_two_hundred() -> None:
    queue, clock = a_queue(seconds=3.0)
    fill(queue, 400)
    for _ in range(4):  # one commit in a second and a half
        clock.now += 1.5
        for n in range(200):
            queue.leave(f"caller {n % 10}")
        assert queue.enter("next") is None
        queue.leave("next")
        fill(queue, 200)


def test_a_steady_flow_is_measured_too() -> None:
    queue, clock = a_queue(seconds=2.0)
    fill(queue, 600)
    for n in range(200):  # one in 0.01 s without a pause: the four hundred left are four seconds of work
        clock.now += 0.01
        queue.leave(f"caller {n % 10}")
    turned_away = queue.enter("next")
    assert turned_away is not None
    assert 3 < turned_away.seconds < 5


def test_a_lone_first_commit_says_nothing_of_the_crowd_behind_it() -> None:
    queue, clock = a_queue(seconds=3.0)
    fill(queue, 200)
    clock.now += 0.8
    queue.leave("caller 0")
    clock.now += 0.8
    for n in range(1, 100):
        queue.leave(f"caller {n % 10}")
    assert queue.enter("next") is None
