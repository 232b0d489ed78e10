"""Checks on a new edition of the catalogue: what is in force must not change."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from shared.catalogue.decoding.decode_organisation import decode_organisation
from shared.errors import FieldError, RefusalKind, Refused

PROCEDURE = "procedure:"
ORGANISATION = "organisation"
MOST_NAMED = 20
MAY_END = "effective_to"
"""The only field of a version in force that may change: a successor sets it."""

Content = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class CatalogueDiff:
    """Differences of an offered edition from the stored one: item keys, each list sorted."""

    new: tuple[str, ...]
    changed: tuple[str, ...]
    unchanged: int

    @property
    def changed_keys(self) -> tuple[str, ...]:
        """Keys of the items to publish, sorted."""
        return tuple(sorted((*self.new, *self.changed)))


def diff_items(stored: Mapping[str, str], offered: Mapping[str, str]) -> CatalogueDiff:
    """Compare items by digest. Items missing in the offer stay: dossiers may depend on them."""
    new: list[str] = []
    changed: list[str] = []
    for key, digest in offered.items():
        if key not in stored:
            new.append(key)
        elif stored[key] != digest:
            changed.append(key)
    unchanged = len(offered) - len(new) - len(changed)
    return CatalogueDiff(tuple(sorted(new)), tuple(sorted(changed)), unchanged)


def refuse_rewrite(
    changed: Iterable[str], stored: Mapping[str, Content], offered: Mapping[str, Content], today: date
) -> Refused | None:
    """The refusal of changes to a version of a procedure that is in force; None if there are none."""
    rewritten: list[str] = []
    for key in changed:
        if not key.startswith(PROCEDURE):
            continue
        is_in_force = date.fromisoformat(stored[key]["effective_from"]) <= today
        if is_in_force and _without_end(stored[key]) != _without_end(offered[key]):
            rewritten.append(key)
    return _version_in_force(rewritten) if rewritten else None


def refuse_removal(stored: Content, offered: Content) -> Refused | None:
    """The refusal of an offer that leaves out published offices; None if it has all of them."""
    removed = decode_organisation(stored).offices.keys() - decode_organisation(offered).offices.keys()
    return _office_left_out(sorted(removed)) if removed else None


def mistakes_refusal(fields: Iterable[FieldError]) -> Refused:
    """The refusal of files that do not pass `motcua catalogue check`."""
    return Refused(
        code="catalogue_has_mistakes",
        vi="Danh mục có lỗi, chưa công bố gì. Sửa từng chỗ nêu dưới đây rồi công bố lại.",
        en="The catalogue has mistakes and nothing was published. Mend each place named, then publish again.",
        errors=tuple(fields),
    )


def _version_in_force(keys: Iterable[str]) -> Refused:
    return Refused(
        code="version_in_force",
        vi="Phiên bản thủ tục đang có hiệu lực thì không sửa. Hãy thêm một phiên bản mới.",
        en="A version of a procedure that is in force is never rewritten. Add a new version.",
        kind=RefusalKind.CONFLICT,
        errors=tuple(map(_version_error, keys)),
    )


def _office_left_out(offices: Sequence[str]) -> Refused:
    return Refused(
        code="office_left_out",
        vi="Cơ quan đã công bố thì không bỏ đi được. Hãy giữ dòng của nó và ghi ngày kết thúc ở `ended`.",
        en="An office once published is never left out. Keep its line; say under `ended` when it ends.",
        kind=RefusalKind.CONFLICT,
        errors=tuple(
            FieldError(
                office,
                "office_left_out",
                f"Giữ {office}; phường hay dự án đã hết thì ghi vào `ended` của organisation.yaml.",
                f"Keep {office}; a ward or project that is no more goes under `ended` of organisation.yaml.",
            )
            for office in offices[:MOST_NAMED]
        ),
    )


def _without_end(content: Content) -> dict[str, Any]:
    return {name: value for name, value in content.items() if name != MAY_END}


def _version_error(key: str) -> FieldError:
    _, name, version = key.split(":")
    after = int(version) + 1
    return FieldError(
        key,
        "version_in_force",
        f"Thêm phiên bản {after} của {name} với effective_from riêng; ở phiên bản cũ chỉ đổi effective_to.",
        f"Add version {after} of {name} with its own effective_from; the old one may only end.",
    )
