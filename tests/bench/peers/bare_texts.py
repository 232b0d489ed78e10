"""The bare SMPP client: one bind, the same window, the same words from memory, receipts read and dropped.

Tuned, it writes at once as ours does; untuned, as its library opens a connection.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

import smpp34

from services.notification.domain.segments import encode_gsm7
from services.notification.outbound.smpp import SmscSettings
from services.notification.outbound.tcp_nodelay import disable_nagle
from tests.bench.program import Obey, obey

WORDS = (
    "Ho so H26.X-260306-0001 da nop. Noi nhan: Cong an TP Ha Noi. Xem hcc.example.vn/t/7K2M9QXA. Hoi 19001009"
)


async def send(smsc: smpp34.Smsc, count: int, window: int) -> None:
    """So many texts to so many phones, `window` at once."""
    octets, free = encode_gsm7(WORDS), asyncio.Semaphore(window)

    async def one(number: int) -> None:
        async with free:
            phone = f"849{number:08d}"
            answer = await smsc.submit_sm(phone, octets, source_addr="MOTCUA", registered_delivery=1)
            if not answer.is_success:
                raise RuntimeError(hex(answer.command_status))

    await asyncio.gather(*(one(number) for number in range(count)))


@asynccontextmanager
async def main(said: dict[str, Any]) -> AsyncIterator[Obey]:
    """`send` hands so many over."""
    window = SmscSettings("", 0, "", "").window
    client = smpp34.Client("127.0.0.1", said["port"], "bare", "secret", bind_type="TRX", window_size=window)
    smsc = await client.connect()
    if said["tuned"]:
        disable_nagle(said["port"])
    listening = asyncio.create_task(_drop_receipts(smsc))

    async def act(order: dict[str, Any]) -> dict[str, Any]:
        await send(smsc, order["count"], window)
        return {"count": order["count"]}

    try:
        yield act
    finally:
        listening.cancel()
        with suppress(Exception):
            await smsc.unbind()


async def _drop_receipts(smsc: smpp34.Smsc) -> None:
    while not isinstance(await asyncio.ensure_future(smsc.next()), smpp34.Disconnected):
        pass


if __name__ == "__main__":
    obey(main)
