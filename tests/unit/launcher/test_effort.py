"""A sample is chosen by the commit or by a seed, keeps its order, and is everything in the full form."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests import effort

LETTERS = "abcdefghijklmnopqrstuvwxyz"


@pytest.fixture(autouse=True)
def no_seed_remembered() -> Iterator[None]:
    effort.seed.cache_clear()
    yield
    effort.seed.cache_clear()


def chosen(monkeypatch: pytest.MonkeyPatch, seed: str) -> list[str]:
    monkeypatch.setenv("MOTCUA_SEED", seed)
    effort.seed.cache_clear()
    return effort.sample(LETTERS, 5)


def test_the_same_seed_chooses_the_same_and_another_others(monkeypatch: pytest.MonkeyPatch) -> None:
    first = chosen(monkeypatch, "1")

    assert chosen(monkeypatch, "1") == first == sorted(first)
    assert chosen(monkeypatch, "2") != first
    assert len(first) == 5


def test_seeds_together_choose_everything(monkeypatch: pytest.MonkeyPatch) -> None:
    assert {letter for seed in range(40) for letter in chosen(monkeypatch, str(seed))} == set(LETTERS)


def test_the_full_form_leaves_nothing_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(effort, "FULL", True)

    assert (effort.sample(LETTERS, 5), effort.size(3, 100)) == (list(LETTERS), 100)
