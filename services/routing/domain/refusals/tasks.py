"""Every refusal of routing, numbered by name, in words an office can act on."""

from shared.errors import FieldError, RefusalKind, Refused


def unknown_task() -> Refused:
    """No task of ours has this id."""
    return Refused(
        code="unknown_task",
        vi="Không có việc nào mang mã này. Ghi lại task_id và dossier_id đúng như trong việc đã nhận.",
        en="No task has this id. Repeat task_id and dossier_id as they stand in the task you received.",
        kind=RefusalKind.NOT_FOUND,
    )


def not_yet_queued() -> Refused:
    """The step is planned, but its turn has not come."""
    return Refused(
        code="not_yet_queued",
        vi="Bước này chưa đến lượt. Chờ nhận được task.queued.v1 rồi hãy trả lời.",
        en="This step's turn has not come. Wait for its task.queued.v1 before you answer.",
        kind=RefusalKind.CONFLICT,
    )


def office_not_served(party: str, office: str) -> Refused:
    """The topic is the sender, and this sender does not speak for that office."""
    return Refused(
        code="office_not_served",
        vi=f"Bên {party} không phục vụ cơ quan {office}. Ghi đúng cơ quan nêu trong việc.",
        en=f"Party {party} does not serve office {office}. Name the office that the task names.",
        kind=RefusalKind.FORBIDDEN,
    )


def task_of_another_office(office: str) -> Refused:
    """The task lies with somebody else."""
    return Refused(
        code="task_of_another_office",
        vi=f"Việc này không phải của {office}. Ghi đúng cơ quan nêu trong việc.",
        en=f"This task is not {office}'s. Name the office that the task names.",
        kind=RefusalKind.FORBIDDEN,
    )


def decided_at_the_counter() -> Refused:
    """Receiving is accepting or refusing, and that is done at the counter."""
    return Refused(
        code="decided_at_the_counter",
        vi="Việc tiếp nhận chỉ kết thúc khi quầy tiếp nhận hoặc từ chối hồ sơ.",
        en="Receiving ends only when the counter accepts or refuses the dossier.",
        kind=RefusalKind.CONFLICT,
    )


def already_declined() -> Refused:
    """The office gave it back; an operator has it."""
    return Refused(
        code="already_declined",
        vi="Cơ quan đã trả lại việc này, người điều phối đang chuyển đi. Nếu trả nhầm, gọi Trung tâm.",
        en="Your office gave this task back and an operator re-sends it. If by mistake, call the Centre.",
        kind=RefusalKind.CONFLICT,
    )


def already_completed() -> Refused:
    """What is done cannot be given back."""
    return Refused(
        code="already_completed",
        vi="Việc này đã báo xong, không trả lại được nữa.",
        en="This task was reported as done and cannot be given back.",
        kind=RefusalKind.CONFLICT,
    )


def contradicts_earlier(outcome: str) -> Refused:
    """Done twice, with two outcomes."""
    return Refused(
        code="contradicts_earlier",
        vi=f"Việc này đã báo xong với kết quả “{outcome}”. Kết quả đầu tiên được giữ.",
        en=f"This task was already reported as done with the outcome “{outcome}”. The first one stands.",
        kind=RefusalKind.CONFLICT,
    )


def task_closed() -> Refused:
    """The office need not do this any more."""
    return Refused(
        code="task_closed",
        vi="Việc này đã đóng, cơ quan không cần làm nữa.",
        en="This task is closed: your office need not do it any more.",
        kind=RefusalKind.CONFLICT,
    )


def operator_never_decides() -> Refused:
    """An operator moves work, and decides nothing."""
    return Refused(
        code="operator_never_decides",
        vi="Người điều phối chỉ chuyển việc, không giải quyết hồ sơ thay cơ quan.",
        en="An operator moves work between offices and never decides a dossier.",
        kind=RefusalKind.FORBIDDEN,
    )


def only_an_operator() -> Refused:
    """Sending work to another office is the operator's."""
    return Refused(
        code="only_an_operator",
        vi="Chỉ người điều phối được chuyển việc sang cơ quan khác.",
        en="Only an operator sends a task to another office.",
        kind=RefusalKind.FORBIDDEN,
    )


def not_declined() -> Refused:
    """Only what was given back is re-sent."""
    return Refused(
        code="not_declined",
        vi="Cơ quan chưa trả lại việc này, nên chưa chuyển đi được.",
        en="The office has not given this task back, so it cannot be re-sent.",
        kind=RefusalKind.CONFLICT,
    )


def already_resent(office: str) -> Refused:
    """Somebody re-sent it before, elsewhere."""
    return Refused(
        code="already_resent",
        vi=f"Việc này đã được chuyển cho {office}.",
        en=f"This task was already re-sent to {office}.",
        kind=RefusalKind.CONFLICT,
    )


def only_the_head_reassigns() -> Refused:
    """Within an agency the head of the office that has it hands work on."""
    return Refused(
        code="only_the_head_reassigns",
        vi="Chỉ lãnh đạo cơ quan đang giữ việc được giao lại trong đơn vị mình.",
        en="Only the head of the office that has the task hands it on within the agency.",
        kind=RefusalKind.FORBIDDEN,
    )


def another_agency(office: str) -> Refused:
    """A head decides about the own agency's work alone."""
    return Refused(
        code="another_agency",
        vi=f"{office} thuộc đơn vị khác. Trả lại việc, người điều phối sẽ chuyển.",
        en=f"{office} is of another agency. Give the task back, and an operator sends it there.",
        kind=RefusalKind.FORBIDDEN,
    )


def already_there(office: str) -> Refused:
    """Handing on to oneself moves nothing."""
    return Refused(
        code="already_there",
        vi=f"Việc này đang ở {office}. Chọn cơ quan khác.",
        en=f"This task lies at {office}. Choose another office.",
        kind=RefusalKind.CONFLICT,
    )


def unknown_office(office: str) -> Refused:
    """No such office on this day."""
    return Refused(
        code="unknown_office",
        vi=f"Hôm nay không có cơ quan {office}.",
        en=f"There is no office {office} today.",
    )


def office_cannot_do_it(office: str) -> Refused:
    """The office exists, and the step is not its work."""
    return Refused(
        code="office_cannot_do_it",
        vi=f"{office} không làm bước này và không tham gia hồ sơ này.",
        en=f"{office} does not do this step and has no part in this dossier.",
    )


def reason_missing() -> Refused:
    """Giving back or moving work leaves a reason."""
    return Refused(
        code="reason_missing",
        vi="Ghi lý do, để người nhận tiếp hiểu vì sao.",
        en="Give a reason, so that the next person knows why.",
    )


def unknown_dossier() -> Refused:
    """No case of this code."""
    return Refused(
        code="unknown_dossier",
        vi="Không có hồ sơ nào mang mã này.",
        en="There is no dossier of this code.",
        kind=RefusalKind.NOT_FOUND,
    )


def bad_cursor() -> Refused:
    """The place to continue from is not one we gave."""
    return Refused(
        code="bad_cursor",
        vi="Tham số after không đúng. Dùng nguyên giá trị next của trang trước.",
        en="The parameter after is not right. Use next of the page before as it is.",
        errors=(FieldError("after", "bad_cursor", "Dùng nguyên giá trị next.", "Use next as it is."),),
    )
