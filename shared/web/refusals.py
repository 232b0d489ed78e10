"""Sentences the HTTP side itself says, in both languages."""

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from shared.errors import FieldError, RefusalKind, Refused

_HTTP: dict[int, tuple[str, RefusalKind, str, str]] = {
    400: (
        "unreadable_body",
        RefusalKind.INVALID,
        "Không đọc được nội dung gửi lên. Hãy gửi đúng một JSON (hoặc biểu mẫu của trang) bằng UTF-8.",
        "The body cannot be read. Please send one JSON (or the page's own form) in UTF-8.",
    ),
    401: (
        "unauthenticated",
        RefusalKind.UNAUTHENTICATED,
        "Hãy đăng nhập rồi thử lại.",
        "Please log in and try again.",
    ),
    403: (
        "forbidden",
        RefusalKind.FORBIDDEN,
        "Bạn không có quyền làm việc này.",
        "You are not allowed to do this.",
    ),
    404: (
        "not_found",
        RefusalKind.NOT_FOUND,
        "Không có trang này. Hãy kiểm tra lại địa chỉ.",
        "There is no such page. Please check the address.",
    ),
    405: (
        "method_not_allowed",
        RefusalKind.INVALID,
        "Không làm được việc này ở địa chỉ này.",
        "This address does not do that.",
    ),
    413: (
        "too_large",
        RefusalKind.TOO_LARGE,
        "Nội dung gửi lên quá lớn.",
        "What was sent is too large.",
    ),
    503: (
        "busy",
        RefusalKind.BUSY,
        "Hệ thống đang bận, hãy thử lại sau ít giây. Những gì bạn gửi chưa được ghi nhận.",
        "The system is busy, please try again in a few seconds. What you sent was not recorded.",
    ),
}
_DEFAULT = (
    "failed",
    RefusalKind.INVALID,
    "Yêu cầu không thực hiện được.",
    "The request could not be carried out.",
)


def stale_form() -> Refused:
    """A form without its token, or from another visit."""
    return Refused(
        "csrf",
        "Biểu mẫu đã quá cũ. Hãy tải lại trang rồi gửi lại. (Chương trình thì gửi application/json.)",
        "This form is too old. Please reload the page and send it again. (A program sends application/json.)",
        RefusalKind.FORBIDDEN,
    )


def login_failed() -> Refused:
    """Whatever went wrong between us and the issuer."""
    return Refused(
        "login_failed",
        "Đăng nhập không thành công. Hãy thử lại.",
        "Logging in did not work. Please try again.",
        RefusalKind.UNAUTHENTICATED,
    )


def no_key() -> Refused:
    """A machine without a key, or with a wrong one."""
    return Refused(
        "unauthenticated",
        "Cần đăng nhập hoặc khóa truy cập hợp lệ.",
        "A log-in or a valid key is needed.",
        RefusalKind.UNAUTHENTICATED,
    )


def not_yours() -> Refused:
    """A known caller who may not do this."""
    return Refused(
        "forbidden",
        "Tài khoản này không được làm việc này.",
        "This account may not do this.",
        RefusalKind.FORBIDDEN,
    )


def status_title(status: int) -> str:
    """The phrase HTTP itself uses for a status."""
    return HTTPStatus(status).phrase


def http_refusal(status: int) -> Refused:
    """What we say when the framework itself refuses."""
    code, kind, vi, en = _HTTP.get(status, _DEFAULT)
    return Refused(code, vi, en, kind)


def invalid_request(errors: Sequence[Any]) -> Refused:
    """A body or parameter that is not of the shape the contract names, field by field."""
    found = tuple(_field(error) for error in errors)
    return Refused(
        "invalid",
        "Có chỗ chưa đúng trong dữ liệu gửi lên.",
        "Something in what was sent is not right.",
        RefusalKind.INVALID,
        found,
    )


def _field(error: Any) -> FieldError:
    place = [str(part) for part in error["loc"] if part not in {"body", "query", "path", "header"}]
    if error["type"] == "json_invalid":
        place = []  # what stands there is a position
    missing = error["type"] == "missing"
    return FieldError(
        ".".join(place) or "body",
        str(error["type"]),
        "Thiếu trường này." if missing else "Giá trị không đúng dạng.",
        "This field is missing." if missing else str(error["msg"]),
    )
