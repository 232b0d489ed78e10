"""Schema of carriers.yaml."""

from typing import Annotated, Literal

from pydantic import Field

from shared.catalogue.loading.schema import Evidence, Id, Strict, WordsModel
from shared.text_fields import Prose

IdWriting = Literal["text", "hex", "decimal"]
ReceiptOutcome = Literal["delivered", "expired", "deleted", "undeliverable", "rejected", "pending", "unclear"]
StateWord = Annotated[str, Field(pattern=r"^[A-Z]{1,20}$")]
StateNumber = Annotated[int, Field(ge=0, le=255)]
CommandStatus = Annotated[int, Field(ge=1, le=0xFFFFFFFF)]
ErrorCode = Annotated[str, Field(pattern=r"^(0|[1-9A-Za-z][0-9A-Za-z]{0,9})$")]


class IdsModel(Strict):
    """How a text's reference is written in the answer, and in the receipt."""

    response: IdWriting
    receipt: IdWriting


class RefusalsModel(Strict):
    """Which `command_status` means "not now", and which "never"."""

    temporary: list[CommandStatus]
    permanent: list[CommandStatus]


class CarrierModel(Strict):
    """One text centre. `unreachable`: error codes without leading zeros."""

    name: WordsModel
    ids: IdsModel
    words: dict[StateWord, ReceiptOutcome] = Field(min_length=1)
    numbers: dict[StateNumber, ReceiptOutcome] = Field(min_length=1)
    refusals: RefusalsModel
    unreachable: list[ErrorCode]
    evidence: Evidence
    source: Prose


class CarriersModel(Strict):
    """carriers.yaml."""

    carriers: dict[Id, CarrierModel] = Field(min_length=1)
