"""Telex and VNI as programs on Windows, macOS and Linux carry them out, for the alphabet of secrets."""

import unicodedata
from dataclasses import dataclass
from typing import Literal

Method = Literal["telex", "vni"]
_TELEX_TONES = {"S": "\u0301", "F": "\u0300", "R": "\u0309", "X": "\u0303", "J": "\u0323"}
_VNI_TONES = {"1": "\u0301", "2": "\u0300", "3": "\u0309", "4": "\u0303", "5": "\u0323"}
_CLEAR = {"telex": "Z", "vni": "0"}
_SHAPES = {
    "telex": {"AA": "\u0302", "EE": "\u0302", "AW": "\u0306", "DD": "-"},
    "vni": {"A6": "\u0302", "E6": "\u0302", "A8": "\u0306", "D9": "-"},
}
_ENDINGS = frozenset({"", "C", "CH", "M", "N", "NG", "NH", "P", "T"})
"""What may stand between a vowel and its mark's key in programs that wait for the end of the syllable."""


@dataclass
class _Letter:
    base: str
    shape: str = ""
    tone: str = ""

    def __str__(self) -> str:
        if self.shape == "-":
            return "Đ"
        return self.base + self.shape + self.tone


def typed_with(keys: str, method: Method, *, waits: bool) -> str:
    """What appears. `waits`: marks may be typed after the end of the syllable."""
    letters: list[_Letter] = []
    for key in keys:
        if not _mark(letters, key, method, waits):
            letters.append(_Letter("U", "\u031b") if method == "telex" and key == "W" else _Letter(key))
    return unicodedata.normalize("NFC", "".join(map(str, letters)))


def _mark(letters: list[_Letter], key: str, method: Method, waits: bool) -> bool:
    """Whether the key changed a letter that is there. The second time it takes its mark back and stays."""
    tones = _TELEX_TONES if method == "telex" else _VNI_TONES
    vowel = _find(letters, "AEYU", waits)
    if key in tones and vowel:
        is_repeated = vowel.tone == tones[key]
        vowel.tone = "" if is_repeated else tones[key]
        return not is_repeated
    if key == _CLEAR[method] and vowel and vowel.tone:
        vowel.tone = ""
        return True
    for pair, shape in _SHAPES[method].items():
        letter = _find(letters, pair[0], waits) if pair[1] == key else None
        if letter:
            is_repeated = letter.shape == shape
            letter.shape = "" if is_repeated else shape
            return not is_repeated
    if key == "W" and letters and str(letters[-1]) == "U\u031b":
        letters[-1] = _Letter("W")
        return True
    return False


def _find(letters: list[_Letter], bases: str, waits: bool) -> _Letter | None:
    """The last of these letters in the syllable that is being typed."""
    ending = ""
    for letter in reversed(letters):
        if letter.base in bases:
            return letter if ending in _ENDINGS else None
        if not waits:
            return None
        ending = letter.base + ending
    return None
