"""The catalogue's texts: checked at load, written strictly, within the lengths a carrier bills once."""

import json
import re
import unicodedata
from copy import deepcopy
from dataclasses import replace
from typing import Any

import pytest

from services.notification.domain import message as rules
from services.notification.domain.segments import measure_sms
from services.notification.domain.templates import InvalidTemplates, check_templates, load_templates
from shared.catalogue.texts.message_contract import SILENCES, TEMPLATE_VARIABLES, WAITING_TEMPLATES
from shared.words.diacritics import strip_diacritics
from tests.builders.catalogue import items
from tests.builders.notification import FACTS, SENDER, WANTED, facts_of, wordbook

UNDATED = replace(FACTS, due_at=None)


@pytest.mark.parametrize("template", TEMPLATE_VARIABLES)
def test_the_plain_text_is_one_gsm7_segment_and_the_short_one_one_ucs2_segment(template: str) -> None:
    book = wordbook()
    plain = measure_sms(book.render_sms(template, facts_of(template), language="vi", form="plain"))
    short = measure_sms(book.render_sms(template, facts_of(template), language="vi", form="short"))
    english = measure_sms(book.render_sms(template, facts_of(template), language="en", form="plain"))
    assert (plain.encoding, plain.segments) == (english.encoding, english.segments) == ("gsm7", 1)
    assert short.segments == 1


def test_a_dated_acceptance_names_hour_day_and_promise() -> None:
    said = wordbook().render_sms(rules.ACCEPTED, FACTS, language="vi", form="plain")
    assert said == (
        "Ho so H26.103.25.7-250908-0112 duoc tiep nhan 09:00 ngay 06/03/2026. Hen tra 16/03/2026. "
        "Neu tre se xin loi va bao ngay moi. hcc.example.vn/t/7K2M9QXA"
    )


def test_papers_are_counted_and_an_amount_is_written_as_people_write_it() -> None:
    book = wordbook()
    papers = book.render_sms(rules.SUPPLEMENT, WANTED, language="vi", form="plain")
    assert "can bo sung 2 giay to truoc 16/03/2026" in papers
    assert "needs 2 papers by 16/03/2026" in book.render_sms(
        rules.SUPPLEMENT, WANTED, language="en", form="plain"
    )
    one = replace(WANTED, wanted_count=1)
    assert "needs 1 paper by" in book.render_sms(rules.SUPPLEMENT, one, language="en", form="plain")
    assert "nop 1.500.000d truoc 16/03/2026" in book.render_sms(
        rules.PAYMENT, WANTED, language="vi", form="plain"
    )
    assert "nộp 1.500.000đ" in book.render_sms(rules.PAYMENT, WANTED, language="vi", form="short")


def test_the_short_form_names_the_dossier_by_date_and_serial() -> None:
    said = wordbook().render_sms(rules.ACCEPTED, FACTS, language="vi", form="short")
    assert said == "Hồ sơ 250908-0112 tiếp nhận, hẹn 16/03 hcc.example.vn/t/7K2M9QXA"


def test_without_a_promised_date_no_date_is_promised() -> None:
    for language, form in (("vi", "plain"), ("vi", "short"), ("vi", "full"), ("en", "plain")):
        said = wordbook().render_sms(rules.ACCEPTED_UNDATED, UNDATED, language=language, form=form)
        assert "{" not in said
        assert "16/03" not in said


def test_names_lose_their_marks_in_a_plain_text_and_keep_them_in_a_full_one() -> None:
    book = wordbook()
    assert "Cong an P. Van Mieu - QTG" in book.render_sms(rules.COMPLETED, FACTS, language="vi", form="plain")
    assert "Công an P. Văn Miếu - QTG" in book.render_sms(rules.COMPLETED, FACTS, language="vi", form="full")
    assert "Cong an P. Van Mieu - QTG" in book.render_sms(rules.COMPLETED, FACTS, language="en", form="full")


def test_an_unknown_form_gets_the_plain_text() -> None:
    book = wordbook()
    assert book.render_sms(rules.REFUSED, FACTS, language="vi", form="voice") == book.render_sms(
        rules.REFUSED, FACTS, language="vi", form="plain"
    )


def test_unmarking_knows_the_stroke_that_does_not_decompose() -> None:
    assert strip_diacritics("Đống Đa, Ứng Hòa, đường Láng") == "Dong Da, Ung Hoa, duong Lang"


def test_counter_and_home_are_silent_at_submission_for_a_signed_reason() -> None:
    book = wordbook()
    assert book.silence_reason("dossier.submitted.v1", "counter")
    assert book.silence_reason("dossier.submitted.v1", "home")
    assert book.silence_reason("dossier.submitted.v1", "online") is None
    assert book.silence_reason("dossier.accepted.v1", "counter") is None


def edited(key: str, field: str, text: str) -> dict[str, Any]:
    content = deepcopy(items()["messages"])
    templates = content["templates"]
    rows = templates.values() if isinstance(templates, dict) else templates
    row = next(row for row in rows if row["key"] == key)
    row[field] = text
    return content


@pytest.mark.parametrize(
    ("field", "text", "why"),
    [
        ("sms_vi_plain", "Ho so {ma} {ten}", "unknown variable ten"),
        ("sms_vi_plain", "Ho so {ma.__class__}", "not a plain variable"),
        ("sms_vi_plain", "Ho so {ma!r}", "not a plain variable"),
        ("sms_vi_plain", "Ho so {ma} " + "x" * 140, "too long"),
        ("sms_vi_plain", "Hồ sơ {ma}", "outside GSM-7"),
        ("sms_vi_short", "Hồ sơ {ma} đã được tiếp nhận, xem tại {link}", "too long"),
        ("sms_en", "", "is missing"),
    ],
)
def test_a_text_that_cannot_be_used_is_refused_at_load_with_its_place(
    field: str, text: str, why: str
) -> None:
    (fault, *_) = check_templates(edited("submitted", field, text))
    assert re.match(rf"templates\.submitted\.{field}.*{why}", fault)


def test_a_missing_template_is_named_at_arrival_and_at_load() -> None:
    content = deepcopy(items()["messages"])
    del content["templates"]["completed"]
    assert [fault[: len("templates.completed: is missing")] for fault in check_templates(content)] == [
        "templates.completed: is missing"
    ]
    with pytest.raises(InvalidTemplates, match="completed: is missing"):
        load_templates("x", content, SENDER)


@pytest.mark.parametrize("silence", sorted(SILENCES))
def test_a_missing_silence_is_named_at_arrival(silence: str) -> None:
    content = deepcopy(items()["messages"])
    del content["silence"][silence]
    assert check_templates(content) == (f"silence.{silence}: is missing; say why no text tells of it",)


@pytest.mark.parametrize(
    "content",
    [
        {},
        {"templates": []},
        {"templates": {"completed": "x"}, "longest_values": [], "silence": None},
        {**items()["messages"], "longest_values": {"ma": {"marked": 7}}},
        {**items()["messages"], "limits": {"don_vi": "long"}},
    ],
)
def test_whatever_arrives_is_told_and_never_raises(content: dict[str, Any]) -> None:
    assert isinstance(check_templates(content), tuple)


def test_texts_in_decomposed_unicode_are_the_same_texts() -> None:
    content = json.loads(unicodedata.normalize("NFD", json.dumps(items()["messages"], ensure_ascii=False)))
    assert content != items()["messages"]
    assert check_templates(content) == ()
    assert (
        load_templates("x", content, SENDER).texts == load_templates("x", items()["messages"], SENDER).texts
    )


def test_every_text_that_is_sent_is_asked_of_the_catalogue() -> None:
    names = {value for name, value in vars(rules).items() if name.isupper() and isinstance(value, str)}
    assert set(TEMPLATE_VARIABLES) <= names
    assert not set(TEMPLATE_VARIABLES) & set(WAITING_TEMPLATES)
    sent = {rules.SUBMITTED, rules.REQUEST_DECLINED, rules.REMINDER, rules.YOUR_TURN, rules.STOPPED}
    sent |= {rules.ACCEPTED_UNDATED, rules.ACCEPTED_DATE_FOLLOWS}
    sent |= {rules.COMPLETED_IN_PART, rules.ANSWER_LATE}
    sent |= {*rules._TEMPLATES_BY_TYPE.values()}
    sent |= {template for _, template in rules._TEMPLATES_BY_CAUSE.values()}
    assert sent == set(TEMPLATE_VARIABLES)
