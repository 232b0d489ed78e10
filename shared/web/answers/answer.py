"""The base class of JSON answers."""

from pydantic import BaseModel, ConfigDict


class Answer(BaseModel):
    """The public part of a record, read from its attributes. Only declared fields are part of the answer."""

    model_config = ConfigDict(frozen=True, populate_by_name=True, from_attributes=True)
