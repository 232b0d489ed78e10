"""What a text in a record may be: one of some words, of a form, or free text up to a length.

Marks of a type, as in `Annotated[str, Choice(("vi", "en"))]`. Pydantic checks them where a record
is read, and is loaded only then: rules use the same classes without it.
"""

from dataclasses import dataclass
from typing import Annotated, Any

from shared.states import State


@dataclass(frozen=True, slots=True)
class Choice:
    """One of these words; every other is an error."""

    words: tuple[str, ...]

    def __get_pydantic_core_schema__(self, _source: Any, _handler: Any) -> Any:
        from pydantic_core import core_schema  # noqa: PLC0415 - rules do not load it

        return core_schema.literal_schema(list(self.words))


@dataclass(frozen=True, slots=True)
class Pattern:
    """A text that matches this expression from its beginning to its end."""

    expression: str
    longest: int

    def __get_pydantic_core_schema__(self, _source: Any, _handler: Any) -> Any:
        from pydantic_core import core_schema  # noqa: PLC0415 - rules do not load it

        return core_schema.str_schema(pattern=self.expression, max_length=self.longest)


@dataclass(frozen=True, slots=True)
class FreeText:
    """What a person wrote, or what people call something."""

    longest: int

    def __get_pydantic_core_schema__(self, _source: Any, _handler: Any) -> Any:
        from pydantic_core import core_schema  # noqa: PLC0415 - rules do not load it

        return core_schema.str_schema(max_length=self.longest)


Code = Annotated[str, Pattern(r"^([A-Za-z0-9][A-Za-z0-9._/:-]*)?$", 120)]
"""A code of a dossier, office, procedure, step, paper, fact or place (`archive-check/LRO.1`); empty: none."""
EventName = Annotated[str, Pattern(r"^[a-z][a-z0-9_.-]*$", 120)]
"""The short name of an event's type: `task.queued.v1`."""
StateWord = Annotated[str, Choice(tuple(state.value for state in State))]
StageWord = Annotated[str, Choice(("intake", "processing"))]
Name = Annotated[str, FreeText(500)]
"""A name that people read: of an office, a person, a step, a rule, a paper."""
Prose = Annotated[str, FreeText(20_000)]
"""What a person wrote, or a sentence for people. No field takes more from anybody."""
Reference = Annotated[str, FreeText(400)]
"""A reference of somebody else's making: a receipt's number, the id of a party's record."""
