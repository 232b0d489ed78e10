"""Intake's business data as decrypted JSON rows, without ids, machine times and nonces."""

from typing import Any

from services.intake.domain.dossier.dossier import Dossier
from services.intake.store import lookups, seals
from services.intake.usecases.person import Person, decrypt_person
from shared.clock import to_city_time
from shared.db.transaction import Tx
from shared.security.keyring import Keyring
from shared.worktime.jsonl.writing import line_to_json


async def dump_rows(conn: Tx, keyring: Keyring) -> list[dict[str, Any]]:
    """One row per dossier, in the order of codes. Equal databases give equal rows."""
    stored_dossiers = await lookups.all_dossiers(conn)
    subjects = [dossier.subject_ref for dossier in stored_dossiers]
    sealed = await seals.sealed_rows(conn, subjects)
    keys = await keyring.find_keys(subjects)
    view_rows = await conn.fetch("SELECT root_id, state FROM case_views")
    states = {row["root_id"]: row["state"] for row in view_rows}
    notice_rows = await conn.fetch("SELECT root_id, template, channel, state, at FROM notices")
    notices: dict[str, list[list[Any]]] = {}
    for row in notice_rows:
        line = [row["template"], row["channel"], row["state"], to_city_time(row["at"]).isoformat()]
        notices.setdefault(row["root_id"], []).append(line)
    rows: list[dict[str, Any]] = []
    for dossier in stored_dossiers:
        person = None
        if dossier.subject_ref in keys:
            person = _person(decrypt_person(keys[dossier.subject_ref], sealed[dossier.subject_ref]))
        parts = {
            "person": person,
            "followed_state": states.get(dossier.root_id),
            "messages": sorted(notices.get(str(dossier.root_id), [])),
        }
        rows.append(_row(dossier) | parts)
    return rows


def _row(dossier: Dossier) -> dict[str, Any]:
    return {
        "code": dossier.code,
        "state": dossier.state.value,
        "procedure": f"{dossier.procedure}:{dossier.version}",
        "channel": dossier.channel,
        "place": dict(sorted(dossier.place.items())),
        "routing_facts": dict(sorted(dossier.routing_facts.items())),
        "papers": [
            [
                paper.type,
                paper.form,
                paper.holder,
                str(paper.issued_on or ""),
                str(paper.valid_until or ""),
                paper.bytes,
            ]
            for paper in dossier.papers
        ],
        "wanted": [str(paper) for paper in dossier.papers_to_bring],
        "delivery": dossier.delivery,
        "filed_by": dossier.filed_by,
        "receiving_office": dossier.receiving_office,
        "competent_office": dossier.competent_office,
        "submitted_at": _iso_or_none(dossier.submitted_at),
        "answer_by": _iso_or_none(dossier.answer_by),
        "auto_accepted": dossier.auto_accepted,
        "accepted_at": _iso_or_none(dossier.accepted_at),
        "promised_due_at": _iso_or_none(dossier.promised_due_at),
        "explanation": [
            {**line_to_json(line), "from": str(line.from_), "to": str(line.to)}
            for line in dossier.explanation
        ],
        "refused_at": _iso_or_none(dossier.refused_at),
        "refused_reason": dossier.refused_reason,
        "refused_rule": dossier.refused_rule,
    }


def _person(person: Person) -> dict[str, Any]:
    visit = person.visit
    return {
        "name": person.applicant.name,
        "sex": person.applicant.sex,
        "born": str(person.applicant.born or ""),
        "id_number": person.applicant.id_number,
        "phone": person.contact.phone,
        "email": person.contact.email,
        "language": person.contact.language,
        "text": person.contact.text,
        "letter": person.contact.letter,
        "facts": dict(sorted(person.facts.items())),
        "files": list(person.files),
        "visit": [visit.badge, visit.offline, str(visit.synced_at or "")] if visit else None,
        "refusal_text": person.refusal_text,
    }


def _iso_or_none(instant: Any) -> str | None:
    return instant.isoformat() if instant else None
