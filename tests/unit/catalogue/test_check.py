"""The whole catalogue as it stands: complete, closed, and every piece of work finds its office."""

import copy
import shutil
from functools import cache
from pathlib import Path

import pytest

from shared.catalogue.checks.check import check_folder
from shared.catalogue.loading import references
from shared.catalogue.loading.load import (
    CatalogueErrors,
    LoadedFolder,
    load_folder,
    load_items,
    read_procedure,
)
from shared.catalogue.texts.message_check import message_errors
from tests.builders.catalogue import FOLDER, items

BUYING = "procedures/social-housing-purchase.yaml"


@cache
def loaded() -> LoadedFolder:
    """The folder as it is, read once."""
    return load_items(FOLDER)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the catalogue to spoil."""
    return Path(shutil.copytree(FOLDER, tmp_path / "catalogue"))


def spoil(file: Path, old: str, new: str) -> int:
    """Change one place of a file; the line it stands on."""
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    return text[: text.index(old)].count("\n") + 1


def with_one_file_spoiled(tmp_path: Path, name: str, old: str, new: str) -> list[str]:
    """What is said when only this file of procedures is another."""
    (tmp_path / "procedures").mkdir()
    line = spoil(Path(shutil.copy(FOLDER / name, tmp_path / name)), old, new)
    again, sources = dict(loaded().items), dict(loaded().sources)
    read_procedure(tmp_path / name, again, sources)
    said = list(references.reference_errors(again, sources))
    assert any(abs(one.line - line) <= 1 or "circle" in one.message for one in said)
    return [str(one) for one in said]


def test_every_role_of_all_16_procedures_finds_one_office_in_all_126_wards():
    report = check_folder(FOLDER)
    assert report.problems == ()
    assert (report.procedures, report.versions, report.wards) == (16, 20, 126)
    assert report.resolutions > 16 * 126
    assert report.dates > 2


def test_a_typing_slip_names_file_line_field_and_remedy(folder: Path):
    line = spoil(folder / "procedures/marriage.yaml", "boundary_free:", "boundry_free:")
    with pytest.raises(CatalogueErrors) as found:
        load_folder(folder)
    said = [str(problem) for problem in found.value.problems]
    slip = f"procedures/marriage.yaml:{line}: versions.0.boundry_free:"
    assert f"{slip} is no field here; mend the name or take it out" in said
    assert any("versions.0.boundary_free: is missing; add it" in one for one in said)


@pytest.mark.parametrize(
    ("warn", "field", "remedy"),
    [
        (
            "{days_left: 15, evidence: plausible}",
            "warn.days_left",
            "the whole time is 15, so this would warn",
        ),
        ("{evidence: plausible}", "warn", "says nothing; give percent_left, days_left or hours_left"),
    ],
)
def test_a_warning_that_would_warn_of_nothing_is_told(
    tmp_path: Path, warn: str, field: str, remedy: str
) -> None:
    name = "procedures/building-permit-house.yaml"
    said = with_one_file_spoiled(
        tmp_path, name, "  counts_from: acceptance\n", f"  warn: {warn}\n  counts_from: acceptance\n"
    )
    assert any(f"versions.0.{field}: {remedy}" in one for one in said)


def test_a_warning_out_of_bounds_names_file_line_field_and_remedy(folder: Path) -> None:
    name = "procedures/building-permit-house.yaml"
    line = spoil(
        folder / name,
        "  counts_from: acceptance\n",
        "  warn: {percent_left: 100, evidence: plausible}\n  counts_from: acceptance\n",
    )
    with pytest.raises(CatalogueErrors) as found:
        load_folder(folder)
    said = [str(problem) for problem in found.value.problems]
    assert said == [f"{name}:{line}: versions.0.warn.percent_left: input should be less than or equal to 99"]


def test_all_mistakes_of_all_files_are_told_at_once(folder: Path):
    spoil(folder / "organisation.yaml", "one_per: branch", "one_per: branches")
    spoil(folder / "calendars.yaml", "kind: day_off", "kind: dayoff")
    spoil(folder / "wards.csv", "00004,Phường Ba Đình", "4,Phường Ba Đình")
    broken = spoil(folder / "facts.yaml", "  married: {type: bool,", "  married: {type: bool]")
    (folder / "words.yaml").unlink()
    with pytest.raises(CatalogueErrors) as found:
        load_folder(folder)
    said = {problem.file: problem for problem in found.value.problems}
    assert set(said) == {"calendars.yaml", "facts.yaml", "organisation.yaml", "wards.csv", "words.yaml"}
    assert (said["facts.yaml"].line, said["facts.yaml"].field) == (broken, "syntax")
    assert said["words.yaml"].message.startswith("cannot be read")


def test_a_day_that_no_month_has_names_its_line_and_its_field(folder: Path) -> None:
    line = spoil(folder / "calendars.yaml", "date: 2026-02-16", "date: 2026-02-31")
    with pytest.raises(CatalogueErrors) as found:
        load_folder(folder)
    (said,) = found.value.problems
    assert (said.file, said.line) == ("calendars.yaml", line)
    assert said.field.endswith(".date")
    assert said.message.startswith("2026-02-31 cannot be")


@pytest.mark.parametrize("name", ["calendars.yaml", "wards.csv", "procedures/land-transfer.yaml"])
def test_a_file_that_is_no_text_is_named(folder: Path, name: str) -> None:
    (folder / name).write_bytes(b"\xff\xfe\x00rubbish")
    with pytest.raises(CatalogueErrors) as found:
        load_folder(folder)
    assert f"{name}:1: file: is no text in UTF-8; save it as that" in map(str, found.value.problems)


def test_a_character_that_yaml_knows_not_is_told_as_a_mistake_of_syntax(folder: Path) -> None:
    (folder / "kinds.yaml").write_text("kinds: \x07", encoding="utf-8")
    with pytest.raises(CatalogueErrors) as found:
        load_folder(folder)
    assert {(said.file, said.field) for said in found.value.problems} == {("kinds.yaml", "syntax")}


def test_only_a_procedure_of_a_project_has_a_window_to_follow(tmp_path: Path) -> None:
    said = with_one_file_spoiled(
        tmp_path, "procedures/marriage.yaml", "after: [intake]", "after: [intake]\n    follows: window"
    )
    assert any("there is no window" in one for one in said)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("fact: married", "fact: maried", "maried is no fact"),
        ("required: one_of_02_03", "required: one_of_all", "papers.1.required: one of"),
        ("after: [file]", "after: [filing]", "no other step is called filing"),
        ("role: SXD", "role: SXDD", "no role SXDD"),
        ("type: DON-NOXH", "type: DON-NHA", "no paper DON-NHA"),
        ("child: housing-condition-02", "child: housing", "no procedure housing"),
        ("channels: [investor]", "channels: [agent]", "agent is not known"),
        ("after: []", "after: [loan]", "wait for each other in a circle"),
        ("TAX: residence", "TAX: workplace", "places.TAX: one of"),
    ],
)
def test_a_word_that_names_nothing_is_an_error(tmp_path: Path, old: str, new: str, expected: str):
    assert any(expected in one for one in with_one_file_spoiled(tmp_path, BUYING, old, new))


def test_two_versions_in_force_at_once_are_an_error(tmp_path: Path):
    old, new = "effective_to: 2026-08-31", "effective_to: 2026-09-01"
    said = with_one_file_spoiled(tmp_path, "procedures/birth-interlinked.yaml", old, new)
    assert any("two versions are in force at once" in one for one in said)


def test_a_name_too_long_for_a_text_fails_the_check(folder: Path):
    spoil(folder / "organisation.yaml", 'short: "Sở Xây dựng"', 'short: "Sở Xây dựng thành phố Hà Nội"')
    assert [one.field for one in check_folder(folder).problems] == ["SXD.short"]


def test_work_without_a_party_and_a_change_without_an_office_fail_the_check(folder: Path):
    spoil(folder / "organisation.yaml", "serves: [DOJ]", "serves: []")
    spoil(folder / "organisation.yaml", '"WARD.00070"]', '"WARD.0070"]')
    said = {one.field: one.message for one in check_folder(folder).problems}
    assert said["roles.DOJ"] == "0 parties serve DOJ; exactly one must"
    assert said["changes.1.offices"] == "WARD.0070: no ward 0070 in wards.csv"


@pytest.mark.parametrize(
    ("key", "old", "new", "field"),
    [
        ("refused", "Hoi {tel}", "Xin goi so {tel} trong gio hanh chinh", "refused.sms_vi_plain"),
        ("submitted", "Ho so {ma}", "Hồ so {ma}", "submitted.sms_vi_plain"),
        ("submitted", "{link}", "{duong_dan}", "submitted.sms_vi_plain"),
    ],
)
def test_a_text_that_grew_or_took_marks_or_an_unknown_value_fails_the_check(
    key: str, old: str, new: str, field: str
):
    spoilt = copy.deepcopy(items()["messages"])
    template = spoilt["templates"][key]
    template["sms_vi_plain"] = template["sms_vi_plain"].replace(old, new)
    assert f"templates.{field}" in [".".join(path) for path, _ in message_errors(spoilt)]


def test_a_child_that_needs_a_place_its_root_does_not_ask_for_is_named(tmp_path: Path):
    said = with_one_file_spoiled(tmp_path, BUYING, "child: income-confirm-police", "child: land-transfer")
    assert any("land-transfer needs the place parcel for LRO" in one for one in said)


def test_a_child_whose_own_step_is_a_child_is_named(tmp_path: Path):
    said = with_one_file_spoiled(
        tmp_path, BUYING, "child: income-confirm-police", "child: social-housing-purchase"
    )
    assert any("a child opens no further dossier" in one for one in said)


def test_a_step_that_makes_a_paper_nobody_can_file_is_named(tmp_path: Path):
    said = with_one_file_spoiled(
        tmp_path, "procedures/land-certificate-lost.yaml", "makes: NIEMYET", "makes: MAU02"
    )
    assert any("MAU02 is no paper of this procedure" in one for one in said)


@pytest.mark.parametrize("key", ["completed", "accepted", "answer"])
def test_a_missing_template_is_named_with_what_is_missing(folder: Path, key: str):
    file = folder / "messages.yaml"
    text = file.read_text(encoding="utf-8")
    start = text.index(f"- key: {key}\n")
    end = text.find("\n- key: ", start)
    file.write_text(text[:start] + (text[end + 1 :] if end > 0 else ""), encoding="utf-8")
    assert [(one.field, one.message) for one in check_folder(folder).problems] == [
        (f"templates.{key}", "is missing; put the template back")
    ]


def test_a_missing_silence_and_one_without_a_reason_are_named(folder: Path):
    spoil(folder / "messages.yaml", "  dossier.paid: 'the counter gives its receipt'\n", "")
    line = spoil(folder / "messages.yaml", "'the page says it; nothing to do'", "' '")
    problems = check_folder(folder).problems
    said = {one.field: one.message for one in problems}
    assert said == dict.fromkeys(
        ("silence.dossier.paid", "silence.dossier.fee_waived"), "is missing; say why no text tells of it"
    )
    assert line in {one.line for one in problems}


def test_a_template_that_stands_twice_or_has_a_mistyped_key_is_named(folder: Path):
    line = spoil(folder / "messages.yaml", "- key: in_process", "- key: accepted")
    with pytest.raises(CatalogueErrors) as found:
        load_folder(folder)
    (problem,) = found.value.problems
    assert (problem.file, problem.line) == ("messages.yaml", line)
    assert problem.message == "accepted stands here twice; keep one"
    number = "\n  national_status: '4'"
    spoil(folder / "messages.yaml", f"- key: accepted{number}", f"- key: proces{number}")
    fields = {one.field for one in check_folder(folder).problems}
    assert fields == {"templates.proces", "templates.in_process"}


def test_a_longest_value_that_is_not_the_longest_is_named(folder: Path):
    line = spoil(folder / "messages.yaml", "'H26.103.25.7-250908-0112', plain", "'H26-0112', plain")
    (problem,) = check_folder(folder).problems
    assert str(problem) == (
        f"messages.yaml:{line}: longest_values.ma: is 8 long, but 24 occurs; write the longest"
    )
