"""Who asks: keys, sessions, log-in."""
