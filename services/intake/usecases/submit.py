"""Dossiers come through the door: many at once, in one commit, each key once."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from services.intake.domain.access import holder_of_slip
from services.intake.domain.admission import Admission, admit, looked_again
from services.intake.domain.code import unit_of, write_code
from services.intake.domain.dossier import Dossier, accept, refuse
from services.intake.domain.dossier import submit as wait_at_the_counter
from services.intake.domain.fact_rules import travelling
from services.intake.domain.second_look import Twin, object_of
from services.intake.domain.secret import mint_link, mint_secret
from services.intake.domain.state import State
from services.intake.domain.submission import Submission
from services.intake.store import dossiers, seals, submissions
from services.intake.store.dossiers import Collision, NewDossier
from services.intake.store.submissions import Earlier, Sought
from services.intake.usecases import events
from services.intake.usecases.door import Door
from services.intake.usecases.person import contact_for_notification, open_secret, seal_person
from shared.actor import Actor, system
from shared.catalogue import Catalogue
from shared.db.transaction import Tx, city_now, reading, transaction
from shared.errors import FieldError, Kind, Refused, RetryLater
from shared.events.envelope import NewEvent
from shared.events.identifiers import uuid7
from shared.messaging import outbox
from shared.security import audit_chain
from shared.security.audit_chain import AuditLine

TRIES = 3


@dataclass(frozen=True, slots=True)
class Filing:
    """One submission as it arrived: its key, who sent it, what it says and what could not be read of it."""

    key: UUID
    body_mac: bytes
    said: Submission
    unread: tuple[FieldError, ...] = ()
    actor: Actor | None = None
    traceparent: str | None = None


@dataclass(frozen=True, slots=True)
class Filed:
    """The answer to a filing; `fresh` is false when the same was filed before."""

    dossier_id: UUID
    code: str
    secret: str
    state: State
    link_ref: str
    receiving_office: str
    answer_by: datetime
    fresh: bool


@dataclass(frozen=True, slots=True)
class _Draft:
    """An admitted submission with the references drawn for it."""

    filing: Filing
    admission: Admission
    at: datetime
    id: UUID
    subject_ref: UUID
    link_ref: str
    secret: str

    @property
    def actor(self) -> Actor:
        return self.filing.actor or holder_of_slip(self.filing.said.filed_by)


Outcome = Filed | Refused | RetryLater


async def submit(door: Door, filings: Sequence[Filing]) -> list[Outcome]:
    """The outcome of each filing, in order. The same statements for one as for five hundred."""
    first = {filing.key: place for place, filing in reversed(list(enumerate(filings)))}
    outcomes: dict[int, Outcome] = {}
    drafts = await _judge(door, [(place, filings[place]) for place in sorted(first.values())], outcomes)
    for place, filed in (await _save(door, [draft for _, draft in drafts], [p for p, _ in drafts])).items():
        outcomes[place] = filed
    left = [place for place in range(len(filings)) if place not in outcomes]
    if left:  # a key sent twice at once, or taken by another process meanwhile: now it is an earlier one
        again = await submit(door, [filings[place] for place in left])
        outcomes |= dict(zip(left, again, strict=True))
    return [outcomes[place] for place in range(len(filings))]


async def _judge(
    door: Door, filings: Sequence[tuple[int, Filing]], outcomes: dict[int, Outcome]
) -> list[tuple[int, _Draft]]:
    """Answer what was filed before or must be refused; draft the rest."""
    async with reading(door.pool) as tx:
        at = await city_now(tx)
        sought = [_sought(door, filing) for _, filing in filings]
        known = await submissions.known(tx, sought)
    subjects = [earlier.subject_ref for earlier in known.earlier.values()]
    keys = await door.keyring.existing(subjects) if subjects else {}
    drafts: list[tuple[int, _Draft]] = []
    taken = set[tuple[bytes | None, str | None, str | None]]()
    for (place, filing), asked in zip(filings, sought, strict=True):
        earlier = known.earlier.get(filing.key)
        if earlier is not None:
            outcomes[place] = _again(filing, earlier, keys)
            continue
        decided = _admitted(filing, known.twins.get(filing.key), door.catalogue.current, at)
        same = (asked.person_ref, asked.procedure, asked.project)
        if isinstance(decided, Refused):
            outcomes[place] = decided
        elif asked.person_ref is None or same not in taken:  # else: next round, when the first is there
            taken.add(same)
            drafts.append((place, _draft(filing, decided, at)))
    return drafts


def _admitted(filing: Filing, twin: Twin | None, catalogue: Catalogue, at: datetime) -> Admission | Refused:
    admission = admit(filing.said, filing.unread, filing.actor, catalogue, at)
    return admission if isinstance(admission, Refused) else looked_again(admission, twin, catalogue, at)


def _sought(door: Door, filing: Filing) -> Sought:
    """By its key alone, unless it is about something of which a person rarely wants two."""
    about, id_number = object_of(filing.said), filing.said.applicant.id_number
    if about is None or not id_number:
        return Sought(filing.key, None, None, None)
    return Sought(filing.key, door.keys.person_ref(id_number), filing.said.procedure, about)


async def _save(door: Door, drafts: Sequence[_Draft], places: Sequence[int]) -> dict[int, Filed]:
    if not drafts:
        return {}
    making = asyncio.create_task(door.keyring.keys_for([draft.subject_ref for draft in drafts]))
    try:
        for _ in range(TRIES):
            try:
                async with transaction(door.pool) as tx:
                    saved = await _write(tx, door, drafts, making)
                break
            except Collision:
                drafts = [_redraw(draft) for draft in drafts]
        else:
            raise RetryLater("no free reference found")
    finally:
        making.cancel()  # without effect where it is done
        await asyncio.gather(making, return_exceptions=True)
    return {place: saved[draft.id] for place, draft in zip(places, drafts, strict=True) if draft.id in saved}


async def _write(
    tx: Tx, door: Door, drafts: Sequence[_Draft], making: asyncio.Future[dict[UUID, bytes]]
) -> dict[UUID, Filed]:
    """All tables of these drafts; those whose key was taken meanwhile are left out.

    The people's keys are made meanwhile, and lie on their disk before anything sealed with them is written.
    """
    claimed = await submissions.claim(tx, [(d.filing.key, d.filing.body_mac, d.id) for d in drafts])
    ours = [draft for draft in drafts if draft.filing.key in claimed]
    if not ours:
        return {}
    day = ours[0].at.date()
    units = [unit_of(draft.admission.office) for draft in ours]
    serials = await submissions.next_serials(tx, day, units)
    codes = [write_code(unit, day, serial) for unit, serial in zip(units, serials, strict=True)]
    made = [_dossier(draft, code, door.catalogue.current) for draft, code in zip(ours, codes, strict=True)]
    await dossiers.insert(tx, [_new(door, draft, one) for draft, one in zip(ours, made, strict=True)])
    keys = await making
    await seals.insert(
        tx, [seal_person(keys[d.subject_ref], d.subject_ref, d.admission.said, d.secret) for d in ours]
    )
    words = [
        (d.subject_ref, seals.sealed(keys[d.subject_ref], d.subject_ref, "refusal_text", said.text.encode()))
        for d in ours
        if (said := d.admission.said.refused)
    ]
    if words:
        await seals.set_refusal_text(tx, words)
    await audit_chain.begin(tx, [line for d, one in zip(ours, made, strict=True) for line in _lines(d, one)])
    await outbox.append(
        tx,
        [e for d, one in zip(ours, made, strict=True) for e in _events(d, one, keys[d.subject_ref])],
    )
    return {draft.id: _filed(draft, one) for draft, one in zip(ours, made, strict=True)}


def _draft(filing: Filing, admission: Admission, at: datetime) -> _Draft:
    return _Draft(filing, admission, at, uuid7(), uuid7(), mint_link(), mint_secret())


def _redraw(draft: _Draft) -> _Draft:
    return replace(draft, link_ref=mint_link())


def _dossier(draft: _Draft, code: str, catalogue: Catalogue) -> Dossier:
    at = draft.at
    admission, said = draft.admission, draft.admission.said
    filed = Dossier(
        id=draft.id,
        root_id=draft.id,
        code=code,
        state=State.DRAFT,
        procedure=admission.procedure.id,
        version=admission.procedure.version,
        channel=said.channel or "",
        subject_ref=draft.subject_ref,
        link_ref=draft.link_ref,
        place=dict(said.place),
        routing_facts=travelling(catalogue, said.facts),
        papers=admission.papers,
        wanted=admission.wanted,
        delivery=said.delivery or "",
        filed_by=said.filed_by or "",
        receiving_office=admission.office.id,
        competent_office=admission.competent_office,
        submitted_at=at,
        answer_by=admission.answer_by,
        auto_accepted=admission.promised is not None,
    )
    outcome = _through_the_door(filed, admission, at)
    if isinstance(outcome, Refused):
        raise outcome
    return outcome


def _through_the_door(filed: Dossier, admission: Admission, at: datetime) -> Dossier | Refused:
    """Refused or accepted in the very act of filing, or waiting for the counter."""
    if admission.said.refused is not None:
        return refuse(filed, admission.said.refused, at)
    if admission.promised is not None:
        return accept(filed, filed.version, admission.promised, at)
    return wait_at_the_counter(filed)


def _new(door: Door, draft: _Draft, dossier: Dossier) -> NewDossier:
    return NewDossier(
        dossier,
        person_ref=door.keys.person_ref(draft.admission.said.applicant.id_number or ""),
        secret_mac=door.keys.secret_mac(draft.secret),
    )


def _lines(draft: _Draft, dossier: Dossier) -> list[AuditLine]:
    facts = {"code": dossier.code, "procedure": dossier.procedure, "channel": dossier.channel}
    if draft.admission.confirmed:
        facts |= {"confirmed": ",".join(draft.admission.confirmed)}
    lines = [AuditLine(dossier.root_id, "dossier.submitted", draft.actor, dossier.submitted_at, facts)]
    if dossier.auto_accepted:
        due = {"promised_due_at": events.iso(dossier.promised_due_at), "by": "rule"}
        at = dossier.accepted_at or dossier.submitted_at
        lines.append(AuditLine(dossier.root_id, "dossier.accepted", system("intake"), at, due))
    if dossier.refused_at:
        why = {"reason_code": dossier.refused_reason, "rule": dossier.refused_rule}
        lines.append(AuditLine(dossier.root_id, "dossier.refused", draft.actor, dossier.refused_at, why))
    return lines


def _events(draft: _Draft, dossier: Dossier, key: bytes) -> list[NewEvent]:
    """The contact first, then the fact: whoever hears of the dossier can already reach the person."""
    at, trace = dossier.submitted_at, draft.filing.traceparent
    contact = contact_for_notification(key, draft.subject_ref, draft.admission.said)
    told = [
        events.contact_changed(draft.subject_ref, contact, draft.actor, at, trace),
        events.submitted(dossier, draft.actor, trace, draft.admission.confirmed),
    ]
    if dossier.auto_accepted:
        told.append(events.accepted(dossier, system("intake"), at, trace, cause=told[-1].id))
    if dossier.refused_at:
        told.append(events.refused(dossier, draft.actor, at, trace))
    return told


def _filed(draft: _Draft, dossier: Dossier) -> Filed:
    return Filed(
        dossier.id,
        dossier.code,
        draft.secret,
        dossier.state,
        dossier.link_ref,
        dossier.receiving_office,
        dossier.answer_by,
        fresh=True,
    )


def _again(filing: Filing, earlier: Earlier, keys: dict[UUID, bytes]) -> Filed | Refused:
    """The same answer for the same body; another body under the same key is a mistake."""
    key = keys.get(earlier.subject_ref)
    if earlier.body_mac != filing.body_mac or key is None:
        return Refused(
            "key_used",
            "Mã gửi này đã dùng cho một hồ sơ khác. Hãy tạo mã mới.",
            "This Idempotency-Key was used for another body. Please make a new key.",
            Kind.CONFLICT,
        )
    return Filed(
        earlier.dossier_id,
        earlier.code,
        open_secret(key, earlier.subject_ref, earlier.sealed_secret),
        _first_state(filing, earlier),
        earlier.link_ref,
        earlier.receiving_office,
        earlier.answer_by,
        fresh=False,
    )


def _first_state(filing: Filing, earlier: Earlier) -> State:
    """Where it stood when it was filed: the same body says the same."""
    if filing.said.refused is not None:
        return State.REFUSED
    return State.ACCEPTED if earlier.auto_accepted else State.SUBMITTED
