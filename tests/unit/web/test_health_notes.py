"""Readiness names what is amiss without it, and stays ready."""

import httpx
from fastapi import FastAPI

from shared.web.answers.health import health_routes


async def test_a_note_is_named_and_the_service_stays_ready() -> None:
    remarks: list[str] = ["water is not read"]

    async def well() -> str | None:
        return None

    async def parties() -> str | None:
        return "; ".join(remarks) or None

    app = FastAPI()
    app.include_router(health_routes(ready={"database": well}, notes={"parties": parties}))
    transport = httpx.ASGITransport(app=app)
    async with httpx.AsyncClient(transport=transport, base_url="http://service") as client:
        answer = await client.get("/health/ready")
        assert answer.status_code == 200
        assert answer.json()["notes"] == {"parties": "water is not read"}
        remarks.clear()
        assert "notes" not in (await client.get("/health/ready")).json()
