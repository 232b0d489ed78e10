"""Public HTTP API: procedures, filing, and tracking."""

from fastapi import APIRouter, Depends, Request, Security
from fastapi.responses import Response
from pydantic import BaseModel, Field

from services.intake.inbound.api import examples
from services.intake.inbound.api.answers import FiledAnswer, filed_answer
from services.intake.inbound.api.body import parse_submission
from services.intake.inbound.api.procedure_answers import ProcedureAnswer, procedure_answer
from services.intake.inbound.api.tracking_answer import TrackingAnswer, tracking_answer
from services.intake.inbound.batcher import IntakeBatcher
from services.intake.inbound.lookup_limits import LookupRateLimits
from services.intake.inbound.request_reading import (
    canonical_json,
    idempotency_key,
    json_object,
    request_traceparent,
)
from services.intake.usecases.context import IntakeContext
from services.intake.usecases.show_case import track_by_code
from services.intake.usecases.submission_request import SubmissionRequest
from services.intake.words import refuse
from shared.actor import Actor
from shared.db.transaction import city_now, transaction
from shared.events.agency import WITHOUT_NUL
from shared.typed_input.dossier_code import normalize_code
from shared.web.answers.raw_body_route import RawBodyRoute
from shared.web.auth.identity import API_KEY, document_office, optional_actor
from shared.web.protection.caller_address import caller_address


class TrackingBody(BaseModel):
    """The code and the secret on the slip. They are sent in the body so that no log has them."""

    code: str = Field(max_length=60, pattern=WITHOUT_NUL, examples=[examples.CODE])
    secret: str = Field(max_length=60, pattern=WITHOUT_NUL, examples=["7K2M9QXB4CH"])


def procedure_routes(context: IntakeContext) -> APIRouter:
    """The procedures in force."""
    router = APIRouter(prefix="/v1/procedures", tags=["procedures"])

    @router.get("")
    async def list_procedures() -> list[ProcedureAnswer]:
        """Every procedure in force today: deadline, ways of filing, papers, fee."""
        catalogue = context.catalogue.current
        async with transaction(context.pool) as tx:
            today = (await city_now(tx)).date()
        return [procedure_answer(procedure, catalogue) for procedure in catalogue.procedures(today)]

    @router.get("/{id}")
    async def show_procedure(id: str) -> ProcedureAnswer:
        """One procedure as it is in force today."""
        catalogue = context.catalogue.current
        async with transaction(context.pool) as tx:
            today = (await city_now(tx)).date()
        try:
            return procedure_answer(catalogue.procedure(id, today), catalogue)
        except KeyError:
            raise refuse("no_such_procedure") from None

    return router


def filing_routes(batcher: IntakeBatcher, own_url: str) -> APIRouter:
    """Filing a dossier."""
    router = APIRouter(prefix="/v1", tags=["dossiers"], route_class=RawBodyRoute)

    @router.post(
        "/dossiers",
        dependencies=[Security(API_KEY), Depends(document_office)],
        status_code=201,
        response_model=FiledAnswer,
        responses=examples.documented_queued_responses(201, examples.FILED, 401, 403, 409, 413, 422)
        | {200: {"model": FiledAnswer, "description": "A retry: the same answer again."}},
        openapi_extra=examples.submission_docs(),
    )
    async def file_dossier(request: Request) -> Response:
        """File a dossier. The same key with the same body is a retry: 200 and the same answer."""
        submission_request = await _read_submission(batcher.context, request, await optional_actor(request))
        receipt = await batcher.filings.submit(submission_request)
        answer = filed_answer(receipt, own_url).model_dump_json()
        return Response(answer, 201 if receipt.fresh else 200, media_type="application/json")

    return router


def tracking_routes(context: IntakeContext, limits: LookupRateLimits) -> APIRouter:
    """Tracking a dossier by the code and the secret of its slip."""
    router = APIRouter(prefix="/v1", tags=["tracking"])

    @router.post("/tracking", responses=examples.documented_queued_responses(200, examples.TRACKED, 404, 422))
    async def tracking(request: Request, body: TrackingBody) -> TrackingAnswer:
        """The status of the dossier. An unknown code and a wrong secret both answer 404."""
        code = normalize_code(body.code)
        async with limits.count_failed_lookup(request, code):
            tracked = await track_by_code(context, code, body.secret)
        return tracking_answer(tracked, context.catalogue.current.state_name(tracked.standing.state))

    return router


async def _read_submission(
    context: IntakeContext, request: Request, actor: Actor | None
) -> SubmissionRequest:
    key = idempotency_key(request)
    traceparent = request_traceparent(request)
    raw = await json_object(request)
    submission, parse_errors = parse_submission(raw)
    return SubmissionRequest(
        key=key,
        body_mac=context.keys.body_mac(canonical_json(raw)),
        submission=submission,
        parse_errors=parse_errors,
        actor=actor,
        traceparent=traceparent,
        address=caller_address(request.scope),
    )
