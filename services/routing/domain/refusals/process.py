"""Why a fact cannot follow from where a dossier stands, and what to do instead."""

from shared.errors import RefusalKind, Refused


def dossier_closed() -> Refused:
    """A closed dossier is never reopened."""
    return Refused(
        code="dossier_closed",
        vi="Hồ sơ đã kết thúc và không mở lại. Hãy nộp hồ sơ mới; giấy tờ còn hạn được dùng lại.",
        en="The dossier is closed and stays so. File a new one; papers still valid carry over.",
        kind=RefusalKind.CONFLICT,
    )


def not_yours_to_find(fact: str, known: str) -> Refused:
    """This step opens no other by such a fact."""
    return Refused(
        code="not_yours_to_find",
        vi=f"Bước này không báo được “{fact}”. Báo được: {known or 'không có gì'}. Bỏ mục này rồi gửi lại.",
        en=f"This step cannot report {fact}, only: {known or 'nothing'}. Leave it out and send again.",
    )


def no_papers_owed() -> Refused:
    """Nobody waits for papers."""
    return Refused(
        code="no_papers_owed",
        vi="Hiện không có yêu cầu bổ sung giấy tờ nào. Xem lại trạng thái hồ sơ trước khi gửi.",
        en="No papers are asked for now. Look at the dossier's state before you send any.",
        kind=RefusalKind.CONFLICT,
    )


def no_fee_owed() -> Refused:
    """Nobody waits for money."""
    return Refused(
        code="no_fee_owed",
        vi="Hiện không có khoản nào phải nộp. Nếu đã nộp, giữ biên lai và hỏi tại quầy để được hoàn lại.",
        en="No payment is asked for now. If you have paid, keep the receipt and ask for a refund.",
        kind=RefusalKind.CONFLICT,
    )


def no_withdrawal() -> Refused:
    """Nothing to take back."""
    return Refused(
        code="no_withdrawal",
        vi="Hồ sơ không có yêu cầu rút nào đang chờ. Hồ sơ vẫn được giải quyết, bạn không cần làm gì.",
        en="No withdrawal is waiting. The dossier goes on as before; you need do nothing.",
        kind=RefusalKind.CONFLICT,
    )


def no_result_yet() -> Refused:
    """There is no result to hand over or take back."""
    return Refused(
        code="no_result_yet",
        vi="Hồ sơ chưa có kết quả. Chờ đến khi hồ sơ được giải quyết xong.",
        en="There is no result yet. Wait until the dossier is completed.",
        kind=RefusalKind.CONFLICT,
    )


def not_accepted_yet() -> Refused:
    """Before acceptance only the counter decides."""
    return Refused(
        code="not_accepted_yet",
        vi="Hồ sơ chưa được tiếp nhận. Chờ quầy tiếp nhận rồi mới làm được việc này.",
        en="The dossier has not been accepted. Wait until the counter has accepted it.",
        kind=RefusalKind.CONFLICT,
    )


def work_not_begun() -> Refused:
    """Accepted, and no office has it yet."""
    return Refused(
        code="work_not_begun",
        vi="Hồ sơ đã được tiếp nhận nhưng chưa giao cho cơ quan nào. Chờ việc được giao rồi làm lại.",
        en="The dossier is accepted, and no office has its task yet. Wait until work is handed out.",
        kind=RefusalKind.CONFLICT,
    )


def already_under_way() -> Refused:
    """The door is behind it."""
    return Refused(
        code="already_under_way",
        vi="Hồ sơ đã được tiếp nhận và đang xử lý: quyết định ở quầy chỉ có một lần.",
        en="The dossier was accepted and is being worked on: the counter decides once.",
        kind=RefusalKind.CONFLICT,
    )


def papers_owed() -> Refused:
    """The clock is paused for papers."""
    return Refused(
        code="papers_owed",
        vi="Hồ sơ đang chờ người dân bổ sung giấy tờ. Chờ giấy tờ đến, hoặc đề nghị dừng xử lý.",
        en="The citizen still owes papers. Wait for them, or ask to stop the dossier.",
        kind=RefusalKind.CONFLICT,
    )


def fee_owed() -> Refused:
    """The clock is paused for a payment."""
    return Refused(
        code="fee_owed",
        vi="Hồ sơ đang chờ người dân nộp tiền. Chờ nộp đủ hoặc được miễn, hoặc đề nghị dừng xử lý.",
        en="The citizen still owes a fee. Wait until it is paid or waived, or ask to stop the dossier.",
        kind=RefusalKind.CONFLICT,
    )


def withdrawal_undecided() -> Refused:
    """The citizen asked to take the dossier back."""
    return Refused(
        code="withdrawal_undecided",
        vi="Người dân đã xin rút hồ sơ. Dừng xử lý theo yêu cầu đó, hoặc chờ người dân hủy yêu cầu rút.",
        en="The citizen asked to withdraw. Stop the dossier as asked, or wait until they cancel that.",
        kind=RefusalKind.CONFLICT,
    )


def already_decided() -> Refused:
    """A result exists."""
    return Refused(
        code="already_decided",
        vi="Hồ sơ đã có kết quả và đi tiếp đến bước trả. Nếu kết quả sai, cơ quan thu hồi trước khi trả.",
        en="The dossier has its result. If it is wrong the office recalls it before handing it over.",
        kind=RefusalKind.CONFLICT,
    )


def no_office_yet(role: str, field: str) -> Refused:
    """A step that this finding would open has no office today."""
    return Refused(
        code="no_office_yet",
        vi=f"Bước được mở ra chưa có cơ quan ({role}, {field}). Báo điều phối viên; có rồi thì báo lại.",
        en=f"The step this opens has no office yet ({role}, {field}). Tell the operator, then say it again.",
        kind=RefusalKind.CONFLICT,
    )


def child_is_used() -> Refused:
    """The root went on with what its child made."""
    return Refused(
        code="child_is_used",
        vi="Hồ sơ gốc đã dùng kết quả này. Báo cơ quan tiếp nhận hồ sơ gốc; nơi đó thu hồi bước của mình.",
        en="The root dossier has used this result. Tell the office that received it: it recalls its step.",
        kind=RefusalKind.CONFLICT,
    )
