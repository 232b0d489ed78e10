"""Why the door will not do what a counter or a citizen asks before acceptance, and what to do instead."""

from datetime import datetime

from shared.errors import FieldError, RefusalKind, Refused


def items_missing() -> Refused:
    """Form 02 of a dossier that lacks nothing."""
    return _at(
        "items",
        "items_missing",
        "Hồ sơ không thiếu giấy tờ nào. Nếu có giấy sai, hãy ghi rõ (items); nếu không, hãy tiếp nhận.",
        "This dossier lacks nothing. Name the paper that is wrong (items), or accept it.",
    )


def all_defects_in_one_request(left: tuple[str, ...]) -> Refused:
    """Papers are asked for once, so all of them."""
    names = ", ".join(left)
    return _at(
        "items",
        "all_defects_in_one_request",
        f"Mọi thiếu sót phải ghi trong một yêu cầu. Còn thiếu: {names}.",
        f"All defects belong into one request. Not named: {names}.",
    )


def bad_answer_by() -> Refused:
    """No time to answer in."""
    return _at(
        "answer_by",
        "bad_answer_by",
        "Ghi hạn trả lời của người dân, muộn hơn lúc này.",
        "Say until when the citizen may answer (answer_by), later than now.",
    )


def second_supplement_counts_as_late() -> Refused:
    """Said beforehand: a second request is the head's to approve, and the national index counts it."""
    return _at(
        "basis",
        "second_supplement_counts_as_late",
        "Yêu cầu bổ sung lần hai làm hồ sơ bị tính là trễ hạn. Ghi căn cứ và người duyệt.",
        "A second request makes the dossier count as late. Give its basis and who approved it (approved_by).",
    )


def still_time_to_answer(answer_by: datetime) -> Refused:
    """Nobody's dossier is stopped while they may still answer."""
    return Refused(
        "still_time_to_answer",
        f"Người dân còn hạn bổ sung đến {answer_by:%H:%M %d/%m/%Y}. Chỉ dừng sau đó, hoặc khi họ xin rút.",
        f"The citizen may answer until {answer_by:%H:%M %d/%m/%Y}. Stop it later, or when they withdraw.",
        RefusalKind.CONFLICT,
    )


def the_offices() -> Refused:
    """After acceptance this is asked at the desk of the office that works on it."""
    return Refused(
        "already_accepted",
        "Hồ sơ đã được tiếp nhận: cơ quan đang xử lý yêu cầu bổ sung hoặc dừng hồ sơ ở bàn làm việc.",
        "It was accepted: the office that works on it asks for papers, or stops it, at its own desk.",
        RefusalKind.CONFLICT,
    )


def proof_needed() -> Refused:
    """A result goes to somebody else only with what proves that they may take it."""
    return _at(
        "proof_ref",
        "proof_needed",
        "Trao cho người được ủy quyền thì ghi số giấy ủy quyền (proof_ref).",
        "To hand it to a proxy, give the reference of the authorisation (proof_ref).",
    )


def _at(field: str, code: str, vi: str, en: str) -> Refused:
    return Refused(code, vi, en, errors=(FieldError(field, code, vi, en),))
