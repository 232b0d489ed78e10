"""The closing check is only worth its name if it finds what it looks for."""

from __future__ import annotations

from pathlib import Path

import pytest

from deploy.demo.city_day.closing_check.personal import nothing_personal, personal_kinds
from deploy.demo.city_day.closing_check.topics import Record
from deploy.demo.city_day.filing import Filed, wrong_answer
from deploy.demo.city_day.officers import named_office
from deploy.demo.dossiers import Filing, samples

HARMLESS = b'{"code": "H26.103.25.7-260114-0012", "link_ref": "7K2M9QXA", "at": "2026-01-14T09:00:00+07:00"}'


def a_record(**changed: object) -> Record:
    parts: dict[str, object] = {"key": b"k", "value": HARMLESS, "headers": {"ce_id": b"1"}} | changed
    return Record("case.updates", 0, 0, **parts)  # pyright: ignore[reportArgumentType]


@pytest.mark.parametrize(
    "leak",
    [
        "Nguyễn Ví Dụ Yến".encode(),
        b"Nguy\\u1ec5n V\\u00ed D\\u1ee5",
        b'"id_number": "099191091300"',
        b"+84900000001",
        b"to=84900100123",
        b"0900100123",
        b"vidu1001@example.vn",
    ],
)
def test_a_planted_person_is_found(leak: bytes) -> None:
    assert personal_kinds(HARMLESS + leak)


@pytest.mark.parametrize(
    "text",
    [
        HARMLESS,
        b"hcc.example.vn/t/7K2M9QXA",
        b"019bb9f2-3d38-7e06-8776-099191091300",
        b"duration=0.84900123456",
        b"1768349990991234567890",
    ],
)
def test_what_only_looks_like_one_is_left_alone(text: bytes) -> None:
    assert not personal_kinds(text)


def test_keys_headers_logs_and_metrics_are_searched_too(tmp_path: Path) -> None:
    log = tmp_path / "intake.log"
    log.write_bytes(b"said hello to vidu1@x vidu1001@example.vn")
    records = [a_record(key=b"+84900000001"), a_record(headers={"x": b"099191091300"})]

    finding = nothing_personal(records, [log], [("intake", b'http{path="/t/+84900000001"} 1')])

    assert len(finding.contradictions) == 4


def test_a_sample_with_a_wrong_field_must_be_answered_with_that_field_and_its_candidates() -> None:
    sample = next(one for one in samples() if one.expect.get("mistake") == "wrong_ward")
    right = {"field": "place.residence", "candidates": [{"value": "00454"}, {"value": "00475"}]}

    assert wrong_answer(sample, 422, {"errors": [right]}) is None
    assert wrong_answer(sample, 422, {"errors": [{**right, "candidates": right["candidates"][:1]}]})
    assert wrong_answer(sample, 422, {"errors": [{"field": "contact.phone"}]})
    assert wrong_answer(sample, 201, {})


@pytest.mark.parametrize(
    ("reason", "office"),
    [
        ("Thửa đất do chi nhánh khác quản lý, đề nghị chuyển LRO.003", "LRO.003"),
        ("Chưa đúng thẩm quyền, đề nghị xem lại nơi nhận", None),
        ("", None),
    ],
)
def test_an_operator_reads_the_office_a_reason_names(reason: str, office: str | None) -> None:
    assert named_office(reason) == office


def test_a_citizen_expects_what_the_contact_and_the_door_call_for() -> None:
    from deploy.demo.city_day.closing_check.messages import expected_messages

    body = {
        "channel": "counter",
        "contact": {"phone": "+84900100001", "email": "vidu1001@example.vn", "text": "plain"},
    }
    filed = Filed(Filing(samples()[0].at, "key", body, {}), "code", "secret", "PASC-SP.00004")

    assert expected_messages(filed, "in_process") == {("accepted", "sms"), ("accepted", "email")}
    assert expected_messages(filed, "stopped", {"stopped"}) - expected_messages(filed, "in_process") == {
        ("stopped", "sms"),
        ("stopped", "email"),
    }


def test_a_text_too_short_for_a_link_belongs_to_the_dossier_of_its_serial_and_phone() -> None:
    from deploy.demo.city_day.closing_check.messages import dossier_of_message

    contacts = {
        "H26.X-260202-0001": {"phone": "+84900100001"},
        "H26.Y-260202-0001": {"phone": "+84900100002"},
    }
    text = {"text": "Bạn xin rút hồ sơ 260202-0001? Không phải bạn: gọi 19001009", "to": "84900100002"}

    assert dossier_of_message(text, {}, contacts) == "H26.Y-260202-0001"
    assert dossier_of_message({**text, "to": "84900100009"}, {}, contacts) is None
