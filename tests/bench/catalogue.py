"""The city's catalogue and one procedure more for each party with topics, whose only office answers at once.

Most parties are consulted, or come in late in a plan; a bench wants every one's topic to be written to alike.
"""

from __future__ import annotations

import shutil
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from deploy.local.home import CHECKOUT
from deploy.local.parties import read_parties
from shared.catalogue import Catalogue
from shared.catalogue.loading.load import load_folder

FOLDER = CHECKOUT / "deploy" / "catalogue"
MODEL = "judicial-record-1"


def parties() -> list[str]:
    """Every party with topics."""
    return [party.name for party in read_parties() if party.topics]


def write_catalogue(into: Path) -> Path:
    """A copy of the city's data with a role, an office and a procedure `bench-<party>` for every party."""
    if not into.exists():
        half = into.with_suffix(".part")
        shutil.rmtree(half, ignore_errors=True)
        shutil.copytree(FOLDER, half)
        _add_roles(half / "organisation.yaml")
        model = yaml.safe_load((half / "procedures" / f"{MODEL}.yaml").read_text("utf-8"))
        for party in parties():
            _write(half / "procedures" / f"{procedure_of(party)}.yaml", _procedure(model, party))
        half.rename(into)
    return into


@cache
def catalogue(folder: Path) -> Catalogue:
    """The same as a service reads it."""
    return Catalogue.from_items(load_folder(folder))


def procedure_of(party: str) -> str:
    """The name of the procedure whose work goes to this party."""
    return f"bench-{party}"


def bodies(count: int = 300) -> list[dict[str, Any]]:
    """Dossiers that are accepted by rule and go to every party in turn."""
    from deploy.demo.dossiers import generate
    from tests.bench.bodies import SEED

    applicants = [(filing.body["applicant"], filing.body["contact"]) for filing in generate(SEED, count)]
    names = parties()
    return [_body(procedure_of(names[n % len(names)]), *who) for n, who in enumerate(applicants)]


def _body(procedure: str, applicant: dict[str, Any], contact: dict[str, Any]) -> dict[str, Any]:
    reachable = {name: value for name, value in contact.items() if name != "letter"}
    if not reachable.get("phone") and not reachable.get("email"):
        reachable["phone"] = "+84900000042"
    return {
        "procedure": procedure,
        "channel": "online",
        "place": {},
        "applicant": applicant,
        "contact": reachable,
        "filed_by": "self",
        "facts": {"for_use": "xin việc"},
        "papers": [{"type": "TOKHAI", "file": "tokhai.pdf", "bytes": 2571264}],
        "delivery": "electronic",
    }


def _add_roles(file: Path) -> None:
    organisation = yaml.safe_load(file.read_text("utf-8"))
    for party in parties():
        role = _role(party)
        organisation["roles"][role] = {
            "vi": f"Đo lường {party}",
            "one_per": "city",
            "office": role,
            "short": role[:25],
            "code_unit": "external",
            "evidence": "made_up",
        }
        organisation["parties"][party]["serves"].append(role)
    _write(file, organisation)


def _procedure(model: dict[str, Any], party: str) -> dict[str, Any]:
    role = _role(party)
    version = {
        **model["versions"][0],
        "version": 1,
        "effective_from": "2025-07-01",
        "effective_to": None,
        "receives": role,
        "lead": role,
        "places": {"receives": "city", role: "city"},
        "places_evidence": {"receives": "made_up", role: "made_up"},
        "steps": [_step(step, role) for step in model["versions"][0]["steps"]],
    }
    return {"id": procedure_of(party), "versions": [version]}


def _step(step: dict[str, Any], role: str) -> dict[str, Any]:
    return {name: value for name, value in step.items() if name != "fan_out"} | {"role": role}


def _role(party: str) -> str:
    return "B-" + party.upper()


def _write(file: Path, content: dict[str, Any]) -> None:
    file.write_text(yaml.safe_dump(content, allow_unicode=True, sort_keys=False), encoding="utf-8")
