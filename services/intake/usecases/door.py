"""What every verb of the door works with."""

from dataclasses import dataclass

import asyncpg

from services.intake.usecases.keys import DoorKeys
from services.intake.usecases.remember_catalogue import CatalogueCopy
from shared.security.keyring import Keyring


@dataclass(frozen=True, slots=True)
class Door:
    """The database, the keys, and the catalogue as last published."""

    pool: asyncpg.Pool
    keyring: Keyring
    keys: DoorKeys
    catalogue: CatalogueCopy
