"""The dialect of our text centre, from the catalogue's item `carriers`, read again when it has changed."""

from services.notification.domain.carrier_dialect import CarrierDialect, decode_dialect
from services.notification.store import catalogue as store
from shared.observability.logs import get_logger

log = get_logger(__name__)
CARRIERS = "carriers"


class DialectCache:
    """`current`: the dialect as last read; None until the catalogue has a carrier of this name.

    Without it nothing is sent, and receipts wait as they came.
    """

    def __init__(self, carrier: str) -> None:
        self.carrier = carrier
        self.current: CarrierDialect | None = None
        self._digest: str | None = None

    async def refresh(self, tx: store.Reader) -> CarrierDialect | None:
        """The current dialect. Reads only the digest unless something was published."""
        digest = (await store.digests(tx)).get(CARRIERS)
        if digest is not None and digest != self._digest:
            self.current = decode_dialect((await store.read_items(tx))[CARRIERS], self.carrier)
            self._digest = digest
            log.info("carrier.dialect_read", carrier=self.carrier, is_listed=self.current is not None)
        return self.current

    async def unavailable_reason(self, tx: store.Reader) -> str | None:
        """Why texts cannot be sent, for readiness; None if they can."""
        if await self.refresh(tx) is not None:
            return None
        if self._digest is None:
            return "the catalogue's carriers have not been published yet"
        return f"MOTCUA_SMPP_CARRIER: {self.carrier} is not among the catalogue's carriers"
