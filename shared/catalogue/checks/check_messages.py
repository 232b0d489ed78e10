"""Checks the length of all message templates with the longest values that occur."""

from collections.abc import Iterator, Mapping
from typing import Any

from shared.catalogue.checks.measure import GSM7_LIMIT, UCS2_LIMIT, gsm7_length, ucs2_segments, ucs2_units

Json = Mapping[str, Any]
LONGER_CODE_BY = 2
"""Dossier codes have 24 to 26 characters: the number of characters that `{ma}` may add."""


def template_errors(raw: Json) -> Iterator[tuple[str, str]]:
    """(template.field, problem) of every template that is too long or declares a wrong length."""
    values = raw["longest_values"]
    marked = {name: value["marked"] for name, value in values.items()}
    plain = {name: value["plain"] for name, value in values.items()}
    for key, template in raw["templates"].items():
        yield from (
            (f"{key}.{field}", message) for field, message in _template_errors(template, marked, plain)
        )


def template_lengths(
    template: Json, marked: Mapping[str, str], plain: Mapping[str, str]
) -> dict[str, int | None]:
    """The lengths of a template by the names in `measured`."""
    vi, en = template["sms_vi_plain"], template["sms_en"]
    full = template["sms_vi_full"].format(**marked)
    lengths: dict[str, int | None] = {
        "plain": gsm7_length(vi.format(**plain)),
        "short": ucs2_units(template["sms_vi_short"].format(**marked)),
        "full": ucs2_units(full),
        "full_segments": ucs2_segments(full),
        "en": gsm7_length(en.format(**plain)),
    }
    for name, text in (("plain", vi), ("en", en)):
        length = lengths[name]
        lengths[f"{name}_26"] = None if length is None else length + LONGER_CODE_BY * text.count("{ma}")
    return lengths


def _template_errors(
    template: Json, marked: Mapping[str, str], plain: Mapping[str, str]
) -> Iterator[tuple[str, str]]:
    try:
        lengths = template_lengths(template, marked, plain)
    except KeyError as error:
        yield "texts", f"{{{error.args[0]}}} has no longest value; add it to longest_values"
        return
    for name, limit in (("plain_26", GSM7_LIMIT), ("en_26", GSM7_LIMIT), ("short", UCS2_LIMIT)):
        length = lengths[name]
        if length is None:
            yield name, "holds a letter outside GSM-7; the whole text would cost double"
        elif length > limit:
            yield name, f"is {length} long, at most {limit}; say it shorter"
    for name, length in lengths.items():
        stated = template["measured"].get(name)
        if stated != length:
            yield f"measured.{name}", f"says {stated}, is {length}; write what it is"
