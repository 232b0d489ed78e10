"""The samples on disk: one file for each event version ever published, as it went over the wire."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import orjson

from shared.events.wire.attributes import is_old_form, short_type

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
    def ce_type(self) -> str:
        """The name of the type on the wire."""
        return self.headers["ce_type"]

    @property
    def type(self) -> str:
        """The name of the type inside."""
        return short_type(self.ce_type)

    @property
    def is_old(self) -> bool:
        """Whether it was published before types had their prefix."""
        return is_old_form(self.ce_type)

    @property
    def data(self) -> dict[str, Any]:
        """The fields of the type, in the form before without those that all events share."""
        return self.value["data"] if self.is_old else self.value

    def with_data(self, **changed: Any) -> Sample:
        """The same with these fields of the data."""
        data = self.data | changed
        return replace(self, value=self.value | {"data": data} if self.is_old else data)

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
