"""A dossier and its child dossiers."""
