"""Medians, spreads and targets, without any server."""

import pytest

from tests.bench import noise
from tests.bench.figures import Sample, Target, percentile, spread
from tests.bench.noise import Probe


def test_the_median_of_the_rounds_counts_and_the_lone_best_does_not() -> None:
    seen = spread([100.0, 104.0, 900.0])

    assert (seen.median, seen.low, seen.high) == (104.0, 100.0, 900.0)


def test_a_spread_is_half_the_range_over_the_median() -> None:
    assert spread([90.0, 100.0, 110.0]).percent == pytest.approx(10.0)


def test_without_rounds_there_is_no_median() -> None:
    with pytest.raises(ValueError, match="no rounds"):
        spread([])


def test_percentiles_are_by_nearest_rank() -> None:
    values = [float(n) for n in range(100)]

    assert (percentile(values, 50), percentile(values, 99), percentile([7.0], 50)) == (50.0, 99.0, 7.0)


def test_cpu_an_item_counts_every_part_of_the_machine() -> None:
    sample = Sample(items=1000, seconds=2.0, cpu={"ours": 0.5, "postgres": 0.3, "kafka": 0.2})

    assert (sample.per_second, sample.cpu_us) == (500.0, pytest.approx(1000.0))


@pytest.mark.parametrize(
    ("target", "seen", "met"),
    [
        (Target(0.75), 0.75, True),
        (Target(0.75), 0.74, False),
        (Target(3, at_most=True), 3.0, True),
        (Target(3, at_most=True), 3.1, False),
    ],
)
def test_a_target_is_a_floor_for_rates_and_a_ceiling_for_latencies(
    target: Target, seen: float, met: bool
) -> None:
    assert target.met(seen) is met


def test_a_machine_that_does_the_same_work_in_other_times_is_called_noisy() -> None:
    calm = noise.judge([Probe(50, 1), Probe(51, 1)], [0.02, 0.03])
    restless = noise.judge([Probe(50, 1), Probe(90, 1)], [0.02, 0.03])

    assert (calm.noisy, restless.noisy) == (False, True)
    assert str(restless).startswith("noisy: ±")


def test_a_machine_that_works_for_others_is_called_noisy_too() -> None:
    busy = noise.judge([Probe(50, 1), Probe(50, 1)], [0.4, 0.6])

    assert busy.noisy
    assert "others took 50 % of the machine" in str(busy)
