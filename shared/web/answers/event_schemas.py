"""GET /schemas/{type}: the JSON Schemas that `ce_dataschema` of our events points to."""

from typing import Annotated

import orjson
from fastapi import APIRouter, Path
from fastapi.responses import Response

from shared.events.wire.schemas import served_schemas
from shared.web.words import refuse

CACHE = "public, max-age=3600"
"""Seconds: a type gains optional fields with a release, and nothing else ever changes."""


class SchemaResponse(Response):
    """A JSON Schema."""

    media_type = "application/schema+json"


def event_schemas(service: str) -> APIRouter:
    """The schemas of the types that this service writes, for everybody."""
    router = APIRouter(tags=["contract"])

    @router.get("/schemas/{type}", response_class=SchemaResponse)
    async def schema(type: Annotated[str, Path(max_length=100)]) -> Response:
        """The JSON Schema of an event type's data."""
        document = served_schemas(service).get(type)
        if document is None:
            raise refuse("not_found")
        return SchemaResponse(orjson.dumps(document), headers={"cache-control": CACHE})

    return router
