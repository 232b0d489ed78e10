"""A dossier and its parts: code, secret, state, papers, promise."""
