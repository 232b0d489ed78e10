"""A small app in the shared frame, without a database: for tests of what every page has in common."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import httpx
from fastapi import Depends, FastAPI, Form, Request
from fastapi.responses import Response

from shared.actor import Actor
from shared.errors import FieldError, Refused
from shared.security.api_keys import Credential
from shared.web.app import create_app
from shared.web.auth.identity import Identify, optional_actor, require_actor
from shared.web.auth.sessions import Officer, Queryable
from shared.web.pages.rendering import render
from shared.web.settings import WebSettings

COUNTER_KEY, MACHINE_KEY = "counter.secret", "machine.secret"
COUNTER = Credential("counter", "", Actor(kind="officer", id="quay", office="PASC-SP.00070", role="counter"))
MACHINE = Credential(
    "machine",
    "",
    Actor(kind="officer", id="machine", role="counter"),
    frozenset({"PASC-SP.00070", "PASC-BR.1"}),
)
URL = "http://127.0.0.1:8001"
BROWSER = {"accept": "text/html"}


class Sessions:
    """Stands in for the table `web_sessions`: one officer, whose cookie is `open`."""

    def __init__(self, officer: Officer | None = None) -> None:
        self.officer = officer

    async def fetchrow(self, query: str, *args: object) -> object:
        """The officer, whatever the cookie."""
        known = self.officer
        if known is None:
            return None
        return {"login": known.login, "name": known.name, "role": known.role, "office": known.office}

    async def fetch(self, query: str, *args: object) -> Sequence[object]:
        """No drafts."""
        return []

    async def execute(self, query: str, *args: object) -> str:
        """Nothing is kept."""
        return ""


def identify(key: str) -> Credential | None:
    """The keys there are: of an officer, and of a machine that acts for two offices."""
    return {COUNTER_KEY: COUNTER, MACHINE_KEY: MACHINE}.get(key)


async def fine() -> str | None:
    """A readiness check that is."""
    return None


def make_app(templates: Path, database: Queryable, known: Identify, **settings: object) -> FastAPI:
    """An empty intake, whose sessions lie in this database."""
    web = WebSettings(service="intake", intake_url=URL, **settings)  # type: ignore[arg-type]
    return create_app(web, database, known, templates=templates, ready={"database": fine})


def small_app(templates: Path, officer: Officer | None = None, **settings: object) -> FastAPI:
    """The same with some pages and, perhaps, an officer who is logged in."""
    app = make_app(templates, Sessions(officer), identify, **settings)
    add_pages(app, templates)
    return app


def add_pages(app: FastAPI, templates: Path) -> None:
    """`/hello` (counter officers), `/v1/me` (any key), `/open` and `/file` (anyone), two refusals."""
    (templates / "hello.html").write_text(
        '{% extends "frame.html" %}{% block title %}x{% endblock %}'
        '{% block main %}<h1>{{ t("Xin chào", "Hello") }}</h1>'
        '<form method="post">{{ ui.csrf(page) }}</form>{% endblock %}',
        "utf-8",
    )

    @app.get("/hello")
    async def hello(
        request: Request,
        actor: Annotated[Actor, Depends(require_actor(kinds={"officer"}, roles={"counter"}))],
    ) -> Response:
        return render(request, "hello.html")

    @app.post("/hello")
    async def act(actor: Annotated[Actor, Depends(require_actor(roles={"counter"}))]) -> str:
        return actor.id or actor.kind

    @app.get("/v1/me")
    async def me(actor: Annotated[Actor, Depends(require_actor())]) -> dict[str, str]:
        return actor.to_json()

    @app.get("/open")
    async def door(request: Request) -> Response:
        return render(request, "hello.html")

    @app.post("/file")
    async def file(
        actor: Annotated[Actor | None, Depends(optional_actor)], name: Annotated[str, Form()] = ""
    ) -> str:
        return name

    @app.post("/refused")
    @app.post("/v1/refused")
    async def refused() -> None:
        wrong = FieldError("applicant.name", "missing", "Thiếu họ tên.", "The name is missing.")
        raise Refused("invalid", "Có chỗ chưa đúng.", "Something is not right.", errors=(wrong,))


def client(app: FastAPI, **cookies: str) -> httpx.AsyncClient:
    """A browser or machine in front of the app; cookies are kept, redirects are not followed."""
    return httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url=URL, cookies=cookies)
