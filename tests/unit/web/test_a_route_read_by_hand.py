"""A route read by hand is documented whole, and answers without a walk through what it depends on."""

from fastapi import FastAPI, Request, Security
from fastapi.responses import Response
from starlette.testclient import TestClient

from shared.web.answers.raw_body_route import RawBodyRoute
from shared.web.auth.identity import API_KEY


def never(_: Request) -> None:
    """A dependency that must not be asked before the endpoint."""
    raise AssertionError("unpacked")


def app() -> FastAPI:
    """One such route."""
    made = FastAPI()
    made.router.route_class = RawBodyRoute

    @made.post("/x", status_code=201, dependencies=[Security(API_KEY), Security(never)])
    async def take(request: Request) -> Response:
        return Response(await request.body(), 201)

    return made


def test_the_endpoint_takes_the_request_and_its_response_goes_out_as_it_is() -> None:
    answer = TestClient(app()).post("/x", content=b"whole")
    assert (answer.status_code, answer.content) == (201, b"whole")


def test_its_key_and_its_answer_are_documented() -> None:
    operation = app().openapi()["paths"]["/x"]["post"]
    assert operation["security"] == [{"key": []}]
    assert "201" in operation["responses"]
