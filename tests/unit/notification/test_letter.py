"""Letters: the same words twice, plain and drawn; nothing missing, nothing private, nothing foreign."""

from dataclasses import replace
from datetime import timedelta

import pytest
from jinja2 import UndefinedError

from services.notification.domain import message as rules
from services.notification.domain.email import (
    EmailBlock,
    EmailTemplates,
    RenderedEmail,
    parse_blocks,
    plain_body,
)
from services.notification.domain.facts import MessageFacts, ResultFacts
from services.notification.store.notices import FACTS as FACTS_JSON
from services.notification.store.notices import read_facts
from shared.catalogue.texts.message_contract import TEMPLATE_VARIABLES
from tests.builders.notification import DUE, FACTS, LETTERS, SENDER, WANTED, facts_of, wordbook

UNDATED = replace(FACTS, due_at=None)
LETTERS_LOADED = EmailTemplates(LETTERS)


def write(template: str, language: str = "vi", facts: MessageFacts = FACTS) -> RenderedEmail:
    subject = wordbook().email_subject(template, facts, language=language)
    return LETTERS_LOADED.render(template, subject, facts, language=language, sender=SENDER)


@pytest.mark.parametrize("template", TEMPLATE_VARIABLES)
@pytest.mark.parametrize("language", ["vi", "en"])
def test_every_letter_is_whole_in_both_languages_and_both_shapes(template: str, language: str) -> None:
    letter = write(template, language, facts_of(template))
    assert "https://hcc.example.vn/t/7K2M9QXA" in letter.text
    assert 'href="https://hcc.example.vn/t/7K2M9QXA"' in letter.html
    assert "19001009" in letter.text
    assert "{" not in letter.text + letter.subject
    assert "<style" not in letter.html
    assert "style=" in letter.html


APART = (
    ResultFacts("khai tử", "death", "UBND Văn Miếu", True),
    ResultFacts("tử tuất", "survivor", "BHXH", False),
)


def test_a_widow_reads_what_was_granted_first_and_then_what_was_not() -> None:
    lines = write(rules.COMPLETED_IN_PART, facts=replace(FACTS, results=APART)).text.splitlines()
    granted, denied = lines.index("Đã giải quyết"), lines.index("Không giải quyết như bạn đề nghị")
    assert granted < lines.index("- khai tử (UBND Văn Miếu)") < denied < lines.index("- tử tuất (BHXH)")
    assert "Kết quả của các việc khác vẫn có giá trị." in " ".join(lines)


def test_of_a_private_procedure_the_letter_names_no_result() -> None:
    text = write(rules.COMPLETED_IN_PART, "en", replace(FACTS, private=True)).text
    assert "Granted" not in text
    assert "some of it was granted, some was not" in text


def test_an_acceptance_says_the_date_first_then_how_it_was_counted_and_who_works_on_it() -> None:
    lines = write(rules.ACCEPTED).text.splitlines()
    assert lines[0] == "Hẹn trả ngày 16/03/2026"
    assert "- 09/03 – 16/03: sáu ngày làm việc" in lines
    assert "- tra cứu: Công an TP Hà Nội" in lines


def test_a_moved_date_says_the_new_one_and_the_one_it_takes_the_place_of() -> None:
    moved = replace(FACTS, moved_from=DUE - timedelta(days=1))
    lines = write(rules.DATE_MOVED, facts=moved).text.splitlines()
    assert lines[0] == "Ngày hẹn đổi thành 16/03/2026"
    assert "hẹn trả 16/03/2026 thay cho 15/03/2026" in lines[2]
    text = wordbook().render_sms(rules.DATE_MOVED, moved, language="vi", form="plain")
    assert "hen tra 16/03/2026 thay cho 15/03/2026" in text


def test_the_facts_of_a_notice_are_read_back_as_written_today_or_before() -> None:
    moved = replace(FACTS, moved_from=DUE - timedelta(days=1))
    document = FACTS_JSON.dump_python(moved, mode="json", by_alias=True)
    assert read_facts(document) == moved
    (line,) = moved.count
    before = {"from_": "2026-03-09", "to": "2026-03-16", "why": line.why_vi, "why_en": line.why_en}
    assert read_facts({**document, "count": [before]}) == replace(moved, count=(replace(line, counts=0),))


def test_papers_asked_for_are_listed_with_their_day_and_what_happens_without_them() -> None:
    lines = write(rules.SUPPLEMENT, facts=WANTED).text.splitlines()
    assert lines[0] == "Cần bổ sung trước ngày 16/03/2026"
    assert "- Giấy chứng nhận bản gốc" in lines
    assert "- Hợp đồng thiếu chữ ký" in lines
    assert any("có thể dừng xử lý" in line for line in lines)


def test_of_a_private_procedure_the_papers_are_counted_and_looked_up_on_the_page() -> None:
    letter = write(rules.SUPPLEMENT, facts=replace(WANTED, private=True, items=()))
    assert "2 giấy tờ" in letter.text
    assert "Danh sách đầy đủ ở trang hồ sơ" in letter.text


def test_a_stop_gives_its_reason_and_the_right_to_complain() -> None:
    letter = write(rules.STOPPED, facts=replace(FACTS, reason_vi="không bổ sung giấy tờ trong thời hạn"))
    assert "Lý do: không bổ sung giấy tờ trong thời hạn" in letter.text
    assert "quyền khiếu nại" in letter.text


def test_a_private_procedure_is_not_given_away_by_its_steps() -> None:
    letter = write(rules.ACCEPTED, facts=replace(FACTS, private=True))
    assert "tra cứu:" not in letter.text + letter.html


def test_a_refusal_gives_reason_and_rule_or_says_where_they_are() -> None:
    told = replace(FACTS, reason_vi="Thiếu giấy tờ.", rule_vi="NĐ 118/2025")
    assert "Lý do: Thiếu giấy tờ." in write(rules.REFUSED, facts=told).text
    assert "Căn cứ: NĐ 118/2025" in write(rules.REFUSED, facts=told).text
    assert "Lý do được ghi ở trang theo dõi" in write(rules.REFUSED).text


def test_a_submission_says_by_when_the_desk_must_answer() -> None:
    assert "Chậm nhất 17:00 16/03/2026" in write(rules.SUBMITTED, facts=replace(FACTS, answer_by=DUE)).text


def test_names_from_data_cannot_become_markup() -> None:
    letter = write(rules.COMPLETED, facts=replace(FACTS, office="<b>Sở & Phòng</b>"))
    assert "<b>" not in letter.html
    assert "&lt;b&gt;Sở &amp; Phòng" in letter.html


def test_a_missing_variable_is_an_error_and_not_a_gap() -> None:
    with pytest.raises(UndefinedError):
        LETTERS_LOADED.render(rules.ACCEPTED, "x", UNDATED, language="vi", sender=SENDER)


def test_items_stand_close_together_and_all_else_apart() -> None:
    parts = parse_blocks("# Lớn\n\n## Đầu đề\n- một\n- hai\n\n> Xem | https://x")
    assert parts[-1] == EmailBlock("button", "Xem", "https://x")
    assert plain_body(parts) == "Lớn\n\nĐầu đề\n- một\n- hai\n\nXem: https://x\n"


def test_what_is_the_persons_own_to_do_is_named_unless_the_procedure_is_private() -> None:
    letter = write(rules.YOUR_TURN, facts=replace(WANTED, reason_vi="nộp thuế"))
    assert "đang đợi bạn làm một việc: nộp thuế." in letter.text
    assert "đang đợi bạn làm một việc." in write(rules.YOUR_TURN, facts=WANTED).text
