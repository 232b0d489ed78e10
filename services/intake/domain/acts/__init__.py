"""What citizens and counters do to a dossier before acceptance."""
