"""`python -m deploy.local.sinks`: mailboxes, phones and the page that shows them, on loopback."""

import asyncio

from deploy.local.sinks import mailbox
from deploy.local.sinks.pages import create_app
from deploy.local.sinks.phones import Phones
from deploy.local.sinks.settings import SinkSettings
from deploy.local.sinks.shelf import Shelf
from shared.observability.logs import configure_logging
from shared.web.serve import serve


async def run(settings: SinkSettings) -> None:
    """Until it is asked to stop."""
    configure_logging("sinks", settings.log)
    settings.file.parent.mkdir(parents=True, exist_ok=True)
    shelf = Shelf(settings.file)
    letters = await mailbox.listen(shelf, settings.http_host, settings.smtp_port)
    phones = Phones(shelf, settings.http_host, settings.smpp_port)
    await phones.start()
    try:
        await serve(create_app(settings, shelf), settings.http_host, settings.http_port)
    finally:
        letters.close()
        await phones.stop()


if __name__ == "__main__":
    asyncio.run(run(SinkSettings()))
