"""The context that every use case of intake needs."""

from dataclasses import dataclass

import asyncpg

from services.intake.usecases.catalogue_replica import CatalogueReplica
from services.intake.usecases.keys import IntakeKeys
from shared.security.keyring import Keyring


@dataclass(frozen=True, slots=True)
class IntakeContext:
    """The database, the keys, the catalogue as last published, and whether foreign phones are texted."""

    pool: asyncpg.Pool
    keyring: Keyring
    keys: IntakeKeys
    catalogue: CatalogueReplica
    foreign_phones: bool = False
