"""What an office asks for from its desk: the forms beside start, done and give back."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import Form

from services.routing.domain.case import Case
from services.routing.domain.clock import supplements_asked
from services.routing.domain.offices_may import NewDate, may_ask, new_dates
from services.routing.domain.standing import Fact
from services.routing.domain.state import row_for
from services.routing.domain.task import HEAD, Ask, Task, Wants
from services.routing.usecases.act_on_tasks import DeskAct
from shared.actor import Actor
from shared.catalogue import Catalogue
from shared.clock import last_second
from shared.errors import FieldError, Kind, Refused
from shared.events.agency import WITHOUT_NUL

SUPPLEMENT_FIELDS = {"items_missing": "items", "second_supplement_counts_as_late": "basis"}
FIELDS: Mapping[Ask, Mapping[str, str]] = {
    Ask.SUPPLEMENT: SUPPLEMENT_FIELDS | {"bad_answer_by": "answer_by"},
    Ask.PAYMENT: {"amount_missing": "amount", "bad_answer_by": "pay_by"},
    Ask.WAIVER: {"rule_missing": "rule"},
    Ask.STOP: {"reason_missing": "stop_reason"},
    Ask.RECALL: {"reason_missing": "recall_reason"},
    Ask.EXTENSION: {"reason_missing": "extension_reason"},
    Ask.SIGNATURE: {"new_date_not_ahead": "new_day"},
}
"""At which field of its form a refusal is said; the first one where none is named."""

FIRST = {what: next(iter(fields.values())) for what, fields in FIELDS.items()}
Short = Annotated[str, Form(max_length=200, pattern=WITHOUT_NUL)]
Long = Annotated[str, Form(max_length=10_000, pattern=WITHOUT_NUL)]
MOST_ITEMS, MOST_OF_ITEM = 50, 300


@dataclass(frozen=True, slots=True)
class Typed:
    """The fields of all these forms, as typed; each form sends its own."""

    items: Long = ""
    answer_by: Short = ""
    basis: Short = ""
    approved_by: Short = ""
    amount: Short = ""
    pay_by: Short = ""
    rule: Short = ""
    stop_reason: Long = ""
    recall_reason: Long = ""
    days: Short = ""
    extension_reason: Long = ""
    new_day: Short = ""

    def given(self) -> dict[str, str]:
        """As typed, to be shown again."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Asks:
    """What the page offers: the acts open now, the dates an extension would give, the nth supplement."""

    open: tuple[Ask, ...]
    dates: list[NewDate]
    supplements: int
    stop_asked: str | None
    stop_by: str | None


def asks_for(case: Case, task: Task, actor: Actor, catalogue: Catalogue, at: datetime) -> Asks:
    """Only what the process allows from where the dossier stands."""
    dates = new_dates(case, task, actor, catalogue, at)
    may = may_ask(case, task, actor)
    asked = case.stop_asked if case.stop_asked and case.stop_asked.office == task.office else None
    return Asks(
        open=(*may, Ask.EXTENSION) if dates else may,
        dates=dates,
        supplements=supplements_asked(case),
        stop_asked=asked.reason if asked else None,
        stop_by=asked.by if asked else None,
    )


def lead_on(case: Case, acts: tuple[str, ...]) -> tuple[str, ...]:
    """Without the last word on a dossier that cannot be completed from where it stands."""
    ends = row_for(case.standing, Fact.COMPLETED) is not None
    return tuple(act for act in acts if ends or act != "decide")


def ask_named(name: str) -> Ask | None:
    """The act of a form's address."""
    return next((what for what in FIELDS if what.value == name), None) or (
        Ask.CONFIRMED_STOP if name == Ask.CONFIRMED_STOP.value else None
    )


def act_of(task_id: UUID, what: Ask, actor: Actor, typed: Typed) -> DeskAct:
    """The form as the act that the API takes too. Raises Refused where something typed cannot be read."""
    reasons = {
        Ask.STOP: typed.stop_reason,
        Ask.RECALL: typed.recall_reason,
        Ask.EXTENSION: typed.extension_reason,
    }
    reason = reasons.get(what, "").strip()[:2000] or None
    return DeskAct(task_id, what, actor.office or "", actor, reason=reason, wants=_wants(what, actor, typed))


def at_its_field(why: Refused, what: Ask) -> tuple[FieldError, ...]:
    """The refusal, at the field that mends it."""
    field = FIELDS.get(what, {}).get(why.code) or FIRST.get(what, what.value)
    return why.errors or (FieldError(field, why.code, why.vi, why.en),)


def _wants(what: Ask, actor: Actor, typed: Typed) -> Wants:
    match what:
        case Ask.SUPPLEMENT:
            head = actor.id if actor.role == HEAD else None
            return Wants(
                items=_lines(typed.items),
                answer_by=_end_of("answer_by", typed.answer_by),
                basis=typed.basis.strip() or None,
                approved_by=typed.approved_by.strip() or head,
            )
        case Ask.PAYMENT:
            return Wants(amount=_amount(typed.amount), answer_by=_end_of("pay_by", typed.pay_by))
        case Ask.WAIVER:
            return Wants(rule=typed.rule.strip() or None)
        case Ask.SIGNATURE:
            return Wants(new_day=_day("new_day", typed.new_day))
        case Ask.EXTENSION:
            return Wants(days=_whole("days", typed.days))
        case _:
            return Wants()


def _lines(text: str) -> tuple[str, ...]:
    """A defect a line."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if len(lines) > MOST_ITEMS or any(len(line) > MOST_OF_ITEM for line in lines):
        vi = f"Tối đa {MOST_ITEMS} dòng, mỗi dòng {MOST_OF_ITEM} ký tự. Hãy ghi gọn lại."
        en = f"At most {MOST_ITEMS} lines of {MOST_OF_ITEM} characters. Please shorten it."
        raise _unread("items", vi, en)
    return tuple(lines)


def _end_of(field: str, text: str) -> datetime | None:
    """The whole of that day counts."""
    day = _day(field, text)
    return last_second(day) if day else None


def _day(field: str, text: str) -> date | None:
    if not text.strip():
        return None
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        raise _unread(field, "Ghi ngày như 2026-03-12.", "Give the day as 2026-03-12.") from None


def _amount(text: str) -> int | None:
    """Đồng as people write them, 75.000 or 75,000."""
    amount = _whole("amount", text.replace(".", "").replace(",", "").replace(" ", "").rstrip("đ"))
    if amount and amount > 10**12:
        raise _unread("amount", "Số tiền quá lớn.", "The amount is too large.")
    return amount


def _whole(field: str, text: str) -> int | None:
    if not text.strip():
        return None
    if text.strip().isascii() and text.strip().isdigit() and len(text.strip()) <= 15:
        return int(text.strip())
    raise _unread(field, "Ghi một số, chỉ gồm chữ số.", "Give a number, digits only.")


def _unread(field: str, vi: str, en: str) -> Refused:
    return Refused("invalid", vi, en, Kind.INVALID, (FieldError(field, "invalid", vi, en),))
