"""The problems that operations may answer with, added to the OpenAPI document."""

from collections.abc import Iterator
from typing import Any

from fastapi import FastAPI
from pydantic import BaseModel

from shared.web.refusals import http_refusal, status_title

PROBLEM_JSON = "application/problem+json"
CHANGING = {"post", "put", "patch", "delete"}
Operation = dict[str, Any]


class ProblemField(BaseModel):
    """One invalid field with its remedy in both languages. `candidates`: values to offer."""

    field: str
    code: str
    vi: str
    en: str
    candidates: list[dict[str, Any]] = []


class Problem(BaseModel):
    """A refusal (RFC 9457): a stable `code`, a sentence in both languages, and each invalid field."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    vi: str
    en: str
    errors: list[ProblemField]


def document_problems(app: FastAPI) -> None:
    """Document the problems of every operation in the OpenAPI document, with our schema."""
    original = app.openapi

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            schema = original()
            _add_schemas(schema)
            for path, method, operation in _operations(schema):
                _document(operation, _statuses(path, method, operation))
        return app.openapi_schema or {}

    app.openapi = openapi


def _operations(schema: dict[str, Any]) -> Iterator[tuple[str, str, Operation]]:
    for path, item in schema["paths"].items():
        if path.startswith(("/v1", "/schemas")):
            yield from ((path, method, operation) for method, operation in item.items())


def _document(operation: Operation, statuses: set[int]) -> None:
    answers: dict[str, Any] = operation["responses"]
    if _is_fastapis(answers.get("422")):
        del answers["422"]
    for status in statuses:
        answer = answers.setdefault(str(status), {"description": _description(status)})
        content = answer.setdefault("content", {}).setdefault(PROBLEM_JSON, {})
        content.setdefault("schema", {"$ref": "#/components/schemas/Problem"})
    operation["responses"] = dict(sorted(answers.items()))


def _statuses(path: str, method: str, operation: Operation) -> set[int]:
    """The statuses of problems by what the operation takes: body, parameters, path, key."""
    statuses = {int(status) for status in operation["responses"] if int(status) >= 400} | {503}
    if operation.get("requestBody"):
        statuses |= {400, 408, 413, 422}
    if operation.get("parameters"):
        statuses |= {422}
    if "{" in path:
        statuses |= {404, 422}
    if operation.get("security"):
        statuses |= {401, 403}
    if method in CHANGING:
        statuses |= {429}
    return statuses


def _is_fastapis(answer: Any) -> bool:
    return "HTTPValidationError" in str(answer)


def _description(status: int) -> str:
    refusal = http_refusal(status)
    return f"{refusal.en} / {refusal.vi}" if refusal.code != "failed" else status_title(status)


def _add_schemas(schema: dict[str, Any]) -> None:
    schemas = schema.setdefault("components", {}).setdefault("schemas", {})
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    for model in (Problem, ProblemField):
        model_schema = model.model_json_schema(ref_template="#/components/schemas/{model}")
        model_schema.pop("$defs", None)
        schemas[model.__name__] = model_schema
