"""The contract as it was published last, and the list of its breaks that were accepted."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path

import yaml

from deploy.contract.breaks import Break
from deploy.contract.fields import Contract
from deploy.local.home import CHECKOUT

FOLDER = CHECKOUT / "tests" / "contract" / "published"
PUBLISHED = FOLDER / "contract.json"
ACCEPTED = FOLDER / "accepted_breaks.yaml"


@dataclass(frozen=True)
class AcceptedBreak:
    """Breaks of the contract with the version `breaks`, accepted on a day for a reason.

    `covers`: names of types, each for the whole type, or `type: field` for one of its fields.
    """

    breaks: str
    accepted_on: date
    reason: str
    covers: tuple[str, ...]

    def applies_to(self, change: Break) -> bool:
        """Whether it covers this change."""
        return change.type in self.covers or f"{change.type}: {change.field}" in self.covers


def read_published() -> Contract:
    """The contract as it was published last."""
    return Contract.from_json(json.loads(PUBLISHED.read_text(encoding="utf-8")))


def publish(contract: Contract) -> Path:
    """Keep this contract as the published one. Returns its path."""
    PUBLISHED.parent.mkdir(parents=True, exist_ok=True)
    PUBLISHED.write_text(contract_text(contract), encoding="utf-8")
    return PUBLISHED


def contract_text(contract: Contract) -> str:
    """The contract as it is committed: one field a line, so that a difference can be read."""
    document = contract.to_json()
    lines = [f'{{"version": {json.dumps(document["version"])}']
    for part in ("written", "from_parties"):
        lines.append(f', "{part}": {{')
        for number, (kind, fields) in enumerate(document[part].items()):
            lines.append(f"{',' if number else ''} {json.dumps(kind)}: {{")
            rules = [f"  {json.dumps(path)}: {json.dumps(rule)}" for path, rule in fields.items()]
            lines.append(",\n".join(rules) + "}")
        lines.append("}")
    return "\n".join([*lines, "}"]) + "\n"


@lru_cache(maxsize=1)
def read_accepted() -> tuple[AcceptedBreak, ...]:
    """The list of accepted breaks."""
    accepted: list[AcceptedBreak] = []
    for entry in yaml.safe_load(ACCEPTED.read_text(encoding="utf-8")) or ():
        covers = [entry["covers"]] if isinstance(entry["covers"], str) else entry["covers"]
        accepted.append(AcceptedBreak(**{**entry, "covers": tuple(covers)}))
    return tuple(accepted)


def unaccepted(
    changes: Sequence[Break], accepted: Sequence[AcceptedBreak], published_version: str
) -> list[Break]:
    """Those of these changes that no entry for the published version covers."""
    entries = [entry for entry in accepted if entry.breaks == published_version]
    return [change for change in changes if not any(entry.applies_to(change) for entry in entries)]
