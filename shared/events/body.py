"""The base class of event data: frozen dataclasses, which rules use without a framework."""

from dataclasses import dataclass

from shared.text_fields import Code


class Body:
    """Data of an event, read and written by `shared.events.envelope`.

    Only optional fields are ever added within a version; unknown ones are ignored. No field is named `data`:
    by that the form before is known.
    """

    __slots__ = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcedureRef:
    """The procedure of a dossier, in its version."""

    code: Code
    version: int
