"""Parts of the product switched off, in measured programs only: what each costs is what its absence saves."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any
from uuid import UUID

from services.intake.store.seals import SealedRow
from services.intake.usecases import draft, submit_dossiers
from services.routing.domain.acts import intake_events
from services.routing.domain.plan import plan
from shared.security import audit_chain
from shared.security.keyring import Keyring

PARTS = ("sealing", "audit", "plan")
_OPEN = b"{}"


def switch_off(parts: Collection[str]) -> None:
    """Replace these parts by nothing, for the rest of this process."""
    switches: dict[str, Any] = {"sealing": _no_seals, "audit": _no_audit, "plan": _one_step}
    for part in parts:
        switches[part]()


def _no_seals() -> None:
    async def one_key(self: Keyring, subject_refs: Sequence[UUID]) -> dict[UUID, bytes]:
        return dict.fromkeys(subject_refs, bytes(32))

    def unsealed(_key: bytes, ref: UUID, *_: Any) -> SealedRow:
        return SealedRow(ref, _OPEN, _OPEN, _OPEN, _OPEN, _OPEN, _OPEN)

    Keyring.get_or_create_keys = one_key
    submit_dossiers.encrypt_person = unsealed
    draft.encrypt_contact_event = lambda *_: "e30="


def _no_audit() -> None:
    async def nothing(*_: Any) -> None:
        return None

    audit_chain.append = audit_chain.start_chains = nothing


def _one_step() -> None:
    whole = plan.plan_tasks

    def first(*said: Any) -> Any:
        return whole(*said)[:1]

    plan.plan_tasks = first
    intake_events.plan = plan
