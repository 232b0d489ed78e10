"""The code of a dossier: a name, not a secret. `H26.103.25.7-250908-0112`."""

import re
from datetime import date, datetime

from shared.catalogue import Office

OUR_OWN_UNIT = "H26.X"
"""Printed while a ministry's system, which gives the real code, has not answered yet."""
_SHAPE = re.compile(r"H26\.[0-9A-Z.]{1,12}-[0-9]{6}-[0-9]{4,9}")


def code_unit(office: Office) -> str:
    """The first part of the codes this receiving office prints."""
    return OUR_OWN_UNIT if office.code_is_external or not office.code_unit else office.code_unit


def format_code(unit: str, day: date, serial: int) -> str:
    """The code in full; the serial grows past four digits on a very long day."""
    return f"{unit}-{day:%y%m%d}-{serial:04d}"


def normalize_code(typed: str) -> str:
    """A code as people type it, brought into shape; whatever else it was."""
    return re.sub(r"\s+", "", typed).upper().replace("–", "-")


def looks_like_code(code: str) -> bool:
    """Whether it can be a code of ours at all."""
    return _SHAPE.fullmatch(code) is not None


def parse_code(code: str) -> tuple[str, date, int] | None:
    """Unit, day and serial of a code of ours; None for anything else."""
    if not looks_like_code(code):
        return None
    unit, day, serial = code.rsplit("-", 2)
    try:
        return unit, datetime.strptime(day, "%y%m%d").date(), int(serial)  # noqa: DTZ007  (a day, no instant)
    except ValueError:
        return None
