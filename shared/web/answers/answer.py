"""What every answer of ours to a machine is."""

from pydantic import BaseModel, ConfigDict


class Answer(BaseModel):
    """The public part of a record: read from its attributes, and only what is named here goes out."""

    model_config = ConfigDict(frozen=True, populate_by_name=True, from_attributes=True)
