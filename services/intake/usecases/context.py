"""The context that every use case of intake needs."""

from dataclasses import dataclass

import asyncpg

from services.intake.domain.submission.filing_limits import DEFAULT_LIMITS, FilingLimits
from services.intake.usecases.catalogue_replica import CatalogueReplica
from services.intake.usecases.keys import IntakeKeys
from shared.security.keyring import Keyring


@dataclass(frozen=True, slots=True)
class IntakeContext:
    """The database, the keys, the catalogue as last published, and the rules of filing that are settings."""

    pool: asyncpg.Pool
    keyring: Keyring
    keys: IntakeKeys
    catalogue: CatalogueReplica
    foreign_phones: bool = False
    limits: FilingLimits = DEFAULT_LIMITS
