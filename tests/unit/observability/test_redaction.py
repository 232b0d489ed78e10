"""Whatever a line was given, nobody can be found from it."""

import json
import subprocess
import sys

import pytest

from shared.observability.redaction import redact_line, redact_text

PLANTED = [
    "+84912345678",
    "0912345678",
    "0912 345 678",
    "84.912.345.678",
    "an.nguyen@gmail.com",
    "001099012345",
]


@pytest.mark.parametrize("planted", PLANTED)
def test_what_looks_like_a_person_is_masked_wherever_it_stands(planted: str) -> None:
    line = redact_line(None, "info", {"event": "a.b", "why": f"sent to {planted}!", "deep": [{"x": planted}]})
    assert planted not in json.dumps(line)


def test_fields_that_name_people_lose_their_value() -> None:
    line = redact_line(None, "info", {"event": "a.b", "phone": 1, "name": "Nguyễn Văn An", "secret": b"x"})
    assert {line["phone"], line["name"], line["secret"]} == {"[removed]"}


@pytest.mark.parametrize("name", ["facts", "Facts", "body", "text", "applicant"])
def test_a_number_under_a_name_of_words_is_a_count_and_stays(name: str) -> None:
    line = redact_line(None, "info", {"event": "a.b", name: 21, "deep": {name: 0}})
    assert (line[name], line["deep"][name]) == (21, 0)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("facts", {"income": 1}),
        ("facts", ["Nguyễn Văn An"]),
        ("facts", "21"),
        ("facts", 912345678),
        ("name", 1099012345),
        ("phone", 912345678),
        ("phone", 1),
        ("id_number", 1099012345),
        ("born", 1990),
        ("birth_date", 19900102),
        ("value", 15_000_000),
        ("secret", 482913),
        ("token", 7),
        ("to", 84912345678),
        ("contact", 912345678),
    ],
)
def test_what_may_be_a_persons_is_removed_whatever_its_type(name: str, value: object) -> None:
    assert redact_line(None, "info", {"event": "a.b", name: value})[name] == "[removed]"


@pytest.mark.parametrize(
    "harmless",
    [
        "H26.1-260306-0001",
        "0192f0c4-8d2e-7c3a-9b1e-001099012345",
        "2026-03-06T09:00:00.123456+07:00",
        "after 4 came 1000000000001",
        "127.0.0.1:38495",
    ],
)
def test_codes_ids_and_times_stay_readable(harmless: str) -> None:
    assert redact_text(harmless) == harmless


SPEAK = """
import logging
from shared.observability.logs import configure_logging, get_logger
configure_logging("intake", "json")
get_logger("ours").info("dossier.filed", root="r-1", detail="0912345678")
theirs = logging.getLogger("uvicorn.error")
theirs.warning("from a library: %s", "an@example.vn", extra={"extra": {"topic": "t"}})
try:
    raise ValueError("phone 0912345678")
except ValueError:
    logging.getLogger("aiokafka").exception("broke")
"""


def test_our_lines_and_the_libraries_have_one_shape_and_one_redaction() -> None:
    done = subprocess.run([sys.executable, "-c", SPEAK], capture_output=True, text=True, check=True)
    lines = [json.loads(line) for line in done.stderr.splitlines()]
    assert [line["event"] for line in lines] == ["dossier.filed", "from a library: [email]", "broke"]
    assert all({"level", "logger", "timestamp", "service"} <= set(line) for line in lines)
    assert lines[1]["topic"] == "t"
    assert "0912345678" not in done.stderr
