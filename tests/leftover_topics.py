"""Topics of a test that has ended: a broker that knows thousands answers everybody slowly."""

from __future__ import annotations

from confluent_kafka.admin import AdminClient


def delete_topics(bootstrap: str, prefix: str) -> None:
    """Delete every topic whose name begins with the prefix."""
    admin = AdminClient({"bootstrap.servers": bootstrap, "log_level": 0})
    names = [name for name in admin.list_topics(timeout=15).topics if name.startswith(prefix)]
    if names:
        for answer in admin.delete_topics(names).values():
            answer.exception()
