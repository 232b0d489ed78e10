"""What can be wrong in a submission, each in a neighbour's words that say what to do."""

from shared.errors import FieldError, Suggestion

_WORDS: dict[str, tuple[str, str]] = {
    "required": ("Bạn chưa điền mục này.", "Please fill this in."),
    "unknown_field": (
        "Không có mục nào tên như vậy. Hãy bỏ ra.",
        "There is no field of this name. Please leave it out.",
    ),
    "wrong_type": ("Nội dung mục này chưa đúng dạng.", "What stands here is not of the right kind."),
    "bad_characters": (
        "Có ký tự không đọc được. Hãy gõ lại.",
        "Some characters cannot be read. Please type this again.",
    ),
    "unknown_procedure": (
        "Không có thủ tục này. Hãy chọn trong danh sách thủ tục.",
        "There is no such procedure. Please choose from the list.",
    ),
    "not_in_force": (
        "Thủ tục này chưa áp dụng hoặc đã hết áp dụng vào hôm nay.",
        "This procedure is not in force today.",
    ),
    "channel_not_offered": (
        "Thủ tục này không nhận theo cách đó. Hãy chọn: {ways}.",
        "This procedure is not taken in that way. Please choose: {ways}.",
    ),
    "unknown_ward": (
        "Không có phường, xã nào mang mã {value}. Hãy chọn trong danh sách.",
        "No ward has the code {value}. Please choose from the list.",
    ),
    "former_ward": (
        "Phường, xã mang mã {value} đã thôi hoạt động từ 1/7/2025. Nay là: {now}. Hãy chọn nơi của bạn.",
        "The ward with code {value} ended on 30 June 2025. It is now: {now}. Please choose yours.",
    ),
    "ended_place": (
        "Nơi mang mã {value} đã thôi hoạt động. Hãy chọn nơi nay nhận việc của nơi đó.",
        "The place with code {value} is no more. Please choose the one that has its work now.",
    ),
    "unknown_project": (
        "Không có dự án nào tên {value}. Hãy chọn trong danh sách.",
        "There is no project {value}. Please choose from the list.",
    ),
    "place_not_asked": (
        "Thủ tục này không hỏi nơi này. Hãy bỏ ra.",
        "This procedure does not ask for this place. Please leave it out.",
    ),
    "no_office": (
        "Chưa có nơi nào nhận hồ sơ ở đây. Hãy chọn nơi khác hoặc gọi đường dây nóng.",
        "No office takes this dossier for that place. Please choose another or call the hotline.",
    ),
    "bad_phone": (
        "Số điện thoại chưa đúng, có thể thiếu hoặc thừa chữ số. Ví dụ đúng: 0912 345 678.",
        "This phone number is not right; a digit may be missing. A right one: 0912 345 678.",
    ),
    "not_a_mobile": (
        "Số máy bàn không nhận được tin nhắn. Hãy cho số di động hoặc thư điện tử.",
        "A landline gets no texts. Please give a mobile number or an email address.",
    ),
    "bad_email": (
        "Địa chỉ thư điện tử chưa đúng. Ví dụ đúng: ten@example.vn.",
        "This email address is not right. A right one: name@example.vn.",
    ),
    "unreachable": (
        "Hãy cho số di động hoặc thư điện tử, để chúng tôi báo tin cho bạn.",
        "Please give a mobile number or an email address, so that we can tell you.",
    ),
    "bad_id_number": (
        "Số định danh có đúng 12 chữ số. Hãy xem lại trên thẻ căn cước.",
        "The identity number has exactly 12 digits. Please look at the card again.",
    ),
    "in_the_future": ("Ngày này chưa đến. Hãy xem lại.", "This day has not come yet. Please check."),
    "too_long_ago": ("Ngày này quá xa. Hãy xem lại năm.", "This day is too long ago. Please check the year."),
    "unknown_value": (
        "Không có lựa chọn này. Hãy chọn: {ways}.",
        "This is not one of the choices. Please choose: {ways}.",
    ),
    "unknown_fact": (
        "Biểu mẫu không hỏi điều này. Hãy bỏ ra.",
        "The form does not ask this. Please leave it out.",
    ),
    "unknown_paper": (
        "Không có loại giấy tờ này trong danh mục.",
        "There is no such kind of paper in the catalogue.",
    ),
    "too_large": ("Mỗi tệp tối đa 20 MB. Hãy nén hoặc chụp lại.", "A file may have 20 MB at most."),
    "too_large_together": (
        "Cả hồ sơ tối đa 100 MB. Hãy nén bớt các tệp.",
        "A dossier may have 100 MB at most. Please make the files smaller.",
    ),
    "too_many": ("Nhiều quá, tối đa {most}.", "Too many, at most {most}."),
    "proxy_or_self": (
        "Chỉ cán bộ tại quầy hoặc đến nhà mới ghi là cán bộ nộp giúp.",
        "Only an officer at a counter or at home files as an officer.",
    ),
}


def field_error(
    field: str, code: str, candidates: tuple[Suggestion, ...] = (), **values: object
) -> FieldError:
    """One thing wrong, at its field, in both languages."""
    vi, en = _WORDS[code]
    return FieldError(field, code, vi.format(**values), en.format(**values), candidates)


def error_codes() -> frozenset[str]:
    """Every code there is, for the documentation and its test."""
    return frozenset(_WORDS)
