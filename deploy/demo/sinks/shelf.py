"""What was received: in memory for showing, in a small file for the next start."""

from dataclasses import asdict, dataclass, fields
from datetime import datetime
from pathlib import Path
from typing import Any

import orjson

from shared.clock import machine_now, to_city_time


@dataclass(frozen=True, slots=True)
class Received:
    """One text or letter, as the phone or the mailbox got it."""

    channel: str
    to: str
    subject: str | None
    text: str
    at: str
    html: str | None = None
    encoding: str | None = None
    segments: int | None = None
    n: int = 0

    def public(self) -> dict[str, Any]:
        """As `GET /messages` tells it."""
        return {name: getattr(self, name) for name in ("channel", "to", "subject", "text", "at")}

    @property
    def moment(self) -> datetime:
        """When it came."""
        return datetime.fromisoformat(self.at)


class Shelf:
    """Oldest first."""

    def __init__(self, file: Path | None = None) -> None:
        self._file = file
        self._received: list[Received] = _read(file)

    def put(self, received: Received) -> None:
        """Keep one more."""
        numbered = Received(**{**asdict(received), "n": len(self._received) + 1})
        self._received.append(numbered)
        if self._file is not None:
            with self._file.open("ab") as out:
                out.write(orjson.dumps(asdict(numbered)) + b"\n")

    def all(self) -> list[Received]:
        """Everything, oldest first."""
        return list(self._received)

    def one(self, n: int) -> Received | None:
        """By its number."""
        return self._received[n - 1] if 0 < n <= len(self._received) else None

    def clear(self) -> None:
        """Forget it all."""
        self._received.clear()
        if self._file is not None:
            self._file.unlink(missing_ok=True)


def now() -> str:
    """The machine's time as RFC 3339."""
    return to_city_time(machine_now()).isoformat(timespec="milliseconds")


def _read(file: Path | None) -> list[Received]:
    if file is None or not file.exists():
        return []
    known = {field.name for field in fields(Received)}
    lines = (_line(line) for line in file.read_bytes().splitlines())
    found = [Received(**{k: v for k, v in line.items() if k in known}) for line in lines if line]
    return [Received(**{**asdict(each), "n": n}) for n, each in enumerate(found, start=1)]


def _line(line: bytes) -> dict[str, Any] | None:
    """A line cut short by a crash is left out."""
    try:
        return orjson.loads(line)
    except orjson.JSONDecodeError:
        return None
