"""Texts, letters and pages promise only what the product does: no mailed copy, no post, no visiting team."""

import re
from collections.abc import Iterator

import yaml

from shared.catalogue.texts.message_contract import TEMPLATE_VARIABLES
from tests.builders.catalogue import ROOT, items

WRITTEN_BY = ("services/*/templates", "services/*/words", "shared/web/templates", "shared/web/words")
PROMISES = re.compile(
    r"tận nhà|tan nha|đến nhà bạn|den nha ban|cán bộ đến|tổ hỗ trợ|to ho tro|Bưu điện đang|gửi cho bạn qua"
    r"|Bản điện tử được gửi|trên Cổng|tren Cong|trên VNeID|bằng VNeID|biên lai điện tử|không tính vào hạn"
    r"|khong tinh vao han|văn bản trả lời nói rõ"
    r"|to your home|visit you|by email or in VNeID|public service portal|on the Portal|The post is"
    r"|Waiting for you does not count|The wait does not count|written answer says",
    re.IGNORECASE,
)


def texts() -> Iterator[tuple[str, str]]:
    """(where, text) of every text that is sent, and of every word on a page or in a letter."""
    for key in TEMPLATE_VARIABLES:
        for field, text in items()["messages"]["templates"][key].items():
            if field.startswith(("sms_", "email_subject")):
                yield f"messages.yaml {key}.{field}", text
    for pattern in WRITTEN_BY:
        for folder in ROOT.glob(pattern):
            for path in sorted(folder.rglob("*.*")):
                if path.suffix not in {".html", ".txt", ".yaml"}:
                    continue
                yield str(path.relative_to(ROOT)), path.read_text("utf-8")
    for path in sorted((ROOT / "deploy/catalogue/procedures").glob("*.yaml")):
        for version in yaml.safe_load(path.read_text("utf-8"))["versions"]:
            for line in _shown(version):
                yield path.name, line


def _shown(version: dict[str, object]) -> Iterator[str]:
    """What the page of a procedure shows of one version."""
    for name in ("name", "short", "description", "steps"):
        yield str(version.get(name, ""))


def test_nothing_is_promised_that_nothing_keeps() -> None:
    found = [f"{where}: {match[0]}" for where, text in texts() for match in PROMISES.finditer(text)]
    assert found == []


def test_the_words_are_read_where_they_stand() -> None:
    places = {where for where, _ in texts()}
    assert "messages.yaml completed.sms_vi_plain" in places
    assert "services/notification/templates/mail/supplement.vi.txt" in places
    assert "services/intake/templates/tracking/collect_result.html" in places
