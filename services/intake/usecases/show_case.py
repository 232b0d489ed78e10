"""The status of a dossier for its citizen (by secret), for an officer, or for an operator."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.intake.domain.dossier.dossier import Dossier
from services.intake.domain.dossier.secret import read_link_ref
from services.intake.domain.tracking.dossier_status import DossierStatus, dossier_status
from services.intake.store import lookups, seals, views
from services.intake.store.lookups import DossierWithSecret
from services.intake.store.views import MessageView
from services.intake.usecases.context import IntakeContext
from services.intake.usecases.person import Person, decrypt_person
from services.intake.words import refuse
from shared.db.transaction import Tx, city_now, transaction


@dataclass(frozen=True, slots=True)
class TrackedDossier:
    """A dossier with its status now and the messages sent about it."""

    dossier: Dossier
    standing: DossierStatus
    notices: list[MessageView]
    now: datetime


async def track_by_code(context: IntakeContext, code: str, secret: str) -> TrackedDossier:
    """Find the dossier by its code and secret. An unknown code and a wrong secret give the same refusal."""
    async with transaction(context.pool) as tx:
        match = await lookups.by_code(tx, code)
        return await _tracked(tx, context, _verified(context, match, secret))


async def track_by_link(context: IntakeContext, link_ref: str, secret: str) -> TrackedDossier:
    """Find the dossier by the reference in a text's link; the secret is required as well."""
    async with transaction(context.pool) as tx:
        matches = await lookups.by_links(tx, read_link_ref(link_ref))
        verified = [match for match in matches if context.keys.verify_secret(secret, match.secret_mac)]
        return await _tracked(tx, context, _verified(context, next(iter(verified), None), secret))


async def show_by_id(context: IntakeContext, id: UUID) -> TrackedDossier | None:
    """Find the dossier for a page whose access token was verified."""
    async with transaction(context.pool) as tx:
        dossier = await lookups.by_id(tx, id)
        if dossier is None:
            return None
        return await _tracked(tx, context, dossier)


async def show_by_code(context: IntakeContext, code: str) -> TrackedDossier:
    """Find the dossier for an operator or a counter, without personal data."""
    async with transaction(context.pool) as tx:
        match = await lookups.by_code(tx, code)
        if match is None:
            raise refuse("no_such_dossier")
        return await _tracked(tx, context, match.dossier)


async def decrypt_applicant(context: IntakeContext, dossier: Dossier) -> Person | None:
    """The decrypted applicant; None once the person's key was erased."""
    async with transaction(context.pool) as tx:
        row = (await seals.sealed_rows(tx, [dossier.subject_ref])).get(dossier.subject_ref)
    key = (await context.keyring.find_keys([dossier.subject_ref])).get(dossier.subject_ref)
    if row is None or key is None:
        return None
    return decrypt_person(key, row)


def _verified(context: IntakeContext, match: DossierWithSecret | None, secret: str) -> Dossier:
    stored_mac = match.secret_mac if match else None
    if not context.keys.verify_secret(secret, stored_mac) or match is None:
        raise refuse("not_found")
    return match.dossier


async def _tracked(tx: Tx, context: IntakeContext, dossier: Dossier) -> TrackedDossier:
    followed_case = await views.case_of(tx, dossier.root_id)
    notices = await views.notices_of(tx, dossier.root_id)
    status = dossier_status(dossier, followed_case, context.catalogue.current)
    return TrackedDossier(dossier, status, notices, await city_now(tx))
