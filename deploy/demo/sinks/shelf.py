"""Store of received messages: in memory, and in a file that is read at the next start."""

from dataclasses import asdict, dataclass, fields
from datetime import datetime
from pathlib import Path
from typing import Any

import orjson

from shared.clock import machine_now, to_city_time


@dataclass(frozen=True, slots=True)
class ReceivedMessage:
    """A text or mail as received. `n`: its number in the store; `at`: machine time as RFC 3339."""

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
        """The message as in `GET /messages`."""
        return {name: getattr(self, name) for name in ("channel", "to", "subject", "text", "at")}

    @property
    def moment(self) -> datetime:
        """The time of receipt."""
        return datetime.fromisoformat(self.at)


class ReceivedStore:
    """All received messages, oldest first. `file`: None keeps them in memory only."""

    def __init__(self, file: Path | None = None) -> None:
        self._file = file
        self._received: list[ReceivedMessage] = _read(file)

    def put(self, received: ReceivedMessage) -> None:
        """Add a message."""
        numbered = ReceivedMessage(**{**asdict(received), "n": len(self._received) + 1})
        self._received.append(numbered)
        if self._file is not None:
            with self._file.open("ab") as out:
                out.write(orjson.dumps(asdict(numbered)) + b"\n")

    def all(self) -> list[ReceivedMessage]:
        """All messages, oldest first."""
        return list(self._received)

    def get(self, number: int) -> ReceivedMessage | None:
        """The message with this number; None if there is none."""
        return self._received[number - 1] if 0 < number <= len(self._received) else None

    def clear(self) -> None:
        """Delete all messages."""
        self._received.clear()
        if self._file is not None:
            self._file.unlink(missing_ok=True)


def now() -> str:
    """The machine's time as RFC 3339."""
    return to_city_time(machine_now()).isoformat(timespec="milliseconds")


def _read(file: Path | None) -> list[ReceivedMessage]:
    if file is None or not file.exists():
        return []
    names = {field.name for field in fields(ReceivedMessage)}
    lines = (_line(line) for line in file.read_bytes().splitlines())
    messages = [ReceivedMessage(**{k: v for k, v in line.items() if k in names}) for line in lines if line]
    return [
        ReceivedMessage(**{**asdict(message), "n": number})
        for number, message in enumerate(messages, start=1)
    ]


def _line(line: bytes) -> dict[str, Any] | None:
    """The message of a line; None if a crash has cut it short."""
    try:
        return orjson.loads(line)
    except orjson.JSONDecodeError:
        return None
