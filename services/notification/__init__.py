"""Notification is the city's voice: what citizens are told, when, how, and whether it reached them.

Owns: notices, messages with their sealed words and numbers, receipts; one an event, person and channel.
Reads: case.updates, citizen.contacts, catalogue.versions; delivery receipts of the text centre.
Writes: notification.results; texts by SMPP and letters by SMTP.
"""
