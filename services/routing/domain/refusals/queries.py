"""Why a step cannot ask other offices so, and why an answer of theirs is not taken."""

from shared.errors import RefusalKind, Refused


def step_asks_nobody() -> Refused:
    """The procedure names no offices that this step may ask."""
    return Refused(
        code="step_asks_nobody",
        vi="Bước này không lấy ý kiến cơ quan nào. Hãy tự làm xong, hoặc trả lại việc kèm lý do.",
        en="This step asks no other office. Do it yourself, or give the task back with the reason.",
        kind=RefusalKind.CONFLICT,
    )


def not_one_to_ask(office: str) -> Refused:
    """An office that the procedure does not let this step ask."""
    return Refused(
        code="not_one_to_ask",
        vi=f"Bước này không được hỏi {office}. Chỉ ghi ở offices các cơ quan mà thủ tục cho phép hỏi.",
        en=f"This step may not ask {office}. In offices name only those the procedure lets it ask.",
    )


def too_many_to_ask(most: str) -> Refused:
    """More offices than the procedure allows."""
    return Refused(
        code="too_many_to_ask",
        vi=f"Bước này hỏi nhiều nhất {most} cơ quan. Bớt danh sách offices.",
        en=f"This step may ask {most} offices at most. Shorten the list in offices.",
    )


def question_missing() -> Refused:
    """Nobody can answer what was not asked."""
    return Refused(
        code="question_missing",
        vi="Ghi câu hỏi ở reason, không nêu tên hay số giấy tờ của ai.",
        en="Write the question in reason; name no person and no number.",
    )


def nothing_was_asked() -> Refused:
    """There is no question to close."""
    return Refused(
        code="nothing_was_asked",
        vi="Bước này chưa hỏi cơ quan nào, nên không có gì để đóng.",
        en="This step has asked no office, so there is nothing to close.",
        kind=RefusalKind.CONFLICT,
    )


def silence_needs_a_reason() -> Refused:
    """Whoever goes on without an answer says why."""
    return Refused(
        code="silence_needs_a_reason",
        vi="Còn cơ quan chưa trả lời. Ghi lý do ở reason: vì sao làm tiếp mà không chờ họ.",
        en="Some offices have not answered. Say in reason why you go on without them.",
    )


def answers_missing(silent: str) -> Refused:
    """The step asked others, and goes on neither without their answers nor without a word about them."""
    return Refused(
        code="answers_missing",
        vi=f"Chưa trả lời: {silent}. Chờ họ, hoặc đóng việc hỏi kèm lý do (close-query), rồi báo lại.",
        en=f"Not answered yet: {silent}. Wait, or close it with a reason (close-query), then repeat.",
        kind=RefusalKind.CONFLICT,
    )


def query_closed() -> Refused:
    """An answer after the question was closed."""
    return Refused(
        code="query_closed",
        vi="Việc hỏi đã đóng, câu trả lời đến sau không còn dùng. Không cần gửi lại.",
        en="The question was closed; an answer that comes later is not used. You need not send it again.",
        kind=RefusalKind.CONFLICT,
    )


def not_a_question() -> Refused:
    """A step is not answered, it is done."""
    return Refused(
        code="not_a_question",
        vi="Việc này là một bước, không phải câu hỏi. Báo xong bằng task.completed.v1.",
        en="This task is a step, not a question. Say that it is done with task.completed.v1.",
        kind=RefusalKind.CONFLICT,
    )
