"""What a citizen sees of a dossier."""
