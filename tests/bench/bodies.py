"""Dossiers as their bodies on the wire: those of the city day that anyone may file, all in order."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import uuid4

import orjson

from deploy.demo.dossiers import generate
from services.intake.domain.submission.access import FOR_ANYONE
from services.intake.domain.submission.admission import AdmittedSubmission, admit_submission
from services.intake.domain.submission.confirmations import PROJECT
from services.intake.inbound.api.body import parse_submission
from shared.catalogue import Catalogue

SEED = 26


def bodies(catalogue: Catalogue, at: datetime, count: int = 300) -> list[dict[str, Any]]:
    """Different bodies that this catalogue admits at that moment, however often they are filed again."""
    made = [filing.body for filing in generate(SEED, 2 * count) if filing.body["channel"] in FOR_ANYONE]
    made = [body for body in made if PROJECT not in body["place"]]  # a second one there is asked about first
    return [body for body in made if _is_admitted(body, catalogue, at)][:count]


def request(host: str, body: dict[str, Any]) -> tuple[bytes, bytes]:
    """A whole POST in two pieces: the key goes between them, new each time."""
    content = orjson.dumps(body)
    head = (
        f"POST /v1/dossiers HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\nIdempotency-Key: "
    )
    return head.encode(), b"\r\nContent-Length: %d\r\n\r\n%b" % (len(content), content)


def requests(host: str, of: Sequence[dict[str, Any]], count: int) -> list[bytes]:
    """So many POSTs, each a submission of its own."""
    pieces = [request(host, body) for body in of]
    pairs = (pieces[number % len(pieces)] for number in range(count))
    return [head + str(uuid4()).encode() + tail for head, tail in pairs]


def _is_admitted(body: dict[str, Any], catalogue: Catalogue, at: datetime) -> bool:
    said, unread = parse_submission(body)
    return isinstance(admit_submission(said, unread, None, catalogue, at), AdmittedSubmission)
