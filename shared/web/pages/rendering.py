"""The one page frame: templates, language, light or dark, and the form token."""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from shared.actor import Actor
from shared.web.pages import formatting, sentences, static, status_marks
from shared.web.settings import WebSettings

HERE = Path(__file__).parents[1]
LANGUAGE_COOKIE, THEME_COOKIE, VISIT_COOKIE = "motcua_lang", "motcua_theme", "motcua_visit"
LANGUAGES, THEMES = ("vi", "en"), ("light", "dark")
YEAR_SECONDS = 365 * 24 * 3600


@dataclass(frozen=True, slots=True)
class Page:
    """What the frame knows about the page being drawn."""

    path: str
    query: dict[str, str]
    lang: str
    theme: str
    visit: str
    officer: Actor | None
    officer_name: str
    sent: bool = False
    """It answers a form."""

    def link(self, **changes: str) -> str:
        """This same page with some query parameters changed: the language and light switches."""
        return f"{self.path}?{urlencode({**self.query, **changes})}"

    @property
    def csrf(self) -> str:
        """The token every form carries; only a page of ours can know it."""
        return form_token(self.visit)


class TemplateRenderer:
    """Draws the templates of one service inside the shared frame."""

    def __init__(self, settings: WebSettings, templates: Sequence[Path]) -> None:
        self.settings = settings
        self.env = Environment(
            loader=FileSystemLoader([*templates, HERE / "templates"]),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self.env.filters["capitalize_first"] = formatting.capitalize_first
        self.env.filters["words"] = sentences.words
        self.env.globals |= _globals(settings)
        self.env.globals["ui"] = self.env.get_template("ui.html").module

    def render_html(self, template: str, page: Page, context: dict[str, Any]) -> str:
        """The template as HTML, in the page's language."""
        token = formatting.language.set(page.lang)
        try:
            return self.env.get_template(template).render(page=page, lang=page.lang, **context)
        finally:
            formatting.language.reset(token)


def render(request: Request, template: str, *, status: int = 200, **context: Any) -> HTMLResponse:
    """A whole page. What the reader chose (language, light) is remembered by cookie."""
    frame: TemplateRenderer = request.app.state.frame
    page = current_page(request)
    response = HTMLResponse(frame.render_html(template, page, context), status)
    response.headers["cache-control"] = "no-store"
    _remember(response, request, page, secure=frame.settings.secure)
    return response


def render_fragment(request: Request, template: str, **context: Any) -> str:
    """A part of a page, for live updates: no frame, no cookies."""
    frame: TemplateRenderer = request.app.state.frame
    return frame.render_html(template, current_page(request), context)


def current_page(request: Request) -> Page:
    """The page of this request; the same object all through it, so that its form token stands."""
    page = getattr(request.state, "page", None)
    if page is None:
        page = request.state.page = _page(request)
    return page


def _page(request: Request) -> Page:
    query = {k: v for k, v in request.query_params.items() if k not in {"lang", "theme"}}
    return Page(
        path=request.url.path,
        query=query,
        lang=_choice(request, "lang", LANGUAGE_COOKIE, LANGUAGES) or "vi",
        theme=_choice(request, "theme", THEME_COOKIE, THEMES),
        visit=request.cookies.get(VISIT_COOKIE) or secrets.token_urlsafe(24),
        officer=getattr(request.state, "actor", None),
        officer_name=getattr(request.state, "officer_name", ""),
        sent=request.method == "POST",
    )


def accepts_html(request: Request) -> bool:
    """Whether a person's browser is asking, rather than a machine."""
    machine = request.url.path.startswith(("/v1/", "/health", "/metrics"))
    return not machine and "text/html" in request.headers.get("accept", "")


def form_token(secret: str) -> str:
    """The token that belongs to a cookie's secret: derivable by us, not by another site."""
    return hashlib.sha256(f"form:{secret}".encode()).hexdigest()[:40]


def _choice(request: Request, parameter: str, cookie: str, allowed: Sequence[str]) -> str:
    choice = request.query_params.get(parameter) or request.cookies.get(cookie, "")
    return choice if choice in allowed else ""


def _remember(response: HTMLResponse, request: Request, page: Page, *, secure: bool) -> None:
    cookies = {LANGUAGE_COOKIE: page.lang, THEME_COOKIE: page.theme, VISIT_COOKIE: page.visit}
    for name, value in cookies.items():
        if value and request.cookies.get(name) != value:
            age = None if name == VISIT_COOKIE else YEAR_SECONDS
            response.set_cookie(name, value, max_age=age, httponly=True, samesite="lax", secure=secure)


def _globals(settings: WebSettings) -> dict[str, Any]:
    return {
        "t": sentences.sentence,
        "plural": sentences.plural_sentence,
        "words": sentences.words,
        "options": sentences.option_list,
        "pick": formatting.pick_language,
        "say_day": formatting.format_day,
        "say_short_date": formatting.format_short_date,
        "say_date": formatting.format_instant,
        "say_time": formatting.format_time,
        "say_due": formatting.format_due,
        "say_left": formatting.format_remaining,
        "say_span": formatting.format_duration,
        "say_working_time": formatting.format_working_time,
        "say_number": formatting.format_number,
        "say_percent": formatting.format_percent,
        "say_money": formatting.format_money,
        "mark": status_marks.status_mark,
        "asset": static.asset_url,
        "settings": settings,
    }
