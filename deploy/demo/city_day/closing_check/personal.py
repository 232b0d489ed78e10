"""No personal data on any topic, in any log or metric. The data of the made-up people are searched for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from deploy.demo.city_day.closing_check.finding import Finding
from deploy.demo.city_day.closing_check.topics import Record

PLANTED = {
    "a name": rb"V\xc3\xad D\xe1\xbb\xa5|V\\u00ed D\\u1ee5|V%C3%AD|\bVi Du\b",
    "an identity number": rb"(?<![\w.-])099\d{9}(?![\w-])",
    "a phone number": rb"(?<![\w.-])(?:\+?84|0)900\d{6}(?![\w-])|%2B84900",
    "an email address": rb"vidu\d{3,}@",
}
CANARIES = {what: re.compile(pattern) for what, pattern in PLANTED.items()}


def nothing_personal(
    records: Sequence[Record], logs: Iterable[Path], metrics: Iterable[tuple[str, bytes]]
) -> Finding:
    """Search all records with keys and headers, the logs of all processes, and the metrics."""
    errors: list[str] = []
    for record in records:
        errors += [
            f"{kind} on {record.topic} at {record.partition}/{record.offset}"
            for kind in personal_kinds(record.everything())
        ]
    files, size = 0, 0
    for log in logs:
        text = log.read_bytes()
        files, size = files + 1, size + len(text)
        errors += [f"{kind} in the log {log.name}" for kind in personal_kinds(text)]
    pages = list(metrics)
    for name, page in pages:
        errors += [f"{kind} in the metrics of {name}" for kind in personal_kinds(page)]
    topics = len({record.topic for record in records})
    line = f"nothing personal in {len(records)} records of {topics} topics, {files} logs ({size // 1024} KiB)"
    return Finding(f"{line}, metrics of {len(pages)} services", errors)


def personal_kinds(text: bytes) -> list[str]:
    """The kinds of personal data in a text."""
    return [kind for kind, pattern in CANARIES.items() if pattern.search(text)]
