"""The actor of an act, known from the credential or the topic, never from a payload."""

from dataclasses import dataclass
from typing import Annotated

from shared.text_fields import Choice, Code, Name

ActorKind = Annotated[str, Choice(("citizen", "proxy", "officer", "investor", "party", "system"))]


@dataclass(frozen=True, slots=True)
class Actor:
    """A person or program behind an act. `kind`: citizen, proxy, officer, investor, party or system."""

    kind: ActorKind
    id: Name | None = None
    office: Code | None = None
    role: Code | None = None
    party: Code | None = None
    on_behalf_of: Name | None = None

    def to_json(self) -> dict[str, str]:
        """The known fields, as stored and published."""
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
    """The actor of a service that acts by rule, as in acceptance by rule."""
    return Actor(kind="system", id=service)
