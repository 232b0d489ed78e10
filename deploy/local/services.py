"""The services of a stack. Each has a database role, a port and a `MOTCUA_<NAME>_URL` of its name."""

SERVICES = ("intake", "routing", "notification")
SEALING = ("intake", "notification")
"""Services that encrypt personal data: they get the keyring and the master key."""
