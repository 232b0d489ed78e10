"""Routing moves a dossier from office to office, from acceptance to completion.

Owns: the case (state from acceptance on, plan, tasks, due dates) and the publication of the catalogue.
Reads: dossier.events, agency.<party>.replies; acts of offices at the desk.
Writes: case.updates, agency.<party>.tasks and .problems, catalogue.versions.
"""
