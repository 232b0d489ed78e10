"""The kinds of failures: Refused (tell the caller), RetryLater (wait), PoisonRecord (hold the record)."""

from dataclasses import dataclass, field
from enum import StrEnum


class RefusalKind(StrEnum):
    """The kind of a refusal; `shared.web.answers.problem` maps it to an HTTP status."""

    INVALID = "invalid"
    UNAUTHENTICATED = "unauthenticated"
    FORBIDDEN = "forbidden"
    NOT_FOUND = "not_found"
    CONFLICT = "conflict"
    TOO_LARGE = "too_large"
    BUSY = "busy"
    TOO_OFTEN = "too_often"


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A value to offer instead, with its name."""

    value: str
    label: str
    likely: bool = False


@dataclass(frozen=True, slots=True)
class FieldError:
    """The error of a field: a sentence in both languages that says what to do."""

    field: str
    code: str
    vi: str
    en: str
    candidates: tuple[Suggestion, ...] = ()


@dataclass(eq=False)
class Refused(Exception):
    """A refusal with a code: returned by rules as a value, raised where a caller must stop.

    `retry_after_seconds`: when the same may be tried again, where time alone ends the refusal.
    """

    code: str
    vi: str
    en: str
    kind: RefusalKind = RefusalKind.INVALID
    errors: tuple[FieldError, ...] = field(default=())
    retry_after_seconds: int | None = None

    def __str__(self) -> str:
        return f"{self.code}: {self.en}"


@dataclass(eq=False)
class RetryLater(Exception):
    """Something needed is unavailable; the same work may be retried later."""

    reason: str
    after_seconds: float = 1.0

    def __str__(self) -> str:
        return self.reason


@dataclass(eq=False)
class PoisonRecord(Exception):
    """A record that cannot be processed: it is held until a person replays or drops it."""

    code: str
    detail: str

    def __str__(self) -> str:
        return f"{self.code}: {self.detail}"
