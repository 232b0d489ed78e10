"""Kafka's hash of keys, so that all clients agree on the partition."""

import struct
from functools import lru_cache

_M = 0x5BD1E995
_MASK = 0xFFFFFFFF
SHARDS = 64


@lru_cache(4096)
def murmur2(data: bytes) -> int:
    """The 32-bit hash of `org.apache.kafka.common.utils.Utils.murmur2`, unsigned."""
    length = len(data)
    h = (0x9747B28C ^ length) & _MASK
    whole = length // 4
    for k in struct.unpack_from(f"<{whole}I", data):
        k = (k * _M) & _MASK  # noqa: PLW2901  (as the reference writes it)
        k ^= k >> 24  # noqa: PLW2901
        h = ((h * _M) & _MASK) ^ ((k * _M) & _MASK)
    rest = data[whole * 4 :]
    if rest:
        h ^= int.from_bytes(rest, "little")
        h = (h * _M) & _MASK
    h ^= h >> 13
    h = (h * _M) & _MASK
    return h ^ (h >> 15)


def partition_of(key: bytes, partitions: int) -> int:
    """The partition that Kafka's default partitioner chooses for a key."""
    return (murmur2(key) & 0x7FFFFFFF) % partitions


def partition_in(shard: int, key: bytes, partitions: int) -> int:
    """The partition of a key whose shard is known. The shard, the hash's low bits, is mostly enough."""
    return shard % partitions if SHARDS % partitions == 0 else partition_of(key, partitions)


def shard_of(key: bytes) -> int:
    """The shard of a key. It must never change, because rows store it."""
    return murmur2(key) % SHARDS
