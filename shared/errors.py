"""Three failures: `Refused` (tell the person), `RetryLater` (wait), `PoisonRecord` (hold it, alarm)."""

from dataclasses import dataclass, field
from enum import StrEnum


class RefusalKind(StrEnum):
    """Why something was refused; HTTP turns it into a status in `shared.web.answers.problem`."""

    INVALID = "invalid"
    UNAUTHENTICATED = "unauthenticated"
    FORBIDDEN = "forbidden"
    NOT_FOUND = "not_found"
    CONFLICT = "conflict"
    TOO_LARGE = "too_large"
    BUSY = "busy"


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A value to offer instead, with the name people know it by."""

    value: str
    label: str
    likely: bool = False


@dataclass(frozen=True, slots=True)
class FieldError:
    """One field that is wrong, in both languages, each sentence saying what to do."""

    field: str
    code: str
    vi: str
    en: str
    candidates: tuple[Suggestion, ...] = ()


@dataclass(eq=False)
class Refused(Exception):
    """A named refusal: returned by rules as a value, raised where a caller must stop."""

    code: str
    vi: str
    en: str
    kind: RefusalKind = RefusalKind.INVALID
    errors: tuple[FieldError, ...] = field(default=())

    def __str__(self) -> str:
        return f"{self.code}: {self.en}"


@dataclass(eq=False)
class RetryLater(Exception):
    """Something we need is away; the same work will do later."""

    reason: str
    after_seconds: float = 1.0

    def __str__(self) -> str:
        return self.reason


@dataclass(eq=False)
class PoisonRecord(Exception):
    """This record can never be processed as it is: keep it, show it, let a person replay it."""

    code: str
    detail: str

    def __str__(self) -> str:
        return f"{self.code}: {self.detail}"
