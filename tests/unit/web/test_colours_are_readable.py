"""Every pair of colours a reader meets has a contrast of at least 4.5:1, in light and in dark."""

import re
from pathlib import Path

import pytest

import shared.web

CSS = (Path(shared.web.__file__).parent / "static" / "style.css").read_text("utf-8")
ON_PAGE = ["ink", "quiet", "accent", "green", "amber", "red", "blue", "grey"]
PAIRS = [
    *[(front, back) for front in ON_PAGE for back in ("paper", "raised")],
    *[(state, f"{state}-tint") for state in ("green", "amber", "red", "blue", "grey")],
    ("on-accent", "accent"),
    ("ink", "tint"),
    ("quiet", "tint"),
    ("accent", "tint"),
]


def _block(start: str) -> dict[str, str]:
    body = CSS[CSS.index(start) :].split("{", 1)[1].split("}", 1)[0]
    return dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{6})", body))


LIGHT = _block(":root {")
DARK = _block(':root[data-theme="dark"] {')
DARK_BY_SYSTEM = _block(':root:not([data-theme="light"]) {')


def _luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _contrast(one: str, other: str) -> float:
    dim, bright = sorted((_luminance(one), _luminance(other)))
    return (bright + 0.05) / (dim + 0.05)


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("pair", PAIRS, ids=" on ".join)
def test_text_can_be_read(theme: dict[str, str], pair: tuple[str, str]) -> None:
    assert _contrast(theme[pair[0]], theme[pair[1]]) >= 4.5


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_the_edge_of_a_field_can_be_seen(theme: dict[str, str]) -> None:
    assert _contrast(theme["edge"], theme["raised"]) >= 3
    assert _contrast(theme["edge"], theme["paper"]) >= 3


def test_dark_is_the_same_whether_chosen_or_the_systems() -> None:
    assert DARK == DARK_BY_SYSTEM
    assert DARK.keys() == LIGHT.keys()


def test_the_style_stays_small_and_its_sizes_few() -> None:
    assert len(CSS.encode()) < 12_000
    sizes = set(re.findall(r"font-size:\s*([\d.]+rem)", CSS))
    assert sizes <= {"1rem", "1.25rem", "1.6rem", "2.4rem"}
