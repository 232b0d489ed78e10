"""A program of ours that is not ready is heard in its own words."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import urlsplit

import pytest

from deploy.local.launching.processes import Health, read_notes

pytestmark = pytest.mark.integration

CLOSED = json.dumps({"ok": False, "checks": {"database": "see motcua reconcile", "reading": "ok"}})


@pytest.mark.parametrize(
    ("status", "body", "good", "lacks"),
    [
        (200, '{"ok": true, "checks": {"database": "ok"}}', True, ""),
        (503, CLOSED, False, "database: see motcua reconcile"),
        (502, "<h1>Bad gateway</h1>", False, ""),
    ],
)
def test_what_it_lacks_is_read_from_its_page(status: int, body: str, good: bool, lacks: str) -> None:
    with _page(status, body) as url:
        health = Health(url)

        assert (health.is_ready(), health.lacks) == (good, lacks)


def test_one_that_stopped_answering_lacks_nothing_that_it_could_name() -> None:
    with _page(503, CLOSED) as url:
        health = Health(url)
        health.is_ready()

    assert (health.is_ready(), health.lacks) == (False, "")


def test_the_notes_of_one_that_is_ready_are_read() -> None:
    note = "agency.replies: tax is not read further, it left a transaction open for 20 s"
    with _page(200, json.dumps({"ok": True, "checks": {}, "notes": {"parties": note}})) as url:
        assert read_notes(urlsplit(url).port or 0) == [note]
    assert read_notes(urlsplit(url).port or 0) == []


@contextmanager
def _page(status: int, body: str) -> Iterator[str]:
    class Page(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, format: str, *args: object) -> None:
            """The test's own output is enough."""

    with HTTPServer(("127.0.0.1", 0), Page) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/health/ready"
        server.shutdown()
