"""The closed lists of the catalogue: facts, papers, channels, deliveries, places, reasons, states."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from shared.words import BilingualText
from shared.worktime import Limit


@dataclass(frozen=True, slots=True)
class Fact:
    """A fact that forms may ask for. `type`: bool, int, text, date, choice or list.

    `routing`: a step depends on it, so `dossier.submitted` contains it. `told_by`: the citizen on the form,
    or an office while it works.
    """

    name: str
    type: str
    label: BilingualText
    help: BilingualText | None
    values: Mapping[str, BilingualText]
    routing: bool
    told_by: str
    minimum: int | None = None
    maximum: int | None = None
    longest: int = 200

    def is_invalid(self, value: Any) -> bool:
        """Whether this is no valid value of the fact."""
        match self.type:
            case "bool":
                return not isinstance(value, bool)
            case "int":
                return not isinstance(value, int) or isinstance(value, bool) or self._is_out_of_range(value)
            case "list":
                return not isinstance(value, list) or len(value) > 50 or any(map(self._is_no_text, value))
            case "date":
                return not isinstance(value, str) or not _is_date(value)
            case _:
                return self._is_no_text(value)

    def _is_out_of_range(self, value: int) -> bool:
        low, high = self.minimum, self.maximum
        return (low is not None and value < low) or (high is not None and value > high)

    def _is_no_text(self, value: Any) -> bool:
        if not isinstance(value, str) or not value.strip() or len(value) > self.longest:
            return True
        if any(ord(character) < 32 or ord(character) == 127 for character in value):
            return True  # no page shows them, and no table keeps U+0000
        return bool(self.values) and value not in self.values


@dataclass(frozen=True, slots=True)
class PaperType:
    """A type of paper. `short`: its name in text messages; private papers are never named there.

    `counts_when_submitted`: it must be valid on the day it is handed in, not on that of acceptance.
    """

    type: str
    name: BilingualText
    short: BilingualText
    private: bool
    validity: Limit | None
    validity_kind: str | None
    counts_when_submitted: bool = False


@dataclass(frozen=True, slots=True)
class RefusalReason:
    """A reason to refuse a dossier (form 03), with the rule it usually rests on.

    `needs_text`: it says too little alone, so the officer writes which paper, what differs, what condition.
    """

    code: str
    words: BilingualText
    rule: BilingualText
    needs_text: bool = False


@dataclass(frozen=True, slots=True)
class Channel:
    """A channel of filing. `counts_as`: the channel whose fee and permission apply (a kiosk is online)."""

    code: str
    name: BilingualText
    hint: BilingualText
    counts_as: str


@dataclass(frozen=True, slots=True)
class Place:
    """A place that forms ask for. `kind`: ward or project."""

    name: str
    kind: str
    label: BilingualText


def _is_date(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False
