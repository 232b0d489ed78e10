"""A page that lists all operations of the API. It loads nothing from other hosts."""

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from shared.web.pages.rendering import render


def docs_page() -> APIRouter:
    """/docs, beside the machine-readable /openapi.json."""
    router = APIRouter(include_in_schema=False)

    @router.get("/docs")
    async def docs(request: Request) -> Response:
        return render(request, "docs.html", operations=_operations(request.app.openapi()))

    return router


def _operations(schema: dict[str, Any]) -> list[dict[str, str]]:
    operations: list[dict[str, str]] = []
    for path, item in schema["paths"].items():
        for method, operation in item.items():
            tags = operation.get("tags") or ["other"]
            description = operation.get("description") or operation.get("summary", "")
            operations.append(
                {"method": method.upper(), "path": path, "description": description, "tag": tags[0]}
            )
    return operations
