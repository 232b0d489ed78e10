"""Static assets: styles, scripts and the logo, with fingerprints in their addresses."""

import hashlib
from functools import cache
from importlib.resources import files
from pathlib import Path

from fastapi import APIRouter, Request
from fastapi.responses import Response
from starlette.exceptions import HTTPException

HERE = Path(__file__).parents[1] / "static"
_TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
_FOREVER, _BRIEFLY = "public, max-age=31536000, immutable", "public, max-age=60"

router = APIRouter(include_in_schema=False)


@router.get("/static/{name}")
async def serve_asset(name: str, request: Request) -> Response:
    """One asset; cached for ever if the address has its fingerprint."""
    content = _content().get(name)
    if content is None:
        raise HTTPException(404)
    is_current = request.query_params.get("v") == fingerprint(name)
    kind = f"{_TYPES[Path(name).suffix]}; charset=utf-8"
    return Response(
        content, headers={"content-type": kind, "cache-control": _FOREVER if is_current else _BRIEFLY}
    )


@router.get("/favicon.ico")
async def favicon() -> Response:
    """The icon under the name that browsers request by default."""
    return Response(_content()["sign.svg"], media_type="image/svg+xml")


def asset_url(name: str) -> str:
    """The address of an asset with its fingerprint."""
    return f"/static/{name}?v={fingerprint(name)}"


@cache
def fingerprint(name: str) -> str:
    """A hash of the asset's content."""
    return hashlib.sha256(_content()[name]).hexdigest()[:12]


@cache
def _content() -> dict[str, bytes]:
    assets = {path.name: path.read_bytes() for path in HERE.iterdir() if path.suffix in _TYPES}
    htmx = files("js_lib_htmx") / "static" / "htmx" / "htmx.min.js"
    return {**assets, "htmx.js": htmx.read_bytes()}
