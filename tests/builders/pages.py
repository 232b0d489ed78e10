"""A browser in front of each service of a hand-carried city; nothing is started, no Kafka is asked."""

import html
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from fastapi import FastAPI

from services.intake.config import IntakeSettings
from services.intake.main import create_service as intake_service
from services.notification.config import NotificationSettings
from services.notification.inbound.message_pages import message_pages
from services.routing.config import RoutingSettings
from services.routing.main import create_service as routing_service
from services.routing.usecases.catalogue_cache import CatalogueCache
from shared.messaging.consume.broker import Broker
from shared.web.app import create_app
from shared.web.auth.sessions import Officer, open_session
from tests.builders.catalogue import catalogue
from tests.builders.hand_carried_city import HandCarriedCity
from tests.builders.services import opened

NOBODY = "127.0.0.1:9"
MASTER_KEY = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
OPERATOR = Officer("dieuhanh", "Dương Ví Dụ Bình", "operator", "PASC")
URLS = {"intake": "http://door", "routing": "http://routing", "notification": "http://notification"}


@dataclass
class Browsers:
    """The three services of a city, each in its own app."""

    city: HandCarriedCity
    apps: dict[str, FastAPI]

    async def browser(self, service: str, officer: Officer | None = None) -> httpx.AsyncClient:
        """A browser that asks for pages, logged in as this officer."""
        client = httpx.AsyncClient(
            transport=httpx.ASGITransport(app=self.apps[service]),
            base_url=URLS[service],
            headers={"accept": "text/html"},
        )
        if officer is not None:
            pools = {
                "intake": self.city.door.pool,
                "routing": self.city.routing,
                "notification": self.city.notification.pool,
            }
            client.cookies.set(f"motcua_{service}", await open_session(pools[service], officer))
        return client

    async def follow(self, code: str) -> str:
        """The tracking page of this dossier."""
        async with await self.browser("intake") as browser:
            answer = await browser.post("/track", data={"code": code, "secret": self.city.secrets[code]})
        assert answer.status_code == 200, answer.text
        return answer.text


def browsers(city: HandCarriedCity) -> Browsers:
    """The services as their `main.py` composes them, over the city's databases."""
    urls: dict[str, Any] = {f"{service}_url": url for service, url in URLS.items()}
    intake = IntakeSettings(
        database_url="postgres://unused",  # pyright: ignore[reportArgumentType]  (read as a secret)
        keyring_url="postgres://unused",  # pyright: ignore[reportArgumentType]
        master_key=MASTER_KEY,  # pyright: ignore[reportArgumentType]
        kafka=NOBODY,
        **urls,
    )
    routing = RoutingSettings(database_url="postgres://unused", kafka=NOBODY, **urls)  # pyright: ignore[reportArgumentType]
    broker = _broker(city.routing, "routing")
    door = opened(intake_service(intake, city.door, _broker(city.door.pool, "intake")))
    desks = opened(routing_service(routing, city.routing, broker, CatalogueCache(catalogue())))
    return Browsers(city, {"intake": door, "routing": desks, "notification": _notification(city, urls)})


def _broker(pool: object, service: str) -> Broker:
    return Broker(NOBODY, pool=pool, service=service)  # pyright: ignore[reportArgumentType]


def _notification(city: HandCarriedCity, urls: dict[str, Any]) -> FastAPI:
    """Its pages alone: the worker would connect to carriers."""
    settings = NotificationSettings(
        database_url="postgres://unused",  # pyright: ignore[reportArgumentType]
        keyring_url="postgres://unused",  # pyright: ignore[reportArgumentType]
        master_key=MASTER_KEY,  # pyright: ignore[reportArgumentType]
        kafka=NOBODY,
        **urls,
    )
    pool, keyring = city.notification.pool, city.notification.keyring
    return create_app(
        settings,
        pool,
        lambda _: None,
        templates=Path("services/notification/templates"),
        ready={},
        routes=(message_pages(pool, keyring, settings.channels),),
    )


_HIDDEN = re.compile(r"<(script|style|svg)\b.*?</\1>|<head\b.*?</head>", re.DOTALL)
_BLOCKS = "h1|h2|p|li|td|th|dt|dd|caption|summary|label|legend|button|option|div|figure"
_BLOCK_END = re.compile(f"</({_BLOCKS})>")
_TAG = re.compile(r"<[^>]+>")


def lines_of(page: str) -> list[str]:
    """What a reader sees of the page's main part, a line for each block."""
    _, _, main = page.partition('<main id="main"')
    main, _, _ = main.partition("</main>")
    main = re.sub(r"\s+", " ", main.partition(">")[2])
    main = _HIDDEN.sub(" ", main)
    main = re.sub(
        r"</(h\d|p|li|td|th|tr|dt|dd|caption|summary|label|legend|button|option|div|figure)>", "\n", main
    )
    texts = [html.unescape(_TAG.sub("", line)) for line in main.split("\n")]
    return [clean for text in texts if (clean := re.sub(r"\s+", " ", text).strip())]
