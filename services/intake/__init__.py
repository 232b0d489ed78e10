"""Intake: citizens and counters file dossiers here, counters accept or refuse them, citizens track them.

Owns: the dossier as filed, the citizen's encrypted data, code and secret, acceptance and refusal.
Reads: case.updates, notification.results, catalogue.versions; forms and calls of citizens and counters.
Writes: dossier.events, citizen.contacts.
"""
