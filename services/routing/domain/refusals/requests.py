"""Refusals of what an office or a citizen asks for: papers, money, a stop, more time."""

from shared.errors import RefusalKind, Refused


def items_missing() -> Refused:
    """Form 02 without a defect."""
    return Refused(
        code="items_missing",
        vi="Ghi mọi giấy tờ còn thiếu hoặc sai trong một yêu cầu.",
        en="Name every paper that is missing or wrong, in one request (items).",
        kind=RefusalKind.INVALID,
    )


def bad_answer_by() -> Refused:
    """No time to answer in."""
    return Refused(
        code="bad_answer_by",
        vi="Ghi hạn trả lời của người dân, muộn hơn lúc này.",
        en="Say until when the citizen may answer (answer_by, pay_by), later than now.",
        kind=RefusalKind.INVALID,
    )


def all_defects_in_one_request() -> Refused:
    """Papers are asked for once."""
    return Refused(
        code="all_defects_in_one_request",
        vi="Đang có một yêu cầu bổ sung chưa trả lời. Mọi thiếu sót phải ghi trong một yêu cầu.",
        en="A request for papers is still open. All defects belong into one request.",
        kind=RefusalKind.CONFLICT,
    )


def second_supplement_counts_as_late() -> Refused:
    """A second request is the head's to approve."""
    return Refused(
        code="second_supplement_counts_as_late",
        vi="Yêu cầu bổ sung lần hai làm hồ sơ bị tính là trễ hạn. Ghi căn cứ và người duyệt.",
        en="A second request makes the dossier count as late. Give its basis and who approved it.",
        kind=RefusalKind.INVALID,
    )


def payment_already_asked(amount: int) -> Refused:
    """One payment is owed at a time."""
    return Refused(
        code="payment_already_asked",
        vi=f"Đang có yêu cầu nộp {amount} đồng chưa trả lời. Chờ nộp đủ rồi mới yêu cầu khoản khác.",
        en=f"A payment of {amount} đồng is still awaited. Ask for another once it is paid.",
        kind=RefusalKind.CONFLICT,
    )


def amount_missing() -> Refused:
    """A payment of nothing is never asked for."""
    return Refused(
        code="amount_missing",
        vi="Ghi số tiền phải nộp, từ 1 đồng. Không thu phí thì không cần yêu cầu.",
        en="Give the amount to pay, from 1 đồng. Where nothing is owed, ask for nothing.",
        kind=RefusalKind.INVALID,
    )


def paid_too_little(amount: int) -> Refused:
    """Less than was asked for."""
    return Refused(
        code="paid_too_little",
        vi=f"Số tiền chưa đủ {amount} đồng. Nộp đủ rồi hồ sơ mới được xử lý tiếp.",
        en=f"Less than the {amount} đồng asked for. The dossier goes on once all of it is paid.",
        kind=RefusalKind.CONFLICT,
    )


def rule_missing() -> Refused:
    """A waiver names its rule."""
    return Refused(
        code="rule_missing",
        vi="Ghi quy định miễn phí (rule), ví dụ NQ 77/2025.",
        en="Name the rule by which nothing is owed, such as NQ 77/2025.",
        kind=RefusalKind.INVALID,
    )


def stop_already_asked() -> Refused:
    """Written before, for another reason."""
    return Refused(
        code="stop_already_asked",
        vi="Đã có đề nghị dừng đang chờ người thứ hai xác nhận. Xác nhận đề nghị đó.",
        en="A stop already waits for a second person. Confirm that one.",
        kind=RefusalKind.CONFLICT,
    )


def no_stop_to_confirm() -> Refused:
    """Nothing to confirm."""
    return Refused(
        code="no_stop_to_confirm",
        vi="Chưa có đề nghị dừng nào. Ghi đề nghị có lý do trước.",
        en="Nobody asked to stop this dossier. Write that first, with a reason.",
        kind=RefusalKind.CONFLICT,
    )


def second_person_needed() -> Refused:
    """One person alone stops no dossier."""
    return Refused(
        code="second_person_needed",
        vi="Dừng xử lý cần người thứ hai: một cán bộ khác của cùng cơ quan xác nhận.",
        en="Stopping needs a second person: another officer of the same office confirms it.",
        kind=RefusalKind.FORBIDDEN,
    )


def only_the_head_extends() -> Refused:
    """Form 04 is signed by the head."""
    return Refused(
        code="only_the_head_extends",
        vi="Chỉ người đứng đầu cơ quan gia hạn. Ghi tên người đứng đầu (approved_by).",
        en="Only the head of the office extends. Name the head (approved_by).",
        kind=RefusalKind.FORBIDDEN,
    )


def days_missing() -> Refused:
    """How long."""
    return Refused(
        code="days_missing",
        vi="Ghi số ngày làm việc gia hạn (days), từ 1.",
        en="Give the working days of the extension (days), from 1.",
        kind=RefusalKind.INVALID,
    )


def already_extended() -> Refused:
    """Once is all."""
    return Refused(
        code="already_extended",
        vi="Hồ sơ đã gia hạn một lần; không gia hạn thêm.",
        en="The dossier was extended once; that is all there is.",
        kind=RefusalKind.CONFLICT,
    )


def extension_too_late() -> Refused:
    """Announced before the date, or not at all."""
    return Refused(
        code="extension_too_late",
        vi="Gia hạn phải báo trước hạn ít nhất 1 ngày làm việc. Quá hạn thì xin lỗi và hẹn lại.",
        en="An extension is announced at least 1 working day before the date. Late stays late.",
        kind=RefusalKind.CONFLICT,
    )


def extension_too_long() -> Refused:
    """Longer than the law allows."""
    return Refused(
        code="extension_too_long",
        vi="Gia hạn dài hơn mức cho phép của thủ tục này. Ghi số ngày ngắn hơn.",
        en="Longer than this procedure allows. Give fewer days.",
        kind=RefusalKind.INVALID,
    )


def no_date_to_extend() -> Refused:
    """No limit, no extension."""
    return Refused(
        code="no_date_to_extend",
        vi="Thủ tục này không có hạn trả, nên không có gì để gia hạn.",
        en="This procedure promises no date, so there is nothing to extend.",
        kind=RefusalKind.CONFLICT,
    )


def task_already_done() -> Refused:
    """The office has no open task here."""
    return Refused(
        code="task_already_done",
        vi="Cơ quan đã làm xong việc này. Chỉ yêu cầu từ một việc đang làm.",
        en="Your office is done with this task. Ask from a task that is in your hands.",
        kind=RefusalKind.CONFLICT,
    )


def step_has_no_appointment() -> Refused:
    """The procedure asks nobody to come for this step."""
    return Refused(
        code="step_has_no_appointment",
        vi="Bước này không cần người dân đến. Hãy làm xong bước như thường.",
        en="Nobody has to come for this step. Finish it as usual.",
        kind=RefusalKind.CONFLICT,
    )


def appointment_not_ahead() -> Refused:
    """No time is given, or one that is past."""
    return Refused(
        code="appointment_not_ahead",
        vi="Ghi giờ hẹn ở meet_at, sau thời điểm này.",
        en="Give the time in meet_at, later than now.",
    )


def appointment_first() -> Refused:
    """The step is done with the citizen present."""
    return Refused(
        code="appointment_first",
        vi="Bước này cần người dân đến. Hãy hẹn giờ, ghi nhận họ đã đến, rồi báo xong.",
        en="The citizen has to come for this step. Propose a time, record that they came, then finish it.",
        kind=RefusalKind.CONFLICT,
    )


def no_appointment_open() -> Refused:
    """Nobody is expected."""
    return Refused(
        code="no_appointment_open",
        vi="Chưa có giờ hẹn nào đang chờ. Hãy hẹn giờ trước.",
        en="Nobody is expected. Propose a time first.",
        kind=RefusalKind.CONFLICT,
    )


def appointment_still_ahead() -> Refused:
    """Nobody can miss a time that is still to come."""
    return Refused(
        code="appointment_still_ahead",
        vi="Chưa đến giờ hẹn. Ghi nhận vắng sau giờ đó, hoặc hẹn giờ khác.",
        en="The time is still to come. Record the absence after it, or propose another time.",
        kind=RefusalKind.CONFLICT,
    )


def appointment_is_over() -> Refused:
    """They came already."""
    return Refused(
        code="appointment_is_over",
        vi="Người dân đã đến rồi, không cần hẹn nữa. Hãy báo xong bước này.",
        en="The citizen has come, no other time is needed. Finish this step.",
        kind=RefusalKind.CONFLICT,
    )
