"""The services of a stack. Each has a database role, a port and a `MOTCUA_<NAME>_URL` of its name."""

SERVICES = ("intake", "routing", "notification")
SEALING = ("intake", "notification")
"""Those that seal personal data: they are given the keyring and the master key."""
