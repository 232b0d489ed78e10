"""Catalogue files as spreadsheets and other systems' editors save them: read, or refused in one line."""

import re
import shutil
import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest

from deploy.cli.catalogue import files_of
from shared.catalogue.checks.check import check_folder
from shared.catalogue.loading.load import CatalogueErrors, load_folder
from shared.catalogue.loading.located_data import read_csv
from tests.builders.catalogue import FOLDER, items

BYTE_ORDER_MARK = "\ufeff"
TABLES = ("wards.csv", "lineage.csv")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the catalogue to save again."""
    return Path(shutil.copytree(FOLDER, tmp_path / "catalogue"))


def save(file: Path, change: Callable[[str], str], encoding: str = "utf-8") -> None:
    file.write_bytes(change(file.read_text(encoding="utf-8")).encode(encoding))


def with_semicolons(text: str) -> str:
    """Saved where the decimal sign is a comma, and a comment in one cell is in quotation marks."""
    lines = [
        f'"{line}";;;' if line.startswith("#") else re.sub(r"(?<=\d)[.](?=\d)", ",", line.replace(",", ";"))
        for line in text.splitlines()
    ]
    return "\r\n".join([*lines, ";;;;;", ""])


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize(
    "change",
    [
        lambda text: BYTE_ORDER_MARK + text,
        with_semicolons,
        lambda text: BYTE_ORDER_MARK + with_semicolons(text),
        lambda text: text.replace(",", "\t"),
        lambda text: "\n".join(f"{line}{',,,' * line.startswith('#')}" for line in text.splitlines()),
        lambda text: unicodedata.normalize("NFD", text),
    ],
    ids=["mark", "semicolons", "mark and semicolons", "tabs", "padded comments", "decomposed"],
)
def test_a_table_saved_by_a_spreadsheet_is_read(
    folder: Path, table: str, change: Callable[[str], str]
) -> None:
    save(folder / table, change)
    assert load_folder(folder) == items()


def test_a_folder_in_decomposed_unicode_is_the_same_folder(folder: Path) -> None:
    for name in files_of(folder):
        save(folder / name, lambda text: unicodedata.normalize("NFD", text))
    assert check_folder(folder).problems == ()
    assert load_folder(folder) == items()


def test_a_yaml_file_with_a_byte_order_mark_is_read(folder: Path) -> None:
    save(folder / "messages.yaml", lambda text: BYTE_ORDER_MARK + text)
    assert load_folder(folder) == items()


def test_a_table_in_another_encoding_gets_one_line(folder: Path) -> None:
    save(folder / "wards.csv", str, "utf-16")
    problems = [problem for problem in check_folder(folder).problems if problem.file == "wards.csv"]
    assert [problem.message for problem in problems] == ["is no text in UTF-8; save it as that"]


def test_what_is_wrong_with_every_row_is_said_once(folder: Path) -> None:
    save(folder / "wards.csv", lambda text: text.replace("\n0", "\n"))
    with pytest.raises(CatalogueErrors) as found:
        load_folder(folder)
    (problem,) = (problem for problem in found.value.problems if problem.file == "wards.csv")
    assert problem.field == "0.code"
    assert "keep the column as text (and so in 98 more rows)" in problem.message


def test_a_row_that_runs_over_lines_or_columns_names_its_line(tmp_path: Path) -> None:
    file = tmp_path / "wards.csv"
    file.write_text('code,name\n# a comment\n1,"two\nlines"\n2,b,c\n', encoding="utf-8")
    read = read_csv(file, "wards.csv")
    assert read.data[0] == {"code": "1", "name": "twolines"}
    assert [str(problem) for problem in read.problems] == [
        "wards.csv:5: 1: has 3 cells under 2 columns; separate them as the header"
    ]
