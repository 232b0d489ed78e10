"""Rejections of replies, sent to the party: the record, the field, and the remedy."""

from dataclasses import dataclass

from shared.errors import Refused
from shared.events import agency


@dataclass(frozen=True, slots=True)
class RecordPosition:
    """The position of a rejected record in its topic. `reply_id`: None if it could not be read."""

    partition: int
    offset: int
    reply_id: str | None


ABOUT_THE_DOSSIER = (
    "papers_owed",
    "fee_owed",
    "withdrawal_undecided",
    "all_defects_in_one_request",
    "payment_already_asked",
    "stop_already_asked",
    "already_extended",
    "extension_too_late",
    "no_date_to_extend",
    "task_already_done",
    "already_decided",
    "dossier_closed",
    "letter_missing",
    "child_is_used",
    "no_result_yet",
    "step_asks_nobody",
    "nothing_was_asked",
    "answers_missing",
    "query_closed",
    "not_a_question",
)
"""Refusals caused by the state of the dossier, not by a field of the reply."""

FIELDS = {
    "office_not_served": "office",
    "task_of_another_office": "office",
    "contradicts_earlier": "outcome",
    "bad_field": "outcome",
    "denial_needs_reason": "reason",
    "denial_needs_basis": "basis",
    "already_completed": "ce_type",
    "already_declined": "ce_type",
    "decided_at_the_counter": "ce_type",
    "items_missing": "items",
    "bad_answer_by": "answer_by",
    "amount_missing": "amount",
    "days_missing": "days",
    "reason_missing": "reason",
    "question_missing": "question",
    "silence_needs_a_reason": "reason",
    "not_one_to_ask": "offices",
    "too_many_to_ask": "offices",
    "extension_too_long": "days",
    "second_supplement_counts_as_late": "basis",
    "only_the_head_extends": "approved_by",
    "not_yours_to_find": "found",
    **dict.fromkeys(ABOUT_THE_DOSSIER, "ce_type"),
}


def rejection_event(refused: Refused, place: RecordPosition) -> agency.ReplyRejected:
    """The event that tells a party why its reply was rejected."""
    return agency.ReplyRejected(
        partition=place.partition,
        offset=place.offset,
        code=refused.code,
        field=FIELDS.get(refused.code, "task_id"),
        remedy_vi=refused.vi,
        remedy_en=refused.en,
        reply_id=place.reply_id,
    )
