"""Our partition of a key is everybody's partition of that key."""

import pytest
from aiokafka.partitioner import murmur2 as as_aiokafka
from hypothesis import given
from hypothesis import strategies as st

from shared.messaging.record.murmur2 import SHARDS, murmur2, partition_in, partition_of, shard_of

# From org.apache.kafka.common.utils.UtilsTest, as signed integers.
VECTORS = {
    b"21": -973932308,
    b"foobar": -790332482,
    b"a-little-bit-long-string": -985981536,
    b"a-little-bit-longer-string": -1486304829,
    b"lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8": -58897971,
    b"abc": 479470107,
}


@pytest.mark.parametrize("key", VECTORS)
def test_it_agrees_with_apache_kafka(key: bytes) -> None:
    assert murmur2(key) == VECTORS[key] & 0xFFFFFFFF


@given(st.binary(max_size=80))
def test_it_agrees_with_two_other_clients(key: bytes) -> None:
    from kafka.partitioner.default import murmur2 as as_kafka_python  # reads 200 files when it is loaded

    assert murmur2(key) == as_aiokafka(key) & 0xFFFFFFFF == as_kafka_python(key) & 0xFFFFFFFF


@given(st.binary(max_size=80), st.integers(min_value=1, max_value=64))
def test_partitions_and_shards_stay_in_range(key: bytes, partitions: int) -> None:
    assert 0 <= partition_of(key, partitions) < partitions
    assert 0 <= shard_of(key) < SHARDS


@given(st.binary(max_size=80), st.integers(min_value=1, max_value=64))
def test_the_shard_of_a_key_leads_to_its_partition(key: bytes, partitions: int) -> None:
    assert partition_in(shard_of(key), key, partitions) == partition_of(key, partitions)
