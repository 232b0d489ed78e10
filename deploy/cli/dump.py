"""motcua dump."""

from __future__ import annotations

import asyncio
import importlib
import sys

from deploy.cli import exits
from deploy.cli.exits import UsageError
from deploy.cli.services import asking_servers
from deploy.local.stack import read_stack


def dump(*, canonical: bool = False) -> int:
    """Print the decrypted business data of all services as text. Equal data give equal text.

    Parameters
    ----------
    canonical
        Ordered by code, without ids, machine times and nonces. The only form there is.
    """
    if not canonical:
        raise UsageError("say `./motcua dump --canonical`: it prints personal data, and has no other form")
    stack = read_stack()
    dump_module = importlib.import_module("deploy.local.dump")
    with asking_servers():
        text = asyncio.run(dump_module.canonical(stack))
    sys.stdout.write(text)
    return exits.DONE
