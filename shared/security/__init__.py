"""Encryption of personal data, API keys, and the audit chain."""
