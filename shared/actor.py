"""Who did it. Taken from the credential or the topic, never from a payload."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Actor:
    """A person or machine behind an act: `kind` is citizen, proxy, officer, investor, party or system."""

    kind: str
    id: str | None = None
    office: str | None = None
    role: str | None = None
    party: str | None = None
    on_behalf_of: str | None = None

    def to_json(self) -> dict[str, str]:
        """What is known of them, as it is kept and told."""
        values = {
            "kind": self.kind,
            "id": self.id,
            "office": self.office,
            "role": self.role,
            "party": self.party,
            "on_behalf_of": self.on_behalf_of,
        }
        return {name: value for name, value in values.items() if value is not None}


def system_actor(service: str) -> Actor:
    """A service acting by rule, not for a person (auto-acceptance, planning)."""
    return Actor(kind="system", id=service)
