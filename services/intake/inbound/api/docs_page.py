"""A list of all operations, drawn by us: no page of ours loads anything from elsewhere."""

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
    return [
        {
            "method": method.upper(),
            "path": path,
            "says": operation.get("description") or operation.get("summary", ""),
            "tag": (operation.get("tags") or ["other"])[0],
        }
        for path, item in schema["paths"].items()
        for method, operation in item.items()
    ]
