"""Examples for the OpenAPI documentation: a realistic body and answer for each operation."""

from typing import Any

from services.intake.inbound.api.body import EXAMPLE, SubmissionBody
from services.intake.words import field_error, refuse, text
from shared.web.protection import load_shedding

CODE = "H26.103.26.17-260306-0001"
ID = "019cc0f2-7c00-7a11-8d1e-2f6a90b1c2d3"
_LIKELY_WARD, _OTHER_WARD = text("examples.likely_ward").vi, text("examples.other_ward").vi
_PROBLEM = refuse("fields", count=1)
_FIELD = field_error("place.residence", "former_ward", value="00478", now=f"{_LIKELY_WARD}, {_OTHER_WARD}")
_WARD_OFFICE = text("examples.ward_office").vi
_STATE, _STEP = text("examples.state"), text("examples.step")
_EXPLANATION = text("examples.explanation")
PROBLEM: dict[str, Any] = {
    "type": "urn:motcua:problem:fields",
    "title": "Unprocessable Content",
    "status": 422,
    "detail": _PROBLEM.en,
    "code": "fields",
    "vi": _PROBLEM.vi,
    "en": _PROBLEM.en,
    "errors": [
        {
            "field": "place.residence",
            "code": "former_ward",
            "vi": _FIELD.vi,
            "en": _FIELD.en,
            "candidates": [
                {"value": "00454", "label": _LIKELY_WARD, "likely": True},
                {"value": "00475", "label": _OTHER_WARD, "likely": False},
            ],
        }
    ],
}
FILED: dict[str, Any] = {
    "dossier_id": ID,
    "code": CODE,
    "secret": "7K2M9QXB4CH",
    "state": "submitted",
    "tracking_url": "https://hcc.example.vn/t/7K2M9QXB",
    "receiving_office": "PASC-SP.00070",
    "answer_by": "2026-03-09T09:00:00+07:00",
}
DECIDED: dict[str, Any] = {
    "code": CODE,
    "state": "accepted",
    "accepted_at": "2026-03-06T09:00:00+07:00",
    "promised_due_at": "2026-03-11T17:00:00+07:00",
    "explanation": [
        {
            "from": "2026-03-06",
            "to": "2026-03-06",
            "counts": 0,
            "why": _EXPLANATION.vi,
            "why_en": _EXPLANATION.en,
        }
    ],
    "refused_at": None,
    "reason_code": None,
}
TRACKED: dict[str, Any] = {
    "code": CODE,
    "state": "in_process",
    "state_vi": _STATE.vi,
    "state_en": _STATE.en,
    "holder": {
        "office": "WARD-JUS.00070",
        "name": _WARD_OFFICE,
        "since": "2026-03-06T09:00:00+07:00",
    },
    "due_at": "2026-03-11T17:00:00+07:00",
    "steps": [
        {
            "step": "check",
            "title_vi": _STEP.vi,
            "title_en": _STEP.en,
            "office": _WARD_OFFICE,
            "state": "started",
            "due_at": "2026-03-10T17:00:00+07:00",
            "done_at": None,
            "actor": None,
            "child": None,
        }
    ],
    "messages": [
        {"template": "accepted", "channel": "sms", "state": "delivered", "at": "2026-03-06T09:00:00+07:00"}
    ],
}


def documented_responses(status: int, example: Any, *problems: int) -> dict[int | str, dict[str, Any]]:
    """The documented answers of an operation: success with its example, and the problems by status."""
    good = {"content": {"application/json": {"example": example}}}
    bad = {"content": {"application/problem+json": {"example": PROBLEM}}, "description": "Problem (RFC 9457)"}
    return {status: good, **dict.fromkeys(problems, bad)}


def documented_queued_responses(status: int, example: Any, *problems: int) -> dict[int | str, dict[str, Any]]:
    """The same for an operation that load shedding may refuse (429 or 503)."""
    return {**documented_responses(status, example, *problems), **load_shedding.ANSWERS}


def submission_docs() -> dict[str, Any]:
    """The documented request of a submission, which is parsed by hand to report all errors at once."""
    return {
        "requestBody": {
            "required": True,
            "content": {"application/json": {"schema": _inlined(), "example": EXAMPLE}},
        }
    }


def _inlined() -> dict[str, Any]:
    """The body's schema with all `$ref` replaced, because it is added outside FastAPI's components."""
    schema = SubmissionBody.model_json_schema()
    parts = schema.pop("$defs", {})

    def fill(node: Any) -> Any:
        if isinstance(node, dict):
            name = str(node.get("$ref", "")).removeprefix("#/$defs/")
            fields = {key: fill(value) for key, value in node.items() if key != "$ref"}
            if name in parts:
                return {**fill(parts[name]), **fields}
            return fields
        if isinstance(node, list):
            return [fill(item) for item in node]
        return node

    return fill(schema)
