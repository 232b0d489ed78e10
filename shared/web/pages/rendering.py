"""The page frame: templates, language, colour scheme, and the form token."""

import hashlib
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from shared.actor import Actor
from shared.typed_input.id_number import grouped_id_number
from shared.typed_input.phone import national_phone
from shared.web.pages import formatting, sentences, static, status_marks
from shared.web.pages.form_draft import DRAFT_DAYS, SECRET_FIELDS, FormDraft
from shared.web.pages.form_filling import fill_form, has_typed_fields
from shared.web.settings import WebSettings

HERE = Path(__file__).parents[1]
LANGUAGE_COOKIE, THEME_COOKIE, VISIT_COOKIE = "motcua_lang", "motcua_theme", "motcua_visit"
LANGUAGES, THEMES = ("vi", "en"), ("light", "dark")
SWITCHES = ("lang", "theme")
NOTE_PARAMETER = "kept"
"""Why a form is filled in again: one of NOTES, which the page explains."""

NOTES = frozenset({"stale", "session"})
MACHINE_PATHS = ("/v1/", "/health", "/metrics", "/static/")
YEAR_SECONDS = 365 * 24 * 3600


@dataclass(frozen=True, slots=True)
class Page:
    """The page being rendered, as the frame sees it."""

    path: str
    query: dict[str, str]
    lang: str
    theme: str
    visit: str
    officer: Actor | None
    officer_name: str
    sent: bool = False
    """Whether it answers a form."""

    drafts: Mapping[str, FormDraft] = field(default_factory=dict)
    """What was typed before, by the path that a form is sent to."""

    note: str = ""
    """Why a form is filled in again."""

    forms: list[str] = field(default_factory=list)
    """The ids of the forms with drafts on this page, as they are rendered."""

    def link(self, **changes: str) -> str:
        """The address of this page with other query parameters, for the switches of language and colours."""
        return f"{self.path}?{urlencode({**self.query, **changes})}"

    @property
    def address(self) -> str:
        """The path and query of this page."""
        return self.link() if self.query else self.path

    @property
    def acting(self) -> str:
        """The login of the officer for whom the page is drawn; empty for anybody else."""
        return (self.officer.id if self.officer else None) or ""

    @property
    def csrf(self) -> str:
        """The token that every form contains; only our pages know it, and it is of this person alone."""
        return form_token(self.visit, self.acting)

    def add_form(self, inside: str) -> str:
        """An id for a form if what is typed into it can be kept; else empty."""
        if not has_typed_fields(inside):
            return ""
        self.forms.append(f"form-{len(self.forms) + 1}")
        return self.forms[-1]

    def fill(self, action: str, inside: str) -> str:
        """The inside of a form with what was typed into it before."""
        draft = self.drafts.get(action)
        return inside if draft is None else Markup(fill_form(inside, draft))  # noqa: S704  (filled values are escaped)


class TemplateRenderer:
    """Renders the templates of one service inside the shared frame."""

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
        """Render a template in the page's language."""
        token = formatting.language.set(page.lang)
        try:
            return self.env.get_template(template).render(page=page, lang=page.lang, **context)
        finally:
            formatting.language.reset(token)


def render(request: Request, template: str, *, status: int = 200, **context: Any) -> HTMLResponse:
    """Render a whole page. Cookies store the chosen language and colour scheme."""
    frame: TemplateRenderer = request.app.state.frame
    page = current_page(request)
    response = HTMLResponse(frame.render_html(template, page, context), status)
    response.headers["cache-control"] = "no-store"
    _remember(response, request, page, secure=frame.settings.secure)
    return response


def render_fragment(request: Request, template: str, **context: Any) -> str:
    """Render a part of a page, for live updates, without frame and cookies."""
    frame: TemplateRenderer = request.app.state.frame
    return frame.render_html(template, current_page(request), context)


def current_page(request: Request) -> Page:
    """The page of this request; the same object during the request, so that the form token stays."""
    page = getattr(request.state, "page", None)
    if page is None:
        page = request.state.page = _page(request)
    return page


def _page(request: Request) -> Page:
    query = {k: v for k, v in request.query_params.items() if k not in (*SWITCHES, NOTE_PARAMETER)}
    note = request.query_params.get(NOTE_PARAMETER, "")
    return Page(
        path=request.url.path,
        query=query,
        lang=_choice(request, "lang", LANGUAGE_COOKIE, LANGUAGES) or "vi",
        theme=_choice(request, "theme", THEME_COOKIE, THEMES),
        visit=request.cookies.get(VISIT_COOKIE) or secrets.token_urlsafe(24),
        officer=getattr(request.state, "actor", None),
        officer_name=getattr(request.state, "officer_name", ""),
        sent=request.method == "POST",
        drafts=getattr(request.state, "drafts", {}),
        note=note if note in NOTES else "",
    )


def accepts_html(request: Request) -> bool:
    """Whether the client prefers HTML, as browsers do."""
    return not is_machine_path(request) and "text/html" in request.headers.get("accept", "")


def is_machine_path(request: Request) -> bool:
    """Whether nothing at this address is a page."""
    return request.url.path.startswith(MACHINE_PATHS)


def form_token(secret: str, acting: str) -> str:
    """The form token of one acting person, derived from a cookie's secret, which other sites do not know."""
    return hashlib.sha256(f"form:{secret}:{acting}".encode()).hexdigest()[:40]


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
        "say_birth_date": formatting.format_birth_date,
        "say_phone": national_phone,
        "say_id_number": grouped_id_number,
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
        "draft_days": DRAFT_DAYS,
        "secret_fields": " ".join(sorted(SECRET_FIELDS)),
    }
