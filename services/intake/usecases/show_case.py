"""A dossier for whoever may see it: by its secret, by an officer, or without a name for an operator."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.intake.domain.dossier.dossier import Dossier
from services.intake.domain.tracking.dossier_status import DossierStatus, dossier_status
from services.intake.store import lookups, seals, views
from services.intake.store.views import MessageView
from services.intake.usecases.context import IntakeContext
from services.intake.usecases.person import Person, decrypt_person
from services.intake.words import refuse
from shared.db.transaction import Tx, city_now, transaction


@dataclass(frozen=True, slots=True)
class TrackedDossier:
    """A dossier as it stands, with what was sent about it."""

    dossier: Dossier
    standing: DossierStatus
    notices: list[MessageView]
    now: datetime


async def track_by_code(context: IntakeContext, code: str, secret: str) -> TrackedDossier:
    """For the holder of the slip. An unknown code and a wrong secret are one and the same answer."""
    async with transaction(context.pool) as tx:
        match = await lookups.by_code(tx, code)
        if not context.keys.verify_secret(secret, match.secret_mac if match else None) or match is None:
            raise refuse("not_found")
        return await _tracked(tx, context, match.dossier)


async def track_by_link(context: IntakeContext, link_ref: str, secret: str) -> TrackedDossier:
    """Find the dossier by the reference in a text's link; the secret is required as well."""
    async with transaction(context.pool) as tx:
        match = await lookups.by_link(tx, link_ref)
        if not context.keys.verify_secret(secret, match.secret_mac if match else None) or match is None:
            raise refuse("not_found")
        return await _tracked(tx, context, match.dossier)


async def show_by_id(context: IntakeContext, id: UUID) -> TrackedDossier | None:
    """Find the dossier for a page whose access token was verified."""
    async with transaction(context.pool) as tx:
        dossier = await lookups.by_id(tx, id)
        return await _tracked(tx, context, dossier) if dossier else None


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
    return decrypt_person(key, row) if row and key else None


async def _tracked(tx: Tx, context: IntakeContext, dossier: Dossier) -> TrackedDossier:
    followed_case = await views.case_of(tx, dossier.root_id)
    notices = await views.notices_of(tx, dossier.root_id)
    status = dossier_status(dossier, followed_case, context.catalogue.current)
    return TrackedDossier(dossier, status, notices, await city_now(tx))
