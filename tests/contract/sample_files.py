"""The samples on disk: one file for each event version ever published, as it went over the wire."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

HERE = Path(__file__).parent
SAMPLES = HERE / "samples"
DIGESTS = HERE / "samples.sha256"


@dataclass(frozen=True)
class Sample:
    """A record as it was published: its topic, key, headers and value."""

    name: str
    topic: str
    key: str
    headers: dict[str, str]
    value: dict[str, Any]

    @property
    def type(self) -> str:
        return self.headers["ce_type"]

    def raw_headers(self) -> list[tuple[str, bytes]]:
        return [(name, value.encode()) for name, value in self.headers.items()]

    def raw_value(self) -> bytes:
        return orjson.dumps(self.value)


def all_samples() -> list[Sample]:
    """Every sample, by name."""
    return [
        Sample(name=path.stem, **orjson.loads(path.read_bytes())) for path in sorted(SAMPLES.glob("*.json"))
    ]


def digests_on_disk() -> dict[str, str]:
    """What the sample files are today."""
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in SAMPLES.glob("*.json")}


def digests_promised() -> dict[str, str]:
    """What they were on the day each was published."""
    lines = DIGESTS.read_text(encoding="utf-8").splitlines()
    return {name: digest for digest, name in (line.split() for line in lines if line)}
