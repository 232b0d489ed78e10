"""What the product needs of messages.yaml: its templates, their variables and fields, and the silences."""

from collections.abc import Mapping

VIETNAMESE_FORMS: Mapping[str, str] = {
    "plain": "sms_vi_plain",
    "short": "sms_vi_short",
    "full": "sms_vi_full",
}
ENGLISH_FORM = "sms_en"
SMS_FIELDS: Mapping[tuple[str, str], str] = {
    ("vi", "plain"): VIETNAMESE_FORMS["plain"],
    ("vi", "short"): VIETNAMESE_FORMS["short"],
    ("vi", "full"): VIETNAMESE_FORMS["full"],
    ("vi", "voice"): VIETNAMESE_FORMS["plain"],
    ("en", "plain"): ENGLISH_FORM,
    ("en", "short"): ENGLISH_FORM,
    ("en", "full"): ENGLISH_FORM,
    ("en", "voice"): ENGLISH_FORM,
}
"""The text of each language and form that a person may choose; of a call, what a console shows."""
SUBJECTS: Mapping[str, str] = {"vi": "email_subject_vi", "en": "email_subject_en"}
FIELDS = (*VIETNAMESE_FORMS.values(), ENGLISH_FORM, *SUBJECTS.values())
"""The texts that every template has, in both languages."""

_ALWAYS = frozenset({"ma", "mk", "link", "tel", "don_vi"})
_DATED = frozenset({"gio", "ngay", "n5", "hen", "h5"})

TEMPLATE_VARIABLES: Mapping[str, frozenset[str]] = {
    "submitted": _ALWAYS,
    "answer_late": _ALWAYS | {"ngay", "n5"},
    "accepted": _ALWAYS | _DATED,
    "accepted_undated": _ALWAYS | {"gio", "ngay", "n5"},
    "accepted_date_follows": _ALWAYS | {"gio", "ngay", "n5"},
    "refused": _ALWAYS,
    "completed": _ALWAYS,
    "completed_in_part": _ALWAYS,
    "date_moved": _ALWAYS | _DATED,
    "supplement": _ALWAYS | {"giay_to", "ngay", "n5"},
    "payment": _ALWAYS | {"so_tien", "ngay", "n5"},
    "withdrawal": _ALWAYS,
    "request_declined": _ALWAYS,
    "stopped": _ALWAYS,
    "extended": _ALWAYS | _DATED,
    "overdue": _ALWAYS | {"hen", "h5"},
    "reminder": _ALWAYS | {"ngay", "n5"},
    "your_turn": _ALWAYS | {"ngay", "n5"},
    "appointment": _ALWAYS | {"gio", "ngay", "n5"},
}
"""The templates that notification sends, and the variables that have a value when it does."""

FALLBACKS: Mapping[str, str] = {"accepted_date_follows": "accepted_undated"}
"""Which template an edition of an earlier release has in place of one that came later."""

WAITING_TEMPLATES: Mapping[str, str] = {
    "in_process": "texts that a citizen asked for beyond the usual ones",
    "returned": "a text when the result was handed over",
    "too_early": "advice on when to file for a project",
    "expiring": "a watch over papers that expire",
    "window_open": "a watch over the windows of projects",
    "home_visit": "visits at home",
    "delegation": "acting for somebody else",
    "child_done": "texts about child dossiers",
    "draw_result": "the draw of lots",
    "answer": "answers to questions",
    "one_time_code": "codes for logging in",
}
"""Templates that are written and that nothing sends yet, by what will. They may use any variable."""

SILENCES = frozenset(
    {
        "dossier.submitted.counter",
        "dossier.submitted.home",
        "dossier.routed",
        "dossier.supplemented",
        "dossier.paid",
        "dossier.fee_waived",
        "dossier.withdrawal_cancelled",
        "new_date.passed",
        "dossier.result_recalled",
    }
)
"""The facts of which no text tells, each with a signed reason. Without its line a fact might be told."""

SHORTEST_LONGEST: Mapping[str, int] = {
    "ma": 24,
    "mk": 11,
    "gio": 5,
    "ngay": 10,
    "hen": 10,
    "n5": 5,
    "h5": 5,
    "link": 25,
    "tel": 8,
}
"""The lengths of values that the product makes. A shorter example of the longest would measure too little."""
