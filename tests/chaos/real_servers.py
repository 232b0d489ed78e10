"""PostgreSQL and Kafka for the length of a command, and no log lines between its table's rows."""

import logging
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import structlog

from deploy.local.servers import kafka, postgres


@contextmanager
def real_servers() -> Iterator[tuple[str, str]]:
    """The administrator's address and the bootstrap servers; all of it is gone afterwards."""
    logging.disable(logging.CRITICAL)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    with tempfile.TemporaryDirectory(prefix="motcua-") as folder:
        for name in ("postgres", "kafka"):
            (Path(folder) / name).mkdir()
        with (
            postgres.running(Path(folder) / "postgres") as database,
            kafka.running(Path(folder) / "kafka") as broker,
        ):
            yield database.url, broker.bootstrap
