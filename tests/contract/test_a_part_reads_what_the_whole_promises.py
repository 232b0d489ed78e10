"""A part that a reader decodes in place of the whole says the same as the whole, on every sample."""

import pytest

from shared.events import registry
from shared.events.body import Body
from tests.contract.sample_files import Sample, all_samples

CASES = [
    pytest.param(sample, part, id=f"{part.__name__} of {sample.name}")
    for part, whole in registry.PARTS.items()
    for sample in all_samples()
    if issubclass(registry.TYPES.get(sample.topic, {}).get(sample.type, Body), whole)
]


@pytest.mark.parametrize(("sample", "part"), CASES)
def test_a_part_has_the_values_of_the_whole(sample: Sample, part: type[Body]) -> None:
    record = (sample.topic, sample.key.encode(), sample.raw_value(), sample.raw_headers())
    whole, read = registry.decode(*record), registry.decode(*record, part=part)
    assert (read.id, read.key, read.seq, read.value) == (whole.id, whole.key, whole.seq, whole.value)
    for name in part.__slots__:
        assert getattr(read.data, name) == getattr(whole.data, name, None), name
