"""A real Apache Kafka 4.3 (KRaft, one node) in a given folder, on loopback only.

with kafka.running(folder) as server:
    AIOKafkaProducer(bootstrap_servers=server.bootstrap)
"""

from __future__ import annotations

import os
import shutil
import socket
import struct
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from deploy.local.launching import spawn
from deploy.local.launching.patience import Patience
from deploy.local.ports import LOOPBACK, free_port, is_listening
from deploy.local.servers import kafka_jars
from deploy.local.servers.java import find_java
from deploy.local.servers.kafka_jars import Progress

LOGGING = Path(__file__).parents[2] / "kafka" / "log4j2.properties"
CLUSTER_ID = "bW90LWN1YS1sb2NhbC0xMg"
HEAP = ("-Xms64m", "-Xmx256m", "-XX:+UseSerialGC", "-Xss512k", "-XX:ReservedCodeCacheSize=48m")
SETTINGS = {
    "process.roles": "broker,controller",
    "node.id": "1",
    "controller.listener.names": "CONTROLLER",
    "listener.security.protocol.map": "CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT",
    "inter.broker.listener.name": "PLAINTEXT",
    # One node. Topics are created explicitly, with a fixed number of partitions.
    "auto.create.topics.enable": "false",
    "default.replication.factor": "1",
    "min.insync.replicas": "1",
    "offsets.topic.replication.factor": "1",
    "offsets.topic.num.partitions": "4",
    "transaction.state.log.replication.factor": "1",
    "transaction.state.log.min.isr": "1",
    "transaction.state.log.num.partitions": "1",
    "share.coordinator.state.topic.replication.factor": "1",
    "share.coordinator.state.topic.min.isr": "1",
    "share.coordinator.state.topic.num.partitions": "1",
    # A killed broker restarts in about 6 s instead of 14; a new group starts at once.
    "broker.session.timeout.ms": "3000",
    "broker.heartbeat.interval.ms": "500",
    "group.initial.rebalance.delay.ms": "0",
    "group.min.session.timeout.ms": "1000",
    # Small, for a laptop.
    "num.network.threads": "2",
    "num.io.threads": "4",
    "background.threads": "2",
    "num.recovery.threads.per.data.dir": "1",
    "group.coordinator.threads": "1",
    "log.cleaner.threads": "1",
    "log.cleaner.dedupe.buffer.size": "4194304",
    "log.cleaner.io.buffer.size": "131072",
    "log.index.size.max.bytes": "1048576",
    "log.segment.bytes": "67108864",
    "metadata.log.segment.bytes": "16777216",
    "remote.log.storage.system.enable": "false",
}


class KafkaFailed(RuntimeError):
    """Kafka did not start. The message names its log."""


@dataclass(frozen=True)
class Kafka:
    """A broker: its data folder and its addresses."""

    java: Path
    jars: Sequence[Path]
    folder: Path
    port: int
    controller_port: int
    advertised_port: int | None = None
    """The port that it advertises, if there is a proxy before it."""

    @property
    def bootstrap(self) -> str:
        return f"{LOOPBACK}:{self.port}"

    @property
    def settings_file(self) -> Path:
        return self.folder / "server.properties"

    def command(self, main: str, *arguments: str) -> list[str]:
        """A Java command line with Kafka's class path."""
        classes = ":".join(map(str, self.jars))
        logging = f"-Dlog4j2.configurationFile={LOGGING.as_uri()}"
        return [str(self.java), *HEAP, logging, "-cp", classes, main, *arguments]

    def run(self, log: Path) -> spawn.Run:
        """How to start the broker itself."""
        return spawn.Run(argv=self.command("kafka.Kafka", str(self.settings_file)), log=log, cwd=self.folder)

    def accepts(self) -> bool:
        """Whether it answers as a broker that accepts writes."""
        return brokers_at(self.bootstrap) > 0


def prepare(
    folder: Path,
    *,
    port: int,
    controller_port: int,
    advertised_port: int | None = None,
    progress: Progress = lambda _: None,
) -> Kafka:
    """Prepare jars, settings and a formatted log folder; repairs an incomplete one."""
    jars = kafka_jars.fetch(progress=progress)
    server = Kafka(find_java(), jars, folder, port, controller_port, advertised_port)
    folder.mkdir(parents=True, exist_ok=True)
    _write_settings(server)
    if not (folder / "formatted").exists():
        _format(server)
    return server


@contextmanager
def running(folder: Path, *, advertised_port: int | None = None) -> Iterator[Kafka]:
    """A broker for the duration of the block, on free ports."""
    server = prepare(folder, port=free_port(), controller_port=free_port(), advertised_port=advertised_port)
    log = folder / "kafka.log"
    child = spawn.start(server.run(log))
    try:
        wait_ready(server, child, log)
        yield server
    finally:
        spawn.stop(child, server.run(log).stop_signal, patience=10)


def wait_ready(server: Kafka, child: subprocess.Popen[bytes], log: Path, silent_seconds: float = 90) -> None:
    """Return once a client can write, however long that takes while it makes progress."""
    patience = Patience(log, lambda: is_listening(server.port), silent=silent_seconds)
    while not server.accepts():
        reason = patience.exhausted()
        if child.poll() is not None:
            reason = f"it ended with {child.returncode}"
        if reason:
            raise KafkaFailed(f"Kafka did not start: {reason}; its log: {log}")
        time.sleep(0.1)


def brokers_at(bootstrap: str) -> int:
    """The number of brokers that accept writes, from a Metadata request (v1, without topics)."""
    host, _, port = bootstrap.partition(",")[0].rpartition(":")
    request = struct.pack(">hhih6si", 3, 1, 7, 6, b"motcua", 0)
    try:
        with socket.create_connection((host, int(port)), timeout=1) as connection:
            connection.sendall(struct.pack(">i", len(request)) + request)
            response = connection.recv(12, socket.MSG_WAITALL)
    except OSError:
        return 0
    return struct.unpack(">iii", response)[2] if len(response) == 12 else 0


def _write_settings(server: Kafka) -> None:
    settings = SETTINGS | {
        "listeners": f"PLAINTEXT://{server.bootstrap},CONTROLLER://{LOOPBACK}:{server.controller_port}",
        "advertised.listeners": f"PLAINTEXT://{LOOPBACK}:{server.advertised_port or server.port}",
        "controller.quorum.voters": f"1@{LOOPBACK}:{server.controller_port}",
        "log.dirs": str(server.folder / "log"),
    }
    partial = server.settings_file.with_suffix(f".part-{os.getpid()}")
    partial.write_text("".join(f"{key}={value}\n" for key, value in settings.items()))
    partial.replace(server.settings_file)


def _format(server: Kafka) -> None:
    shutil.rmtree(server.folder / "log", ignore_errors=True)
    command = server.command(
        "kafka.tools.StorageTool", "format", "-t", CLUSTER_ID, "-c", str(server.settings_file)
    )
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    if result.returncode != 0:
        raise KafkaFailed(
            f"Kafka could not format its folder: {result.stderr.strip() or result.stdout.strip()}"
        )
    (server.folder / "formatted").touch()
