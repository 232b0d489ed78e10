"""Seals, keys and chains: what keeps personal data unreadable and history unalterable."""
