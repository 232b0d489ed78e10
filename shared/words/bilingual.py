"""Texts in both languages."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class BilingualText:
    """A text in Vietnamese and English."""

    vi: str
    en: str

    @property
    def side_by_side(self) -> str:
        """Both languages in one line: "Busy / Đang bận"."""
        return f"{self.en} / {self.vi}"
