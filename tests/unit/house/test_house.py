"""The house stays as a newcomer expects it: links lead somewhere, decisions end, files stay short."""

import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
TRACKED = [
    ROOT / line
    for line in subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()
    if (ROOT / line).is_file()
]
PAGES = [path for path in TRACKED if path.suffix == ".md"]
CODE = [path for path in TRACKED if path.suffix == ".py"]
DECISIONS = sorted((ROOT / "docs" / "decisions").glob("[0-9]*.md"))
SHAPELESS = {"utils", "util", "helpers", "helper", "manager", "common", "misc"}
TOP_LEVEL = {"services", "shared", "deploy", "tests", "docs"}


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("page", PAGES, ids=name)
def test_every_link_of_a_page_leads_somewhere(page: Path) -> None:
    targets = re.findall(r"\]\((?!https?:|#)([^)#\s]+)", page.read_text())
    missing = [target for target in targets if not (page.parent / target).exists()]
    assert missing == []


@pytest.mark.parametrize("page", DECISIONS, ids=name)
def test_every_decision_says_when_to_look_again(page: Path) -> None:
    last = page.read_text().strip().split("\n\n")[-1]
    assert last.startswith("**Revisit when**")
    assert page.name in (page.parent / "README.md").read_text()


def test_no_name_says_nothing() -> None:
    assert [name(path) for path in CODE if path.stem in SHAPELESS] == []


def test_no_file_overgrows() -> None:
    long = {name(path): len(path.read_text().splitlines()) for path in CODE}
    assert {path: lines for path, lines in long.items() if lines > 400} == {}


def test_the_top_level_is_fixed() -> None:
    folders = {path.relative_to(ROOT).parts[0] for path in TRACKED if len(path.relative_to(ROOT).parts) > 1}
    assert {folder for folder in folders if not folder.startswith(".")} == TOP_LEVEL


def test_nothing_third_party_is_committed() -> None:
    foreign = re.compile(r"\.min\.(js|css)$|\.(jar|whl|so)$")
    assert [name(path) for path in TRACKED if foreign.search(path.name)] == []
