"""The code of a dossier, which is public: `H26.103.25.7-250908-0112` (unit, day, serial)."""

import re
from datetime import date, datetime

from shared.catalogue import Office

OUR_OWN_UNIT = "H26.X"
"""Printed until the ministry's system, which assigns the real code, has answered."""
_SHAPE = re.compile(r"H26\.[0-9A-Z.]{1,12}-[0-9]{6}-[0-9]{4,9}")


def code_unit(office: Office) -> str:
    """The first part of the codes that this receiving office prints."""
    if office.code_is_external or not office.code_unit:
        return OUR_OWN_UNIT
    return office.code_unit


def format_code(unit: str, day: date, serial: int) -> str:
    """The full code. The serial has at least four digits."""
    return f"{unit}-{day:%y%m%d}-{serial:04d}"


def looks_like_code(code: str) -> bool:
    """Whether the text has the form of a code."""
    return _SHAPE.fullmatch(code) is not None


def parse_code(code: str) -> tuple[str, date, int] | None:
    """Unit, day and serial of a code; None if the text is not a code."""
    if not looks_like_code(code):
        return None
    unit, day, serial = code.rsplit("-", 2)
    try:
        return unit, datetime.strptime(day, "%y%m%d").date(), int(serial)  # noqa: DTZ007  (a day, no instant)
    except ValueError:
        return None
