"""Why a letter of apology cannot be signed so, or what has to wait for it."""

from shared.errors import RefusalKind, Refused


def letter_missing() -> Refused:
    """The dossier is late, and nobody has apologised: its next step waits."""
    return Refused(
        code="letter_missing",
        vi="Hồ sơ trễ mà thư xin lỗi (mẫu 04) chưa ký. Chờ lãnh đạo cơ quan ký, bước này sẽ được giao.",
        en="The dossier is late, its apology (form 04) unsigned. Once the head signs, this is handed out.",
        kind=RefusalKind.CONFLICT,
    )


def nothing_to_sign() -> Refused:
    """This task is no letter."""
    return Refused(
        code="nothing_to_sign",
        vi="Việc này không phải thư xin lỗi. Ký ở việc có bước “letter” của hồ sơ.",
        en="This task is no letter. Sign at the dossier's task whose step is “letter”.",
        kind=RefusalKind.CONFLICT,
    )


def a_letter_is_only_signed() -> Refused:
    """There is no other way to be done with it."""
    return Refused(
        code="a_letter_is_only_signed",
        vi="Thư xin lỗi không nhận, không trả lại: lãnh đạo cơ quan ký là xong.",
        en="A letter of apology is neither taken nor given back: the head of the office signs it.",
        kind=RefusalKind.CONFLICT,
    )


def only_the_head_signs() -> Refused:
    """Whoever signs answers for the office."""
    return Refused(
        code="only_the_head_signs",
        vi="Chỉ lãnh đạo cơ quan ký thư xin lỗi. Hệ thống của đơn vị thì ghi tên người ký ở signed_by.",
        en="Only the head of the office signs an apology. A party's own system names the head in signed_by.",
        kind=RefusalKind.FORBIDDEN,
    )


def new_date_not_ahead() -> Refused:
    """A promise looks forward."""
    return Refused(
        code="new_date_not_ahead",
        vi="Ngày hẹn mới phải ở phía trước và trong lịch đã công bố. Ghi new_day là một ngày sau hôm nay.",
        en="The new date must lie ahead, within the published calendar. Name a later day in new_day.",
    )


def already_redated(day: str) -> Refused:
    """A citizen is given a new date once."""
    return Refused(
        code="already_redated",
        vi=f"Thư đã ký, hẹn lại {day}. Chỉ hẹn lại một lần: hãy giải quyết xong trước ngày đó.",
        en=f"The letter is signed and promises {day}. A dossier is re-dated once: finish it by that day.",
        kind=RefusalKind.CONFLICT,
    )
