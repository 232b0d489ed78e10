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


def system(service: str) -> Actor:
    """A service acting by rule, not for a person (auto-acceptance, planning)."""
    return Actor(kind="system", id=service)
