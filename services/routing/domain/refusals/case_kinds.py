"""Why a case of another kind cannot be opened so, or why a form of the law does not apply to it."""

from shared.errors import RefusalKind, Refused


def unknown_kind(kind: str) -> Refused:
    """The catalogue knows no such kind."""
    return Refused(
        code="unknown_kind",
        vi=f"Không có loại việc “{kind}”. Chọn một loại trong danh mục.",
        en=f"There is no case kind “{kind}”. Choose one of the catalogue's.",
    )


def unknown_ward(ward: str) -> Refused:
    """No ward of today."""
    return Refused(
        code="unknown_ward",
        vi=f"Hôm nay không có phường, xã {ward}.",
        en=f"There is no ward {ward} today.",
    )


def key_of_another_case() -> Refused:
    """The same key with other words."""
    return Refused(
        code="key_of_another_case",
        vi="Mã này đã dùng cho một việc khác. Dùng mã mới.",
        en="This key opened another case. Use a new one.",
        kind=RefusalKind.CONFLICT,
    )


def no_form_applies() -> Refused:
    """Papers, fees, stops, extensions and recalls are forms of the law, for dossiers."""
    return Refused(
        code="no_form_applies",
        vi="Việc này không phải hồ sơ thủ tục hành chính: không có mẫu yêu cầu. Trả lời là xong.",
        en="This is no dossier of a procedure: no form of the law applies. Answer it, and it is done.",
        kind=RefusalKind.CONFLICT,
    )
