"""`python -m deploy.demo.sinks`: serves mailboxes, phones and their page, on loopback."""

import asyncio

from deploy.demo.sinks import mailbox
from deploy.demo.sinks.pages import create_app
from deploy.demo.sinks.phones import Phones
from deploy.demo.sinks.settings import SinkSettings
from deploy.demo.sinks.shelf import ReceivedStore
from shared.observability.logs import configure_logging
from shared.web.serve import serve


async def run(settings: SinkSettings) -> None:
    """Run all servers until the process is stopped."""
    configure_logging("sinks", settings.log)
    settings.file.parent.mkdir(parents=True, exist_ok=True)
    store = ReceivedStore(settings.file)
    letters = await mailbox.listen(store, settings.http_host, settings.smtp_port)
    phones = Phones(store, settings.http_host, settings.smpp_port)
    await phones.start()
    try:
        await serve(create_app(settings, store), settings.http_host, settings.http_port)
    finally:
        letters.close()
        await phones.stop()


if __name__ == "__main__":
    asyncio.run(run(SinkSettings()))
