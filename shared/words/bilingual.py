"""A sentence or a name in both languages of the pages."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class BilingualText:
    """Vietnamese first, English beside it."""

    vi: str
    en: str

    @property
    def side_by_side(self) -> str:
        """Both, for readers of either language: "Busy / Đang bận"."""
        return f"{self.en} / {self.vi}"
