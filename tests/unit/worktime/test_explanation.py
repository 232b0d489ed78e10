"""The lines a citizen reads under "why this date?"."""

from shared.worktime import Limit, Unit, promise_due
from tests.builders.catalogue import at, catalogue


def explanation_rows(
    unit: Unit, amount: float, accepted: str, language: str = "vi"
) -> list[tuple[str, str, float, str]]:
    calendar = catalogue().calendar("hn", at(accepted))
    lines = promise_due(calendar, Limit(unit, amount), at(accepted)).explanation
    return [
        (f"{one.from_:%d/%m}", f"{one.to:%d/%m}", one.counts, one.why_vi if language == "vi" else one.why_en)
        for one in lines
    ]


def test_over_tet_every_stretch_says_why_it_counts_or_not():
    assert explanation_rows(Unit.WORKING_DAY, 8, "2026-02-12 10:00") == [
        ("12/02", "12/02", 0, "Tiếp nhận lúc 10:00; ngày tiếp nhận chưa tính"),
        ("13/02", "13/02", 1, "1 ngày làm việc"),
        ("14/02", "15/02", 0, "Không làm việc: cuối tuần"),
        ("16/02", "20/02", 0, "Không làm việc: Tết Bính Ngọ"),
        ("21/02", "22/02", 0, "Không làm việc: cuối tuần"),
        ("23/02", "27/02", 5, "5 ngày làm việc"),
        ("28/02", "01/03", 0, "Không làm việc: cuối tuần"),
        ("02/03", "03/03", 2, "2 ngày làm việc; hẹn trả 17:00 ngày 3/3"),
    ]


def test_a_second_past_the_cut_off_is_said_to_the_second():
    first = explanation_rows(Unit.SAME_DAY, 1, "2026-03-06 15:00:01")[0]
    assert first[3] == "Tiếp nhận lúc 15:00:01, sau 15:00, coi như nhận ngày làm việc kế tiếp"


def test_the_make_up_day_names_the_day_it_makes_up_for():
    last = explanation_rows(Unit.WORKING_DAY, 5, "2026-01-05 10:00")[-1]
    assert last == (
        "10/01",
        "10/01",
        1,
        "1 ngày làm việc (làm bù cho ngày 2/1/2026); hẹn trả 17:00 ngày 10/1",
    )


def test_a_rolled_end_is_said_in_english_too():
    assert explanation_rows(Unit.CALENDAR_DAY, 7, "2025-12-26 10:00", "en")[-1][3] == (
        "The last day is a day off, so it moves to the next working day; due 17:00 on 5 January"
    )


def test_hours_received_after_closing_begin_the_next_morning():
    lines = explanation_rows(Unit.WORKING_HOUR, 2, "2026-03-09 18:00")
    assert [line[2] for line in lines] == [0, 2]
    assert lines[0][3] == "Nhận sau giờ làm việc"
