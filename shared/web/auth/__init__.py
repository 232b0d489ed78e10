"""Authentication: API keys, sessions, login."""
