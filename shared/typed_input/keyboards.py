"""The keys behind a text that a Vietnamese input method has changed: `5X23ƯR4VRZ` was typed as `5X23WR4VRZ`.

Telex and VNI turn keys into marks on the letters before them. Programs differ in when they do so (only right
after the vowel, anywhere in the word, never in a word that cannot be Vietnamese), so the search allows for
all of them: a key was either taken literally or made a mark. The keyboard of TCVN 6064 has letters and marks
in the place of digits.
"""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

MOST_READINGS = 256
"""So many readings by one way of typing are looked at; nearly all texts have one to four."""
_MOST_LOST = 4
"""So many keys may have left no trace, as the first of two tones on one vowel."""
_MOST_STEPS = 3000
"""Of one search: some milliseconds."""

_ACUTE, _GRAVE, _HOOK, _TILDE, _DOT = "\u0301", "\u0300", "\u0309", "\u0303", "\u0323"
_ROOF, _BREVE, _HORN, _STROKE = "\u0302", "\u0306", "\u031b", "\u0335"
_D_WITH_STROKE = unicodedata.lookup("LATIN CAPITAL LETTER D WITH STROKE")
"""The one letter that NFD leaves whole."""
_VOWELS = frozenset("AEIOUY")


class _Letter(NamedTuple):
    """A letter or digit with its marks. `shape`: roof, breve, horn or stroke; empty: none."""

    base: str
    shape: str = ""
    tone: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class _InputMethod:
    """What keys do. `shapes`: by letter and key; `letters`: keys that are a whole letter with a shape."""

    tones: Mapping[str, str]
    clear: str
    shapes: Mapping[tuple[str, str], str]
    letters: Mapping[str, _Letter]


_TELEX = _InputMethod(
    tones={"S": _ACUTE, "F": _GRAVE, "R": _HOOK, "X": _TILDE, "J": _DOT},
    clear="Z",
    shapes={
        ("A", "A"): _ROOF, ("E", "E"): _ROOF, ("O", "O"): _ROOF, ("A", "W"): _BREVE,
        ("O", "W"): _HORN, ("U", "W"): _HORN, ("D", "D"): _STROKE,
    },
    letters={"W": _Letter("U", _HORN)},
)  # fmt: skip
_VNI = _InputMethod(
    tones={"1": _ACUTE, "2": _GRAVE, "3": _HOOK, "4": _TILDE, "5": _DOT},
    clear="0",
    shapes={
        ("A", "6"): _ROOF, ("E", "6"): _ROOF, ("O", "6"): _ROOF, ("A", "8"): _BREVE,
        ("O", "7"): _HORN, ("U", "7"): _HORN, ("D", "9"): _STROKE,
    },
    letters={},
)  # fmt: skip
_TCVN_LETTERS = {
    ("A", _BREVE): "1",
    ("A", _ROOF): "2",
    ("E", _ROOF): "3",
    ("O", _ROOF): "4",
    ("D", _STROKE): "0",
}
_TCVN_TONES = {_GRAVE: "5", _HOOK: "6", _TILDE: "7", _ACUTE: "8", _DOT: "9"}


def possible_keys(text: str, alphabet: str, length: int) -> tuple[str, ...]:
    """The series of `length` keys of the alphabet that may have made this text, the likeliest first.

    `text`: capitals and digits without blanks.
    """
    letters = _letters(text)
    readings: dict[str, None] = {}
    if _may_come_of(letters, alphabet, length):
        for is_near in (True, False):
            for method in (_TELEX, _VNI):
                search = _Search(letters, method, frozenset(alphabet), length=length, is_near=is_near)
                readings |= search.run()
    by_layout = _tcvn_keys(letters)
    if len(by_layout) == length and set(by_layout) <= set(alphabet):
        readings[by_layout] = None
    return tuple(readings)


def _letters(text: str) -> tuple[_Letter, ...]:
    """The text letter by letter. A mark of no Vietnamese letter counts as a shape, which no key makes."""
    letters: list[_Letter] = []
    for character in unicodedata.normalize("NFD", text):
        if character == _D_WITH_STROKE:
            letters.append(_Letter("D", _STROKE))
        elif not unicodedata.combining(character):
            letters.append(_Letter(character))
        elif letters and character in _TCVN_TONES:
            letters[-1] = letters[-1]._replace(tone=character)
        elif letters:
            letters[-1] = letters[-1]._replace(shape=character)
    return tuple(letters)


def _may_come_of(letters: tuple[_Letter, ...], alphabet: str, length: int) -> bool:
    """Whether so many keys can have made these letters, all but _MOST_LOST of them seen."""
    visible = len(letters)
    for letter in letters:
        if letter.base not in alphabet and letter.base != "U":
            return False
        visible += bool(letter.tone) + bool(letter.shape and letter.base != "U")
    return len(letters) <= length and visible >= length - _MOST_LOST


def _tcvn_keys(letters: tuple[_Letter, ...]) -> str:
    """The keys of the layout of TCVN 6064."""
    keys = ""
    for letter in letters:
        keys += _TCVN_LETTERS.get((letter.base, letter.shape), letter.base)
        keys += _TCVN_TONES.get(letter.tone, "")
    return keys


class _Search:
    """Types key after key as the input method would, as long as the target can still come out.

    `is_near`: marks go only to the letter typed last; otherwise to any letter since the last digit.
    """

    def __init__(
        self,
        target: tuple[_Letter, ...],
        method: _InputMethod,
        alphabet: frozenset[str],
        *,
        length: int,
        is_near: bool,
    ) -> None:
        self._target, self._method, self._alphabet = target, method, alphabet
        self._length, self._is_near = length, is_near
        self._readings: dict[str, None] = {}
        self._steps = 0

    def run(self) -> dict[str, None]:
        """The readings, as keys of a mapping in the order they were met."""
        self._type("", (), mismatches=0, word=0)
        return self._readings

    def _type(
        self, keys: str, letters: tuple[_Letter, ...], *, mismatches: int, word: int, undo: str = ""
    ) -> None:
        """`mismatches`: marks that are not the target's. `word`: where letters since the last digit begin.

        `undo`: the key that made the last such mark, which the same key may take back as a letter.
        """
        remaining, missing = self._length - len(keys), len(self._target) - len(letters)
        self._steps += 1
        if remaining < missing + mismatches - self._may_undo(undo, letters) or self._is_full:
            return
        if remaining == 0:
            self._readings[keys] = None
            return
        if remaining > missing:
            self._type_mark(keys, letters, mismatches=mismatches, word=word)
        if missing:
            self._type_letter(keys, letters, mismatches=mismatches, word=word, undo=undo)

    @property
    def _is_full(self) -> bool:
        return self._steps > _MOST_STEPS or len(self._readings) >= MOST_READINGS

    def _may_undo(self, undo: str, letters: tuple[_Letter, ...]) -> bool:
        """Whether a letter to come is this key."""
        end = len(letters) + 1 if self._is_near else len(self._target)
        return bool(undo) and any(letter.base == undo for letter in self._target[len(letters) : end])

    def _type_mark(self, keys: str, letters: tuple[_Letter, ...], *, mismatches: int, word: int) -> None:
        """Type each key that changes a mark of an earlier letter."""
        for index in self._reach(letters, word):
            now, target = letters[index], self._target[index]
            others = mismatches - _count_mismatches(now, target)
            for key, changed in _changes(self._method, now):
                if key in self._alphabet:
                    then = others + _count_mismatches(changed, target)
                    after = (*letters[:index], changed, *letters[index + 1 :])
                    self._type(keys + key, after, mismatches=then, word=word, undo=key if then else "")

    def _type_letter(
        self, keys: str, letters: tuple[_Letter, ...], *, mismatches: int, word: int, undo: str
    ) -> None:
        """Type the next letter: as itself, or by a key that is a letter with a shape."""
        target = self._target[len(letters)]
        for key, letter in self._method.letters.items():
            if letter.base == target.base and key in self._alphabet:
                then = mismatches + _count_mismatches(letter, target)
                self._type(keys + key, (*letters, letter), mismatches=then, word=word)
        base = target.base
        if base not in self._alphabet:
            return
        typed = _Letter(base)
        then = mismatches + _count_mismatches(typed, target)
        after = len(letters) + 1 if base.isdigit() else word
        self._type(keys + base, (*letters, typed), mismatches=then, word=after, undo=undo)
        if base in self._method.letters:  # W twice is a W, also with a tone between
            for tone in ("", *self._method.tones):
                self._type(keys + base + tone + base, (*letters, typed), mismatches=then, word=after)
        for index in self._reach(letters, word):
            now, was_target = letters[index], self._target[index]
            unmarked = _taken_back(self._method, now, base)
            if unmarked is not None:  # a mark's key again takes the mark back, and is a letter then
                change = _count_mismatches(unmarked, was_target) - _count_mismatches(now, was_target)
                changed = (*letters[:index], unmarked, *letters[index + 1 :], typed)
                self._type(keys + base, changed, mismatches=then + change, word=after)

    def _reach(self, letters: tuple[_Letter, ...], word: int) -> range:
        """Positions of the letters that a mark can go to, the last first."""
        first = max(word, len(letters) - 1) if self._is_near else word
        return range(len(letters) - 1, first - 1, -1)


def _count_mismatches(letter: _Letter, target: _Letter) -> int:
    """How many marks are not the target's: each takes one more key at least."""
    return (letter.shape != target.shape) + (letter.tone != target.tone)


@lru_cache(maxsize=256)
def _changes(method: _InputMethod, letter: _Letter) -> tuple[tuple[str, _Letter], ...]:
    """Each key that changes a mark of this letter, with the letter then."""
    changes = [
        (key, letter._replace(shape=shape))
        for (base, key), shape in method.shapes.items()
        if base == letter.base and shape != letter.shape
    ]
    if letter.base in _VOWELS:
        changes += [
            (key, letter._replace(tone=tone)) for key, tone in method.tones.items() if tone != letter.tone
        ]
    if letter.tone:
        changes.append((method.clear, letter._replace(tone="")))
    return tuple(changes)


def _taken_back(method: _InputMethod, letter: _Letter, key: str) -> _Letter | None:
    """The letter without the mark that this key makes; None if it has no such mark."""
    if letter.tone and method.tones.get(key) == letter.tone:
        return letter._replace(tone="")
    if letter.shape and method.shapes.get((letter.base, key)) == letter.shape:
        return letter._replace(shape="")
    return None
