"""Intake is the door: a dossier comes in here, is accepted or not, and can be followed from here.

Owns: the dossier as handed in, the citizen's sealed data, its code and secret, acceptance and refusal.
Reads: case.updates, notification.results, catalogue.versions; forms and calls of citizens and counters.
Writes: dossier.events, citizen.contacts.
"""
