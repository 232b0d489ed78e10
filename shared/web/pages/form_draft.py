"""What a person typed into a form, as the server keeps it and fills it in again."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

CSRF_FIELD, KEY_FIELD = "csrf", "key"
ACTING_FIELD = "acting"
"""The login of the officer for whom a form was drawn; empty for anybody else."""

ACTION_FIELD, PAGE_FIELD = "draft.form", "draft.page"
"""Where a form is sent to, and the page on which it stands."""

SECRET_FIELDS = frozenset({"secret", "password", "otp"})
NEVER_KEPT = SECRET_FIELDS | {CSRF_FIELD, ACTING_FIELD, ACTION_FIELD, PAGE_FIELD}
LONGEST_ADDRESS = 500
DRAFT_DAYS = 7
"""How long a draft is kept after it was saved last."""


@dataclass(frozen=True, slots=True)
class FormDraft:
    """The fields of one form in their order, a name as often as it was sent; secrets are never among them.

    `action` and `page` are paths of this service. `kept_until`: None for a form that was sent just now.
    """

    action: str
    page: str
    fields: tuple[tuple[str, str], ...]
    kept_until: datetime | None = None

    @property
    def key(self) -> str | None:
        """The idempotency key of the form: filled in and sent again, it acts once."""
        return next((value for name, value in self.fields if name == KEY_FIELD), None)

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to keep."""
        return not any(value and name != KEY_FIELD for name, value in self.fields)


def draft_of_fields(fields: Iterable[tuple[str, object]]) -> FormDraft | None:
    """The draft of a sent form; None for a form that has none. Files are left out."""
    texts = [(name, value) for name, value in fields if isinstance(value, str)]
    values = dict(texts)
    action, page = values.get(ACTION_FIELD, ""), values.get(PAGE_FIELD, "")
    if not action or not page or max(len(action), len(page)) > LONGEST_ADDRESS:
        return None
    fields_to_keep = tuple((name, value) for name, value in texts if name not in NEVER_KEPT)
    return FormDraft(action, page, fields_to_keep)
