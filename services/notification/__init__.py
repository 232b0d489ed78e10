"""Notification: plans, renders and sends messages to citizens, and records whether they arrived.

Owns: notices, messages with encrypted text and address, receipts; one per event, person and channel.
Reads: case.updates, citizen.contacts, catalogue.versions; delivery receipts of the text centre.
Writes: notification.results; texts by SMPP and letters by SMTP.
"""
