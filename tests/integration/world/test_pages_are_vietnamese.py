"""Every page of the three services in Vietnamese, over the late world: no English and no internal names."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from fastapi import FastAPI

from shared.web.auth.sessions import Officer
from tests.builders.pages import OPERATOR, Browsers, lines_of
from tests.builders.world import World

pytestmark = pytest.mark.integration
HEAD = Officer("lanhdao", "Ví Dụ", "leader", "WARD-JUS.00070")
COUNTER = Officer("quay", "Ví Dụ", "counter", "PASC-SP.00070")
ANYONE = None
DESKS = (
    "HPOL",
    "DOJ",
    "LRO.004",
    "TAX.004",
    "WARD-JUS.00070",
    "WARD-EIU.00070",
    "WARD-DIS.00070",
    "SXD",
    "PASC",
)

ALLOWED = {
    "Alpha": "the name of an investor, made up",
    "English": "the choice of the language in which one is written to",
    "OpenAPI": "the name of a standard, on the line for engineers",
    "VNeID": "the name of the state's own app",
    "canbo": "the log-in of the officer who acted",
    "chuyenvien": "the log-in of the officer who acted",
    "truongphong": "the log-in of the officer who acted",
    "vidu": "an invented address",
    "example": "an invented address",
    "Ctrl": "a key of the keyboard, on the slip",
    "QR": "what people call the square code",
    "OTP": "what banks call their code",
}
"""Words that are no Vietnamese syllables, each with the reason why it may stand there."""

SYLLABLE = re.compile(
    r"(ngh|ng|nh|ch|gh|gi|kh|ph|qu|th|tr|[bcdghklmnpqrstvx])?[aeiouy]{1,3}(ch|ng|nh|[cmnpt])?", re.IGNORECASE
)
ACRONYM = re.compile(r"[A-ZĐ]{2,}\d*")
WORD = re.compile(r"[^\W\d_]+")
CODE_OF_DOSSIER = re.compile(r"H26\.[\w.]+-\d{6}-\d{4,}(\.\d+)?")
ADDRESS = re.compile(r"[\w….]+@[\w.]+|https?://\S+|\w+\.example\.\w+(/\S*)?")
INTERNAL = re.compile(r"\b[a-z]+_[a-z_]+\b|\b[a-z]+(\.[a-z_]+)+\.v\d\b|\b[A-Z]+(-[A-Z]+)*\.\d{1,5}\b")
"""Names with underscores, types of events, codes of offices."""

TYPED_BY_OFFICERS = re.compile(r"^Ví dụ: [A-Z]+(-[A-Z]+)*(\.[\w-]+)?$")
"""The example beside the field into which an officer types the code of another office."""


@dataclass(frozen=True)
class Visit:
    """A page and who looks at it; `route`: the pattern it stands for."""

    service: str
    route: str
    path: str
    officer: Officer | None


def strange_words(lines: list[str]) -> set[str]:
    """What a reader of Vietnamese could not read on a page."""
    found: set[str] = set()
    for line in lines:
        if TYPED_BY_OFFICERS.match(line):
            continue
        text = ADDRESS.sub(" ", CODE_OF_DOSSIER.sub(" ", line))
        found |= {match[0] for match in INTERNAL.finditer(text)}
        for word in WORD.findall(text):
            if word.isascii() and word not in ALLOWED and not _is_readable(word):
                found.add(f"{word} ({line[:60]})")
    return found


def _is_readable(word: str) -> bool:
    return len(word) == 1 or bool(SYLLABLE.fullmatch(word) or ACRONYM.fullmatch(word))


def page_routes(app: FastAPI) -> Iterator[str]:
    """The patterns of all pages of an app: its GET routes that no document of an API lists."""
    waiting: list[Any] = list(app.routes)
    while waiting:
        route = waiting.pop()
        router = getattr(route, "original_router", None)
        if router is not None:
            waiting += router.routes
        elif "GET" in (route.methods or ()) and not route.include_in_schema:
            yield route.path


NO_PAGES = {
    "/health/live": "for probes",
    "/health/ready": "for probes",
    "/metrics": "for machines",
    "/docs": "the description of the API, in both languages side by side",
    "/static/{name}": "files",
    "/board/live": "the same part as of /board",
    "/messages/live": "the same part as of /messages",
    "/t/{ref}": "the same page as /track",
    "/counter/{code}/{act:path}": "leads back to /counter/{code}",
    "/desk/tasks/{task_id}/{act:path}": "leads back to the task",
    "/file/{id}/again": "leads back to the form",
    "/slip": "needs a dossier just filed by this browser; its words are those of the tracking page",
    "/track/withdraw": "needs the browser that follows the dossier",
    "/track/keep": "needs the browser that follows the dossier",
    "/held/{held_id}": "for engineers: nothing is held in this world, and a record is shown as it came",
    "/held/{held_id}/{act}": "leads back to the record",
    "/openapi.json": "for machines",
    "/favicon.ico": "a picture",
}
"""Routes that are no pages of their own, or that this world cannot fill, each with the reason."""


async def visits(world: World) -> list[Visit]:
    """Every page, with what fills it in the late world."""
    made = [
        Visit("intake", "/", "/", ANYONE),
        Visit("intake", "/procedures", "/procedures", ANYONE),
        Visit("intake", "/track", "/track", ANYONE),
        Visit("intake", "/nowhere", "/nowhere", ANYONE),
        Visit("intake", "/counter", "/counter", COUNTER),
        Visit("routing", "/", "/", OPERATOR),
        Visit("routing", "/board", "/board", OPERATOR),
        Visit("routing", "/board/offices", "/board/offices", OPERATOR),
        Visit("routing", "/board/unfair", "/board/unfair", OPERATOR),
        Visit("routing", "/nowhere", "/nowhere", OPERATOR),
        Visit("notification", "/messages", "/messages", OPERATOR),
    ]
    for which in (
        "at_risk",
        "late",
        "late_steps",
        "to_receive",
        "open",
        "letters",
        "unanswered",
        "new_dates",
    ):
        made.append(Visit("routing", "/board/open/{which}", f"/board/open/{which}", OPERATOR))
    for which in ("submitted", "accepted", "completed"):
        made.append(Visit("routing", "/board/today/{which}", f"/board/today/{which}", OPERATOR))
    for service in ("intake", "routing", "notification"):
        made.append(Visit(service, "/held", "/held", OPERATOR))
    procedures = {case.procedure for case in await world.city.open_cases()}
    for name in sorted(procedures | {"judicial-record-1", "marriage"}):
        made.append(Visit("intake", "/procedures/{procedure_id}", f"/procedures/{name}", ANYONE))
        made.append(Visit("intake", "/file/{procedure_id}", f"/file/{name}", ANYONE))
    for code in world.at.values():
        made.append(Visit("routing", "/board/dossiers/{code}", f"/board/dossiers/{code}", OPERATOR))
        made.append(Visit("notification", "/messages", f"/messages?code={code}", OPERATOR))
        counter = Officer("quay", "Ví Dụ", "counter", (await world.city.case(code)).receiving_office)
        made.append(Visit("intake", "/counter/{code}", f"/counter/{code}", counter))
    made.append(Visit("routing", "/dossiers/{code}", f"/dossiers/{world.at['late']}", HEAD))
    for office in DESKS:
        role = "operator" if office == "PASC" else "leader"
        made.append(Visit("routing", "/desk", "/desk", Officer("truongphong", "Ví Dụ", role, office)))
    for case in await world.city.cases([(await world.case(stage)).root for stage in world.at]):
        for _, task in case.family_tasks:
            if task.queued_at:
                who = Officer("truongphong", "Ví Dụ", "leader", task.office)
                made.append(Visit("routing", "/desk/tasks/{task_id}", f"/desk/tasks/{task.id}", who))
    return made


async def test_no_page_speaks_english_or_in_internal_names(world: World, pages: Browsers) -> None:
    found: dict[str, set[str]] = {}
    for visit in await visits(world):
        async with await pages.browser(visit.service, visit.officer) as browser:
            answer = await browser.get(visit.path)
        assert answer.status_code in {200, 303, 404}, (visit, answer.status_code)
        strange = strange_words(lines_of(answer.text))
        if strange:
            found[f"{visit.service} {visit.path}"] = strange
    assert not found, "\n".join(f"{page}: {sorted(strange)}" for page, strange in found.items())


async def test_no_citizens_page_speaks_english(world: World, pages: Browsers) -> None:
    found: dict[str, set[str]] = {}
    for stage, code in world.at.items():
        strange = strange_words(lines_of(await pages.follow(code)))
        if strange:
            found[stage] = strange
    assert found == {}


async def test_every_page_is_visited(world: World, pages: Browsers) -> None:
    seen = {(visit.service, re.sub(r"{\w+", "{", visit.route)) for visit in await visits(world)}
    missing: set[tuple[str, str]] = set()
    for service, app in pages.apps.items():
        for path in page_routes(app):
            if path not in NO_PAGES and (service, re.sub(r"{\w+", "{", path)) not in seen:
                missing.add((service, path))
    assert not missing, "\n".join(map(str, sorted(missing)))


def test_english_and_internal_names_are_noticed() -> None:
    for line in ("Căn cứ: Law on judicial records", "404 · not_found", "tại WARD-EIU.00070", "new_day: sai"):
        assert strange_words([line]), line
    assert strange_words(["nhắc hạn deadline.warning.v1"])
    assert not strange_words(["Hồ sơ H26.103.26.4-260114-0001 đang ở VPĐKĐĐ Long Biên, UBND P. Hoàn Kiếm"])
