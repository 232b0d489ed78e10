"""A dossier for whoever may see it: by its secret, by an officer, or without a name for an operator."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.intake.domain.access import no_such_dossier
from services.intake.domain.dossier import Dossier
from services.intake.domain.standing import Standing, standing
from services.intake.store import lookups, seals, views
from services.intake.store.views import Notice
from services.intake.usecases.door import Door
from services.intake.usecases.person import Person, open_person
from shared.db.transaction import Tx, city_now, transaction
from shared.errors import Kind, Refused


@dataclass(frozen=True, slots=True)
class Shown:
    """A dossier as it stands, with what was sent about it."""

    dossier: Dossier
    standing: Standing
    notices: list[Notice]
    now: datetime


async def track(door: Door, code: str, secret: str) -> Shown:
    """For the holder of the slip. An unknown code and a wrong secret are one and the same answer."""
    async with transaction(door.pool) as tx:
        found = await lookups.by_code(tx, code)
        if not door.keys.opens(secret, found.secret_mac if found else None) or found is None:
            raise not_found()
        return await _shown(tx, door, found.dossier)


async def track_by_link(door: Door, link_ref: str, secret: str) -> Shown:
    """The same from the link of a text: the reference names the dossier, the secret opens it."""
    async with transaction(door.pool) as tx:
        found = await lookups.by_link(tx, link_ref)
        if not door.keys.opens(secret, found.secret_mac if found else None) or found is None:
            raise not_found()
        return await _shown(tx, door, found.dossier)


async def show_by_id(door: Door, id: UUID) -> Shown | None:
    """For a page that proved before whose it is."""
    async with transaction(door.pool) as tx:
        dossier = await lookups.by_id(tx, id)
        return await _shown(tx, door, dossier) if dossier else None


async def show_by_code(door: Door, code: str) -> Shown:
    """For an operator or a counter: what stands in the open."""
    async with transaction(door.pool) as tx:
        found = await lookups.by_code(tx, code)
        if found is None:
            raise no_such_dossier()
        return await _shown(tx, door, found.dossier)


async def person_of(door: Door, dossier: Dossier) -> Person | None:
    """Who it is about, opened from the seal; None once the person was erased."""
    async with transaction(door.pool) as tx:
        row = (await seals.of(tx, [dossier.subject_ref])).get(dossier.subject_ref)
    key = (await door.keyring.existing([dossier.subject_ref])).get(dossier.subject_ref)
    return open_person(key, row) if row and key else None


def not_found() -> Refused:
    """Says the same for a code that does not exist and for a secret that does not fit."""
    return Refused(
        "not_found",
        "Không tìm thấy hồ sơ với mã và mã tra cứu này. Hãy xem lại trên giấy hẹn.",
        "No dossier has this code and secret. Please look at your slip again.",
        Kind.NOT_FOUND,
    )


async def _shown(tx: Tx, door: Door, dossier: Dossier) -> Shown:
    told = await views.case_of(tx, dossier.root_id)
    notices = await views.notices_of(tx, dossier.root_id)
    where = standing(dossier, told, door.catalogue.current)
    return Shown(dossier, where, notices, await city_now(tx))
