"""In a container: `python -m deploy.local.launching.contained NAME` runs one row of the process table.

docker-compose.yml starts PostgreSQL, Kafka and one of these per row. The ports are fixed there; the keys are
in the volume MOTCUA_HOME, where `provision` generates them before all others start.
"""

from __future__ import annotations

import os
import sys

from deploy.local.home import Home, home
from deploy.local.keys import Keys, load_or_make, read_keys
from deploy.local.launching.assemble import Servers, environment
from deploy.local.launching.processes import MODULES
from deploy.local.parties import read_parties

PORTS = {
    **{"intake": 8001, "routing": 8002, "notification": 8003, "oidc": 8004, "sinks": 8005},
    **{"postgres": 8032, "kafka": 8092, "kafka_controller": 8093, "smtp": 8025, "smpp": 8075},
}


def row_environment(name: str, place: Home, keys: Keys) -> dict[str, str]:
    """The environment of one row, with the servers the compose file names."""
    servers = Servers([], os.environ["MOTCUA_ADMIN_URL"], os.environ["MOTCUA_KAFKA"])
    return environment(name, place, keys, servers, os.environ.get("MOTCUA_CITY_AT") or None)


def main(name: str) -> None:
    """Replace this process by that program."""
    row = next(row for row in MODULES if row.name == name)
    place = home()
    place.make()
    keys = load_or_make(place, read_parties(), PORTS) if name == "provision" else read_keys(place)
    command = [sys.executable, "-m", row.module]
    os.execve(command[0], command, {**os.environ, **row_environment(name, place, keys)})  # noqa: S606 - no shell is meant


if __name__ == "__main__":
    main(sys.argv[1])
